"""Dates, numbers and what is left of a countdown, as each language writes them."""

from datetime import UTC, datetime, timedelta

import pytest

from ideation.core import i18n, money

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "date", "time", "amount"),
    [
        ("en", "Nov 21, 2026", "Nov 21, 2026, 8:00\N{NARROW NO-BREAK SPACE}PM (Taipei)", "$2,500"),
        ("zh-Hans", "2026年11月21日", "2026年11月21日 20:00（台北）", "US$2,500"),
        ("zh-Hant", "2026年11月21日", "2026年11月21日 晚上 8:00（台北）", "US$2,500"),
    ],
)
def test_a_day_an_instant_and_an_amount(tag: str, date: str, time: str, amount: str) -> None:
    with i18n.speaking(tag, "Asia/Taipei"):
        assert i18n.date_words(NOON) == date
        assert i18n.datetime_words(NOON) == time
        assert money.words(250_000, "USD") == amount
        assert i18n.number(1204) == "1,204"
        assert i18n.percent(0.1) == "10%"


@pytest.mark.parametrize(
    ("tag", "days", "minutes", "nothing"),
    [
        ("en", "3d 1h", "2m 5s", "0m 0s"),
        ("zh-Hans", "3 天 1 小时", "2 分钟 5 秒", "0 分钟 0 秒"),
        ("zh-Hant", "3 天 1 小時", "2 分鐘 5 秒", "0 分鐘 0 秒"),
    ],
)
def test_a_countdown_shows_its_two_largest_units(
    tag: str, days: str, minutes: str, nothing: str
) -> None:
    with i18n.speaking(tag):
        assert i18n.countdown_words(NOON + timedelta(days=3, hours=1, minutes=9), NOON) == days
        assert i18n.countdown_words(NOON + timedelta(minutes=2, seconds=5), NOON) == minutes
        assert i18n.countdown_words(NOON - timedelta(hours=1), NOON) == nothing


@pytest.mark.parametrize(
    ("tag", "two", "three"),
    [
        ("en", "Jonas and 林小雨", "許靜, Piet, and Ada"),
        ("zh-Hans", "Jonas 和林小雨", "許靜、Piet 和 Ada"),
        ("zh-Hant", "Jonas 和林小雨", "許靜、Piet 和 Ada"),
    ],
)
def test_names_stand_in_a_row(tag: str, two: str, three: str) -> None:
    with i18n.speaking(tag):
        assert i18n.list_words(["Jonas", "林小雨"]) == two
        assert i18n.list_words(["許靜", "Piet", "Ada"]) == three
        assert i18n.list_words(["許和靜"]) == "許和靜"


def test_chinese_counts_without_a_plural() -> None:
    for tag, one, many in (
        ("en", "1 design", "1,204 designs"),
        ("zh-Hans", "1 件作品", "1,204 件作品"),
        ("zh-Hant", "1 件作品", "1,204 件作品"),
    ):
        with i18n.speaking(tag):
            assert i18n.ngettext("%(n)s design", "%(n)s designs", 1) == one
            assert i18n.ngettext("%(n)s design", "%(n)s designs", 1204) == many


def test_english_is_set_with_the_printers_apostrophe() -> None:
    assert i18n.gettext("Editors' choice") == "Editors\N{RIGHT SINGLE QUOTATION MARK} choice"


@pytest.mark.parametrize(("tag", "said"), [("en", "One. Two."), ("zh-Hans", "一。二。")])
def test_sentences_follow_each_other_as_the_language_has_them(tag: str, said: str) -> None:
    one, two = ("One.", "Two.") if tag == "en" else ("一。", "二。")
    with i18n.speaking(tag):
        assert one + i18n.gap() + two == said
