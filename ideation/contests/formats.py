"""The ways in which a contest can find what is best, and the windows that each of them has."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from ideation.contests.models import Contest, Format
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import lazy


class Window(enum.StrEnum):
    """A stretch of time in which something can be done."""

    ENTRY = "entry"
    SCORING = "scoring"
    DECISION = "decision"


@dataclass(frozen=True)
class Shape:
    """A format's words, its windows with their names, and whether this version can run it.

    ``meaning`` is for those who choose it, ``notice`` for everyone who meets a contest of it;
    empty where there is nothing that a reader should be warned of.
    """

    label: Words
    meaning: Words
    windows: Mapping[Window, Words]
    notice: Words = ""
    can_be_opened: bool = False


SHAPES: dict[Format, Shape] = {
    Format.DEALT: Shape(
        lazy("Dealt deck"),
        lazy("Members score what the deck deals them: fair to every design. The usual choice."),
        {
            Window.ENTRY: lazy("Entry"),
            Window.SCORING: lazy("Scoring"),
            Window.DECISION: lazy("Decision"),
        },
        can_be_opened=True,
    ),
    Format.OPEN: Shape(
        lazy("Open gallery"),
        lazy(
            "Members may score any design on its own page and on the wall, besides what the deck "
            "deals. Livelier, and weaker against arranged voting: every page says so."
        ),
        {
            Window.ENTRY: lazy("Entry"),
            Window.SCORING: lazy("Scoring"),
            Window.DECISION: lazy("Decision"),
        },
        notice=lazy("Open: scored by choice, weaker against arranged voting."),
        can_be_opened=True,
    ),
    Format.JURY: Shape(
        lazy("Jury"),
        lazy(
            "Jurors whom you name score every design; nobody else votes. You say how many jurors "
            "each design needs. Members can still say what they would buy."
        ),
        {
            Window.ENTRY: lazy("Entry"),
            Window.SCORING: lazy("Jury"),
            Window.DECISION: lazy("Decision"),
        },
        notice=lazy("Jury: scored by named jurors alone."),
        can_be_opened=True,
    ),
    Format.SUPPORTED: Shape(
        lazy("Call for ideas"),
        lazy("Ideas gather supporters, up a ladder of thresholds."),
        {Window.ENTRY: lazy("Call")},
    ),
}


#: Jurors that a design can be made to need.
MOST_QUORUM = 50
USUAL_QUORUM = 3


def notice(contest: Contest) -> Words:
    """What every page about the contest says of its format; empty for the dealt deck."""
    return SHAPES[contest.format].notice


def is_open(contest: Contest) -> bool:
    """Whether members may vote for designs of their own choice."""
    return contest.format is Format.OPEN


def has_jury(contest: Contest) -> bool:
    """Whether named jurors alone vote."""
    return contest.format is Format.JURY


def wrong_fields(chosen: Format, quorum: int | None) -> dict[str, Words]:
    """Field → what to do about it, where a format and its quorum do not go together."""
    if chosen is not Format.JURY:
        return {}
    if quorum is None or not 1 <= quorum <= MOST_QUORUM:
        return {
            "quorum": lazy(
                "Say how many jurors each design needs: from 1 to %(most)s.", most=MOST_QUORUM
            )
        }
    return {}


def check_can_open(chosen: Format) -> None:
    """Raise Invalid where no contest of this format can be opened yet."""
    shape = SHAPES[chosen]
    if not shape.can_be_opened:
        raise Invalid(
            fields={
                "format": lazy(
                    "A contest of the kind “%(kind)s” cannot be opened yet: choose “%(other)s”.",
                    kind=shape.label,
                    other=SHAPES[Format.DEALT].label,
                )
            }
        )
