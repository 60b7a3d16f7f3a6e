"""The rights clock: what is not announced by the public date is its designers' again."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from ideation.audit.models import AuditEntry
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.notices.models import Notice
from ideation.selection import agreements, choosing, deadlines, queries, receipts, rights
from ideation.selection.models import Decision, Ground, Outcome, ReleaseCause
from ideation.selection.rights import Standing
from tests import factories
from tests.factories import selection
from tests.selection.conftest import Stage
from workers import selection as worker


def pass_the_date(stage: Stage) -> None:
    due = stage.contest.decision_due_at
    assert due is not None
    clock.move(due - clock.now() + timedelta(minutes=1))


def test_until_the_date_the_rights_are_held(stage: Stage) -> None:
    worker.release_overdue()
    assert queries.releases_of(stage.designs) == {}
    status = rights.status(stage.design(1), clock.now())
    assert (status.standing, status.on) == (Standing.HELD, stage.contest.decision_due_at)


def test_after_it_everything_goes_back_once_with_a_receipt_and_a_word(stage: Stage) -> None:
    pass_the_date(stage)
    for _ in range(3):
        worker.release_overdue()
        jobs.run_due()
    released = queries.releases_of(stage.designs)
    assert {one.cause for one in released.values()} == {ReleaseCause.OVERDUE}
    assert set(released) == set(stage.designs)
    for key in stage.designs:
        slip = receipts.receipt(key, clock.now())
        assert slip.decision.ground is Ground.OVERDUE
        assert slip.rights.standing is Standing.RELEASED
    notices = db.session.scalars(select(Notice).where(Notice.kind == "selection.released")).all()
    assert len(notices) == len(stage.designs)
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "rights.released")
    ).all()
    assert [entry.detail["designs"] for entry in entries] == [5]


def test_a_living_agreement_holds_and_for_all_others_the_lapse_is_the_reason(stage: Stage) -> None:
    at = clock.now()
    with transaction():
        choosing.choose(stage.manager, stage.designs[0], 1, Ground.EDITORS, "Good.", at=at)
        (signed,) = agreements.offer(stage.manager, stage.contest_id, at=at)
        choosing.choose(stage.manager, stage.designs[1], 2, Ground.EDITORS, "Good too.", at=at)
        choosing.pass_over(
            stage.manager, stage.contest_id, [stage.designs[2]], Ground.BRIEF, "A cat.", at=at
        )
        choosing.pass_over(
            stage.manager,
            stage.contest_id,
            stage.designs[3:],
            Ground.OTHERS_SCORED_HIGHER,
            "Both are taken.",
            at=at,
        )
    selection.accepted(signed)
    pass_the_date(stage)
    worker.release_overdue()
    released = queries.releases_of(stage.designs)
    assert set(released) == set(stage.designs[1:])
    for key in stage.designs[1:]:
        decision = db.session.get_one(Decision, key)
        assert (decision.outcome, decision.place) == (Outcome.NOT_CHOSEN, None)
        assert (decision.ground, decision.note) == (Ground.OVERDUE, "")
        assert decision.decided_at == decision.issued_at == released[key].released_at
    assert db.session.get_one(Decision, stage.designs[0]).issued_at is None


def test_an_offer_that_lapses_after_the_date_goes_back_too(stage: Stage) -> None:
    with transaction():
        choosing.choose(stage.manager, stage.designs[0], 1, Ground.EDITORS, "Good.", at=clock.now())
    due = stage.contest.decision_due_at
    assert due is not None
    with transaction():
        agreements.offer(stage.manager, stage.contest_id, at=due - timedelta(days=1))
    pass_the_date(stage)
    worker.release_overdue()
    clock.move(deadlines.ANSWER_WITHIN)
    worker.lapse_due()
    released = queries.releases_of(stage.designs)
    assert released[stage.designs[0]].cause is ReleaseCause.LAPSED
    assert queries.list_winners(stage.contest_id) == []


def test_what_was_announced_or_called_off_or_is_being_filled_is_passed_by(stage: Stage) -> None:
    selection.announced(stage.contest, [stage.design(1)])
    factories.submission(factories.contest("results", cancelled_at=clock.now()))
    factories.submission(factories.contest("results", is_whole=False))
    pass_the_date(stage)
    assert rights.due_to_release(clock.now()) == []


def test_it_goes_back_even_where_the_stars_were_never_counted(app: Flask) -> None:
    contest = factories.contest("results")
    design = factories.submission(contest)
    worker.release_overdue()
    slip = receipts.receipt(design.id, clock.now())
    assert slip.decision.ground is Ground.OVERDUE
    assert slip.standing is None


def test_a_release_is_never_taken_back(stage: Stage) -> None:
    pass_the_date(stage)
    worker.release_overdue()
    for statement in ("DELETE FROM rights_releases", "UPDATE rights_releases SET cause = 'lapsed'"):
        with pytest.raises(DatabaseError), transaction() as session:
            session.execute(text(statement))
    assert len(queries.releases_of(stage.designs)) == 5
