"""The words of each rule that a design may break: as moderators choose it, and as it is told."""

from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.moderation.models import Rule

#: Rule → its name in a list, and the sentence that a designer reads.
WORDS: dict[Rule, tuple[Words, Words]] = {
    Rule.NOT_ORIGINAL: (
        lazy("Not their own work"),
        lazy("Designs must be your own, and name the sources they build on."),
    ),
    Rule.OFF_BRIEF: (
        lazy("Off the brief"),
        lazy("Designs must answer the brief of their contest."),
    ),
    Rule.QUALITY: (
        lazy("Cannot be printed"),
        lazy("Designs must be sharp and whole enough to be printed."),
    ),
    Rule.OFFENSIVE: (
        lazy("Demeans people"),
        lazy("Designs must not demean or threaten anybody."),
    ),
    Rule.PERSONAL_DATA: (
        lazy("Shows private matters"),
        lazy("Designs must not show somebody's private details."),
    ),
    Rule.SPAM: (
        lazy("Advertising"),
        lazy("Designs must not advertise something else."),
    ),
}

#: Rule → what the designer can do about it: said where a moderator gives no words of their own.
ADVICE: dict[Rule, Words] = {
    Rule.NOT_ORIGINAL: lazy(
        "Show what you made yourself, or name every source with its licence, and hand it in again."
    ),
    Rule.OFF_BRIEF: lazy(
        "Read the brief once more and change the design until it answers it. We will look again."
    ),
    Rule.QUALITY: lazy("Hand in a larger, sharper picture that shows the whole design."),
    Rule.OFFENSIVE: lazy("Take out what demeans or threatens people, and hand it in again."),
    Rule.PERSONAL_DATA: lazy(
        "Take out names, faces, addresses and numbers that belong to somebody, "
        "and hand it in again."
    ),
    Rule.SPAM: lazy("Take out what advertises something else, and hand it in again."),
}


def label(rule: Rule | str) -> Words:
    """The rule's name in a list."""
    return WORDS[Rule(rule)][0]


def sentence(rule: Rule | str) -> Words:
    """The rule as a sentence to the designer."""
    return WORDS[Rule(rule)][1]


def advice(rule: Rule) -> Words:
    """What the designer can do next."""
    return ADVICE[rule]


def choices() -> list[tuple[str, Words]]:
    """Every rule with its name, for a form."""
    return [(rule.value, label(rule)) for rule in Rule]
