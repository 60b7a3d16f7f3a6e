"""Sales, parcels, refunds and paydays by the real rules; the provider's word is given by hand."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.core import clock, ids
from ideation.core.db import db, transaction
from ideation.orders import dispatching, refunding
from ideation.orders.models import Order, OrderLine
from ideation.orders.refunding import Part
from ideation.payments import charging, hearing
from ideation.payments.models import PaymentMethod, Refund
from ideation.payments.providers.base import Kind, Told
from ideation.products.models import Run, RunState
from ideation.royalties import bank_file, payout_details, payouts, tax_forms
from ideation.royalties.models import PayoutBatch, TaxFormStatus
from ideation.royalties.payout_details import Details, DetailsKind
from tests.factories.members import member
from tests.factories.orders import order as make_order

#: A valid IBAN that belongs to nobody.
IBAN = "DE89370400440532013000"


def finance() -> Member:
    """Somebody who pays out and gives money back."""
    return member("Fenna Ott", roles=(Role.FINANCE,))


def warehouse() -> Member:
    """Somebody who sends parcels."""
    return member("Wim Vos", roles=(Role.PRODUCT_MANAGER,))


def charging_order(
    run: Run,
    *,
    units: Mapping[str, int] | None = None,
    currency: str = "USD",
    discount_minor: int = 0,
    tax_minor: int = 0,
    at: datetime | None = None,
) -> Order:
    """An order whose card is being charged, its discount and tax on its first line."""
    at = at or clock.now()
    key = make_order(run, units=units, state="charging", currency=currency, at=at).id
    with transaction():
        one = db.session.get_one(Order, key)
        one.next_try_at = at + timedelta(days=2)
        line = db.session.get_one(OrderLine, one.lines[0].id)
        line.discount_minor, line.tax_minor = discount_minor, tax_minor
    return db.session.get_one(Order, key)


def capture(order: Order, *, at: datetime | None = None) -> Order:
    """The provider says that the money is here."""
    at = at or clock.now()
    with transaction():
        one = db.session.get_one(Order, order.id)
        method = db.session.scalars(
            select(PaymentMethod).where(PaymentMethod.reference == one.reference)
        ).one()
        attempt = len(charging.list_for(one.reference)) + 1
        payment = charging.request(
            one.reference, method.id, one.total_minor, one.currency, attempt, at=at
        )
        hear(Kind.PAYMENT_CAPTURED, payment.public_id, at)
    return db.session.get_one(Order, order.id)


def sale(run: Run, *, at: datetime | None = None, **values: object) -> Order:
    """A paid order."""
    return capture(charging_order(run, at=at, **values), at=at)  # type: ignore[arg-type]


def lock(run: Run, *, at: datetime | None = None) -> None:
    """The run is a go and in production: no more orders, parcels may leave."""
    at = at or clock.now()
    with transaction():
        db.session.execute(
            update(Run)
            .where(Run.id == run.id)
            .values(state=RunState.GO, decided_at=at, charging_at=at, locked_at=at)
        )


def dispatch(order: Order, actor: Member, *, at: datetime | None = None) -> None:
    """The parcel leaves; its run is locked."""
    with transaction():
        actor = db.session.merge(actor)
        dispatching.dispatch(actor, order.id, "CTT", "LX 12", at=at or clock.now())


def deliver(order: Order, *, at: datetime | None = None) -> None:
    """The parcel arrives."""
    with transaction():
        dispatching.deliver(None, order.id, at=at or clock.now())


def refund(
    order: Order,
    parts: Mapping[int, tuple[int, int, int]] | None = None,
    *,
    is_faulty: bool = False,
    is_done: bool = True,
    at: datetime | None = None,
) -> Refund:
    """Give back parts (line → goods, shipping, units), or everything, and hear that it is done."""
    at = at or clock.now()
    with transaction():
        one = db.session.get_one(Order, order.id)
        wanted = {key: Part(*part) for key, part in parts.items()} if parts else None
        made = refunding.refund(
            None,
            order.id,
            refunding.whole(one) if wanted is None else wanted,
            reason="Too small.",
            is_faulty=is_faulty,
            key=ids.public_id(),
            at=at,
        )
        if is_done:
            hear(Kind.REFUND_DONE, made.public_id, at)
    return db.session.get_one(Refund, made.id)


def bank_account(
    person: Member, actor: Member, *, at: datetime | None = None, **values: str
) -> None:
    """The member can be paid: details, and a tax form that finance has."""
    at = at or clock.now()
    details = Details(
        **{  # type: ignore[arg-type]
            "name": person.name,
            "kind": DetailsKind.IBAN,
            "account": IBAN,
            "bic": "",
            "bank": "",
            "country": "DE",
            **values,
        }
    )
    with transaction():
        payout_details.change(db.session.merge(person), details, at=at)
        tax_forms.set_status(db.session.merge(actor), person.id, TaxFormStatus.RECEIVED, "", at=at)


def payday(
    actor: Member, pay_on: date, *, at: datetime | None = None, up_to: str = "paid"
) -> PayoutBatch:
    """A batch taken as far as ``draft``, ``approved``, ``exported`` or ``paid``."""
    at = at or clock.now()
    with transaction():
        batch_id = payouts.draft(db.session.merge(actor), pay_on, at=at).id
    steps = {
        "approved": lambda who: payouts.approve(who, batch_id, at=at),
        "exported": lambda who: bank_file.export_csv(who, batch_id, at=at),
        "paid": lambda who: payouts.mark_all_paid(who, batch_id, at=at),
    }
    for name, step in steps.items() if up_to != "draft" else ():
        with transaction():
            step(db.session.merge(actor))
        if name == up_to:
            break
    return db.session.get_one(PayoutBatch, batch_id)


def hear(kind: Kind, key: str, at: datetime) -> None:
    """The provider says it, in the open transaction."""
    told = Told(f"evt_{ids.public_id()}", kind, key, at, provider_reference=f"p_{key}")
    assert hearing.hear("sandbox", told, at=at) is hearing.Outcome.APPLIED
