from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.audit.models import AuditEntry
from ideation.contests import changes, editions
from ideation.contests.models import Contest
from ideation.contests.schedule import Windows
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid
from tests import factories

REASON = "The venue lost its power for a day."
DAY = timedelta(days=1)


def windows_of(contest: Contest, **values: object) -> Windows:
    now = {name: getattr(contest, name) for name in editions.INSTANTS}
    return Windows(**{**now, **values})


def test_a_later_end_is_logged_and_audited(app: Flask) -> None:
    contest = factories.contest("scoring")
    before = contest.scoring_closes_at
    later = windows_of(
        contest, scoring_closes_at=before + DAY, decision_due_at=contest.decision_due_at + DAY
    )
    operator = factories.member(roles=("operator",))
    with transaction():
        editions.move_dates(operator, contest.id, later, reason=REASON, at=clock.now())

    assert contest.scoring_closes_at == before + DAY
    logged = changes.list_changes(contest.id)
    assert {change.field for change in logged} == {"scoring_closes_at", "decision_due_at"}
    assert {(change.reason, change.member_id) for change in logged} == {(REASON, operator.id)}
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.action, last.actor_id, last.reason) == (
        "contest.dates_changed",
        operator.id,
        REASON,
    )


@pytest.mark.parametrize("reason", ["", "   ", "because"])
def test_without_a_sentence_of_reason_nothing_moves(app: Flask, reason: str) -> None:
    contest = factories.contest("entry")
    before = contest.scoring_closes_at
    later = windows_of(contest, scoring_closes_at=before + DAY)
    with pytest.raises(Invalid) as refusal, transaction():
        editions.move_dates(None, contest.id, later, reason=reason, at=clock.now())

    assert "reason" in refusal.value.fields
    assert contest.scoring_closes_at == before


def test_a_date_that_has_passed_stays(app: Flask) -> None:
    contest = factories.contest("scoring")
    earlier = windows_of(contest, entry_opens_at=contest.entry_opens_at - DAY)
    with pytest.raises(Conflict), transaction():
        editions.move_dates(None, contest.id, earlier, reason=REASON, at=clock.now())


def test_no_date_moves_into_the_past(app: Flask) -> None:
    contest = factories.contest("scoring")
    ended = windows_of(contest, scoring_closes_at=clock.now() - timedelta(minutes=1))
    with pytest.raises(Invalid) as refusal, transaction():
        editions.move_dates(None, contest.id, ended, reason=REASON, at=clock.now())
    assert "scoring_closes_at" in refusal.value.fields


def test_scoring_always_lasts(app: Flask) -> None:
    contest = factories.contest("entry")
    nothing = windows_of(contest, scoring_closes_at=contest.scoring_opens_at)
    with pytest.raises(Invalid) as refusal, transaction():
        editions.move_dates(None, contest.id, nothing, reason=REASON, at=clock.now())
    assert "scoring_closes_at" in refusal.value.fields


@pytest.mark.parametrize("phase", ["tallying", "decision", "results"])
def test_nothing_moves_after_the_close(app: Flask, phase: str) -> None:
    contest = factories.contest(phase)
    due = contest.decision_due_at
    with pytest.raises(Conflict), transaction():
        later = windows_of(contest, decision_due_at=due + 30 * DAY)
        editions.move_dates(None, contest.id, later, reason=REASON, at=clock.now())
    with pytest.raises(Conflict), transaction():
        editions.cancel(None, contest.id, reason=REASON, at=clock.now())

    assert contest.decision_due_at == due
    assert contest.cancelled_at is None


def test_the_log_of_changes_cannot_be_rewritten(app: Flask) -> None:
    contest = factories.contest("entry")
    with transaction():
        editions.cancel(None, contest.id, reason=REASON, at=clock.now())
    change = changes.list_changes(contest.id)[0]
    with pytest.raises(Exception, match="append-only"), transaction():
        change.reason = "Nothing happened."
