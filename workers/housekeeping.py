"""Forgetting what is no longer of use."""

from ideation.accounts import forgetting
from ideation.core import clock, idempotency, jobs, outbox
from ideation.core.db import transaction
from ideation.core.mail import queries as mails
from ideation.orders import erasure
from workers.schedule import FORGET


@jobs.handler(FORGET)
def forget() -> None:
    """Delete finished outbox rows, old idempotency keys, links, sessions, mail and
    where guests' orders went."""
    at = clock.now()
    outbox.forget_done(at)
    outbox.forget_repeated()
    with transaction():
        idempotency.forget_old(at)
        forgetting.forget_old(at)
        mails.forget_old(at)
    with transaction():
        erasure.forget_guests(at)
