"""What contests are called: their names, phases and pick rules, in the reader's language."""

from datetime import datetime

from ideation.contests import briefs, formats
from ideation.contests.models import Contest, PickRule
from ideation.contests.phases import Phase, phase, takes_entries
from ideation.core.errors import Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import language, lazy

PHASES: dict[Phase, Words] = {
    Phase.UPCOMING: lazy("Upcoming"),
    Phase.ENTRY: lazy("Taking entries"),
    Phase.SCORING: lazy("Open for scoring"),
    Phase.TALLYING: lazy("Counting"),
    Phase.DECISION: lazy("Deciding"),
    Phase.RESULTS: lazy("Results"),
    Phase.CANCELLED: lazy("Called off"),
}

PICK_RULES: dict[PickRule, tuple[Words, Words]] = {
    PickRule.HYBRID: (
        lazy("Stars and editors"),
        lazy("Members' stars make the shortlist; the editors choose from it and say why."),
    ),
    PickRule.VOTES: (
        lazy("Stars alone"),
        lazy("The highest scores win. Nobody overrules them."),
    ),
    PickRule.EDITORS: (
        lazy("Editors' choice"),
        lazy("The editors choose with the stars before them, and say why."),
    ),
}

#: What a pick rule means where a jury scores: the stars are its own.
_BY_JURY: dict[PickRule, Words] = {
    PickRule.HYBRID: lazy(
        "The jury's stars make the shortlist; the editors choose from it and say why."
    ),
    PickRule.VOTES: lazy("The jury's highest scores win. Nobody overrules them."),
    PickRule.EDITORS: lazy("The editors choose with the jury's stars before them, and say why."),
}

#: The legs of a contest's way, as nouns.
STRETCHES: dict[Phase, Words] = {
    Phase.ENTRY: lazy("Entry"),
    Phase.SCORING: lazy("Scoring"),
    Phase.DECISION: lazy("Decision"),
    Phase.RESULTS: lazy("Results"),
}

#: What a line of a contest's log is about.
CHANGES: dict[str, Words] = {
    "entry_opens_at": lazy("Entries open"),
    "entry_closes_at": lazy("Entries close"),
    "scoring_opens_at": lazy("Scoring begins"),
    "scoring_closes_at": lazy("Scoring ends"),
    "decision_due_at": lazy("Decision due"),
    "brief": lazy("Brief and rules"),
    "cancelled": lazy("Called off"),
}


def name(contest: Contest) -> str:
    """What a contest is called in one breath: ``Week 47``, or its title where it is single."""
    if contest.week is not None:
        return _("Week %(week)s", week=contest.week)
    return title(contest)


def title(contest: Contest) -> str:
    """The title of its brief."""
    return briefs.read(contest, language()).title


def full_name(contest: Contest) -> str:
    """Name and title: ``Week 47: Small cities``."""
    if contest.week is None:
        return title(contest)
    return _("Week %(week)s: %(title)s", week=contest.week, title=title(contest))


def pick_rule(contest: Contest) -> tuple[Words, Words]:
    """How its winners are chosen: the rule's name, and what it means in a contest of its format."""
    label, meaning = PICK_RULES[contest.pick_rule]
    return label, _BY_JURY[contest.pick_rule] if formats.has_jury(contest) else meaning


def next_step(contest: Contest, at: datetime) -> str:
    """What happens next, in a few words."""
    match phase(contest, at):
        case Phase.UPCOMING:
            return _("Entries open")
        case Phase.ENTRY if takes_entries(contest, at):
            return _("Entries close")
        case Phase.ENTRY:
            return _("Scoring begins")
        case Phase.SCORING:
            return _("Scoring ends")
        case Phase.TALLYING:
            return _("The count is published")
        case Phase.DECISION:
            return _("Winners are named")
        case _:
            return _("Nothing more: it is over")


def time_left(contest: Contest, at: datetime) -> str:
    """What the countdown to the next change counts, as the words under its figure."""
    match phase(contest, at):
        case Phase.UPCOMING:
            return _("until entries open")
        case Phase.ENTRY if takes_entries(contest, at):
            return _("left to enter")
        case Phase.ENTRY:
            return _("until scoring begins")
        case Phase.SCORING:
            return _("left to score")
        case _:
            return _("until the winners are named")


def after_that(contest: Contest, at: datetime) -> tuple[datetime | None, str]:
    """What comes after the next change, and when: (instant, words under it)."""
    match phase(contest, at):
        case Phase.UPCOMING | Phase.ENTRY:
            return contest.scoring_opens_at, _("scoring begins")
        case Phase.SCORING | Phase.TALLYING:
            return contest.decision_due_at, _("winners are named")
        case _:
            return None, ""
