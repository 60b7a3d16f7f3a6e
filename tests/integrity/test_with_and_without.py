"""What a case changes: scores and ranks with its votes and without, and how close it is."""

from collections import OrderedDict

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from ideation.core import clock
from ideation.core.db import transaction
from ideation.integrity import cases, comparing, rulings
from ideation.integrity.models import Judgement
from ideation.voting import queries, tallying
from tests.integrity.conftest import Stage, closed, found, staged


def test_both_sides_are_what_a_count_gives(stage: Stage) -> None:
    tally = closed(stage)
    compared = comparing.of_case(stage.case, stage.contest)
    everything = tallying.count(stage.contest_id, quarantined=())
    assert {key: place.score for key, place in compared.with_.places.items()} == {
        row.entry: row.score for row in everything.result.rows
    }
    assert {key: place.rank for key, place in compared.without.places.items()} == {
        row.submission_id: row.rank for row in queries.all_rows(tally)
    }
    target = stage.design_ids[-1]
    (lifted,) = [one for one in compared.shifts if one.submission_id == target]
    assert lifted.gained > 0
    assert lifted.with_.score > lifted.without.score
    assert compared.changes_winners


def test_other_decisions_stand_on_both_sides(stage: Stage) -> None:
    closed(stage, stage.finding(), stage.finding(stage.honest_ids[:2], signal="pace", key="p"))
    pace = cases.list_all(stage.contest_id)[1]
    compared = comparing.of_case(pace, stage.contest)
    assert compared.with_.counted == 80
    assert compared.without.counted == 60


def test_the_same_comparison_is_counted_once_until_something_changes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "_counts", OrderedDict())
    closed(stage, stage.finding(signal="device", key="device:1"))
    counts = 0
    count = tallying.count_cast

    def counted(*args: object, **kwargs: object) -> object:
        nonlocal counts
        counts += 1
        return count(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(tallying, "count_cast", counted)
    for _ in range(3):
        comparing.of_case(stage.case, stage.contest)
    assert counts == 2
    with transaction():
        rulings.decide(stage.manager, stage.case.id, Judgement.EXCLUDE, "Seen.", at=clock.now())
    monkeypatch.setattr(tallying, "count_cast", counted)
    comparing.of_contest(stage.contest)
    assert counts > 2


def test_the_margin_is_about_the_last_winner_and_the_next(app: Flask) -> None:
    stage = staged(with_ring=False)
    found(stage, stage.finding(stage.honest_ids[:1], signal="pace", key="pace:1"))
    margin = comparing.of_contest(stage.contest).margin
    assert margin is not None
    rows = tallying.count(stage.contest_id).result.rows
    assert (margin.rank, margin.last, margin.next) == (3, rows[2].entry, rows[3].entry)
    assert margin.fives is not None and margin.fives >= 0


def test_after_a_ruling_the_margin_is_that_of_the_count_that_stands(stage: Stage) -> None:
    closed(stage)
    before = comparing.of_case(stage.case, stage.contest).margin
    with transaction():
        rulings.decide(stage.manager, stage.case.id, Judgement.RESTORE, "A class.", at=clock.now())
    after = comparing.of_case(stage.case, stage.contest).margin
    rows = tallying.count(stage.contest_id).result.rows
    assert after is not None and (after.last, after.next) == (rows[2].entry, rows[3].entry)
    assert after == comparing.of_contest(stage.contest).margin != before


@pytest.mark.one_engine
@given(
    score=st.integers(10_000, 49_000),
    ahead=st.integers(0, 9_000),
    weight=st.integers(600, 120_000),
)
def test_the_margin_is_the_least_number_of_fives_that_swaps_them(
    score: int, ahead: int, weight: int
) -> None:
    rival = min(score + ahead, 49_990)

    def with_fives(n: int) -> int:
        return (score * weight + n * 120 * 50_000) // (weight + n * 120)

    fives = comparing.swing(score, rival, weight)
    assert fives is not None
    assert with_fives(fives) > rival
    assert fives == 0 or with_fives(fives - 1) <= rival


@pytest.mark.one_engine
def test_nothing_lifts_an_entry_above_five_stars() -> None:
    assert comparing.swing(45_000, 50_000, 1_200) is None
    assert comparing.swing(50_000, 49_999, 1_200) == 0
