"""Designers with royalties at any stage, bank details and a form, by the real rules."""

from datetime import datetime, timedelta

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.orders.models import Order
from ideation.orders.states import OrderEvent
from ideation.royalties import accruing, iban, payout_details, payouts, tax_forms
from ideation.royalties.models import PayoutBatch, PayoutDetails, TaxFormStatus
from ideation.royalties.payout_details import Details, DetailsKind
from tests.factories import orders, products
from tests.factories.members import member as make_member

ACCOUNT = "370400440532013000"
IBAN = f"DE{iban.check_digits('DE', ACCOUNT)}{ACCOUNT}"


def finance() -> Member:
    """Somebody who pays out."""
    return make_member("Fay Bright", roles=(Role.FINANCE,))


def sold(
    designer: Member,
    *,
    units: int = 3,
    currency: str = "USD",
    shares: dict[Member, int] | None = None,
    at: datetime | None = None,
) -> Order:
    """A paid order of a product of the designer's: tees at 24.00 US dollars, or the like."""
    at = at or clock.now()
    run = products.run(products.product(products.winner(designer, shares=shares)), now=at)
    return orders.order(run, units={"M": units}, state="paid", currency=currency, at=at)


def payable(designer: Member, *, units: int = 10, currency: str = "USD") -> Order:
    """The same, sent long ago: its royalty is payable now."""
    at = clock.now() - timedelta(days=50)
    one = sold(designer, units=units, currency=currency, at=at)
    with transaction():
        orders.lead(one.id, OrderEvent.DISPATCH, at=at)
    with transaction():
        accruing.mature_due(clock.now())
    return one


def details(
    designer: Member, *, name: str = "Ada Lind", account: str = IBAN, at: datetime | None = None
) -> PayoutDetails:
    """Bank details, given by the designer."""
    given = Details(name, DetailsKind.IBAN, account, "", "", account[:2])
    with transaction():
        return payout_details.change(
            db.session.get_one(Member, designer.id), given, at=at or clock.now()
        )


def ready(designer: Member, actor: Member) -> None:
    """Whatever could hold a payout is in order: details, and a tax form on paper."""
    details(designer)
    with transaction():
        actor = db.session.get_one(Member, actor.id)
        tax_forms.set_status(actor, designer.id, TaxFormStatus.RECEIVED, "", at=clock.now())


def drafted(actor: Member) -> PayoutBatch:
    """A batch for the payday after next month, so that it is never in the past."""
    pay_on = (clock.now() + timedelta(days=20)).date()
    with transaction():
        return payouts.draft(db.session.get_one(Member, actor.id), pay_on, at=clock.now())
