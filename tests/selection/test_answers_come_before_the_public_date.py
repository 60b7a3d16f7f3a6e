"""An offer never waits past the date by which its winner was to be public, where that can be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from ideation.contests import editions
from ideation.contests.editions import INSTANTS
from ideation.contests.models import Contest
from ideation.contests.schedule import Windows
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.selection import agreements, choosing, deadlines
from ideation.selection.models import Agreement, Ground
from tests import factories
from tests.factories import Browser
from tests.selection.conftest import Stage

REASON = "The jury is ill until then."
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIVE, TWO, HALF_A_DAY = timedelta(days=5), timedelta(days=2), timedelta(hours=12)


@pytest.mark.one_engine
@given(some.timedeltas(timedelta(days=-20), timedelta(days=40)))
def test_an_answer_is_due_in_time_or_the_wait_is_announced(ahead: timedelta) -> None:
    public_date = NOW + ahead
    due = deadlines.answer_by(public_date, NOW)
    assert TWO <= due - NOW <= FIVE
    is_in_time = due <= public_date - HALF_A_DAY
    assert is_in_time == (ahead >= TWO + HALF_A_DAY)
    assert deadlines.is_late(public_date, NOW) == (not is_in_time and ahead > timedelta(0))
    if not is_in_time or ahead >= FIVE + HALF_A_DAY:
        assert due - NOW == FIVE


@pytest.mark.one_engine
def test_without_a_public_date_five_days_hold() -> None:
    assert deadlines.answer_by(None, NOW) == NOW + FIVE
    assert not deadlines.is_late(None, NOW)


@pytest.mark.parametrize(("days", "is_late"), [(4, False), (2, True)])
def test_who_offers_reads_before_how_long_designers_have(
    app: Flask, stage: Stage, days: int, is_late: bool
) -> None:
    due = stage.contest.decision_due_at
    assert due is not None
    with transaction():
        choosing.choose(stage.manager, stage.designs[0], 1, Ground.MEMBERS, "Good.", at=clock.now())
    clock.move(due - timedelta(days=days) - clock.now())
    page = Browser(app, stage.manager).get(f"/console/contests/{stage.contest.slug}/decision").text
    assert ("Answers may come after the public date" in page) == is_late
    with transaction():
        (offered,) = agreements.offer(stage.manager, stage.contest_id, at=clock.now())
    assert (offered.expires_at > due) == is_late


def test_an_offer_that_is_out_and_the_public_date_both_stand(app: Flask, stage: Stage) -> None:
    due = stage.contest.decision_due_at
    assert due is not None
    with transaction():
        choosing.choose(stage.manager, stage.designs[0], 1, Ground.MEMBERS, "Good.", at=clock.now())
        (offered,) = agreements.offer(stage.manager, stage.contest_id, at=clock.now())
        agreement_id, promised = offered.id, offered.expires_at
    assert clock.now() + TWO <= promised <= due - HALF_A_DAY
    browser, page = Browser(app, stage.manager), f"/console/contests/{stage.contest.slug}"
    assert "Move dates" not in browser.get(page).text, "nothing is offered that is refused"
    for moved in (timedelta(days=-5), timedelta(days=30)):
        with pytest.raises(Conflict), transaction():
            _move(stage, due + moved)
    clock.move(due - clock.now() - timedelta(minutes=1))
    with pytest.raises(Conflict), transaction():
        _move(stage, due + timedelta(days=30))
    db.session.expire_all()
    assert stage.contest.decision_due_at == due
    assert db.session.get_one(Agreement, agreement_id).expires_at == promised


def test_control_until_the_close_the_public_date_moves(app: Flask) -> None:
    contest = factories.contest("scoring")
    due = contest.decision_due_at
    assert due is not None
    windows = replace(_windows(contest), decision_due_at=due + timedelta(days=30))
    with transaction():
        moved = editions.move_dates(None, contest.id, windows, reason=REASON, at=clock.now())
        assert moved.decision_due_at == due + timedelta(days=30)


def _move(stage: Stage, public_date: datetime) -> None:
    windows = replace(_windows(stage.contest), decision_due_at=public_date)
    editions.move_dates(stage.manager, stage.contest_id, windows, reason=REASON, at=clock.now())


def _windows(contest: Contest) -> Windows:
    return Windows(**{name: getattr(contest, name) for name in INSTANTS})
