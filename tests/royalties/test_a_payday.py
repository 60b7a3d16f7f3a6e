"""Who is in a batch, what holds whom, and what each step of it does, once."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.audit.models import AuditEntry
from ideation.core import clock, ids
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.moderation.models import Claim
from ideation.notices.models import Notice
from ideation.royalties import accruing, balances, bank_file, obstacles, payouts, tax_forms
from ideation.royalties.balances import Balance
from ideation.royalties.models import (
    BatchState,
    Payout,
    PayoutBatch,
    PayoutState,
    Prize,
    TaxFormStatus,
)
from ideation.royalties.verify import verify
from ideation.selection.models import Agreement
from tests.concurrency.crowds import at_once
from tests.factories import products, royalties
from tests.factories.members import member
from tests.factories.selection import announced_winner

DAY = timedelta(days=1)
#: A Monday in a month that is not December.
AT = datetime.fromisoformat("2027-03-08T09:00:00+00:00")
PAY_ON = date(2027, 3, 15)


@pytest.fixture
def staff(app: Flask) -> Member:
    return royalties.finance()


@pytest.fixture
def winner(app: Flask, staff: Member) -> Member:
    """Someone with a prize of 2,000 dollars, who can be paid."""
    designer = member("Lin")
    announced_winner(designer)
    royalties.bank_account(designer, staff, at=AT - 30 * DAY)
    return designer


def _do(act: object, actor: Member, *args: object) -> object:
    with transaction():
        return act(db.session.merge(actor), *args, at=AT)  # type: ignore[operator]


def _why(designer: Member, at: datetime = AT) -> list[str]:
    return [str(one) for one in obstacles.blocked(designer.id, at)]


def test_a_payday_from_draft_to_paid(staff: Member, winner: Member) -> None:
    batch = royalties.payday(staff, PAY_ON, at=AT)
    (payout,) = batch.payouts
    assert (payout.amount_minor, payout.currency, payout.state) == (
        200_000,
        "USD",
        PayoutState.PAID,
    )
    assert (batch.state, batch.settled_at) == (BatchState.SETTLED, AT)
    assert balances.of(winner.id) == {"USD": Balance(paid=200_000, credit=50_000)}
    acts = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.actor_id == staff.id).order_by(AuditEntry.id)
    ).all()
    assert acts == [
        "tax_form.set",
        "payouts.drafted",
        "payouts.approved",
        "payouts.exported",
        "payout.paid",
    ]
    assert trail.verify() is None
    assert verify().disagreements == ()


def test_what_bounces_is_payable_again_and_its_owner_is_told(staff: Member, winner: Member) -> None:
    batch = royalties.payday(staff, PAY_ON, at=AT, up_to="exported")
    payout_id = batch.payouts[0].id
    with pytest.raises(Invalid):
        _do(payouts.mark_bounced, staff, payout_id, "  ")
    assert _do(payouts.mark_bounced, staff, payout_id, "Account closed") is True
    assert _do(payouts.mark_bounced, staff, payout_id, "Account closed") is False
    assert _do(payouts.mark_paid, staff, payout_id) is False
    assert balances.of(winner.id) == {"USD": Balance(payable=200_000, credit=50_000)}
    told = select(Notice).where(Notice.kind == "royalties.bounced")
    assert db.session.scalars(told).one().member_id == winner.id
    assert _why(winner) == [
        "The bank sent the last payout back, and the payout details are still the same."
    ]
    royalties.bank_account(winner, staff, at=AT, name="Lin Other")
    assert len(_why(winner)) == 1 and _why(winner, AT + 7 * DAY) == []
    assert verify().disagreements == ()


def test_a_bank_may_return_what_was_marked_paid(staff: Member, winner: Member) -> None:
    batch = royalties.payday(staff, PAY_ON, at=AT)
    assert _do(payouts.mark_bounced, staff, batch.payouts[0].id, "Unknown") is True
    assert balances.of(winner.id) == {"USD": Balance(payable=200_000, credit=50_000)}
    assert verify().disagreements == ()


def test_a_discarded_draft_moves_nothing(staff: Member, winner: Member) -> None:
    batch = royalties.payday(staff, PAY_ON, at=AT, up_to="draft")
    with pytest.raises(Conflict, match="There is a draft already"):
        royalties.payday(staff, PAY_ON, at=AT)
    _do(payouts.discard, staff, batch.id)
    with pytest.raises(Conflict, match="no draft any more"):
        _do(payouts.approve, staff, batch.id)
    assert balances.of(winner.id)["USD"].payable == 200_000
    assert royalties.payday(staff, PAY_ON, at=AT).state is BatchState.SETTLED


@pytest.mark.parametrize("role", [Role.PRODUCT_MANAGER, Role.OPERATOR, Role.MODERATOR])
def test_only_finance_pays_out(staff: Member, winner: Member, role: Role) -> None:
    other = member("Odd", roles=(role,))
    batch = royalties.payday(staff, PAY_ON, at=AT, up_to="exported")
    payout_id = batch.payouts[0].id
    for act, args in (
        (payouts.draft, (PAY_ON,)),
        (payouts.approve, (batch.id,)),
        (payouts.discard, (batch.id,)),
        (bank_file.export_csv, (batch.id,)),
        (payouts.mark_paid, (payout_id,)),
        (payouts.mark_all_paid, (batch.id,)),
        (payouts.mark_bounced, (payout_id, "x")),
    ):
        with pytest.raises(NotAllowed):
            _do(act, other, *args)


def test_steps_come_in_their_order(staff: Member, winner: Member) -> None:
    with pytest.raises(Invalid, match="still to come"):
        royalties.payday(staff, AT.date() - DAY, at=AT)
    batch = royalties.payday(staff, PAY_ON, at=AT, up_to="draft")
    with pytest.raises(Conflict, match="Only an approved batch"):
        _do(bank_file.export_csv, staff, batch.id)
    _do(payouts.approve, staff, batch.id)
    with pytest.raises(Conflict, match="Export the batch first"):
        _do(payouts.mark_paid, staff, batch.payouts[0].id)
    with pytest.raises(Conflict, match="no draft"):
        _do(payouts.discard, staff, batch.id)


def test_each_obstacle_holds_a_payout_and_is_said(staff: Member, winner: Member) -> None:
    nobody = member("Mo")
    announced_winner(nobody)
    assert _why(nobody) == ["There are no payout details yet.", "The tax form is missing."]
    assert _why(winner) == []

    _do(tax_forms.set_status, staff, winner.id, TaxFormStatus.EXPIRED, "")
    assert _why(winner) == ["The tax form has expired."]
    _do(tax_forms.set_status, staff, winner.id, TaxFormStatus.NOT_NEEDED, "")
    assert _why(winner) == []

    royalties.bank_account(winner, staff, at=AT, name="Lin Other")
    assert _why(winner) == [
        "The payout details were changed. To keep the money safe, payouts rest until Mar 15, 2027."
    ]
    assert _why(winner, AT + 7 * DAY) == []

    claim = _claim(winner)
    assert _why(winner, AT + 7 * DAY) == ["A claim on a design is not settled."]
    with pytest.raises(Conflict, match="Nobody is due"):
        royalties.payday(staff, PAY_ON, at=AT)
    assert balances.of(winner.id)["USD"].payable == 200_000, "held, not lost"
    with transaction():
        db.session.delete(db.session.get_one(Claim, claim))
    assert _why(winner, AT + 7 * DAY) == []


def _claim(designer: Member) -> int:
    with transaction():
        agreement = db.session.scalars(
            select(Agreement).join(Prize).where(Prize.member_id == designer.id)
        ).one()
        claim = Claim(
            public_id=ids.public_id(),
            subject_kind="submission",
            subject_id=agreement.submission_id,
            name="Sam",
            email="sam@example.org",
            words="That is mine.",
            language="en",
            opened_at=AT,
        )
        db.session.add(claim)
        db.session.flush()
        return claim.id


@pytest.mark.parametrize("change", ["form", "details", "refund"])
def test_approving_looks_again(staff: Member, winner: Member, change: str) -> None:
    batch = royalties.payday(staff, PAY_ON, at=AT, up_to="draft")
    if change == "form":
        _do(tax_forms.set_status, staff, winner.id, TaxFormStatus.EXPIRED, "")
    elif change == "details":
        royalties.bank_account(winner, staff, at=AT - 20 * DAY, name="Lin Other")
    else:
        with transaction():
            db.session.get_one(Payout, batch.payouts[0].id).amount_minor += 1
    with pytest.raises(Conflict, match="Something has changed since this draft was made, for: Lin"):
        _do(payouts.approve, staff, batch.id)
    assert db.session.get_one(PayoutBatch, batch.id).state is BatchState.DRAFT
    assert balances.of(winner.id)["USD"] == Balance(payable=200_000, credit=50_000)


@pytest.mark.parametrize(
    "sold,pay_on,is_paid",
    [
        (8, PAY_ON, False),  # 19.20
        (9, PAY_ON, True),  # 21.60
        (1, date(2027, 12, 15), True),  # 2.40, in December
    ],
)
def test_payouts_begin_at_20_and_in_december_at_2(
    staff: Member, sold: int, pay_on: date, is_paid: bool
) -> None:
    designer = member("Ada")
    at = clock.now()
    run = products.run(products.product(products.winner(designer)))
    order = royalties.sale(run, units={"M": sold}, at=at)
    royalties.lock(run, at=at)
    royalties.dispatch(order, royalties.warehouse(), at=at)
    with transaction():
        accruing.mature_due(at + 45 * DAY)
    royalties.bank_account(designer, staff, at=at)
    payable = balances.of(designer.id)["USD"].payable
    if is_paid:
        assert obstacles.below_threshold(payable, "USD", pay_on) is None
        assert royalties.payday(staff, pay_on, at=AT).payouts[0].amount_minor == payable
    else:
        assert "Payouts begin at $20" in str(obstacles.below_threshold(payable, "USD", pay_on))
        with pytest.raises(Conflict, match="Nobody is due"):
            royalties.payday(staff, pay_on, at=AT)


def test_of_eight_who_approve_one_does(app: Flask, staff: Member, winner: Member) -> None:
    batch_id = royalties.payday(staff, PAY_ON, at=AT, up_to="draft").id
    staff_id = staff.id

    def approve() -> bool:
        try:
            with transaction():
                payouts.approve(db.session.get_one(Member, staff_id), batch_id, at=AT)
        except Conflict:
            return False
        return True

    assert sum(at_once(app, [approve] * 8, threads=8)) == 1
    assert balances.of(winner.id)["USD"] == Balance(on_its_way=200_000, credit=50_000)
    assert verify().disagreements == ()


def test_of_eight_who_draft_one_does(app: Flask, staff: Member, winner: Member) -> None:
    staff_id = staff.id

    def draft() -> bool:
        try:
            with transaction():
                payouts.draft(db.session.get_one(Member, staff_id), PAY_ON, at=AT)
        except Conflict:
            return False
        return True

    assert sum(at_once(app, [draft] * 8, threads=8)) == 1
    assert db.session.query(Payout).count() == 1


def test_rivals_over_one_batch_wait_in_one_line(app: Flask, staff: Member, winner: Member) -> None:
    for name in ("Mo", "Ada", "Bo", "Cy"):
        designer = member(name)
        announced_winner(designer)
        royalties.bank_account(designer, staff, at=AT - 30 * DAY)
    batch = royalties.payday(staff, PAY_ON, at=AT, up_to="exported")
    batch_id, staff_id, last_id = batch.id, staff.id, batch.payouts[-1].id

    def all_paid() -> int:
        with transaction():
            return payouts.mark_all_paid(db.session.get_one(Member, staff_id), batch_id, at=AT)

    def last_bounced() -> int:
        with transaction():
            who = db.session.get_one(Member, staff_id)
            return int(payouts.mark_bounced(who, last_id, "Closed", at=AT))

    assert sum(at_once(app, [all_paid, last_bounced] * 4, threads=8)) in {5, 6}
    assert db.session.get_one(Payout, last_id).state is PayoutState.BOUNCED
    assert payouts.get_batch(batch_id).state is BatchState.SETTLED
    assert trail.verify() is None and verify().disagreements == ()
