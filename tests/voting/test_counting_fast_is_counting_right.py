"""The score in columns: every number and every byte as the reference in plain Python has them."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from ideation.core.db import db
from ideation.voting import (
    columns,
    counting,
    fast_scoring,
    fast_weighing,
    reading,
    scoring,
    weighing,
)
from ideation.voting.columns import Cast
from ideation.voting.weighing import CODES, Reason, Vote
from tests import factories
from tests.factories import voting
from tests.voting.columns import OF_THE_VOTER, cast_of, votes_of

SEED = b"tie seed"
ENTRIES = list(range(1, 13))


@st.composite
def contests(draw: st.DrawFn, voters: int = 40, most: int = 150) -> list[Vote]:
    """Voters of whom something is known, and their votes for twelve entries and one that left."""
    grounds = draw(st.dictionaries(st.integers(1, voters), st.sampled_from(OF_THE_VOTER)))
    devices = draw(
        st.dictionaries(st.integers(1, voters), st.sampled_from([b"\1", b"\2"]), max_size=12)
    )
    pairs = draw(
        st.lists(
            st.tuples(
                st.integers(1, 13),
                st.integers(1, voters),
                st.integers(1, 5),
                st.sampled_from([None, None, b"\7", b"\1"]),
                st.sampled_from([None] * 6 + [Reason.OWN]),
            ),
            max_size=most,
            unique_by=lambda each: each[:2],
        )
    )
    return [
        Vote(
            entry,
            voter,
            stars,
            devices.get(voter),
            Reason.OUT if entry == 13 else own or grounds.get(voter),
            network,
        )
        for entry, voter, stars, network, own in pairs
    ]


def slow(entries: list[int], votes: list[Vote], m: int | None = None) -> scoring.Result:
    return scoring.tally(entries, votes, weighing.weights(votes), SEED, m=m)


def fast(cast: Cast, m: int | None = None) -> scoring.Result:
    return fast_scoring.tally(cast, fast_weighing.weigh(cast).weight, SEED, m=m)


@given(contests(), st.none() | st.integers(1, 1_000_000))
@settings(max_examples=150)
def test_any_contest_comes_out_as_by_the_reference(votes: list[Vote], m: int | None) -> None:
    expected, result = slow(ENTRIES, votes, m), fast(cast_of(ENTRIES, votes), m)
    assert result == expected
    assert result.digest == expected.digest


@given(contests())
def test_every_weight_and_its_reason_is_the_references(votes: list[Vote]) -> None:
    weighed = fast_weighing.weigh(cast_of(ENTRIES, votes))
    assert list(zip(weighed.weight.tolist(), weighed.reason.tolist(), strict=True)) == [
        (weight, weighing.CODE[reason]) for weight, reason in weighing.weights(votes)
    ]


@given(contests(), st.data())
def test_any_weights_at_all_are_summed_as_by_the_reference(
    votes: list[Vote], data: st.DataObject
) -> None:
    votes = [vote for vote in votes if vote.entry < 13]
    least = data.draw(st.sampled_from([0, 1, 120, 255]))
    weights = data.draw(st.lists(st.integers(least, 255), min_size=len(votes), max_size=len(votes)))
    frozen = [weighing.Weight(weight, Reason.COUNTED) for weight in weights]
    expected = scoring.tally(ENTRIES, votes, frozen, SEED)
    result = fast_scoring.tally(cast_of(ENTRIES, votes), np.array(weights, np.uint8), SEED)
    assert result == expected


def test_a_large_contest_of_every_kind_agrees_in_twenty_orders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fast_weighing, "BLOCK", 500)
    monkeypatch.setattr(fast_weighing, "CHUNK", 700)
    monkeypatch.setattr(columns, "_CHUNK", 700)
    monkeypatch.setattr(fast_scoring, "CHUNK", 900)
    votes = every_kind()
    kinds = {reason for _, reason in weighing.weights(votes)}
    assert kinds == set(Reason)
    entries = list(range(1, 61))
    expected = slow(entries, votes)
    chance = random.Random(20)
    digests = set()
    for _ in range(20):
        shuffled = chance.sample(votes, len(votes))
        digests.add(fast(cast_of(entries, shuffled)).digest)
    assert digests == {expected.digest}


def every_kind() -> list[Vote]:
    """6,000 votes: rings of browsers, a school's network, busy and idle voters, all grounds."""
    chance = random.Random(6)
    against = {3: Reason.UNCONFIRMED, 5: Reason.SUSPENDED, 7: Reason.INSIDER, 9: Reason.QUARANTINED}
    votes = []
    for voter in range(1, 301):
        for entry in chance.sample(range(1, 62), chance.choice([1, 2, 5, 20, 30, 45])):
            own = Reason.OWN if entry == voter % 60 else None
            votes.append(
                Vote(
                    entry,
                    voter,
                    chance.choice([1, 2, 3, 3, 4, 5, 5]),
                    bytes([voter % 8]) if voter < 40 else None,
                    Reason.OUT if entry == 61 else own or against.get(voter),
                    bytes([voter % 3]) if voter % 3 and chance.random() < 0.8 else None,
                )
            )
    return votes


