from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from ideation.accounts.events import AccountErased
from ideation.contests.models import Contest
from ideation.core import clock, events, jobs
from ideation.core.db import db, transaction
from ideation.core.storage import in_force
from ideation.moderation import queries as moderation
from ideation.submissions.drafting import SUBJECT
from ideation.submissions.models import Designer, State, Submission
from tests import factories
from tests.factories import pictures


def test_drafts_go_open_entries_are_emptied_results_stay(app: Flask) -> None:
    member, other = factories.member(), factories.member()
    pictures.draft(factories.contest("entry"), member)
    waiting = pictures.submitted(factories.contest("entry"), member)
    past = factories.submission(factories.contest("results"), member)
    shared = factories.submission(
        factories.contest("entry"),
        other,
        state=State.DRAFT,
        designers=[
            Designer(member_id=other.id, position=0, share_bp=7000),
            Designer(member_id=member.id, position=1, share_bp=3000),
        ],
    )
    jobs.run_due()
    assert list(in_force.store().list())

    with transaction():
        events.publish(AccountErased(member_id=member.id, at=clock.now()))
    jobs.run_due()

    assert list(in_force.store().list()) == []
    left = {
        one.id: (one.state, one.title, len(one.artworks))
        for one in db.session.scalars(select(Submission))
    }
    assert left[waiting.id] == (State.WITHDRAWN, "", 0)
    assert left[past.id] == (State.APPROVED, past.title, 1)
    assert len(left) == 3
    shares = select(Designer.member_id, Designer.share_bp).where(
        Designer.submission_id == shared.id
    )
    assert [tuple(row) for row in db.session.execute(shares)] == [(other.id, 10_000)]
    assert moderation.get(SUBJECT, waiting.id).closed_at is not None


def test_what_was_scored_to_the_end_stays_though_nobody_has_closed_it_yet(app: Flask) -> None:
    member = factories.member()
    scored = factories.submission(factories.contest(), member)
    with transaction():
        contest = db.session.get_one(Contest, scored.contest_id)
        contest.scoring_closes_at = clock.now() - timedelta(seconds=1)

    with transaction():
        events.publish(AccountErased(member_id=member.id, at=clock.now()))

    left = db.session.get_one(Submission, scored.id)
    assert (left.state, left.title, len(left.artworks)) == (State.APPROVED, scored.title, 1)
