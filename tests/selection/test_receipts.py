"""Receipts: complete, computed from what is frozen, and never there too early."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from ideation.contests.models import Contest, Format, PickRule
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import NotFound
from ideation.selection import choosing, faults, grounds, receipts
from ideation.selection.models import Fault, Ground, Outcome
from ideation.selection.rights import Standing as Rights
from ideation.voting.models import TallyRow
from tests.factories import selection
from tests.selection.conftest import Stage

marks = st.integers(10_000, 50_000)
entries = st.lists(st.tuples(marks, st.integers(0, 15_000)), min_size=1, max_size=30)


def rows_of(scored: list[tuple[int, int]]) -> list[TallyRow]:
    ordered = sorted(scored, key=lambda one: -one[0])
    return [
        TallyRow(
            submission_id=n,
            rank=n,
            score=score,
            low=max(10_000, score - half),
            high=min(50_000, score + half),
        )
        for n, (score, half) in enumerate(ordered, start=1)
    ]


@pytest.mark.one_engine
@given(entries)
def test_the_percentile_lies_within_its_interval(scored: list[tuple[int, int]]) -> None:
    rows = rows_of(scored)
    for own in rows:
        standing = receipts.standing(own, rows)
        assert 1 <= standing.best <= standing.rank <= standing.worst <= standing.total
        assert 0 <= standing.low <= standing.percentile <= standing.high <= 1


@pytest.mark.one_engine
def test_scores_without_doubt_have_one_rank() -> None:
    rows = rows_of([(40_000, 0), (30_000, 0), (20_000, 0)])
    standing = receipts.standing(rows[1], rows)
    assert (standing.best, standing.worst, standing.percentile) == (2, 2, 0.5)


@pytest.mark.one_engine
def test_scores_that_could_lie_either_way_count_both_ways() -> None:
    rows = rows_of([(40_000, 100), (30_000, 5_000), (27_000, 5_000), (12_000, 100)])
    standing = receipts.standing(rows[1], rows)
    assert (standing.best, standing.rank, standing.worst) == (2, 2, 3)


@pytest.mark.one_engine
def test_an_entry_that_is_alone_is_ahead_of_all() -> None:
    rows = rows_of([(30_000, 100)])
    assert receipts.standing(rows[0], rows).percentile == 1


@pytest.mark.one_engine
def test_nobody_is_told_to_be_ahead_of_none() -> None:
    rows = rows_of([(10_000 * stars, 0) for stars in (5, 4, 3, 2, 1)])
    says = [receipts.standing(row, rows).says_percentile for row in rows]
    assert says == [True, True, True, True, False]


def test_before_it_is_out_there_is_none(stage: Stage) -> None:
    selection.decided(stage.contest, [stage.design(1)])
    for key in stage.designs:
        with pytest.raises(NotFound):
            receipts.receipt(key, clock.now())


def test_every_entrant_has_a_whole_one(stage: Stage) -> None:
    selection.announced(stage.contest, [stage.design(2), stage.design(1)])
    for rank, key in enumerate(stage.designs, start=1):
        slip = receipts.receipt(key, clock.now())
        assert slip.row is not None
        assert slip.standing is not None
        assert (slip.row.rank, slip.standing.total) == (rank, 5)
        assert sum(slip.row.histogram) == slip.row.counted == 2
        assert str(slip.reason)
        assert str(slip.next)
        assert slip.decision.note
        won = rank <= 2
        assert slip.has_won is won
        assert slip.is_override is won
        assert slip.rights.standing is (Rights.LICENSED if won else Rights.RELEASED)
        assert str(slip.rights.label)
        assert str(slip.rights.sentence)


def test_it_stays_as_it_is_however_much_later(stage: Stage) -> None:
    selection.announced(stage.contest, [stage.design(1)])
    now = receipts.receipt(stage.designs[3], clock.now())
    later = receipts.receipt(stage.designs[3], clock.now() + timedelta(days=900))
    assert (now.standing, now.reason, now.rights) == (later.standing, later.reason, later.rights)


@pytest.mark.one_engine
def test_every_ground_has_its_words(app: Flask) -> None:
    for ground in Ground:
        assert str(grounds.LABELS[ground])
        for rule in PickRule:
            for kind in Format:
                contest = Contest(pick_rule=rule, format=kind)
                words = f"{grounds.sentence(contest, ground)} {grounds.labels(contest)[ground]}"
                assert str(grounds.sentence(contest, ground)).endswith(".")
                assert ("ember" in words) <= (kind is not Format.JURY), words
                assert ("jury" in words) <= (kind is Format.JURY), words
    assert set(grounds.OF_WINNERS) | set(grounds.OF_OTHERS) | {
        Ground.NEXT_IN_LINE,
        Ground.AGREEMENT_DECLINED,
        Ground.AGREEMENT_LAPSED,
        Ground.OVERDUE,
        Ground.DISQUALIFIED,
    } == set(Ground)
    assert set(faults.LABELS) == set(faults.SENTENCES) == set(Fault)


def test_the_reasons_of_a_contest_in_bulk_reach_every_receipt(stage: Stage) -> None:
    selection.decided(stage.contest, [stage.design(1)])
    with transaction():
        choosing.pass_over(
            stage.manager,
            stage.contest_id,
            stage.designs[2:],
            Ground.OTHERS_SCORED_HIGHER,
            "",
            at=clock.now(),
        )
    slips = choosing.queries.decisions_of(stage.contest_id)
    assert sum(one.outcome is Outcome.NOT_CHOSEN for one in slips.values()) == 4
    assert slips[stage.designs[4]].ground is Ground.OTHERS_SCORED_HIGHER
