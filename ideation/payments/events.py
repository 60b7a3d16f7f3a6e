"""What happens to cards, payments and refunds. ``reference`` says what they are for."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ProviderSpoke:
    """A method, payment or refund is about to be settled, and its row is not locked yet.

    Locks are taken from the order down to the payment, but a provider knows the payment first:
    rooms above that keep a row for the reference lock it now.
    """

    reference: str
    at: datetime


@dataclass(frozen=True)
class MethodSaved:
    """A card can be charged later."""

    reference: str
    method_id: int
    at: datetime


@dataclass(frozen=True)
class MethodFailed:
    """A card could not be saved; the buyer may give another."""

    reference: str
    method_id: int
    at: datetime


@dataclass(frozen=True)
class PaymentNeedsAction:
    """The buyer's bank wants their word before it pays."""

    reference: str
    payment_id: int
    at: datetime


@dataclass(frozen=True)
class PaymentCaptured:
    """The money is here."""

    reference: str
    payment_id: int
    at: datetime


@dataclass(frozen=True)
class PaymentFailed:
    """This try was declined."""

    reference: str
    payment_id: int
    at: datetime


@dataclass(frozen=True)
class RefundDone:
    """The money went back."""

    reference: str
    refund_id: int
    at: datetime


@dataclass(frozen=True)
class RefundRefused:
    """The provider could not give it back: a person must look."""

    reference: str
    refund_id: int
    at: datetime
