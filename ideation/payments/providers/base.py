"""What a provider can do, and how it tells us what came of it.

Everything is asked for under a key of ours (a public id), so asking twice has one effect at the
provider. An answer is no outcome: what became of it is told later, by a signed event, or said
when we ask (``find_…``). ``charge`` and its kin are called outside any transaction of ours.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from ideation.core.errors import DomainError, NotAllowed
from ideation.payments.failures import Failure


class Kind(enum.StrEnum):
    """What a provider may tell: the thing it is about, and what happened to it."""

    METHOD_SAVED = "method.saved"
    METHOD_FAILED = "method.failed"
    PAYMENT_NEEDS_ACTION = "payment.needs_action"
    PAYMENT_CAPTURED = "payment.captured"
    PAYMENT_FAILED = "payment.failed"
    REFUND_DONE = "refund.done"
    REFUND_FAILED = "refund.failed"
    #: Something that we keep and do nothing about.
    OTHER = "other"

    @property
    def thing(self) -> str:
        """``method``, ``payment``, ``refund`` or ``other``."""
        return self.value.partition(".")[0]


@dataclass(frozen=True)
class Told:
    """One thing that a provider says happened, in our words; ``body`` holds its own."""

    event_id: str
    kind: Kind
    #: What we called it when we asked for it.
    key: str
    happened_at: datetime
    #: The provider's name for the card, charge or refund.
    provider_reference: str = ""
    failure: str = ""
    #: Where the buyer confirms.
    action_url: str = ""
    brand: str = ""
    last4: str = ""
    amount_minor: int | None = None
    currency: str = ""
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """As it stands on the stored event: ``payment:5k2cqe81zw``."""
        return f"{self.kind.thing}:{self.key}"


@dataclass(frozen=True)
class PageRequest:
    """A buyer is to give a card; the amount is shown to them, not charged."""

    key: str
    #: A page of this site.
    return_url: str
    amount_minor: int | None = None
    currency: str = ""


@dataclass(frozen=True)
class ChargeRequest:
    """Charge a saved card; ``card`` is the provider's name for it."""

    key: str
    card: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class RefundRequest:
    """Give money of a charge back; ``charge_key`` is what we called the charge."""

    key: str
    charge_key: str
    amount_minor: int
    currency: str


class ProviderAway(Exception):
    """The provider does not answer, or not yet: try again later."""


class ProviderRefused(Exception):
    """The provider will never do this; ``failure`` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class Forged(NotAllowed):
    """A letter that the provider did not sign."""


class Stale(DomainError):
    """A letter signed too long ago, or in the future: somebody may be playing it again."""

    status = 400


class Unreadable(DomainError):
    """A signed letter that makes no sense to us."""

    status = 400


class Provider(Protocol):
    """A house that saves cards and moves money."""

    name: str

    def open_page(self, request: PageRequest, *, at: datetime) -> str:
        """Where the buyer gives their card: an address, or a path of this site."""

    def charge(self, request: ChargeRequest, *, at: datetime) -> str:
        """Ask for the money; returns the provider's name for the charge.

        Raises ProviderRefused and ProviderAway.
        """

    def cancel(self, key: str, *, at: datetime) -> Told | None:
        """Take a charge back that is not captured, and say how it stands now; None if unheard of.

        Raises ProviderAway.
        """

    def refund(self, request: RefundRequest, *, at: datetime) -> str:
        """Ask for a refund; returns the provider's name for it. Raises as ``charge``."""

    def find_method(self, key: str, *, at: datetime) -> Told | None:
        """What became of the card asked for under the key; None where none was given yet.

        Of several tries the last counts. Raises ProviderAway, also while one is being checked.
        """

    def find_charge(self, key: str, *, at: datetime) -> Told | None:
        """What became of a charge; None where the provider never heard of it."""

    def find_refund(self, key: str, *, at: datetime) -> Told | None:
        """What became of a refund; None where the provider never heard of it."""

    def read_event(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Told:
        """What a letter says. Raises Forged, Stale or Unreadable."""
