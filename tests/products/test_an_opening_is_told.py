"""Who hears of a run: those who said they'd buy, its designers, the managers; each once."""

from flask import Flask
from sqlalchemy import select, update

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.notices.models import Notice
from ideation.products import planning, runs
from ideation.products.models import Run, RunVariant
from ideation.submissions.models import Submission
from ideation.voting.models import Intent
from tests import factories as make
from tests.factories import products
from workers import products as work


def test_those_who_would_buy_hear_of_it_when_it_opens(app: Flask) -> None:
    designer, wisher = make.member("Lin Mei"), make.member("Ada Lind")
    product = products.product(products.winner(designer))
    _wish(product.submission_id, wisher)
    run_id = _start(product.id)

    for _ in range(2):
        work.advance()
        work.tell_opened(run_id)
        jobs.run_due()

    assert _heard(wisher) == ["products.wish_open"]
    assert _heard(designer) == ["products.own_run"]


def test_an_upcoming_run_is_told_of_when_it_opens_and_not_before(app: Flask) -> None:
    wisher = make.member("Ada Lind")
    run = products.run(phase="upcoming")
    _wish(run.product.submission_id, wisher)
    work.advance()
    jobs.run_due()
    assert _heard(wisher) == []

    with transaction():
        db.session.execute(update(Run).values(opens_at=clock.now()))
    work.advance()
    jobs.run_due()
    assert _heard(wisher) == ["products.wish_open"]


def test_nobody_hears_of_what_is_over(app: Flask) -> None:
    """The demo plays past runs whole: what its jobs find later is no news."""
    wisher = make.member("Ada Lind")
    run = products.run(phase="failed")
    _wish(run.product.submission_id, wisher)
    work.tell_opened(run.id)
    assert _heard(wisher) == []


def test_managers_and_designers_hear_how_it_ends(app: Flask) -> None:
    manager = make.member("Mara", roles=(Role.PRODUCT_MANAGER,))
    run = products.run(phase="ended", goal=10)
    designer = run.product.submission.member
    with transaction():
        first = run.stock[0].variant_id
        db.session.execute(
            update(RunVariant).where(RunVariant.variant_id == first).values(pledged=4, taken=4)
        )
        runs.end(run.id, at=clock.now())

    for member in (manager, designer):
        (notice,) = db.session.scalars(select(Notice).where(Notice.member_id == member.id))
        assert (notice.params["what"], notice.params["units"]) == ("failed", 4)


def _wish(submission_id: int, member: Member) -> None:
    with transaction():
        contest_id = db.session.get_one(Submission, submission_id).contest_id
        db.session.add(
            Intent(
                submission_id=submission_id,
                member_id=member.id,
                contest_id=contest_id,
                at=clock.now(),
            )
        )


def _start(product_id: int) -> int:
    at = clock.now()
    with transaction():
        return planning.start(None, product_id, planning.usual(at), at=at).id


def _heard(member: Member) -> list[str]:
    query = select(Notice.kind).where(Notice.member_id == member.id).order_by(Notice.id)
    return list(db.session.scalars(query))
