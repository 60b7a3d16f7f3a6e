"""Why a vote weighs what it weighs, said to the one who cast it."""

from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.voting.weighing import Reason

REASONS: dict[Reason, Words] = {
    Reason.COUNTED: lazy("Counted in full."),
    Reason.LIGHT: lazy("You scored fewer than three designs, so each weighs less."),
    Reason.BUSY: lazy("You scored more than thirty designs: together they weigh thirty votes."),
    Reason.CLUSTER: lazy("Several accounts that share a browser or a network weigh two together."),
    Reason.UNCONFIRMED: lazy("Not counted: your address was not confirmed when scoring closed."),
    Reason.OWN: lazy("Not counted: the design is yours in part, or you stepped back from it."),
    Reason.SUSPENDED: lazy("Not counted: your account was suspended."),
    Reason.INSIDER: lazy("Not counted: you could see scores before the close."),
    Reason.QUARANTINED: lazy("Set aside after a review; your votes page says more."),
    Reason.OUT: lazy("Not counted: the design left the contest."),
}
