"""What voting asks of workers: a fresh list each slot, and the count once a contest has closed."""

from ideation.contests import queries
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.voting import lists, tallying


@jobs.handler(lists.BUILD)
def build_lists() -> None:
    """Write the deal list of every slot that has begun; the counting holds nobody up."""
    at = clock.now()
    for contest_id in lists.due(at):
        drafted = lists.draft(queries.get(contest_id), at)
        db.session.rollback()
        with transaction():
            if drafted is not None:
                lists.write(drafted)
            else:
                lists.mend(queries.get(contest_id), at)


@jobs.handler(tallying.TALLY)
def tally(contest_id: int) -> None:
    """Count outside any lock, then freeze tally number 1."""
    counted = tallying.count(contest_id)
    db.session.rollback()
    with transaction():
        tallying.freeze(counted, tallying.CLOSE, at=clock.now())
