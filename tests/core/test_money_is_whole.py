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
    ],
)
def test_people_type_amounts(typed: str, currency: str, minor: int) -> None:
    assert money.parse(typed, currency) == minor


@pytest.mark.parametrize(
    "typed", ["", "free", "-1", "1e30", "NaN", "Infinity", "24.505", "1_0.001"]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        money.parse(typed, "USD")


def test_a_yen_has_no_fraction() -> None:
    with pytest.raises(Invalid):
        money.parse("1.5", "JPY")


def test_currencies_do_not_mix() -> None:
    assert Money(1, "USD") + Money(2, "USD") == Money(3, "USD")
    with pytest.raises(ValueError, match="do not add up"):
        Money(1, "USD") + Money(1, "EUR")


def test_whole_amounts_are_written_without_zeros() -> None:
    assert money.words(2400, "USD") == "$24"
    assert money.words(2450, "USD") == "$24.50"
    with i18n.speaking("zh-Hant"):
        assert "690" in money.words(69000, "TWD")
