"""The reasons that a decision can have, in words."""

from ideation.contests import formats
from ideation.contests.models import Contest, PickRule
from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.selection.models import Ground

#: What a decider may choose between; all other grounds are given by rules.
OF_WINNERS = (Ground.MEMBERS, Ground.EDITORS)
OF_OTHERS = (
    Ground.OTHERS_SCORED_HIGHER,
    Ground.RANGE,
    Ground.PRINT,
    Ground.BRIEF,
    Ground.LIKENESS,
)
#: Reasons that do not speak against the design: it can still be asked when a winner steps down.
LEAVE_IN_LINE = frozenset({Ground.OTHERS_SCORED_HIGHER})

#: A few words, for choosing one.
LABELS: dict[Ground, Words] = {
    Ground.MEMBERS: lazy("Members' stars"),
    Ground.EDITORS: lazy("The editors' choice"),
    Ground.NEXT_IN_LINE: lazy("Next in line"),
    Ground.OTHERS_SCORED_HIGHER: lazy("Others scored higher"),
    Ground.RANGE: lazy("Does not fit the range"),
    Ground.PRINT: lazy("Cannot be printed well"),
    Ground.BRIEF: lazy("Misses the brief"),
    Ground.LIKENESS: lazy("Too close to other work"),
    Ground.AGREEMENT_DECLINED: lazy("Agreement declined"),
    Ground.AGREEMENT_LAPSED: lazy("Agreement not answered"),
    Ground.OVERDUE: lazy("No decision in time"),
    Ground.DISQUALIFIED: lazy("Disqualified"),
}

#: A whole sentence, as the entrant reads it.
SENTENCES: dict[Ground, Words] = {
    Ground.MEMBERS: lazy("Members' stars put it among the best, and the editors agree."),
    Ground.EDITORS: lazy("The editors chose it, with the members' stars before them."),
    Ground.NEXT_IN_LINE: lazy(
        "A winner stepped down, and by its stars this design was the next in line."
    ),
    Ground.OTHERS_SCORED_HIGHER: lazy("Other designs scored higher, and the places were taken."),
    Ground.RANGE: lazy(
        "It does not fit beside what we are making now; that says nothing about how good it is."
    ),
    Ground.PRINT: lazy("We could not print it well enough on this article as it is."),
    Ground.BRIEF: lazy("It answers a different question from the one the brief asked."),
    Ground.LIKENESS: lazy("It comes too close to work that exists already."),
    Ground.AGREEMENT_DECLINED: lazy(
        "It had won. Not every one of its designers wanted to sign the agreement, so it gave up "
        "its place."
    ),
    Ground.AGREEMENT_LAPSED: lazy(
        "It had won. The agreement was not answered in time, so it gave up its place."
    ),
    Ground.OVERDUE: lazy(
        "We did not decide by the date we had promised. That is our failure, not the design's."
    ),
    Ground.DISQUALIFIED: lazy("It was disqualified after scoring had closed."),
}

#: What the rule says of a winner where stars alone decide.
BY_STARS_ALONE = lazy("Members' stars put it among the best, and here nobody overrules them.")

#: Where a jury gave the stars, it is not the members who are thanked for them.
LABELS_OF_A_JURY: dict[Ground, Words] = {Ground.MEMBERS: lazy("The jury's stars")}
SENTENCES_OF_A_JURY: dict[Ground, Words] = {
    Ground.MEMBERS: lazy("The jury's stars put it among the best, and the editors agree."),
    Ground.EDITORS: lazy("The editors chose it, with the jury's stars before them."),
}
BY_A_JURY_ALONE = lazy("The jury's stars put it among the best, and here nobody overrules them.")


def labels(contest: Contest) -> dict[Ground, Words]:
    """A few words for each ground, true for who gave the contest's stars."""
    return LABELS | LABELS_OF_A_JURY if formats.has_jury(contest) else LABELS


def sentence(contest: Contest, ground: Ground) -> Words:
    """The ground as a sentence, true for the contest's pick rule and for who gave its stars."""
    by_jury = formats.has_jury(contest)
    if ground is Ground.MEMBERS and contest.pick_rule is PickRule.VOTES:
        return BY_A_JURY_ALONE if by_jury else BY_STARS_ALONE
    return SENTENCES_OF_A_JURY.get(ground, SENTENCES[ground]) if by_jury else SENTENCES[ground]
