"""Chances of the first places, what is too close to call, and counts that would choose others."""

from __future__ import annotations

import numpy as np
import pytest
from flask import Flask

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.voting import crosschecks, fast_scoring, fast_weighing, standings, tallying
from ideation.voting.models import LiveCount, Tally
from ideation.voting.weighing import Vote
from tests import factories
from tests.factories import voting
from tests.voting.columns import cast_of

SEED = b"tie seed"


def counted(
    votes: list[Vote], entries: int, winners: int
) -> tuple[dict[int, int], dict[str, dict[str, object]]]:
    cast = cast_of(list(range(1, entries + 1)), votes)
    weight = fast_weighing.weigh(cast).weight
    sums = fast_scoring.add_up(cast, weight)
    result = fast_scoring.tally_sums(cast, sums, SEED)
    return (
        crosschecks.odds(result, sums, cast, winners, SEED),
        crosschecks.checks(result, sums, cast, winners),
    )


def marks(entry: int, stars: str) -> list[Vote]:
    return [Vote(entry, 1000 * entry + at, int(each)) for at, each in enumerate(stars)]


def test_a_clear_winner_is_sure_and_twins_share_the_place() -> None:
    votes = marks(1, "5" * 200) + marks(2, "34" * 100) + marks(3, "34" * 100) + marks(4, "1" * 200)
    odds, _ = counted(votes, 4, winners=2)
    assert sum(odds.values()) == 20_000
    assert odds[1] == 10_000 and odds[4] == 0
    assert abs(odds[2] - 5_000) < 400 and crosschecks.is_close(odds[2])
    assert not crosschecks.is_close(odds[1]) and not crosschecks.is_close(odds[4])
    assert counted(votes, 4, winners=2)[0] == odds, "the same seed draws the same"


def test_chances_follow_the_overlap_of_two_intervals() -> None:
    """The chance that one normal variable is above another, against the closed form."""
    votes = marks(1, "45" * 20) + marks(2, "44445" * 8)
    cast = cast_of([1, 2], votes)
    weight = fast_weighing.weigh(cast).weight
    sums = fast_scoring.add_up(cast, weight)
    result = fast_scoring.tally_sums(cast, sums, SEED)
    first, second = result.rows
    width = [(row.high - row.score) / 1.645 for row in result.rows]
    away = (first.score - second.score) / (width[0] ** 2 + width[1] ** 2) ** 0.5
    chance = np.random.default_rng(1).standard_normal(200_000)
    expected = float((chance < away).mean())
    odds = crosschecks.odds(result, sums, cast, 1, SEED)
    assert abs(odds[first.entry] / 10_000 - expected) < 0.04


def test_where_everybody_wins_or_nobody_voted_there_are_no_odds() -> None:
    assert counted(marks(1, "55") + marks(2, "4"), 2, winners=2)[0] == {}
    assert counted([], 5, winners=2)[0] == {}


def test_counts_that_agree_say_nothing() -> None:
    votes = [vote for entry in range(1, 6) for vote in marks(entry, f"{6 - entry}" * 30)]
    _, checks = counted(votes, 5, winners=2)
    assert checks["raw"] == {"first": [1, 2], "differ": 0}
    assert checks["ordinal"] == {"first": [1, 2], "differ": 0}


def test_a_raw_mean_that_has_other_winners_is_named() -> None:
    """Strict voters met two designs that all others think better of."""
    votes = []
    for voter in range(60):
        strict = voter < 30
        votes += [Vote(entry, voter, 2 if strict else 4) for entry in range(5, 25)]
        votes += [
            Vote(entry, voter, 3 if strict else 4) for entry in ((1, 2) if strict else (3, 4))
        ]
    _, checks = counted(votes, 24, winners=2)
    assert checks["raw"]["first"] == [3, 4]
    assert checks["raw"]["differ"] == 2


def test_the_ordinal_model_finds_levels_that_were_put_in() -> None:
    chance = np.random.default_rng(7)
    level = chance.normal(0, 1.0, 80)
    cuts = np.array([-2.5, -1.0, 0.3, 1.8])
    under = 1 / (1 + np.exp(level[:, None] - cuts[None, :]))
    p = np.diff(np.hstack([np.zeros((80, 1)), under, np.ones((80, 1))]), axis=1)
    histogram = np.array([chance.multinomial(400, each) for each in p], float)
    found = crosschecks.levels(histogram)
    assert np.corrcoef(found, level)[0, 1] > 0.98
    assert np.abs(found - (level - level.mean())).max() < 0.5
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crosschecks, "_STILL", 0)
        to_the_end = crosschecks.levels(histogram)
    assert np.abs(found - to_the_end).max() < 1e-7, "it stops where nothing moves any more"
    assert crosschecks.levels(np.zeros((3, 5))).tolist() == [0, 0, 0]
    assert np.isfinite(crosschecks.levels(np.array([[0, 0, 0, 0, 9.0], [0, 0, 0, 0, 1.0]]))).all()


