"""An agreement of which nothing came may be ended by its designers, from the day the terms say."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, NotFound
from ideation.notices.models import Notice
from ideation.products import planning, reverting
from ideation.products.models import Run, RunState
from ideation.royalties import redoing
from ideation.selection import queries, rights
from ideation.selection.models import Agreement, AgreementState
from tests import factories
from tests.factories import Browser, products, selection
from workers.products import tell_reverting

DAY = timedelta(days=1)
ANNOUNCED = datetime(2026, 1, 1, tzinfo=UTC)


def _run(state: RunState, closes_at: datetime) -> Run:
    return Run(state=state, closes_at=closes_at, decided_at=closes_at + DAY)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("runs", "day"),
    [
        ([], ANNOUNCED + 180 * DAY),
        ([_run(RunState.OPEN, ANNOUNCED + 20 * DAY)], None),
        ([_run(RunState.CHARGING, ANNOUNCED + 20 * DAY)], None),
        ([_run(RunState.FAILED, ANNOUNCED)], ANNOUNCED + 91 * DAY),
        ([_run(RunState.GO, ANNOUNCED)], ANNOUNCED + 365 * DAY),
        (
            [_run(RunState.GO, ANNOUNCED), _run(RunState.FAILED, ANNOUNCED + 50 * DAY)],
            ANNOUNCED + 415 * DAY,
        ),
        ([_run(RunState.FAILED, ANNOUNCED), _run(RunState.OPEN, ANNOUNCED + 50 * DAY)], None),
    ],
)
def test_the_day_is_the_one_in_the_terms(runs: list[Run], day: datetime | None) -> None:
    assert reverting.free_from(ANNOUNCED, runs) == day


def _signed() -> Agreement:
    return selection.announced_winner(factories.member("Ada Lind"))


def _designer(agreement: Agreement) -> Member:
    return db.session.get_one(Member, agreement.parties[0].member_id)


def _end(agreement_id: int, member: Member) -> None:
    with transaction():
        reverting.end(db.session.merge(member), agreement_id, at=clock.now())


def test_from_the_180th_day_its_designer_ends_it_on_its_page(app: Flask) -> None:
    agreement = _signed()
    key, path = agreement.id, f"/agreements/{agreement.public_id}"
    submission, browser = agreement.submission, Browser(app, _designer(agreement))
    sure = {"sure": "1"}
    clock.move(180 * DAY - timedelta(hours=1))
    browser = Browser(app, _designer(queries.get_agreement(key)))
    assert "if nothing of it is open for pre-orders by then" in browser.get(path).text
    early = browser.post(f"{path}/termination", sure)
    assert early.status_code == 409 and "You can end the agreement from" in early.text
    clock.move(timedelta(hours=1))
    assert f'action="{path}/termination"' in browser.get(path).text
    assert browser.post(f"{path}/termination").status_code == 422
    stranger = Browser(app, factories.member("Else"))
    assert stranger.post(f"{path}/termination", sure).status_code == 404
    assert queries.get_agreement(key).state is AgreementState.ACCEPTED
    assert browser.post(f"{path}/termination", sure).status_code == 303
    assert browser.post(f"{path}/termination", sure).status_code == 409
    ended = queries.get_agreement(key)
    assert ended.state is AgreementState.ENDED and ended.ended_at is not None
    submission = db.session.merge(submission)
    assert rights.status(submission, clock.now()).standing is rights.Standing.RELEASED
    assert "It was ended on" in browser.get(path).text
    receipt = browser.get(f"/designs/{submission.public_id}/receipt").text
    assert "The agreement has ended and it is yours again." in receipt
    assert list(redoing.redo_prizes()) == [], "the prize stays theirs, and the books agree"


def test_who_ends_it_and_who_starts_a_run_cannot_both(app: Flask) -> None:
    product = products.product(products.winner(factories.member("Ada Lind")))
    key, product_id = product.agreement_id, product.id
    designer = _designer(product.agreement)
    clock.move(200 * DAY)
    _end(key, designer)
    manager = factories.member(roles=(Role.PRODUCT_MANAGER,))
    with pytest.raises(Conflict, match="ended the agreement"), transaction():
        at = clock.now()
        planning.start(db.session.merge(manager), product_id, planning.usual(at), at=at)
    sold = products.product(products.winner(factories.member("Lin Mei")))
    agreement_id, other = sold.agreement_id, _designer(sold.agreement)
    products.run(sold)
    clock.move(DAY)
    with pytest.raises(Conflict, match="A run of the product is on"):
        _end(agreement_id, other)


@pytest.mark.one_engine
def test_nobody_else_ends_it(app: Flask) -> None:
    agreement = _signed()
    key = agreement.id
    clock.move(200 * DAY)
    with pytest.raises(NotFound):
        _end(key, factories.member("Else"))


def test_designers_and_managers_are_told_once_that_the_day_has_come(app: Flask) -> None:
    agreement = _signed()
    designer_id = agreement.parties[0].member_id
    manager_id = factories.member(roles=(Role.PRODUCT_MANAGER,)).id

    def told(member_id: int) -> list[str]:
        query = select(Notice.kind).where(
            Notice.member_id == member_id, Notice.kind.like("products.agreement%")
        )
        return list(db.session.scalars(query))

    clock.move(179 * DAY)
    tell_reverting()
    assert told(designer_id) == []
    clock.move(DAY)
    for _ in range(2):
        tell_reverting()
    assert told(designer_id) == ["products.agreement_free"]
    assert told(manager_id) == ["products.agreement_may_go"]
