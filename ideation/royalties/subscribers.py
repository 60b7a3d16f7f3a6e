"""What royalties do when money comes in, goes back, or a parcel moves.

All of it in the publisher's transaction: an order is not paid without its royalty.
"""

from ideation.accounts.events import AccountErased
from ideation.core import events
from ideation.core.db import db
from ideation.moderation.events import ClaimDecided, ClaimOpened
from ideation.orders.events import OrderDelivered, OrderDispatched, OrderPaid, OrderRefunded
from ideation.payments.events import PaymentCaptured, RefundDone
from ideation.payments.models import Payment, Refund
from ideation.royalties import accruing, book, claimed, erasure, postings, prizes
from ideation.selection.events import WinnersAnnounced


@events.subscribe(PaymentCaptured)
def book_capture(event: PaymentCaptured) -> None:
    """Money came in, whatever it turns out to be for."""
    payment = db.session.get_one(Payment, event.payment_id)
    book.write(postings.capture(payment), event.at)


@events.subscribe(RefundDone)
def book_repayment(event: RefundDone) -> None:
    """Money went back."""
    refund = db.session.get_one(Refund, event.refund_id)
    book.write(postings.repaid(refund), event.at)


@events.subscribe(OrderPaid)
def accrue(event: OrderPaid) -> None:
    """A sale, and a royalty that waits for the parcel."""
    accruing.accrue(event.order_id, event.at)


@events.subscribe(OrderDispatched)
def earn(event: OrderDispatched) -> None:
    """The parcel left: earned."""
    accruing.earn(event.order_id, event.at)


@events.subscribe(OrderDelivered)
def note_delivery(event: OrderDelivered) -> None:
    """The parcel arrived: payable sooner."""
    accruing.note_delivery(event.order_id, event.at)


@events.subscribe(OrderRefunded)
def reverse(event: OrderRefunded) -> None:
    """The royalty takes its part back."""
    accruing.reverse(event.order_id, event.refund_id, event.at)


@events.subscribe(WinnersAnnounced)
def award(event: WinnersAnnounced) -> None:
    """Prizes are guaranteed from here on."""
    prizes.award(event.contest_id, event.at)


@events.subscribe(ClaimOpened)
def tell_of_claim(event: ClaimOpened) -> None:
    """Designers hear of it at once: it holds their payouts."""
    claimed.tell_of_claim(event)


@events.subscribe(ClaimDecided)
def tell_of_decision(event: ClaimDecided) -> None:
    """And of how it ended."""
    claimed.tell_of_decision(event)


@events.subscribe(AccountErased)
def forget_designer(event: AccountErased) -> None:
    """A member left; all that was owed is paid, or they would not have been let go."""
    erasure.forget(event.member_id)