@pytest.mark.parametrize(
    ("winners", "told"), [(1, {1, 2}), (3, {1, 2}), (5, {1, 2}), (6, {2}), (12, {2})]
)
def test_of_six_winners_two_that_differ_are_told_and_of_fewer_one(
    winners: int, told: set[int]
) -> None:
    for differ in (0, 1, 2):
        tally = Tally(checks={"winners": winners, "ordinal": {"differ": differ}})
        expected = [crosschecks.Disagreement("ordinal", differ, winners)]
        assert crosschecks.disagreements(tally) == (expected if differ in told else [])
    assert crosschecks.disagreements(Tally(checks={})) == []


def test_a_tally_keeps_its_odds_and_checks(app: Flask) -> None:
    contest = factories.contest(winners=1)
    designs = [factories.submission(contest) for _ in range(3)]
    for _ in range(9):
        voting.votes(factories.member(), zip(designs, (5, 4, 1), strict=True))
    tally = voting.tallied(contest)
    assert tally.checks["raw"] == {"first": [designs[0].id], "differ": 0}
    assert tally.checks["winners"] == 1
    odds = {row.submission_id: row.odds for row in tally.rows}
    assert sum(each or 0 for each in odds.values()) == 10_000
    assert (odds[designs[0].id] or 0) > (odds[designs[1].id] or 0)


def test_standings_are_written_once_a_slot_and_read_back_whole(app: Flask) -> None:
    contest = factories.contest()
    designs = [factories.submission(contest) for _ in range(3)]
    assert standings.find(contest.id) is None
    voting.votes(factories.member(), zip(designs, (5, 4, 1), strict=True))
    began = clock.now()
    with transaction():
        standings.write(contest, 3, at=began)
    written = standings.find(contest.id)
    taken = tallying.count(contest.id).result
    assert written is not None and (written.slot, written.at) == (3, began)
    assert written.scores == {row.entry: row.score for row in taken.rows}
    assert written.prospects == standings.take(contest.id, 3, at=began).prospects
    assert [(row.entry, row.histogram, row.high) for row in written.rows] == [
        (row.entry, row.histogram, row.high) for row in taken.rows
    ]
    voting.votes(factories.member(), zip(designs, (1, 1, 5), strict=True))
    with transaction():
        standings.write(contest, 3, at=clock.now())
    assert standings.find(contest.id) == written, "one count a slot"
    with transaction():
        standings.write(contest, 4, at=clock.now())
    later = standings.find(contest.id)
    assert later is not None and (later.slot, later.counted) == (4, 6)
    with transaction():
        standings.keep(contest.id, written)
    assert standings.find(contest.id) == later, "an older count never takes a newer one's place"
    assert db.session.query(LiveCount).count() == 1


def test_standings_of_an_earlier_version_are_shown_and_not_chosen_by(app: Flask) -> None:
    contest = factories.contest()
    designs = [factories.submission(contest) for _ in range(3)]
    voting.votes(factories.member(), zip(designs, (5, 4, 1), strict=True))
    db.session.rollback()
    with transaction():
        standings.write(contest, 3, at=clock.now())
        count = db.session.get_one(LiveCount, contest.id)
        count.body = {key: each for key, each in count.body.items() if key != "prospects"}
    shown = standings.find(contest.id)
    assert shown is not None and len(shown.rows) == 3 and shown.prospects == {}
    chosen_by = standings.of_slot(contest.id, 3, clock.now()).prospects
    best = sorted(chosen_by, key=lambda entry: -chosen_by[entry])
    assert best == [design.id for design in designs]


@pytest.mark.parametrize("slot", [3, 4])
def test_a_slots_standings_are_those_written_or_taken_now(app: Flask, slot: int) -> None:
    contest = factories.contest()
    design = factories.submission(contest)
    with transaction():
        standings.write(contest, 3, at=clock.now())
    voting.votes(factories.member(), [(design, 5)])
    db.session.rollback()
    assert standings.of_slot(contest.id, slot, clock.now()).counted == slot - 3
