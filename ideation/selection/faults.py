"""What a design is disqualified for, in words: a few for choosing, a sentence for its designers."""

from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.selection.models import Fault

LABELS: dict[Fault, Words] = {
    Fault.COPIED: lazy("Somebody else's art"),
    Fault.BRIEF: lazy("Breaks the brief"),
    Fault.RULES: lazy("Breaks another rule of the contest"),
}

SENTENCES: dict[Fault, Words] = {
    Fault.COPIED: lazy("We found that it uses art of somebody else without the right to."),
    Fault.BRIEF: lazy("It breaks what the brief asked of every design."),
    Fault.RULES: lazy("It breaks a rule of the contest."),
}
