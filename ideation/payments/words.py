"""States and outcomes in words."""

from collections.abc import Mapping

from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.payments.hearing import Outcome
from ideation.payments.models import PaymentState, RefundState
from ideation.payments.providers.base import Kind

PAYMENT_STATES: Mapping[PaymentState, Words] = {
    PaymentState.REQUESTED: lazy("Asked for"),
    PaymentState.NEEDS_ACTION: lazy("Buyer must confirm"),
    PaymentState.CAPTURED: lazy("Charged"),
    PaymentState.FAILED: lazy("Failed"),
}

REFUND_STATES: Mapping[RefundState, Words] = {
    RefundState.REQUESTED: lazy("Going back"),
    RefundState.DONE: lazy("Given back"),
    RefundState.FAILED: lazy("Refused"),
}

KINDS: Mapping[Kind, Words] = {
    Kind.METHOD_SAVED: lazy("Card saved"),
    Kind.METHOD_FAILED: lazy("Card not saved"),
    Kind.PAYMENT_NEEDS_ACTION: lazy("Buyer must confirm"),
    Kind.PAYMENT_CAPTURED: lazy("Payment charged"),
    Kind.PAYMENT_FAILED: lazy("Payment failed"),
    Kind.REFUND_DONE: lazy("Refund given back"),
    Kind.REFUND_FAILED: lazy("Refund refused"),
    Kind.OTHER: lazy("Something else"),
}

OUTCOMES: Mapping[Outcome, Words] = {
    Outcome.APPLIED: lazy("Applied"),
    Outcome.REPEATED: lazy("Known before"),
    Outcome.TOO_LATE: lazy("Too late to matter"),
    Outcome.UNKNOWN: lazy("About nothing we know"),
    Outcome.MISMATCHED: lazy("Another amount"),
    Outcome.IGNORED: lazy("Not for us"),
}


def kind(code: str) -> Words:
    """What an event tells."""
    return KINDS[Kind(code)] if code in set(Kind) else code


def outcome(code: str) -> Words:
    """What came of an event."""
    return OUTCOMES[Outcome(code)] if code in set(Outcome) else code
