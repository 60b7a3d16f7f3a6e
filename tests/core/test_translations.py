"""Three languages, whole: nothing untranslated, nothing lost, each script in its own words."""

import re

import pytest
from babel.messages.catalog import Catalog

from ideation.core import i18n
from tools import catalogues

TAGS = sorted(catalogues.LANGUAGES)

#: What the other side of the strait says; each pair as (简体, 繁體).
PRODUCT_WORDS = [
    ("登录", "登入"),
    ("账号", "帳號"),
    ("邮箱", "信箱"),
    ("链接", "連結"),
    ("保存", "儲存"),
    ("默认", "預設"),
    ("信息", "資訊"),
    ("设置", "設定"),
    ("搜索", "搜尋"),
    ("刷新", "重新整理"),
    ("服务器", "伺服器"),
    ("成员", "會員"),
    ("征稿", "徵件"),
]
#: The mainland's words in traditional letters: what a mere conversion would leave.
CONVERTED = re.compile(
    "登錄|賬號|郵箱|鏈接|保存|默認|信息|設置|搜索|刷新|服務器|徵稿|用戶|軟件|視頻|網絡|屏幕|質量|數據"
)
#: Signs of every language that the old Chinese character sets have no place for.
SHARED_SIGNS = re.compile("[–·\N{NO-BREAK SPACE}]")
TOUCHING = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    return catalogues.extracted()


def texts(tag: str) -> list[str]:
    """Every translation of a language."""
    return [text for one in catalogues.read(tag) if one.id for text in catalogues.texts_of(one)]


@pytest.mark.parametrize("tag", TAGS)
def test_every_string_is_translated_with_its_placeholders(tag: str, wanted: Catalog) -> None:
    assert catalogues.problems(tag, wanted, catalogues.read(tag)) == []


def test_a_missing_a_stale_and_a_translation_that_lost_its_placeholder_are_noticed() -> None:
    wanted, have = Catalog(), Catalog(locale="zh_Hans")
    for text in ("Sign in", "Week %(week)s", ("%(n)s star", "%(n)s stars")):
        wanted.add(text)
    have.add("Week %(week)s", "第 47 周")
    have.add(("%(n)s star", "%(n)s stars"), ("%(n)s 星",))
    have.add("Nobody says this", "没有人这样说")

    assert catalogues.problems("zh_Hans", wanted, have) == [
        "zh_Hans: not translated: 'Sign in'",
        "zh_Hans: other placeholders than: 'Week %(week)s'",
        "zh_Hans: nothing asks for: 'Nobody says this'",
    ]


@pytest.mark.parametrize("tag", TAGS)
def test_the_compiler_has_nothing_to_say(tag: str) -> None:
    assert [str(error) for _, errors in catalogues.read(tag).check() for error in errors] == []


@pytest.mark.parametrize("tag", TAGS)
def test_what_is_compiled_is_what_was_written(tag: str) -> None:
    with i18n.speaking(tag.replace("_", "-")):
        for message in catalogues.read(tag):
            if message.id:
                name, text = catalogues.name_of(message), catalogues.texts_of(message)[0]
                ours = i18n.plural_pattern(name, name, 2)
                assert text == (i18n.gettext(name) if isinstance(message.id, str) else ours)


@pytest.mark.parametrize("tag", TAGS)
def test_every_translation_can_be_filled_in(tag: str) -> None:
    for text in texts(tag):
        names = catalogues.names_in(text)
        if names:
            assert "%(" not in text % dict.fromkeys(names, "x")
        else:  # Without values nothing is filled in, so a doubled sign would show.
            assert "%%" not in text, text


@pytest.mark.parametrize(("tag", "charset"), [("zh_Hans", "gb2312"), ("zh_Hant", "big5")])
def test_each_script_keeps_to_its_own_letters(tag: str, charset: str) -> None:
    foreign = [
        text
        for text in texts(tag)
        if "?"
        in SHARED_SIGNS.sub("", text).replace("?", "").encode(charset, "replace").decode(charset)
    ]
    assert foreign == []


def test_traditional_is_no_conversion_of_simplified() -> None:
    assert [text for text in texts("zh_Hant") if CONVERTED.search(text)] == []
    simplified, traditional = "".join(texts("zh_Hans")), "".join(texts("zh_Hant"))
    for here, there in PRODUCT_WORDS:
        if here in simplified:
            assert there in traditional, there
        assert there not in simplified


def test_quotes_are_each_languages_own() -> None:
    assert [text for text in texts("zh_Hant") if re.search('[“”"]', text)] == []
    assert [text for text in texts("zh_Hans") if re.search('[「」"]', text)] == []


@pytest.mark.parametrize("tag", TAGS)
def test_chinese_stands_apart_from_latin_letters_and_digits(tag: str) -> None:
    written = [re.sub(r"%\(\w+\)s", "", text) for text in texts(tag)]
    assert [text for text in written if TOUCHING.search(text)] == []
