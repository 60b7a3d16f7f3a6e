"""The weights of ``weighing``, for votes in columns: the same numbers, ten million a second.

A vote's weight depends on how many votes its voter has, looked up in a table, and for the few
that share a device or a network with two others on the same entry, on how many those are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ideation.core import cores
from ideation.voting.columns import ALONE, Cast, Codes, counts
from ideation.voting.weighing import CODE, VOTE, Reason, weight_of

#: Votes looked at together: temporary columns are some megabytes.
CHUNK = 1 << 20
#: Votes of crowded clusters that are sorted together; bounds the memory.
BLOCK = 1 << 20

Weights: TypeAlias = NDArray[np.uint8]

_COUNTED, _LIGHT, _BUSY, _CLUSTER = (
    CODE[reason] for reason in (Reason.COUNTED, Reason.LIGHT, Reason.BUSY, Reason.CLUSTER)
)


@dataclass(frozen=True, eq=False)
class Weighed:
    """Of each vote: what it weighs in 1/120 of a vote, and the code of the reason."""

    weight: Weights
    reason: Codes


def weigh(cast: Cast, *, jury: bool = False) -> Weighed:
    """The weight of every vote, as ``weighing.weights`` gives it; the order plays no part."""
    reason = cast.excluded()
    if jury:
        return Weighed(np.where(reason == _COUNTED, VOTE, 0).astype(np.uint8), reason)
    out = np.flatnonzero(reason)
    against = reason[out]
    ballots = _ballots(cast, out)
    table = np.array([weight_of(max(n, 1), 1) for n in range(int(ballots.max(initial=0)) + 1)])
    kind = np.where(ballots < 3, _LIGHT, np.where(ballots > 30, _BUSY, _COUNTED)).astype(np.int8)
    value = table[ballots].astype(np.uint8)
    crowded = list(_crowds(cast, reason))
    weight = np.empty(cast.size, np.uint8)

    def weigh_part(part: slice) -> None:
        voter = cast.voter[part].astype(np.intp)
        weight[part], reason[part] = value[voter], kind[voter]

    cores.each(weigh_part, cores.spans(cast.size, CHUNK))
    weight[out], reason[out] = 0, against
    for place, others in crowded:
        pair, back = np.unique((ballots[cast.voter[place]] << 32) | others, return_inverse=True)
        values = [weight_of(each >> 32, each & 0xFFFFFFFF) for each in pair.tolist()]
        weight[place] = np.array(values, np.uint8)[back]
        reason[place] = _CLUSTER
    if cast.held.size:
        place = np.flatnonzero((cast.held > 0) & (weight > 0))
        weight[place] = np.minimum(weight[place], cast.held[place])
        reason[place] = _CLUSTER
    return Weighed(weight, reason)


def _ballots(cast: Cast, out: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each voter: how many of their votes count; `out` are the places of those that do not."""
    ballots = -np.bincount(cast.voter[out], minlength=len(cast.voters))
    shares = cores.spans(cast.size, max(CHUNK, -(-cast.size // cores.COUNT)))
    given = cores.each(lambda part: counts(cast.voter[part], len(ballots)), shares)
    return sum(given, start=ballots)


def _crowds(cast: Cast, excluded: Codes) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32]]]:
    """Block by block: places of counted votes with more than two of one cluster or network on
    their entry, and how many those are.
    """
    for first, last in _blocks(cast):
        inside = np.flatnonzero(
            (cast.entry >= first) & (cast.entry < last) & (excluded == _COUNTED)
        )
        entry = cast.entry[inside]
        size = np.ones(len(inside), np.int32)
        for label in (cast.cluster[cast.voter[inside]], cast.network[inside]):
            where, held = _together(entry, label)
            size[where] = np.maximum(size[where], held)
        crowded = np.flatnonzero(size > 2)
        if crowded.size:
            yield inside[crowded], size[crowded]


def _blocks(cast: Cast) -> Iterator[tuple[int, int]]:
    """Ranges of entries, of about ``BLOCK`` votes each; none where nobody shares anything."""
    if not (cast.cluster != ALONE).any() and not (cast.network != ALONE).any():
        return
    votes = counts(cast.entry, len(cast.entries))
    number = np.cumsum(votes) // BLOCK
    starts = np.flatnonzero(np.diff(number, prepend=-1)).tolist()
    yield from zip(starts, [*starts[1:], len(votes)], strict=True)


def _together(
    entry: NDArray[np.int32], label: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of votes that share their entry and their label with two others or more, and how
    many there are of each such kind.
    """
    sharing = np.flatnonzero(label != ALONE)
    label = label[sharing]
    span = int(label.max(initial=0)) + 1
    key = entry[sharing] * np.int64(span) + label
    ordered = np.sort(key)
    heavy = np.unique(ordered[2:][ordered[2:] == ordered[:-2]])
    if not heavy.size:
        return sharing[:0], heavy
    held = np.searchsorted(ordered, heavy + 1) - np.searchsorted(ordered, heavy)
    del ordered
    # Most labels are crowded nowhere: a small table spares them the search.
    is_heavy = np.zeros(span, np.bool_)
    is_heavy[heavy % span] = True
    near = np.flatnonzero(is_heavy[label])
    found = np.minimum(np.searchsorted(heavy, key[near]), heavy.size - 1)
    hit = heavy[found] == key[near]
    return sharing[near[hit]], held[found[hit]]
