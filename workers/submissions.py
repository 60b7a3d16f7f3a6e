"""Pictures, and what designers and moderators wait for."""

import time

from ideation.core import clock, jobs
from ideation.core.db import transaction
from ideation.core.storage import in_force
from ideation.moderation import alarms, claims
from ideation.submissions import artwork, leftovers, moving, rendering
from workers.each import each


@jobs.handler(artwork.RENDER)
def render(artwork_id: int) -> None:
    """Make an artwork's renditions: the slow part outside any transaction."""
    made = rendering.make(artwork_id)
    if made is not None:
        with transaction():
            rendering.record(made, at=clock.now())


@jobs.handler(leftovers.CLEAR)
def clear_files(keys: list[str]) -> None:
    """Delete files that no row names."""
    leftovers.delete_unnamed(keys)


@jobs.handler(leftovers.FIND)
def find_leftovers() -> None:
    """Note stored files that no row names; they go if that is still so two hours later.

    What a killed process left half written goes at once: by the disk's clock, not ours.
    """
    in_force.store().sweep(older_than=time.time() - leftovers.GRACE.total_seconds())
    found = leftovers.find()
    at = clock.now()
    with transaction():
        leftovers.clear(found, at=at, due_at=at + leftovers.GRACE)


@jobs.handler(alarms.ALARM)
def alarm() -> None:
    """Tell moderators what is due within a day."""
    with transaction():
        alarms.alarm(clock.now())


@jobs.handler(moving.ASK)
def ask_to_move() -> None:
    """Ask for designs that waited for another edition to be planned."""
    with transaction():
        moving.ask_waiting(clock.now())


@jobs.handler(claims.LAPSE)
def lapse_claims() -> None:
    """Let claims lapse whose address nobody confirmed."""
    each((claims.due_to_lapse, claims.lapse))
