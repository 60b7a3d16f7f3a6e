"""What is said to payment providers, and the sandbox's letters to us."""

from ideation.core import clock, config, jobs
from ideation.payments import charging, reconciling, refunding
from ideation.payments.providers.sandbox import deliveries, outgoing


@jobs.handler(charging.CHARGE)
def charge(payment_id: int) -> None:
    """Tell the provider to charge a card."""
    charging.tell(payment_id, at=clock.now())


@jobs.handler(charging.CANCEL)
def cancel(payment_id: int) -> None:
    """Tell the provider that a payment was given up."""
    charging.call_off(payment_id, at=clock.now())


@jobs.handler(refunding.REFUND)
def refund(refund_id: int) -> None:
    """Tell the provider to give money back."""
    refunding.tell(refund_id, at=clock.now())


@jobs.handler(reconciling.RECONCILE)
def reconcile() -> None:
    """Ask the provider about what it has not told us."""
    reconciling.reconcile(clock.now())


@jobs.handler(outgoing.DELIVER)
def deliver(delivery_id: int) -> None:
    """Bring one of the sandbox's letters to our own door."""
    deliveries.bring(delivery_id, config.current().base_url, at=clock.now())
