"""Where a design stands, in words: a badge, and what its designer can do next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ideation.contests.phases import Phase, phase, takes_entries
from ideation.core import i18n
from ideation.core.errors import Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.submissions import designers, policies
from ideation.submissions.models import State, Submission


@dataclass(frozen=True)
class Standing:
    """``kind`` is that of the badge component; ``step`` the page that the advice leads to."""

    label: Words
    kind: str
    advice: Words
    step: Literal["", "decide", "results"] = ""


def names_of(submission: Submission) -> str:
    """``Lin Mei and Ada Lind``; a former member where nobody is left to name."""
    names = [member.name for member in designers.named(submission)]
    return i18n.list_words(names or [_("a former member")])


def standing(submission: Submission, at: datetime) -> Standing:
    """The design's standing at an instant, as its designers read it."""
    is_open = takes_entries(submission.contest, at)
    match submission.state:
        case State.DRAFT if is_open:
            return Standing(
                lazy("Draft"), "wait", lazy("Nobody else sees it. Hand it in before entries close.")
            )
        case State.DRAFT:
            return Standing(
                lazy("Draft"),
                "wait",
                lazy("Entries have closed. Nobody else sees it; you can throw it away."),
            )
        case State.SUBMITTED if policies.is_waiting_to_move(submission):
            return _late(submission)
        case State.SUBMITTED:
            return Standing(
                lazy("With the moderators"),
                "wait",
                lazy("A person looks at every design, most often within a day. You will be told."),
            )
        case State.DECLINED if is_open:
            return Standing(
                lazy("Declined"), "hot", lazy("Put it right and hand it in again while you can.")
            )
        case State.DECLINED:
            return Standing(
                lazy("Declined"), "hot", lazy("Entries have closed, so it stays out this time.")
            )
        case State.WITHDRAWN:
            return Standing(lazy("Withdrawn"), "plain", lazy("You took it back."))
        case State.DISQUALIFIED:
            return Standing(
                lazy("Disqualified"),
                "hot",
                lazy("It is out of the result. Its receipt says why, and how to appeal."),
            )
        case _:
            return _approved(submission, at)


def _late(submission: Submission) -> Standing:
    if submission.move_asked_at is None:
        return Standing(
            lazy("Waiting for an edition"),
            "wait",
            lazy("Approved too late for this edition. We ask you as soon as there is a next."),
        )
    return Standing(
        lazy("Your turn to decide"),
        "hot",
        lazy("Approved too late for this edition. Decide whether it moves to the next."),
        "decide",
    )


def _approved(submission: Submission, at: datetime) -> Standing:
    match phase(submission.contest, at):
        case Phase.UPCOMING | Phase.ENTRY:
            return Standing(
                lazy("In"), "good", lazy("It hangs on the wall. Scoring begins when entries close.")
            )
        case Phase.SCORING:
            return Standing(
                lazy("Being scored"), "ink", lazy("Scores stay hidden from everybody until close.")
            )
        case Phase.TALLYING:
            return Standing(lazy("Being counted"), "ink", lazy("The result is minutes away."))
        case Phase.CANCELLED:
            return Standing(lazy("Called off"), "plain", lazy("Its contest was called off."))
        case _:
            return Standing(lazy("Counted"), "plain", lazy("The result is out."), "results")
