"""Ballot tokens: only what the deck dealt to this voter passes for a vote."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideation.voting.tokens import BadToken, Ballot, read, sign

KEY = bytes(range(32))
big = st.integers(0, 2**64 - 1)
ballots = st.builds(Ballot, big, big, big, st.integers(0, 255), st.integers(0, 2**32 - 1))
ALPHABET = string.ascii_letters + string.digits + "-_"


@given(ballots)
def test_a_token_reads_back_as_the_ballot_it_was_signed_for(ballot: Ballot) -> None:
    token = sign(KEY, *ballot)
    assert len(token) == 60 and set(token) <= set(ALPHABET)
    assert read(KEY, token, ballot.voter_id) == ballot


@given(ballots, st.integers(0, 59), st.sampled_from(ALPHABET))
def test_changing_any_character_breaks_it(ballot: Ballot, place: int, other: str) -> None:
    token = sign(KEY, *ballot)
    changed = token[:place] + other + token[place + 1 :]
    if changed != token:
        with pytest.raises(BadToken):
            read(KEY, changed, ballot.voter_id)


@given(ballots, ballots)
def test_the_signature_of_one_ballot_does_not_fit_another(one: Ballot, other: Ballot) -> None:
    if one[1:] != other[1:]:
        # 29 bytes of ids end inside a group of base64: 38 characters hold nothing but ids.
        forged = sign(KEY, *other)[:38] + sign(KEY, *one)[38:]
        if forged not in (sign(KEY, *one), sign(KEY, *other)):
            with pytest.raises(BadToken):
                read(KEY, forged, other.voter_id)


def test_another_voter_cannot_use_the_token() -> None:
    token = sign(KEY, 7, 1, 42, 3, 12)
    assert read(KEY, token, 7).submission_id == 42
    with pytest.raises(BadToken, match="another voter"):
        read(KEY, token, 8)


def test_another_key_signs_another_token() -> None:
    forged = sign(b"guessed" * 5, 7, 1, 42, 3, 12)
    with pytest.raises(BadToken, match="signature"):
        read(KEY, forged, 7)


@pytest.mark.parametrize("around", ["{}=", "{} ", " {}", "{}\n", "{}A", "{}{}"])
def test_a_token_has_one_spelling_only(around: str) -> None:
    token = sign(KEY, 7, 1, 42, 3, 12)
    with pytest.raises(BadToken):
        read(KEY, around.format(token, token), 7)


@given(st.text(max_size=80) | st.text(min_size=60, max_size=60))
def test_whatever_else_is_sent_is_refused_politely(text: str) -> None:
    with pytest.raises(BadToken):
        read(KEY, text, 7)


def test_characters_outside_the_alphabet_are_not_skipped_over() -> None:
    token = sign(KEY, 7, 1, 42, 3, 12)
    for odd in ("\ud800", "é", "+", "/", "=", "\0"):
        with pytest.raises(BadToken):
            read(KEY, token[:-1] + odd, 7)


@pytest.mark.parametrize("ids", [(-1, 1, 1, 1, 1), (1, 1, 2**64, 1, 1), (1, 1, 1, 256, 1)])
def test_numbers_that_do_not_fit_are_not_signed(ids: tuple[int, int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="out of range"):
        sign(KEY, *ids)
