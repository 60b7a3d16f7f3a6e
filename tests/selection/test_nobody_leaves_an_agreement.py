"""From the offer on, who signs and for which share is frozen."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from ideation.accounts import hindrances
from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.selection import agreements, choosing, leaving
from ideation.selection.models import Agreement, Ground
from ideation.submissions.models import Designer, Submission
from tests import factories
from tests.factories import Browser
from tests.factories.voting import tallied


@pytest.fixture
def pair(app: Flask) -> Submission:
    """A design of two, chosen for the first place."""
    contest = factories.contest("scoring", winners=1)
    owner, friend = factories.member("Jonas Weidemann"), factories.member("Lin Xiaoyu")
    at = clock.now()
    design = factories.submission(
        contest,
        owner,
        designers=[
            Designer(member_id=owner.id, position=0, share_bp=7000),
            Designer(member_id=friend.id, position=1, share_bp=3000, agreed_at=at),
        ],
    )
    tallied(contest)
    with transaction():
        choosing.choose(None, design.id, 1, Ground.EDITORS, "Good.", at=clock.now())
    return design


def offered(design: Submission) -> Agreement:
    with transaction():
        (agreement,) = agreements.offer(None, design.contest_id, at=clock.now())
    return agreement


def friend_of(design: Submission) -> Member:
    return db.session.get_one(Member, design.designers[1].member_id)


def leave(design: Submission) -> None:
    with transaction():
        leaving.leave(friend_of(design), design.public_id, at=clock.now())


def test_before_the_offer_a_co_designer_may_leave(pair: Submission) -> None:
    leave(pair)
    assert [one.share_bp for one in pair.designers] == [10_000]


def test_from_the_offer_on_nobody_leaves(app: Flask, pair: Submission) -> None:
    offered(pair)
    with pytest.raises(Conflict, match="cannot leave it any more"):
        leave(pair)
    assert [one.share_bp for one in pair.designers] == [7000, 3000]
    page = Browser(app, friend_of(pair)).get(f"/designs/{pair.public_id}").text
    assert "Answer the agreement" in page
    assert "Do not name me" not in page


def test_after_a_withdrawn_offer_a_co_designer_may_leave(pair: Submission) -> None:
    agreement = offered(pair)
    with transaction():
        agreements.withdraw(None, agreement.id, "A mistake of ours.", at=clock.now())
    leave(pair)
    assert len(pair.designers) == 1


def test_who_has_answered_waits_for_the_others_before_leaving_us(pair: Submission) -> None:
    agreement, at = offered(pair), clock.now() + timedelta(minutes=1)
    friend = friend_of(pair)
    assert _said(friend, at) == ["An agreement waits for your answer. Accept or decline it first."]
    with transaction():
        agreements.answer(friend, agreement.id, True, language="en", at=at)
    (said,) = _said(friend, at)
    assert "You accepted an agreement that waits for its other designers" in said
    (said,) = _said(db.session.get_one(Member, pair.member_id), at)
    assert "waits for your answer" in said


def _said(member: Member, at: datetime) -> list[str]:
    return [str(one.words) for one in hindrances.list_for(member.id, at)]
