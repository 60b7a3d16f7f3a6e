from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member, Standing
from ideation.contests.models import Contest
from ideation.contests.phases import approval_deadline
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, NotAllowed
from ideation.moderation import decisions
from ideation.moderation import queries as moderation
from ideation.moderation.models import Verdict
from ideation.notices.models import Notice
from ideation.submissions import moving, queries, withdrawal
from ideation.submissions.drafting import SUBJECT
from ideation.submissions.models import State, Submission
from tests import factories
from tests.factories import pictures


def _approve(submission: Submission, at: datetime) -> None:
    moderator = factories.member(roles=(Role.MODERATOR,))
    with transaction():
        decisions.decide(
            db.session.merge(moderator),
            moderation.get(SUBJECT, submission.id),
            Verdict.APPROVED,
            at=at,
        )


def _handed_in() -> tuple[Contest, Member, Submission]:
    series = factories.series()
    contest = factories.contest("entry", series_id=series.id, number=1, week=40)
    member = factories.member()
    submission = pictures.submitted(contest, member)
    jobs.run_due()
    return contest, member, submission


def _deadline(contest: Contest) -> datetime:
    deadline = approval_deadline(contest)
    assert deadline is not None
    return deadline


def test_an_instant_before_the_deadline_it_still_joins(app: Flask) -> None:
    contest, _, submission = _handed_in()
    _approve(submission, _deadline(contest) - timedelta(microseconds=1))
    assert queries.get_public(submission.public_id).contest_id == contest.id


def test_at_the_deadline_it_waits_for_consent_and_then_moves(app: Flask) -> None:
    contest, member, submission = _handed_in()
    late = _deadline(contest)
    following = factories.contest("entry", now=late, series_id=contest.series_id, number=2, week=41)
    _approve(submission, late)

    submission = db.session.get_one(Submission, submission.id)
    assert submission.state is State.SUBMITTED
    assert submission.move_asked_at == late
    told = db.session.scalars(select(Notice).where(Notice.kind == "submission.late")).one()
    assert told.params["next"]["en"].startswith("Week 41")

    stranger = factories.member()
    with pytest.raises(NotAllowed), transaction():
        moving.consent(db.session.merge(stranger), queries.get_locked(submission.id), at=late)
    with transaction():
        db.session.get_one(Member, member.id).standing = Standing.SUSPENDED
    with pytest.raises(NotAllowed), transaction():
        moving.consent(db.session.merge(member), queries.get_locked(submission.id), at=late)
    with transaction():
        db.session.get_one(Member, member.id).standing = Standing.ACTIVE
    with transaction():
        moving.consent(db.session.merge(member), queries.get_locked(submission.id), at=late)

    moved = queries.get_public(submission.public_id)
    assert (moved.contest_id, moved.moved_from_id) == (following.id, contest.id)
    with pytest.raises(Conflict), transaction():
        moving.consent(db.session.merge(member), queries.get_locked(submission.id), at=late)


def test_without_a_next_edition_the_question_waits_for_one(app: Flask) -> None:
    contest, member, submission = _handed_in()
    late = _deadline(contest) + timedelta(hours=1)
    _approve(submission, late)
    with pytest.raises(Conflict), transaction():
        moving.consent(db.session.merge(member), queries.get_locked(submission.id), at=late)
    kinds = list(db.session.scalars(select(Notice.kind)))
    assert kinds.count("submission.no_edition") == 1

    with transaction():
        assert moving.ask_waiting(late) == 0
    factories.contest("upcoming", now=late, series_id=contest.series_id, number=2, week=41)
    for expected in (1, 0):
        with transaction():
            assert moving.ask_waiting(late) == expected
    kinds = list(db.session.scalars(select(Notice.kind)))
    assert (kinds.count("submission.late"), kinds.count("submission.no_edition")) == (1, 1)


def test_a_no_is_a_withdrawal(app: Flask) -> None:
    contest, member, submission = _handed_in()
    _approve(submission, _deadline(contest))
    with transaction():
        withdrawal.withdraw(
            db.session.merge(member), queries.get_locked(submission.id), at=clock.now()
        )
    assert db.session.scalars(select(Submission.state)).one() is State.WITHDRAWN
