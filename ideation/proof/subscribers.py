"""What proof does when something happens below it."""

from ideation.core import events, jobs
from ideation.proof import files
from ideation.voting.events import TallyFrozen


@events.subscribe(TallyFrozen)
def make_files(event: TallyFrozen) -> None:
    """Ask for the files of the new tally, once."""
    jobs.enqueue(
        files.MAKE,
        at=event.at,
        key=f"files:{event.contest_id}:{event.number}",
        contest_id=event.contest_id,
        number=event.number,
    )
