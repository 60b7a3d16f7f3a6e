from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideation.core import i18n, money
from ideation.core.errors import Invalid
from ideation.core.money import Money

CURRENCIES = ("USD", "EUR", "CNY", "TWD", "JPY", "KWD")
amounts = st.integers(min_value=0, max_value=10**11 - 1)


@given(amounts, st.sampled_from(CURRENCIES))
def test_what_is_written_plainly_is_read_back(minor: int, currency: str) -> None:
    digits = money.exponent(currency)
    assert money.parse(f"{Decimal(minor).scaleb(-digits):,.{digits}f}", currency) == minor


@given(amounts, st.sampled_from(CURRENCIES))
def test_what_a_field_shows_is_read_back(minor: int, currency: str) -> None:
    assert money.parse(money.typed(minor, currency), currency) == minor


@given(amounts, st.sampled_from(("USD", "EUR", "CNY")))
def test_a_comma_may_be_the_decimal_mark(minor: int, currency: str) -> None:
    english = f"{Decimal(minor).scaleb(-2):,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert money.parse(german, currency) == money.parse(english, currency) == minor


@given(st.text("0123456789,. ", max_size=12), st.sampled_from(CURRENCIES))
def test_no_short_tail_is_taken_for_thousands(typed: str, currency: str) -> None:
    try:
        minor = money.parse(typed, currency)
    except Invalid:
        return
    *_, tail = typed.strip().replace(".", ",").split(",")
    fraction = len(tail) if "," in typed or "." in typed else 0
    fraction = 0 if fraction > money.exponent(currency) else fraction
    digits = int("".join(character for character in typed if character.isdigit()))
    assert minor == digits * 10 ** (money.exponent(currency) - fraction)


@given(amounts, st.sampled_from(CURRENCIES), st.sampled_from(list(i18n.LOCALES)))
def test_words_hold_every_digit(minor: int, currency: str, tag: str) -> None:
    with i18n.speaking(tag):
        shown = money.words(minor, currency)
    digits = "".join(character for character in shown if character.isdigit())
    whole = str(minor // 10 ** money.exponent(currency))
    assert digits.startswith(whole)
    assert digits in {whole, str(minor).rjust(money.exponent(currency) + 1, "0")}


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("24", "USD", 2400),
        (" 2,500.5 ", "USD", 250_050),
        ("24.50", "EUR", 2450),
        ("3200", "JPY", 3200),
        ("0.125", "KWD", 125),
        ("24,50", "EUR", 2450),
        ("24,5", "EUR", 2450),
        ("1,000", "USD", 100_000),
        ("1,000", "JPY", 1000),
        ("1 000,50", "EUR", 100_050),
        ("1.234,50", "EUR", 123_450),
        ("1,234,567.8", "USD", 123_456_780),
        ("0,125", "KWD", 125),
        ("1.000", "KWD", 1000),
        ("1,234,567", "KWD", 1_234_567_000),
        ("２４．５０", "CNY", 2450),
    ],
)
def test_people_type_amounts(typed: str, currency: str, minor: int) -> None:
    assert money.parse(typed, currency) == minor


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "free",
            "-1",
            "1e30",
            "NaN",
            "Infinity",
            "24.505",
            "1_0.001",
            "1.000",
            "1234567890123",
        ),
        *("24,5000", "1,23,4", "1,2345", "12,34.5", "1.23,4,5", "24 50", "0,125", "1,", ",5"),
    ],
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        money.parse(typed, "USD")


@pytest.mark.parametrize("typed", ["1.5", "24,50", "1.000"])
def test_a_yen_has_no_fraction(typed: str) -> None:
    with pytest.raises(Invalid, match="JPY has 0 digits"):
        money.parse(typed, "JPY")


def test_an_amount_that_can_be_read_twice_is_asked_about() -> None:
    with pytest.raises(Invalid, match="could be two amounts"):
        money.parse("1,000", "KWD")


def test_currencies_do_not_mix() -> None:
    assert Money(1, "USD") + Money(2, "USD") == Money(3, "USD")
    with pytest.raises(ValueError, match="do not add up"):
        Money(1, "USD") + Money(1, "EUR")


def test_whole_amounts_are_written_without_zeros() -> None:
    assert money.words(2400, "USD") == "$24"
    assert money.words(2450, "USD") == "$24.50"
    with i18n.speaking("zh-Hant"):
        assert "690" in money.words(69000, "TWD")
