"""What proof asks of workers: sealing by the hour, a head a day, two files a tally."""

from ideation.core import clock, jobs
from ideation.core.db import db
from ideation.proof import batching, files, notices, writing
from workers.each import each


@jobs.handler(batching.SEAL)
def seal() -> None:
    """Seal every log that grew. No transaction around it: voters wait for one look only."""
    at = clock.now()
    due = batching.due_to_seal(at)
    db.session.rollback()
    for contest_id in due:
        batching.seal(contest_id, at=at)


@jobs.handler(notices.TELL)
def tell_heads() -> None:
    """Send auditors the latest heads."""
    each((notices.due_to_tell, notices.tell))


@jobs.handler(files.MAKE)
def make_files(contest_id: int, number: int) -> None:
    """Make everybody's file of a tally and the auditors'."""
    writing.make(contest_id, number, at=clock.now())
