"""Which letter a buyer gets when: each once, however often the reason for it comes by.

A letter is asked for in the transaction of what it tells of and written by a job: a template
that fails must not keep money from being booked.
"""

import enum
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlalchemy import select

from ideation.core import jobs
from ideation.core.db import db
from ideation.orders import letters
from ideation.orders.models import Order, OrderState
from ideation.orders.states import PLEDGED

#: Writes one letter.
WRITE = jobs.declare("orders.write", queue="urgent")
#: Asks for one letter to each buyer of a run.
WRITE_TO_RUN = jobs.declare("orders.write_to_run")


class Letter(enum.StrEnum):
    """What there is to say to a buyer."""

    CONFIRMED = "confirmed"
    CARD_FAILED = "card_failed"
    TOO_LATE = "too_late"
    ENDS_SOON = "ends_soon"
    CONFIRM_NEEDED = "confirm_needed"
    CHARGE_FAILED = "charge_failed"
    PAID = "paid"
    DROPPED = "dropped"
    RUN_GO = "run_go"
    RUN_FAILED = "run_failed"
    CANCELLED = "cancelled"
    LOCKED = "locked"
    DISPATCHED = "dispatched"
    DELIVERED = "delivered"
    REFUNDED = "refunded"


_L = Letter
_WRITERS: Mapping[Letter, Callable[..., object]] = {
    _L.CONFIRMED: letters.confirmed,
    _L.CARD_FAILED: letters.card_failed,
    _L.TOO_LATE: letters.too_late,
    _L.ENDS_SOON: letters.ends_soon,
    _L.CONFIRM_NEEDED: letters.confirm_needed,
    _L.CHARGE_FAILED: letters.charge_failed,
    _L.PAID: letters.paid,
    _L.DROPPED: letters.dropped,
    _L.RUN_GO: letters.run_go,
    _L.RUN_FAILED: letters.run_failed,
    _L.CANCELLED: letters.cancelled,
    _L.LOCKED: letters.locked,
    _L.DISPATCHED: letters.dispatched,
    _L.DELIVERED: letters.delivered,
    _L.REFUNDED: letters.refunded,
}

#: Letters to every buyer of a run, and in which states an order's buyer gets them.
_READERS: Mapping[Letter, frozenset[OrderState]] = {
    _L.ENDS_SOON: frozenset({OrderState.CONFIRMED}),
    _L.RUN_GO: frozenset({OrderState.PAID}),
    _L.LOCKED: frozenset({OrderState.PAID}),
}


def tell(order_id: int, letter: Letter, *, at: datetime, about: int = 0, time: str = "") -> None:
    """Ask for a letter, in the open transaction; once for each order, letter, thing and ``time``.

    ``about`` is the payment or refund that the letter is about, 0 for none.
    """
    jobs.enqueue(
        WRITE,
        at=at,
        key=f"order.letter:{letter}:{order_id}:{about}:{time}",
        letter=letter.value,
        order_id=order_id,
        about=about,
        at_iso=at.isoformat(),
    )


def tell_run(run_id: int, letter: Letter, *, at: datetime) -> None:
    """Ask for a letter to each buyer of the run whom it concerns."""
    jobs.enqueue(
        WRITE_TO_RUN,
        at=at,
        key=f"order.letters:{letter}:{run_id}:{at.isoformat()}",
        letter=letter.value,
        run_id=run_id,
        at_iso=at.isoformat(),
    )


def list_readers(run_id: int, letter: Letter) -> list[int]:
    """Orders of the run whose buyers such a letter concerns."""
    query = (
        select(Order.id)
        .where(Order.run_id == run_id, Order.state.in_(_READERS[letter] & PLEDGED))
        .order_by(Order.id)
    )
    return list(db.session.scalars(query))


def write_to_run(run_id: int, letter: Letter, order_ids: Iterable[int], *, at: datetime) -> None:
    """Ask for the letter to these orders of the run."""
    for order_id in order_ids:
        tell(order_id, letter, at=at, time=f"{run_id}:{at.isoformat()}")


def write(letter: Letter, order_id: int, about: int, *, at: datetime) -> None:
    """Write the letter into the outbox of mail, in the open transaction; once for its arguments."""
    if not db.session.scalar(select(Order.email).where(Order.id == order_id)):
        return  # the buyer's account was erased, and their address with it
    writer = _WRITERS[letter]
    # A worker killed between our commit and the outbox's runs the job again: the same arguments.
    key = f"order.letter:{letter}:{order_id}:{about}:{at.isoformat()}"
    if about:
        writer(order_id, about, at=at, key=key)
    else:
        writer(order_id, at=at, key=key)
