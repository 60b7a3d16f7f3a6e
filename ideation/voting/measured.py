"""What was measured of these rules, and when: the one place that the figures are kept in.

The page "How winners are found" shows them and ``docs/scoring.md`` holds the same table, which a
test compares. After a run for the record (``make bench``, quiet machine) they are changed here,
and ``python -m ideation.voting.measured`` prints the table for the document.
"""

from dataclasses import dataclass
from datetime import date

from ideation.core.errors import Words
from ideation.core.i18n import lazy

MEASURED_ON = date(2026, 11, 22)


@dataclass(frozen=True)
class Figure:
    """One thing measured: ours, what it is held against, and the command that measures it."""

    what: Words
    ours: str
    other: str
    beside: Words
    command: str


FIGURES: tuple[Figure, ...] = (
    Figure(
        lazy("Of the six best designs, the share found with 20 votes a design"),
        ".51",
        ".09",
        lazy("where all designs are shown alike; .54 by a method that leaves some with 3 votes"),
        "dealing --contest FILE …",
    ),
    Figure(
        lazy("Votes that even the least seen design gets, at an average of 20"),
        "7",
        "3",
        lazy("that other method"),
        "dealing --contest FILE …",
    ),
    Figure(
        lazy("Chance that fake accounts, one in twenty, lift their design into the first six"),
        "≤ .10",
        ".47–1.0",
        lazy("the plain mean where voters choose what they score"),
        "attacks --ratings FILE",
    ),
    Figure(
        lazy("Places gained by as many accounts that push one design and pull down its rivals"),
        "0",
        "24–29",
        lazy("the plain mean"),
        "attacks --ratings FILE",
    ),
    Figure(
        lazy("Honest raters suspected by the ring rule, on three sets of real ratings"),
        "0.0 %",
        "≤ 0.5 %",
        lazy("what we allow it"),
        "attacks --ratings FILE",
    ),
    Figure(
        lazy("How often a score’s interval holds what other voters say, on three sets of ratings"),
        "90–91 %",
        "90 %",
        lazy("what the interval promises"),
        "coverage --ratings FILE",
    ),
)


def as_markdown() -> str:
    """The table of ``docs/scoring.md``, in English."""
    head = ["| Measured | Ours | Held against | `python -m benchmarks` |", "|---|---|---|---|"]
    rows = [
        f"| {one.what} | {one.ours} | {one.other}: {one.beside} | `{one.command}` |"
        for one in FIGURES
    ]
    return "\n".join([*head, *rows]) + "\n"


if __name__ == "__main__":
    print(as_markdown(), end="")  # noqa: T201
