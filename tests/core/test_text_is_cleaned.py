import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ideation.core import text

RTL_OVERRIDE = "\u202e"


@given(st.text())
def test_a_clean_line_is_one_line_and_stays_as_it_is(typed: str) -> None:
    line = text.clean_line(typed)
    assert "\n" not in line
    assert line == line.strip() == unicodedata.normalize("NFC", line)
    assert not any(unicodedata.category(character) == "Cc" for character in line)
    assert text.clean_line(line) == line


@given(st.text())
def test_clean_text_stays_as_it_is_and_holds_no_gap(typed: str) -> None:
    clean = text.clean_text(typed)
    assert "\n\n\n" not in clean
    assert "\r" not in clean
    assert text.clean_text(clean) == clean


def test_marks_that_turn_a_page_around_are_dropped() -> None:
    assert text.clean_line(f"small{RTL_OVERRIDE} city\u200b") == "small city"


def test_letters_of_every_script_stay() -> None:
    for line in ("小城夜景", "Ünïcödé", "العربية", "👩‍🎨 at work"):
        assert text.clean_line(line) == line


@given(st.text())
def test_markdown_runs_nothing(typed: str) -> None:
    html = text.markdown(typed).lower()
    assert "<script" not in html
    assert "<img" not in html
    assert " style=" not in html.replace("&", " ") or "<" not in typed


def test_markdown_keeps_the_short_list() -> None:
    assert text.markdown("*hi* [there](https://example.org)") == (
        '<p><em>hi</em> <a href="https://example.org" '
        'rel="noopener noreferrer nofollow ugc">there</a></p>\n'
    )
    for attack in (
        "[x](javascript:alert(1))",
        "<script>alert(1)</script>",
        '<a onclick="x()">x</a>',
        "![x](https://tracker.example/x.png)",
        "<iframe src=x></iframe>",
    ):
        html = text.markdown(attack)
        assert "<script" not in html
        assert "<img" not in html
        assert "<iframe" not in html
        assert "<a onclick" not in html
        assert 'href="javascript' not in html


def test_a_slug_reads_in_every_script() -> None:
    assert text.slugify("Small cities!  2") == "small-cities-2"
    assert text.slugify("小城 之夜") == "小城-之夜"
    assert text.slugify("!!!") == ""


def test_an_initial_is_a_letter_or_digit_of_any_script() -> None:
    names = ("<b>Zoë</b>", "林小雨", " ¿ñandú", "4th floor", "…", "")
    assert [text.initial(one) for one in names] == ["B", "林", "Ñ", "4", "", ""]


def test_nothing_is_left_that_a_mail_program_would_link() -> None:
    assert text.unlinked("See https://a.example/b?c=d, or www.a.example.") == "See … or …"
    assert text.unlinked("Write to me@a.example (a.example/x)") == "Write to … …"
    assert text.unlinked("My poster of 2019, 2.5 m wide, e.g. in Lyon.") == (
        "My poster of 2019, 2.5 m wide, e.g. in Lyon."
    )


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_an_excerpt_is_short(typed: str, length: int) -> None:
    assert len(text.excerpt(typed, length)) <= length + 1
