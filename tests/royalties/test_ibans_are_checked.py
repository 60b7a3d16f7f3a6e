"""ISO 7064 MOD 97-10 finds every single wrong character and every swap of two digits."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ideation.royalties import iban

PUBLISHED = (
    "GB82 WEST 1234 5698 7654 32",
    "DE89 3704 0044 0532 0130 00",
    "FR14 2004 1010 0505 0001 3M02 606",
    "NO93 8601 1117 947",
    "PT50 0002 0123 1234 5678 9015 4",
    "CH93 0076 2011 6238 5295 7",
)
ALPHABET = string.digits + string.ascii_uppercase


@st.composite
def ibans(draw: st.DrawFn, alphabet: str = ALPHABET) -> str:
    country = draw(st.sampled_from(sorted(iban.LENGTHS)))
    length = iban.LENGTHS[country] - 4
    account = draw(st.text(alphabet, min_size=length, max_size=length))
    return f"{country}{iban.check_digits(country, account)}{account}"


@pytest.mark.parametrize("printed", PUBLISHED)
def test_published_examples_are_valid_and_read_back_in_fours(printed: str) -> None:
    compact = iban.compact(printed.lower())
    assert iban.is_valid(compact)
    assert iban.spaced(compact) == printed


@given(ibans())
def test_check_digits_make_an_iban_valid(one: str) -> None:
    assert iban.is_valid(one)


@given(ibans(), st.data())
def test_one_wrong_character_is_found(one: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(4, len(one) - 1))
    kind = string.digits if one[place].isdigit() else string.ascii_uppercase
    other = data.draw(st.sampled_from([c for c in kind if c != one[place]]))
    assert not iban.is_valid(one[:place] + other + one[place + 1 :])


@given(ibans(string.digits), st.data())
def test_two_digits_that_changed_places_are_found(one: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(4, len(one) - 2))
    assume(one[place] != one[place + 1])
    assert not iban.is_valid(one[:place] + one[place + 1] + one[place] + one[place + 2 :])


@given(ibans(), st.sampled_from(["", "0", "A"]))
def test_another_length_is_refused(one: str, more: str) -> None:
    assert not iban.is_valid(one[:-1] if not more else one + more)


@pytest.mark.parametrize("typed", ["", "DE", "XX00123", "DE٨٩370400440532013000", "D389"])
def test_what_is_none_is_refused(typed: str) -> None:
    assert not iban.is_valid(iban.compact(typed))
