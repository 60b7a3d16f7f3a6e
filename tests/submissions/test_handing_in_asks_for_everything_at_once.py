from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from ideation.accounts.models import Consent, Member
from ideation.core import clock, ids
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.moderation import queries as moderation
from ideation.submissions import artwork, drafting, policies, queries, submitting, withdrawal
from ideation.submissions.models import State, Submission
from tests import factories
from tests.factories import pictures

YES = submitting.Declarations(is_original=True, grants_display=True, language="zh-Hant")
NO = submitting.Declarations(is_original=False, grants_display=False, language="en")


def _submit(
    member: Member,
    submission: Submission,
    declared: submitting.Declarations = YES,
    *,
    after: timedelta = timedelta(),
    key: str = "",
) -> None:
    with transaction():
        submitting.submit(
            db.session.merge(member),
            queries.get_locked(submission.id),
            declared,
            at=clock.now() + after,
            key=key or ids.public_id(20),
        )


def test_what_is_missing_is_said_at_once(app: Flask) -> None:
    member, contest = factories.member(), factories.contest("entry")
    with transaction():
        empty = drafting.begin(
            db.session.merge(member), db.session.merge(contest), at=clock.now(), key="k" * 20
        )
    with pytest.raises(Invalid) as refused:
        _submit(member, empty, NO)
    assert set(refused.value.fields) == {"pictures", "title", "original", "licence"}


def test_the_same_form_twice_hands_in_once(app: Flask) -> None:
    member = factories.member()
    submission = pictures.draft(factories.contest("entry"), member)
    for _ in range(2):
        _submit(member, submission, key="the same form")
    consents = list(db.session.scalars(select(Consent)))
    assert {one.language for one in consents} == {"zh-Hant"}
    assert {one.context for one in consents} == {f"submission:{submission.id}"}
    assert len(consents) == 2
    assert moderation.count_open() == 1
    with pytest.raises(Conflict):
        _submit(member, submission)


def test_an_unconfirmed_member_keeps_the_draft(app: Flask) -> None:
    member = factories.member(confirmed=False)
    submission = pictures.draft(factories.contest("entry"), member)
    with pytest.raises(NotAllowed) as refused:
        _submit(member, submission)
    assert refused.value.code == "unconfirmed"
    assert db.session.scalars(select(Submission.state)).one() is State.DRAFT


def test_the_door_closes_at_the_instant(app: Flask) -> None:
    member, contest = factories.member(), factories.contest("entry")
    closes = contest.entry_closes_at
    assert closes
    late, just = pictures.draft(contest, member), pictures.draft(contest, member, title="Just")
    with pytest.raises(Conflict):
        _submit(member, late, after=closes - clock.now() + timedelta(milliseconds=1))
    _submit(member, just, after=closes - clock.now() - timedelta(seconds=5))


def test_what_was_handed_in_cannot_become_empty(app: Flask) -> None:
    member = factories.member()
    submission = pictures.submitted(factories.contest("entry"), member)
    at = clock.now()
    for emptied in (drafting.Text(title="", colour="red"), drafting.Text(title="x", colour="")):
        with pytest.raises(Invalid), transaction():
            drafting.edit(
                db.session.merge(member), queries.get_locked(submission.id), emptied, at=at
            )
    public_id = queries.get_locked(submission.id).artworks[0].public_id
    with pytest.raises(Invalid), transaction():
        artwork.remove(
            db.session.merge(member), queries.get_locked(submission.id), public_id, at=at
        )
    assert db.session.scalar(select(func.count()).select_from(Submission)) == 1
    assert queries.get_locked(submission.id).title == "Night bus"


def test_a_design_can_leave_until_scoring_closes(app: Flask) -> None:
    member = factories.member()
    for phase, may_leave in (("scoring", True), ("decision", False), ("results", False)):
        one = factories.submission(factories.contest(phase), member)
        assert policies.may_withdraw(one, member, clock.now()) is may_leave
        if may_leave:
            with transaction():
                withdrawal.withdraw(
                    db.session.merge(member), queries.get_locked(one.id), at=clock.now()
                )
        else:
            with pytest.raises(Conflict), transaction():
                withdrawal.withdraw(
                    db.session.merge(member), queries.get_locked(one.id), at=clock.now()
                )


@pytest.mark.parametrize(
    "typed,tags",
    [
        ("", []),
        ("#Night bus, tea；tea\nTEA、城市", ["night bus", "tea", "城市"]),
        ("  , ,;#", []),
        ("caf\u0065\u0301, café", ["café"]),
        ("<b>x</b>\u202e", ["<b>x</b>"]),
    ],
)
def test_tags_are_cleaned(typed: str, tags: list[str]) -> None:
    assert drafting.clean_tags(typed) == tags


@pytest.mark.parametrize("typed", [",".join("abcdefghi"), "x" * 31])
def test_too_many_or_long_tags_are_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        drafting.clean_tags(typed)
