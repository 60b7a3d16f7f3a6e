"""What a run is to whoever looks at it: a pure function of its row and an instant."""

import enum
from datetime import datetime

from ideation.products import policies
from ideation.products.models import Run, RunState


class Phase(enum.StrEnum):
    """Where a run stands, in the order in which the phases come."""

    UPCOMING = "upcoming"
    OPEN = "open"
    #: Open for seven days more, since most of the goal was pledged at its end.
    EXTENDED = "extended"
    #: The window is over; in a moment the clock decides what becomes of it.
    ENDING = "ending"
    CHARGING = "charging"
    GO = "go"
    LOCKED = "locked"
    #: The last day on which its parcels were to leave is over.
    DONE = "done"
    FAILED = "failed"


def phase(run: Run, at: datetime) -> Phase:
    """The run's phase at an instant. Windows are half open."""
    if run.state is RunState.FAILED:
        return Phase.FAILED
    if run.state is RunState.CHARGING:
        return Phase.CHARGING
    if run.state is RunState.GO:
        if not policies.is_locked(run, at):
            return Phase.GO
        return Phase.DONE if at.date() > run.ships_by else Phase.LOCKED
    if at < run.opens_at:
        return Phase.UPCOMING
    if at >= run.closes_at:
        return Phase.ENDING
    return Phase.EXTENDED if run.extended_at is not None else Phase.OPEN
