"""The file of a tally's weights: whole, the same for the same weights, and of these votes alone."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from ideation.core.db import db
from ideation.voting import columns, fast_weighing, weighing, weight_files
from ideation.voting.columns import Cast
from ideation.voting.fast_weighing import Weighed
from ideation.voting.recount import recount
from ideation.voting.weighing import Reason, Vote
from tests import factories
from tests.factories import voting
from tests.voting.columns import cast_of

#: Any digest without ``v2-``.
OF_THE_FIRST_FORM = "0" * 64


def some_votes() -> list[Vote]:
    chance = random.Random(4)
    return [
        Vote(
            entry,
            voter,
            chance.randint(1, 5),
            b"kiosk" if voter < 6 else None,
            Reason.QUARANTINED if voter == 20 else None,
        )
        for voter in range(1, 30)
        for entry in chance.sample(range(1, 50), chance.choice([1, 2, 4, 40]))
    ]


def shuffled(cast: Cast, seed: int) -> Cast:
    order = np.random.default_rng(seed).permutation(cast.size)
    names = ("entry", "voter", "stars", "network")
    return replace(cast, **{name: getattr(cast, name)[order] for name in names})


@given(st.integers(0, 1000), st.sampled_from([1, 7, 1 << 17]))
def test_what_is_frozen_comes_back_beside_each_vote_in_any_order(seed: int, chunk: int) -> None:
    cast = cast_of(list(range(1, 50)), some_votes())
    other = shuffled(cast, seed)
    again = fast_weighing.weigh(other)
    frozen = weight_files.freeze(cast, fast_weighing.weigh(cast))
    with pytest.MonkeyPatch.context() as patch:
        for module in (weight_files, columns):
            patch.setattr(module, "_CHUNK", chunk)
        back = weight_files.weights_in(frozen.body, other)
        refrozen = weight_files.freeze(other, again)
        first = weight_files.digest_of_votes(other, like=OF_THE_FIRST_FORM)
    assert np.array_equal(back.weight, again.weight)
    assert np.array_equal(back.reason, again.reason)
    assert refrozen.body == frozen.body
    assert refrozen.votes_digest == frozen.votes_digest
    assert (
        first == weight_files.digest_of_votes(cast, like=OF_THE_FIRST_FORM) != frozen.votes_digest
    )


def test_more_entries_than_16_bits_number_keep_their_weights() -> None:
    votes = [Vote(entry, voter, 3) for voter in (1, 2) for entry in (0, 65_535, 65_536, 69_999)]
    cast = cast_of(range(70_000), votes[::-1])
    weighed = Weighed(np.arange(8, dtype=np.uint8), np.zeros(8, np.int8))
    back = weight_files.weights_in(weight_files.freeze(cast, weighed).body, cast)
    assert np.array_equal(back.weight, weighed.weight)


def test_the_bytes_are_what_checkers_rely_on() -> None:
    votes = [Vote(300, 9, 5), Vote(7, 2, 1), Vote(7, 9, 2, None, Reason.SUSPENDED)]
    cast = cast_of([7, 300], votes)
    weighed = Weighed(np.array([120, 40, 0], np.uint8), np.array([0, 1, 6], np.int8))
    assert weight_files.freeze(cast, weighed).body == (
        b"ideation-weights 1 votes=3 entries=2 kinds=3 width=1\n"
        b"0 suspended\n40 light\n120 counted\n"
        + (7).to_bytes(8, "big")
        + (2).to_bytes(4, "big")
        + (300).to_bytes(8, "big")
        + (1).to_bytes(4, "big")
        + bytes([1, 0, 2])
    )


def test_digests_of_votes_are_what_checkers_rely_on() -> None:
    cast = cast_of([7, 8, 300], [Vote(300, 9, 5), Vote(7, 2, 1), Vote(7, 9, 2)])

    def sha256_of(*numbers: tuple[int, int]) -> str:
        return sha256(
            b"".join(number.to_bytes(size, "big") for number, size in numbers)
        ).hexdigest()

    second = [2, 1, 9, 2, 7 * 8 + 1, 7 * 8 + 2, 300 * 8 + 5]
    assert weight_files.digest_of_votes(cast) == "v2-" + sha256_of(*((each, 8) for each in second))
    first = [(7, 2, 1), (7, 9, 2), (300, 9, 5)]
    assert weight_files.digest_of_votes(cast, like=OF_THE_FIRST_FORM) == sha256_of(
        *(pair for vote in first for pair in zip(vote, (8, 8, 1), strict=True))
    )


def test_more_than_256_kinds_take_two_bytes_a_vote() -> None:
    votes = [Vote(1, voter, 3) for voter in range(600)]
    cast = cast_of([1], votes)
    kinds = [(weight, code) for code in range(6) for weight in range(100)]
    weight, reason = (np.array(column) for column in zip(*kinds, strict=True))
    weighed = Weighed(weight.astype(np.uint8), reason.astype(np.int8))
    frozen = weight_files.freeze(cast, weighed)
    assert b"kinds=600 width=2\n" in frozen.body
    back = weight_files.weights_in(frozen.body, cast)
    assert np.array_equal(back.weight, weighed.weight)
    assert np.array_equal(back.reason, weighed.reason)


def test_no_votes_make_a_file_too() -> None:
    cast = cast_of([1, 2], [])
    frozen = weight_files.freeze(cast, fast_weighing.weigh(cast))
    assert weight_files.weights_in(frozen.body, cast).weight.size == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body[:-1],
        lambda body: body + b"\0",
        lambda body: b"x" + body,
        lambda body: b"",
        lambda body: body.replace(b"entries=2", b"entries=1"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(spoil: object) -> None:
    cast = cast_of([1, 2], [Vote(1, 1, 3), Vote(2, 1, 4)])
    frozen = weight_files.freeze(cast, fast_weighing.weigh(cast))
    assert callable(spoil)
    with pytest.raises(ValueError, match="file of weights"):
        weight_files.weights_in(spoil(frozen.body), cast)
    rival = cast_of([1, 2], [Vote(1, 1, 3), Vote(1, 2, 4)])
    with pytest.raises(ValueError, match="other votes"):
        weight_files.weights_in(frozen.body, rival)


def test_each_voter_finds_their_own_weights_in_pieces_of_the_file(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weight_files, "_ASKED", 3)
    monkeypatch.setattr(weight_files, "_CHUNK", 4)
    contest = factories.contest()
    designs = [factories.submission(contest) for _ in range(4)]
    voters = [factories.member(confirmed=number != 2) for number in range(4)]
    for number, voter in enumerate(voters):
        voting.votes(voter, [(design, 1 + number) for design in designs[: number + 1]])
    tally = voting.tallied(contest)
    every = list(weight_files.weights_of(tally))
    monkeypatch.delattr(weight_files, "body_of")  # ten megabytes for a page are too many
    keys = [(vote.submission_id, vote.member_id) for vote in every]
    assert keys == sorted(keys) and len(keys) == 10
    for number, voter in enumerate(voters):
        own = weight_files.weight_of_voter(tally, voter.id)
        assert own == {
            vote.submission_id: weighing.Weight(vote.weight, vote.reason)
            for vote in every
            if vote.member_id == voter.id
        }
        assert len(own) == number + 1
    assert weight_files.weight_of_voter(tally, voters[0].id) == {
        designs[0].id: weighing.Weight(40, Reason.LIGHT)
    }
    assert {each.reason for each in weight_files.weight_of_voter(tally, voters[2].id).values()} == {
        Reason.UNCONFIRMED
    }
    assert weight_files.weight_of_voter(tally, factories.member().id) == {}
    assert weight_files.reasons_of(tally) == Counter(vote.reason for vote in every)
    for design in designs:
        assert weight_files.reasons_of(tally, design.id) == Counter(
            vote.reason for vote in every if vote.submission_id == design.id
        )
    assert weight_files.reasons_of(tally, 0) == Counter()


def test_one_changed_byte_of_the_file_is_found_by_a_recount(app: Flask) -> None:
    contest = factories.contest()
    designs = [factories.submission(contest) for _ in range(3)]
    for size in (1, 2, 3):
        voting.votes(factories.member(), [(design, 4) for design in designs[:size]])
    tally = voting.tallied(contest)
    body = weight_files.body_of(tally)
    assert recount().mismatches == ()
    on = "" if db.engine.dialect.name == "sqlite" else " ON tally_weight_files"
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER guard_tally_weight_files_update{on}"))
    for place in (len(body) - 1, body.index(b"40 light"), 0):
        changed = bytearray(body)
        changed[place] ^= 1
        with db.engine.begin() as connection:
            connection.execute(
                text("UPDATE tally_weight_files SET body = :body"), {"body": bytes(changed)}
            )
        assert {one.tally for one in recount().mismatches} == {1}, place
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE tally_weight_files SET body = :body"), {"body": body})
    assert recount().mismatches == ()
