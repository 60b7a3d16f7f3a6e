"""What selection does when something happens below it."""

from ideation.contests import editions
from ideation.contests.models import PickRule
from ideation.core import events
from ideation.selection import line
from ideation.voting.events import TallyFrozen


@events.subscribe(TallyFrozen)
def follow_tally(event: TallyFrozen) -> None:
    """Until the announcement the tally that stands decides: by itself, or as what is shown."""
    contest = editions.get_locked(event.contest_id)
    if contest.announced_at is not None:
        return
    if contest.pick_rule is PickRule.VOTES:
        line.fill_by_stars(contest, at=event.at)
    else:
        line.follow_tally(contest)
