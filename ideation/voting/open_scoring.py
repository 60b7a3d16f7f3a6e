"""Votes by choice: in an open contest any design's own page, and the gallery, takes stars.

Such a vote is a vote like any other: the page carries a ballot signed for the member who reads
it, the one statement casts it, the log keeps it. Only its slot says that no deck dealt it
(``tokens.CHOSEN_SLOT``), and the proof with it. Whoever can choose can be sent, so this format
is weaker against arranged voting, and every page about such a contest says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.submissions.models import Submission
from ideation.voting import ballots, policies, queries
from ideation.voting.tokens import CHOSEN_SLOT, Ballot


@dataclass(frozen=True)
class Choice:
    """A ballot that a page offers the member: its token, and the stars they gave already."""

    token: str
    stars: int | None


def offer(
    voter: Member | None, contest: Contest, submissions: Sequence[Submission], *, at: datetime
) -> dict[int, Choice]:
    """Submission → the ballot that a page shows the voter, for those they may vote for now.

    Empty outside the scoring window, in any other format, and for whoever may not vote. One
    statement however many designs. A vote that the deck dealt first keeps its slot when changed.
    """
    if voter is None or not policies.takes_chosen_votes(contest, at):
        return {}
    if policies.voter_refusal(voter, contest, at) is not None:
        return {}
    eligible = [one for one in submissions if policies.is_eligible(voter, one)]
    given = queries.votes_of(voter.id, [one.id for one in eligible])
    return {
        one.id: Choice(
            ballots.sign(Ballot(voter.id, contest.id, one.id, CHOSEN_SLOT, 0)), given.get(one.id)
        )
        for one in eligible
    }
