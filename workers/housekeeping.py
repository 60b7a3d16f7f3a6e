"""Forgetting what is no longer of use."""

from ideation.core import clock, idempotency, jobs, outbox
from ideation.core.db import transaction
from workers.schedule import FORGET


@jobs.handler(FORGET)
def forget() -> None:
    """Delete finished outbox rows and old idempotency keys."""
    at = clock.now()
    outbox.forget_done(at)
    with transaction():
        idempotency.forget_old(at)
