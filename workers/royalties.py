"""What royalties ask of workers: what is due by the clock, and proof."""

from ideation.core import clock, jobs
from ideation.core.db import transaction
from ideation.royalties import accruing, statement_day, verify


@jobs.handler(accruing.MATURE)
def mature() -> None:
    """Make payable whatever has waited long enough, some hundred orders a transaction."""
    at = clock.now()
    while True:
        with transaction():
            if not accruing.mature_due(at):
                return


@jobs.handler(statement_day.TELL)
def tell_of_statements() -> None:
    """On the 5th; some hundred members a transaction."""
    at, told = clock.now(), statement_day.AT_ONCE
    while told == statement_day.AT_ONCE:
        with transaction():
            told = statement_day.tell_due(at)


@jobs.handler(verify.CHECK)
def prove() -> None:
    """Once a day; a job that failed for good shows in the console and in ``ideation doctor``."""
    verify.check()
