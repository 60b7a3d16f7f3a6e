"""What royalties ask of workers: what is due by the clock, and proof."""

from ideation.core import clock, jobs
from ideation.core.db import transaction
from ideation.royalties import accruing, statement_day, verify
from workers.each import each


@jobs.handler(accruing.MATURE)
def mature() -> None:
    """Make payable whatever has waited long enough, one order a transaction."""
    each((accruing.due_to_mature, accruing.mature))


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
