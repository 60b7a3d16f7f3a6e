"""A group drawn on a circle: who is tied to whom, and how strongly. Plain numbers in and out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: The drawing's square, and how far from its middle the voters stand.
SIZE = 400
RADIUS = 168
#: Lines of three strengths say enough; more only looks busy.
STRENGTHS = 3
MOST_LINES = 300


@dataclass(frozen=True)
class Node:
    """One voter: their place in the list beside it, counted from 1, and where they stand."""

    number: int
    member_id: int
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """A tie between two voters, from 1 (weak) to ``STRENGTHS``."""

    x1: float
    y1: float
    x2: float
    y2: float
    strength: int


@dataclass(frozen=True)
class Drawing:
    """Voters and their ties, the weakest first, so that the strong lie on top."""

    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]


def circle(members: Sequence[int], links: Sequence[Sequence[int]]) -> Drawing:
    """Draw voters in the order given, with ``links`` of (one, other, agreed, both marked)."""
    step = 2 * math.pi / max(len(members), 1)
    nodes = tuple(
        Node(
            number=place + 1,
            member_id=member,
            x=round(SIZE / 2 + RADIUS * math.sin(place * step), 1),
            y=round(SIZE / 2 - RADIUS * math.cos(place * step), 1),
        )
        for place, member in enumerate(members)
    )
    at = {node.member_id: node for node in nodes}
    known = [link for link in links if link[0] in at and link[1] in at]
    known = sorted(known, key=lambda link: -link[2])[:MOST_LINES]
    agreed = [link[2] for link in known]
    lines = tuple(
        Line(at[a].x, at[a].y, at[b].x, at[b].y, _strength(alike, agreed))
        for a, b, alike, *_ in reversed(known)
    )
    return Drawing(nodes, lines)


def _strength(alike: int, agreed: Sequence[int]) -> int:
    """A third of the way from the weakest tie to the strongest each; the middle where all equal."""
    low, high = min(agreed), max(agreed)
    if low == high:
        return 2
    return min(STRENGTHS, 1 + STRENGTHS * (alike - low) // (high - low))
