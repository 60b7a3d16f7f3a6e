import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member, Standing
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Invalid, NotFound
from ideation.notices.models import Notice
from ideation.submissions import designers, queries
from ideation.submissions.models import Designer, Submission
from tests import factories
from tests.factories import pictures


def _divide(member: Member, submission: Submission, shares: dict[str, int]) -> None:
    with transaction():
        designers.divide(
            db.session.merge(member),
            queries.get_locked(submission.id),
            shares,
            at=clock.now(),
        )


def _rows(submission: Submission) -> list[tuple[int, int]]:
    query = select(Designer.member_id, Designer.share_bp).order_by(Designer.position)
    return [tuple(row) for row in db.session.execute(query)]


def test_a_co_designer_is_told_and_shown_once_they_agree(app: Flask) -> None:
    owner, friend = factories.member("Lin"), factories.member("Ada")
    submission = pictures.draft(factories.contest("entry"), owner)
    for _ in range(2):
        _divide(owner, submission, {owner.handle: 6000, friend.handle.upper(): 4000})
    assert _rows(submission) == [(owner.id, 6000), (friend.id, 4000)]
    told = select(Notice.id).where(Notice.member_id == friend.id, Notice.kind == "submission.named")
    assert len(db.session.scalars(told).all()) == 1
    assert [one.id for one in designers.shown(queries.get_locked(submission.id))] == [owner.id]

    with transaction():
        friend = db.session.merge(friend)
        designers.agree(friend, queries.get_locked(submission.id), at=clock.now())
    shown = designers.shown(queries.get_locked(submission.id))
    assert [one.id for one in shown] == [owner.id, friend.id]

    # Another share is another question.
    _divide(owner, submission, {owner.handle: 7000, friend.handle: 3000})
    assert [one.id for one in designers.shown(queries.get_locked(submission.id))] == [owner.id]

    with transaction():
        friend = db.session.merge(friend)
        designers.leave(friend, queries.get_locked(submission.id), at=clock.now())
    assert _rows(submission) == [(owner.id, 10_000)]


@pytest.mark.parametrize("own,other", [(6000, 3999), (6000, 4001), (10_000, 1), (10_000, 0)])
def test_other_sums_are_refused_in_words(app: Flask, own: int, other: int) -> None:
    owner, friend = factories.member(), factories.member()
    submission = pictures.draft(factories.contest("entry"), owner)
    with pytest.raises(Invalid) as refused:
        _divide(owner, submission, {owner.handle: own, friend.handle: other})
    assert set(refused.value.fields) == {"shares"}
    assert _rows(submission) == [(owner.id, 10_000)]


def test_only_people_who_may_enter_can_be_named(app: Flask) -> None:
    owner = factories.member()
    submission = pictures.draft(factories.contest("entry"), owner)
    barred = (
        factories.member(standing=Standing.SUSPENDED).handle,
        factories.member(roles=(Role.PRODUCT_MANAGER,)).handle,
        "nobody-at-all",
    )
    for handle in barred:
        with pytest.raises(Invalid):
            _divide(owner, submission, {owner.handle: 5000, handle: 5000})
    with pytest.raises(Invalid):
        _divide(owner, submission, {factories.member().handle: 10_000})


def test_nobody_agrees_for_another(app: Flask) -> None:
    owner, stranger = factories.member(), factories.member()
    submission = pictures.draft(factories.contest("entry"), owner)
    for member in (owner, stranger):
        with pytest.raises(NotFound), transaction():
            designers.agree(
                db.session.merge(member), queries.get_locked(submission.id), at=clock.now()
            )


@given(st.integers(1, 10_000))
def test_a_percentage_is_read_back_as_it_was_written(share: int) -> None:
    assert designers.read_percent(designers.in_percent(share)) == share
    assert designers.read_percent(f" {designers.in_percent(share).replace('.', ',')} % ") == share


@pytest.mark.parametrize("typed", ["", "0", "-5", "100.01", "1e1", "12.345", "½", "٥", "forty"])
def test_what_is_no_percentage_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        designers.read_percent(typed)
