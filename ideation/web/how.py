"""How winners are found: the rule in words, in signs and in one's own numbers; and what it cannot.

Everything that stands here follows from the code that counts: the picture is the deck's own, the
worked example is counted anew, the measurements stand in one file that the documentation shows
as well.
"""

from math import log2
from typing import NamedTuple

from flask import render_template

from ideation.contests import formats, words
from ideation.contests import queries as contests
from ideation.contests.phases import shows_results
from ideation.core import clock
from ideation.http.guards import Who, who
from ideation.http.session import current_member
from ideation.voting import dealing, measured, scoring, worked
from ideation.web.blueprint import blueprint

#: What the picture shows: a lively week.
_SHOWN_ENTRIES = 480
#: The picture is as wide, in its own units.
_WIDTH = 360
_TALLEST = 150


class Column(NamedTuple):
    """A stretch of the scoring window in the picture; a few of them say how many are running."""

    running: int
    x: float
    width: float
    height: float
    is_named: bool


@blueprint.get("/how-winners-are-found")
@who(Who.ANYONE)
def how() -> str:
    """The two sentences, then everything behind them."""
    at, member = clock.now(), current_member()
    tallied = contests.list_tallied(at, limit=1)
    own = worked.own(member.id) if member is not None else None
    if own is not None and not shows_results(own.contest, at):
        own = None
    return render_template(
        "web/how/how.html",
        latest=tallied[0] if tallied else None,
        own=own,
        worked=own.worked if own else worked.invented(),
        contest_name=words.full_name,
        entries=_SHOWN_ENTRIES,
        columns=columns(),
        shapes=[shape for shape in formats.SHAPES.values() if shape.can_be_opened],
        figures=measured.FIGURES,
        measured_on=measured.MEASURED_ON,
        few_votes=scoring.FEW_VOTES,
        free_skips=dealing.FREE_SKIPS,
        answers_a_skip=dealing.ANSWERS_A_SKIP,
        slots=dealing.SLOTS,
        balanced=dealing.BALANCED_ENTRIES,
        last=dealing.LAST_SURVIVORS,
        share=dealing.SURVIVORS_SHARE / 100,
        floor=dealing.FLOOR,
        average=dealing.FLOOR_AVERAGE,
    )


def columns(entries: int = _SHOWN_ENTRIES) -> list[Column]:
    """The columns of the picture: how many designs are in the running, slot after slot.

    Heights go by halvings, so that half as many are always as much lower. Named are all, the first
    in the running, those half as many as the last that was named, and the last.
    """
    running = [
        entries if slot < dealing.BALANCED_SLOTS else dealing.survivors_in(slot, entries)
        for slot in range(dealing.SLOTS)
    ]
    starts = [
        slot for slot in range(dealing.SLOTS) if not slot or running[slot] != running[slot - 1]
    ]
    slot_width = _WIDTH / dealing.SLOTS
    made: list[Column] = []
    named = entries * 2
    for start, end in zip(starts, [*starts[1:], dealing.SLOTS], strict=True):
        here = running[start]
        is_named = 2 * here <= named or end == dealing.SLOTS
        named = here if is_named else named
        halvings = log2(entries / here) / log2(entries / running[-1])
        made.append(
            Column(
                here,
                round(start * slot_width, 2),
                round((end - start) * slot_width, 2),
                round(_TALLEST * (1 - 0.85 * halvings), 2),
                is_named,
            )
        )
    return made
