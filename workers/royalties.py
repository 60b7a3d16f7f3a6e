"""What royalties ask of workers: to become payable once the wait is over, and to be proved."""

from ideation.core import clock, jobs
from ideation.core.db import transaction
from ideation.royalties import accruing, verify


@jobs.handler(accruing.MATURE)
def mature() -> None:
    """Make payable whatever has waited long enough, some hundred orders a transaction."""
    at = clock.now()
    while True:
        with transaction():
            if not accruing.mature_due(at):
                return


@jobs.handler(verify.CHECK)
def prove() -> None:
    """Once a day; a job that failed for good shows in the console and in ``ideation doctor``."""
    verify.check()
