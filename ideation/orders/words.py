"""What is said of orders: states, lines and changes, in the reader's language."""

from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.orders.models import InvoiceKind, Order, OrderLine, OrderState
from ideation.products.words import variant_name

_S = OrderState

#: State → its name, and what it means for the buyer.
STATES: dict[OrderState, tuple[Words, Words]] = {
    _S.PLACED: (
        lazy("Waiting for a card"),
        lazy("Your pieces are held for you for half an hour. Give a card to keep them."),
    ),
    _S.CONFIRMED: (
        lazy("Order confirmed"),
        lazy("Your card is saved and nothing was charged. It counts towards the goal."),
    ),
    _S.CHARGING: (lazy("Being charged"), lazy("The goal was reached: your card is being charged.")),
    _S.PAID: (lazy("Paid"), lazy("Your card was charged.")),
    _S.DISPATCHED: (lazy("Dispatched"), lazy("Your parcel has left.")),
    _S.DELIVERED: (lazy("Delivered"), lazy("Your parcel has arrived. Wear it well.")),
    _S.EXPIRED: (
        lazy("Expired"),
        lazy("No card was given in time, so the pieces went back. Nothing was charged."),
    ),
    _S.CANCELLED: (lazy("Cancelled"), lazy("You cancelled this order.")),
    _S.DROPPED: (
        lazy("Not paid"),
        lazy("The card could not be charged four times, so the order ended. You owe nothing."),
    ),
    _S.FAILED: (
        lazy("Not made"),
        lazy("Too few people ordered, so it will not be made. You pay nothing."),
    ),
    _S.REFUNDED: (lazy("Refunded"), lazy("Everything you paid goes back to your card.")),
}

#: What a line of an order's history is about.
CHANGES: dict[str, Words] = {
    "sizes": lazy("Size changed"),
    "address": lazy("Address changed"),
    "state": lazy("Cancelled"),
}

INVOICES: dict[InvoiceKind, Words] = {
    InvoiceKind.INVOICE: lazy("Invoice"),
    InvoiceKind.CREDIT_NOTE: lazy("Credit note"),
}


def state_name(state: OrderState) -> Words:
    """The state in a word or two."""
    return STATES[state][0]


def line_name(line: OrderLine, order: Order) -> str:
    """``Harbour – Black, M``."""
    product = order.run.product
    return f"{product.name} – {variant_name(product, line.variant)}"
