"""The slot's list on a real database: written once, by prospects, mended for who comes late."""

from datetime import timedelta
from itertools import accumulate, chain

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.contests.models import Contest, Format
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.submissions.models import Submission
from ideation.voting import dealing, lists
from ideation.voting.models import DealList, Vote
from tests import factories
from tests.factories import voting

ENTRIES = 66


def scored(contest: Contest, entries: int = ENTRIES, marks_each: int = 2) -> list[Submission]:
    """Designs with a few votes each; the first six are liked, all others are not."""
    designs = [factories.submission(contest, with_artwork=False) for _ in range(entries)]
    voters = [factories.member().id for _ in range(marks_each)]
    with transaction():
        for number, design in enumerate(designs):
            for place, voter in enumerate(voters):
                db.session.add(
                    Vote(
                        submission_id=design.id,
                        member_id=voter,
                        contest_id=contest.id,
                        stars=5 if number < 6 else 2,
                        slot=0,
                        position=place,
                        cast_at=clock.now(),
                    )
                )
    return designs


def build(contest: Contest) -> bool:
    with transaction():
        return lists.build(db.session.get_one(Contest, contest.id), clock.now())


def mend(contest: Contest) -> bool:
    with transaction():
        return lists.mend(db.session.get_one(Contest, contest.id), clock.now())


def written(contest: Contest) -> DealList:
    query = select(DealList).where(DealList.contest_id == contest.id).order_by(DealList.slot.desc())
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def to_slot(contest: Contest, slot: int) -> None:
    """Move the clock into the middle of a slot of the contest's window."""
    opens_at, closes_at = contest.scoring_opens_at, contest.scoring_closes_at
    clock.move(opens_at + (closes_at - opens_at) * (2 * slot + 1) / 120 - clock.now())


def test_after_the_balanced_slots_those_with_prospects_are_in_the_running(app: Flask) -> None:
    contest = factories.contest()
    designs = scored(contest)
    to_slot(contest, 30)
    assert build(contest)
    row = written(contest)
    assert row.bands[0] == []
    assert sorted(chain.from_iterable(row.bands)) == [design.id for design in designs]
    assert len(row.survivors[0]) == dealing.survivors_in(30, ENTRIES)
    assert {design.id for design in designs[:6]} <= set(row.survivors[0])
    listed = lists.current(db.session.merge(contest), clock.now())
    assert listed.best == tuple(chain.from_iterable(row.survivors)) and listed.total == ENTRIES
    assert listed.tiers == tuple(accumulate(map(len, row.survivors)))


def test_a_list_written_before_there_were_tiers_is_one(app: Flask) -> None:
    contest = factories.contest()
    scored(contest)
    to_slot(contest, 30)
    assert build(contest)
    with transaction():
        row = db.session.get_one(DealList, (contest.id, 30))
        row.survivors = row.survivors[0]
        flat = tuple(row.survivors)
    listed = lists.current(db.session.merge(contest), clock.now())
    assert listed.best == flat and listed.tiers == (len(flat),)


def test_building_again_changes_nothing(app: Flask) -> None:
    contest = factories.contest()
    scored(contest)
    to_slot(contest, 30)
    assert build(contest)
    before = (written(contest).bands, written(contest).survivors, written(contest).built_at)
    clock.move(timedelta(minutes=1))
    assert not build(contest) and not mend(contest)
    assert (written(contest).bands, written(contest).survivors, written(contest).built_at) == before


def test_a_rival_that_wrote_first_is_not_overwritten(app: Flask) -> None:
    contest = factories.contest()
    scored(contest)
    to_slot(contest, 30)
    slow = lists.draft(db.session.merge(contest), clock.now(), balanced=True)
    assert build(contest) and slow is not None
    with transaction():
        assert not lists.write(slow)
    assert written(contest).survivors


def test_the_first_deck_writes_a_balanced_list_where_there_is_none(app: Flask) -> None:
    contest = factories.contest()
    scored(contest)
    to_slot(contest, 30)
    with transaction():
        listed = lists.current(db.session.get_one(Contest, contest.id), clock.now())
    assert listed.best == () and len(listed.entries) == ENTRIES
    assert written(contest).survivors == []


def test_a_jurys_slots_are_balanced(app: Flask) -> None:
    contest = factories.contest(format=Format.JURY)
    scored(contest)
    to_slot(contest, 30)
    assert build(contest)
    assert written(contest).survivors == []


def test_who_is_approved_within_a_slot_comes_first_until_at_the_floor(app: Flask) -> None:
    contest = factories.contest()
    designs = scored(contest, entries=20, marks_each=8)
    to_slot(contest, 30)
    assert build(contest)
    before = written(contest).bands
    clock.move(timedelta(seconds=20))
    late = factories.submission(contest, with_artwork=False, decided_at=clock.now())
    clock.move(timedelta(seconds=20))
    assert mend(contest) and not mend(contest)
    assert written(contest).bands == [[late.id], *before[1:]]
    assert lists.current(db.session.merge(contest), clock.now()).late == 1

    votes = 8 * len(designs)
    for n in range(1, 4):
        voting.vote(factories.member(), late, 3)
        served = n >= dealing.floor_at(votes + n, len(designs) + 1)
        assert mend(contest) is served, n
    assert written(contest).bands == [[], *before[1:], [late.id]]
    assert lists.current(db.session.merge(contest), clock.now()).late == 0


def test_it_comes_first_in_the_next_slot_as_well_and_then_no_more(app: Flask) -> None:
    contest = factories.contest()
    scored(contest, entries=20, marks_each=8)
    to_slot(contest, 29)
    late = factories.submission(contest, with_artwork=False, decided_at=clock.now())
    to_slot(contest, 30)
    assert build(contest)
    assert written(contest).bands[0] == [late.id]
    for _ in range(3):
        voting.vote(factories.member(), late, 3)
    to_slot(contest, 31)
    assert build(contest)
    assert written(contest).bands[0] == []


@pytest.mark.parametrize("phase", ["entry", "tallying"])
def test_outside_scoring_no_list_is_due(app: Flask, phase: str) -> None:
    factories.contest(phase)
    assert lists.due(clock.now()) == []
    scoring = factories.contest()
    assert lists.due(clock.now()) == [scoring.id]
