"""The columns that the signals look at are the votes, on both engines."""

from dataclasses import replace

import numpy as np
from flask import Flask
from sqlalchemy import select

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.integrity import gathering, rulings
from ideation.integrity.models import Judgement
from ideation.integrity.signals.contested import contested
from ideation.voting import standings
from ideation.voting.models import Deck, Vote
from tests import factories
from tests.factories import selection
from tests.factories.voting import votes
from tests.integrity.conftest import Stage, closed, found


def test_each_vote_keeps_its_stars_and_its_instant(stage: Stage) -> None:
    evidence = gathering.gather(stage.contest_id)
    rows = db.session.scalars(select(Vote).where(Vote.contest_id == stage.contest_id)).all()
    expected = {(one.submission_id, one.member_id): (one.stars, one.cast_at) for one in rows}
    assert evidence.size == len(expected) == 150
    for entry, voter, stars, at in zip(
        evidence.entry, evidence.voter, evidence.stars, evidence.cast_at, strict=True
    ):
        told = expected[int(entry), int(voter)]
        assert told[0] == stars
        assert abs(told[1].timestamp() - at) < 0.01


def test_it_reads_in_chunks(stage: Stage, monkeypatch: object) -> None:
    whole = gathering.gather(stage.contest_id)
    monkeypatch.setattr(gathering, "CHUNK", 7)  # type: ignore[attr-defined]
    again = gathering.gather(stage.contest_id)
    assert np.array_equal(whole.cast_at, again.cast_at)
    assert np.array_equal(whole.stars, again.stars)


def test_what_does_not_count_is_left_out_and_what_is_set_aside_is_not(stage: Stage) -> None:
    contest = stage.contest
    own = factories.member("Own")
    design = factories.submission(contest, own)
    doubtful = factories.member("Doubtful", confirmed=False)
    votes(doubtful, [(design, 5)])
    closed(stage)
    evidence = gathering.gather(stage.contest_id)
    assert doubtful.id not in evidence.voter
    assert set(stage.ring_ids) <= set(evidence.voter.tolist())


def test_shared_browsers_skips_and_joining_come_along(app: Flask) -> None:
    contest = factories.contest("scoring")
    designs = selection.entries(contest, 3)
    pair = [factories.member("Twin") for _ in range(3)]
    for voter in pair[:2]:
        votes(voter, [(one, 4) for one in designs], device=b"one laptop")
    votes(pair[2], [(one, 4) for one in designs])
    with transaction():
        db.session.merge(
            Deck(
                contest_id=contest.id,
                member_id=pair[0].id,
                open=[],
                skipped=[[designs[0].id, 0, 0, clock.now().isoformat()]] * 2,
            )
        )
    evidence = gathering.gather(contest.id)
    device = dict(zip(evidence.voter.tolist(), evidence.device.tolist(), strict=True))
    assert device[pair[0].id] == device[pair[1].id] != device[pair[2].id]
    assert device[pair[2].id] == -1
    assert evidence.skips == {pair[0].id: 2}
    assert set(evidence.registered_at) == {one.id for one in pair}


def test_scores_are_the_fair_ones_of_the_slot_and_of_the_count_once_closed(stage: Stage) -> None:
    assert gathering.gather(stage.contest_id).scores == {}
    with transaction():
        standings.write(stage.contest, 3, at=clock.now())
    live = gathering.gather(stage.contest_id).scores
    written = standings.find(stage.contest_id)
    assert written is not None
    assert live == {entry: score / 10_000 for entry, score in written.scores.items()}
    device = stage.finding(signal="device", key="device:1")
    found(stage, device)
    with transaction():
        rulings.decide(stage.manager, stage.case.id, Judgement.EXCLUDE, "One.", at=clock.now())
    assert gathering.gather(stage.contest_id).scores == live, "the slot's, until the next"
    tally = closed(stage, device)
    final = gathering.gather(stage.contest_id).scores
    assert final == {row.submission_id: row.score / 10_000 for row in tally.rows}
    assert final != live


def test_the_design_with_the_best_score_is_contested(stage: Stage) -> None:
    middling = stage.design_ids[4]
    taken = standings.take(stage.contest_id, 3, at=clock.now())
    rows = tuple(replace(row, score=49_999) if row.entry == middling else row for row in taken.rows)
    db.session.rollback()
    with transaction():
        standings.keep(stage.contest_id, replace(taken, rows=rows))
    evidence = gathering.gather(stage.contest_id)
    assert middling in evidence.entries[contested(evidence, 1)]
    without = replace(evidence, scores={})
    assert middling not in without.entries[contested(without, 1)]
