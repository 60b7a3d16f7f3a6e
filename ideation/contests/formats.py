"""The ways in which a contest can find what is best, and the windows that each of them has."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from ideation.contests.models import Format
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import lazy


class Window(enum.StrEnum):
    """A stretch of time in which something can be done."""

    ENTRY = "entry"
    SCORING = "scoring"
    DECISION = "decision"


@dataclass(frozen=True)
class Shape:
    """A format's words, its windows with their names, and whether this version can run it."""

    label: Words
    meaning: Words
    windows: Mapping[Window, Words]
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
        lazy("Members score whatever they like on the wall."),
        {
            Window.ENTRY: lazy("Entry"),
            Window.SCORING: lazy("Scoring"),
            Window.DECISION: lazy("Decision"),
        },
    ),
    Format.JURY: Shape(
        lazy("Jury"),
        lazy("A named jury scores every design."),
        {
            Window.ENTRY: lazy("Entry"),
            Window.SCORING: lazy("Jury"),
            Window.DECISION: lazy("Decision"),
        },
    ),
    Format.SUPPORTED: Shape(
        lazy("Call for ideas"),
        lazy("Ideas gather supporters, up a ladder of thresholds."),
        {Window.ENTRY: lazy("Call")},
    ),
}


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
