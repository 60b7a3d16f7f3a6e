import pytest

from ideation.core import i18n

MATCHES = {
    "en": "en",
    "en-GB": "en",
    "zh": "zh-Hans",
    "zh-CN": "zh-Hans",
    "zh-SG": "zh-Hans",
    "zh-MY": "zh-Hans",
    "zh-TW": "zh-Hant",
    "zh-HK": "zh-Hant",
    "zh-MO": "zh-Hant",
    "zh-Hans": "zh-Hans",
    "zh-Hant": "zh-Hant",
    "zh-Hans-HK": "zh-Hans",
    "zh-Hant-CN": "zh-Hant",
    "zh_TW": "zh-Hant",
    "ZH-tw": "zh-Hant",
    "de": None,
    "": None,
}


@pytest.mark.parametrize(("requested", "ours"), MATCHES.items())
def test_what_a_browser_asks_for_finds_our_tag(requested: str, ours: str | None) -> None:
    assert i18n.match(requested) == ours


def test_a_language_holds_for_its_block_alone() -> None:
    with i18n.speaking("zh-Hant", "Asia/Taipei"):
        assert (i18n.language(), i18n.zone_name()) == ("zh-Hant", "Asia/Taipei")
        with i18n.speaking("en"):
            assert i18n.language() == "en"
        assert i18n.language() == "zh-Hant"
    assert i18n.language() == "en"


def test_an_unknown_zone_is_shown_in_utc() -> None:
    assert str(i18n.zone_named("Mars/Olympus")) == "UTC"
    assert str(i18n.zone_named("../../etc/passwd")) == "UTC"
