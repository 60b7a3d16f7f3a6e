"""What happens to orders."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class OrderConfirmed:
    """A card is saved: the order counts towards the goal."""

    order_id: int
    at: datetime


@dataclass(frozen=True)
class OrderPaid:
    """The card was charged."""

    order_id: int
    payment_id: int
    at: datetime


@dataclass(frozen=True)
class OrderDispatched:
    """The parcel left."""

    order_id: int
    at: datetime


@dataclass(frozen=True)
class OrderDelivered:
    """The parcel arrived."""

    order_id: int
    at: datetime


@dataclass(frozen=True)
class OrderRefunded:
    """Money is going back: the rows of ``order_refunds`` with this refund say for which lines.

    Published when the refund is decided on, in the transaction that changes the lines; the
    provider is told afterwards.
    """

    order_id: int
    refund_id: int
    at: datetime


@dataclass(frozen=True)
class OrderEnded:
    """It is over without being sent: expired, cancelled, dropped, failed or refunded."""

    order_id: int
    at: datetime