def test_nobody_and_nothing_is_counted_too() -> None:
    assert fast(cast_of([], [])).rows == ()
    assert fast(cast_of([4, 2], [])) == slow([4, 2], [])
    one = [Vote(2, 7, 5)]
    assert fast(cast_of([4, 2], one)) == slow([4, 2], one)


def test_ties_are_broken_by_the_same_rule_to_the_last_lot() -> None:
    votes = [
        Vote(entry, voter, 1 + (voter + entry) % 2 * 4)
        for entry in range(1, 9)
        for voter in range(6)
    ]
    votes += [Vote(entry, voter, 3) for entry in range(9, 17) for voter in range(6)]
    entries = list(range(1, 20))
    result = fast(cast_of(entries, votes))
    assert result == slow(entries, votes)
    assert len({row.score for row in result.rows}) < 4, "they are tied indeed"


def test_columns_and_votes_are_the_same_contest() -> None:
    votes = every_kind()
    back = votes_of(cast_of(list(range(1, 61)), votes))
    assert [v[:3] for v in back] == [v[:3] for v in votes]
    assert [v.excluded for v in back] == [v.excluded for v in votes]
    assert weighing.weights(back) == weighing.weights(votes)


@pytest.mark.parametrize(
    ("votes", "weights", "m", "message"),
    [
        ([Vote(1, 1, 6)], [120], None, "stars"),
        ([Vote(1, 1, 0)], [0], None, "stars"),
        ([Vote(2, 1, 3)], [120], None, "not ranked"),
        ([Vote(1, 1, 3)], [], None, "weight for each"),
        ([Vote(1, 1, 3)], [120], 0, "prior"),
        ([Vote(1, 1, 3)], [120], 1_000_001, "prior"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    votes: list[Vote], weights: list[int], m: int | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        fast_scoring.tally(cast_of([1], votes), np.array(weights, np.uint8), SEED, m=m)


def test_every_code_is_a_reason_and_none_is_shared() -> None:
    assert CODES[0] is Reason.COUNTED, "nothing against a vote is code 0"
    assert sorted(weighing.CODE.values()) == list(range(len(Reason)))


def test_votes_are_read_voter_by_voter(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes counting quick; and any other order, where a block ends or not, counts alike."""
    monkeypatch.setattr(reading, "_BATCH", 4)
    contest = factories.contest()
    designs = [factories.submission(contest) for _ in range(3)]
    for voter in [factories.member() for _ in range(5)]:
        voting.votes(voter, [(design, 1 + (design.id + voter.id) % 5) for design in designs])
    cast = counting.read_votes(contest.id)
    changes = int((np.diff(cast.voter) != 0).sum())
    assert (cast.size, changes) == (15, 4), "of five voters each begins once"
    mixed = np.random.default_rng(1).permutation(cast.size)
    other = replace(
        cast,
        entry=cast.entry[mixed],
        voter=cast.voter[mixed],
        stars=cast.stars[mixed],
        network=cast.network[mixed],
    )
    assert fast(other).digest == fast(cast).digest


def test_who_is_newer_than_the_first_look_is_read_as_well(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A live count looks at ids, then at votes; a member and a design may come between."""
    contest = factories.contest()
    voting.votes(factories.member(), [(factories.submission(contest), 4)])
    layout_of = reading.layout_of

    def look_and_let_come(contest_id: int) -> reading.Layout:
        layout = layout_of(contest_id)
        voting.votes(factories.member(), [(factories.submission(contest), 5)])
        db.session.rollback()
        return layout

    monkeypatch.setattr(reading, "layout_of", look_and_let_come)
    cast = counting.read(contest.id)
    assert sorted(cast.stars.tolist()) == [4, 5] and bool(cast.is_ranked.all())
    assert np.unique(cast.entry).size == np.unique(cast.voter).size == 2


def test_shares_are_compared_exactly_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two nearest fractions below the limit differ as floats; beyond it counting refuses."""
    most = fast_scoring.MOST_OF_ONE - 1
    assert (most - 2) / (most - 1) < (most - 1) / most
    monkeypatch.setattr(fast_scoring, "MOST_OF_ONE", 3)
    with pytest.raises(ValueError, match="compared exactly"):
        fast(cast_of([1], [Vote(1, voter, 4) for voter in range(3)]))
