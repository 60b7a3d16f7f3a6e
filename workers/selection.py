"""What the clock does to decisions, one a transaction; and telling many people of one."""

from ideation.core import clock, jobs
from ideation.core.db import transaction
from ideation.selection import agreements, announcing, notices, rights
from workers.each import each


@jobs.handler(agreements.LAPSE)
def lapse_due() -> None:
    """Let offers lapse whose five days are over, and ask the next in line."""
    each((agreements.due_to_lapse, agreements.lapse))


@jobs.handler(rights.RELEASE)
def release_overdue() -> None:
    """Give rights back where the date passed without an announcement."""
    each((rights.due_to_release, rights.release_contest))


@jobs.handler(announcing.TELL_ANNOUNCED)
def tell_announced(contest_id: int) -> None:
    """Tell entrants, winners and those who said they'd buy."""
    with transaction():
        notices.tell_announced(contest_id)


@jobs.handler(rights.TELL_RELEASED)
def tell_released(contest_id: int) -> None:
    """Tell entrants that their rights went back."""
    with transaction():
        notices.tell_released(contest_id, at=clock.now())
