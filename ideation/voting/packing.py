"""A contest's votes as one number each, sorted: what is read, kept in a file, and made columns of.

Sorted, the votes of a voter lie side by side, and by entry.
"""

from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ideation.core import cores
from ideation.voting import columns
from ideation.voting.columns import ALONE, Cast, Places

Packed: TypeAlias = NDArray[np.int64]

#: Below are the stars: three bits.
NETWORK_AT = 3
#: How finely networks are told apart on the first look; those that meet are looked at again.
MOST_NETWORK_BITS = 20
#: Votes unpacked at a time, which fit the processor's cache.
BLOCK = 1 << 17
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Layout:
    """Where a vote's parts lie in its 64 bits: voter, entry, network's hash, stars (lowest)."""

    contest_id: int
    first_entry: int
    first_voter: int
    entry_bits: int
    voter_bits: int

    @property
    def network_bits(self) -> int:
        """0 is no network; where ids lie far apart there is less room. Raises ValueError."""
        room = 63 - NETWORK_AT - self.entry_bits - self.voter_bits
        if room < 1:
            raise ValueError("ids of this contest's entries and of members lie too far apart")
        return min(MOST_NETWORK_BITS, room)

    @property
    def entry_at(self) -> int:
        return NETWORK_AT + self.network_bits

    @property
    def voter_at(self) -> int:
        return self.entry_at + self.entry_bits

    def holds(self, ids: "Ids") -> bool:
        """Whether votes of all these pack like this."""
        return (
            self.first_entry <= ids.first_entry
            and self.first_voter <= ids.first_voter
            and ids.last_entry - self.first_entry < 1 << self.entry_bits
            and ids.last_voter - self.first_voter < 1 << self.voter_bits
        )

    def entry(self, packed: Packed) -> Packed:
        """Ids less ``first_entry``."""
        return (packed >> self.entry_at) & ((1 << self.entry_bits) - 1)

    def voter(self, packed: Packed) -> Packed:
        """Ids less ``first_voter``."""
        return packed >> self.voter_at

    def pair(self, packed: Packed) -> Packed:
        """Voter and entry in one number; ascends as votes do."""
        return packed >> self.entry_at

    def network(self, packed: Packed) -> Packed:
        """A few bits of the network's hash, 0 without one."""
        return (packed >> NETWORK_AT) & ((1 << self.network_bits) - 1)

    def stars(self, packed: Packed) -> Packed:
        """1 to 5; 0 where ``changed_since`` found the vote taken back."""
        return packed & ((1 << NETWORK_AT) - 1)


@dataclass(frozen=True)
class Ids:
    """From where to where the ids of a contest's entries and of all members reach."""

    first_entry: int
    last_entry: int
    first_voter: int
    last_voter: int


@dataclass(frozen=True, eq=False)
class Bundle:
    """A contest's packed votes in ascending order, some ``BLOCK`` in a part, or any number.

    Not one long column: to put a few votes among millions, each part is written anew in memory
    that is at hand, where a column of its own for all would be asked of the system first.
    """

    layout: Layout
    parts: list[Packed]

    @classmethod
    def of(cls, layout: Layout, votes: Packed) -> "Bundle":
        """`votes` are in ascending order."""
        return cls(layout, [votes[span] for span in cores.spans(votes.size, BLOCK)])

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    def placed(self) -> list[tuple[slice, Packed]]:
        """Each part, and where it lies among all votes."""
        ends = accumulate(part.size for part in self.parts)
        return [
            (slice(end - part.size, end), part) for end, part in zip(ends, self.parts, strict=True)
        ]


def unpacked(bundle: Bundle, ranked: columns.Ids) -> Cast:
    """The votes as columns, nothing known against any; `ranked` are the entries that stand."""
    layout, size, parts = bundle.layout, bundle.size, bundle.placed()
    is_entry = np.zeros(1 << layout.entry_bits, np.bool_)
    is_voter = np.zeros(1 << layout.voter_bits, np.bool_)
    entry, voter, stars = (
        np.empty(size, np.int32),
        np.empty(size, np.int32),
        np.empty(size, np.int8),
    )

    def unpack(part: tuple[slice, Packed]) -> None:
        at, some = part
        entry[at], voter[at], stars[at] = layout.entry(some), layout.voter(some), layout.stars(some)
        # Several threads may write the same here, and it is the same that they write.
        is_entry[entry[at]] = is_voter[voter[at]] = True

    cores.each(unpack, parts)
    is_entry[ranked - layout.first_entry] = True
    place_of_entry, place_of_voter = _places(is_entry), _places(is_voter)

    def name_by_place(part: tuple[slice, Packed]) -> None:
        at, _ = part
        entry[at], voter[at] = place_of_entry[entry[at]], place_of_voter[voter[at]]

    cores.each(name_by_place, parts)
    entries = np.flatnonzero(is_entry) + layout.first_entry
    voters = np.flatnonzero(is_voter) + layout.first_voter
    return Cast(
        entries=entries,
        is_ranked=np.isin(entries, ranked),
        voters=voters,
        entry=entry,
        voter=voter,
        stars=stars,
        network=np.broadcast_to(np.int32(ALONE), size),
        cluster=np.full(len(voters), ALONE, np.int32),
        ground=np.zeros(len(voters), np.int8),
        own=np.zeros(0, np.int64),
    )


def _places(is_there: NDArray[np.bool_]) -> Places:
    return np.cumsum(is_there, dtype=np.int32) - 1


def crowded(bundle: Bundle) -> NDArray[np.int64]:
    """Where votes are that seem to share their network with two others on their entry, or more:
    all that do, and some whose networks only look alike by the bits at hand.
    """
    layout = bundle.layout
    ordered = np.empty(bundle.size, np.uint32)
    known = 0
    for part in bundle.parts:
        met = _met(layout, part[layout.network(part) > 0])
        ordered[known : known + met.size] = met
        known += met.size
    ordered = ordered[:known]
    ordered.sort()
    heavy = np.unique(ordered[2:][ordered[2:] == ordered[:-2]])
    del ordered
    if not heavy.size:
        return np.zeros(0, np.int64)
    # Most votes meet nobody: a small table spares them the search.
    is_heavy = np.zeros(1 << 20, np.bool_)
    is_heavy[heavy >> 12] = True
    found = [np.zeros(0, np.int64)]
    for at, part in bundle.placed():
        met = _met(layout, part)
        near = np.flatnonzero(is_heavy[met >> 12] & (layout.network(part) > 0))
        place = np.searchsorted(heavy, met[near])
        found.append(near[heavy[np.minimum(place, heavy.size - 1)] == met[near]] + at.start)
    return np.concatenate(found)


def _met(layout: Layout, packed: Packed) -> NDArray[np.uint32]:
    """Entry and network of each vote in 32 bits, which sort twice as fast as 64: what is the same
    stays the same, and hardly anything else becomes it (D. Knuth, *The Art of Computer
    Programming* 3, 6.4: multiplication by 2**64 over the golden ratio).
    """
    both = (packed >> NETWORK_AT) & ((1 << (layout.entry_bits + layout.network_bits)) - 1)
    return ((both.view(np.uint64) * _GOLDEN) >> np.uint64(32)).astype(np.uint32)
