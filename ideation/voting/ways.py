"""A voter's way through the lists of one slot: what comes next on each of its three walks.

Entries approved late come first, then the best and the others by the coin. What is stored
of it is a hint: how far each walk was read, and a few entries ahead on it. Asked about beside the
voter's row, these spare the database all but one question; what may be dealt is for the votes to
say, each time.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from ideation.voting import dealing
from ideation.voting.lists import Listed

#: How many entries ahead are stored for each walk.
AHEAD = 16
#: How many of each walk a voter's first look at a slot takes in.
AHEAD_AT_FIRST = 8
#: How many are read at once where all of those were answered, and how fast that grows.
READ_ON = 64
READ_ON_FASTER = 8

#: Of these entries, those that may be dealt to the voter.
Look = Callable[[Collection[int]], Collection[int]]


@dataclass
class Walk:
    """One of the three: ``place(k)`` is its k-th entry, ``end`` how many there are."""

    place: Callable[[int], int]
    end: int
    #: How many of its entries were read so far.
    read: int = 0
    #: Those read and neither dealt nor dropped, in order.
    ahead: deque[int] = field(default_factory=deque)

    def read_on(self, most: int) -> list[int]:
        """Read so many more entries, or what there are, and put them ahead."""
        until = min(self.read + most, self.end)
        entries = [self.place(k) for k in range(self.read, until)]
        self.read = max(self.read, until)
        self.ahead.extend(entries)
        return entries


class Way:
    """The three walks of one voter through a list."""

    def __init__(self, listed: Listed, voter_id: int) -> None:
        self.slot = listed.slot
        #: Names the list among those of its contest. Mending changes only who comes first, and
        #: then ``born``; a list of a window that was moved begins with another entry.
        self.key = (
            f"{listed.slot} {listed.entries[listed.late : listed.late + 1]} {listed.tiers[:1]}"
        )
        self.born = listed.built_at.isoformat()
        self.voter_id = voter_id
        self.seed = listed.seed
        late = listed.late

        def other(k: int) -> int:
            return dealing.candidate(listed.entries, listed.ends, listed.seed, voter_id, k)

        def running(k: int) -> int:
            return dealing.runner(listed.best, listed.tiers, listed.seed, voter_id, k)

        self.walks = (
            Walk(other, late),
            Walk(running, len(listed.best)),
            Walk(lambda k: other(late + k), len(listed.entries) - late),
        )

    def take_up(self, hint: dict[str, Any]) -> None:
        """Go on where the voter was, if ``hint`` is of this list."""
        if hint.get("list") != self.key:
            return
        for place, (walk, (read, ahead)) in enumerate(zip(self.walks, hint["walks"], strict=True)):
            if place > 0 or hint["born"] == self.born:
                walk.read, walk.ahead = read, deque(ahead)

    def begin(self) -> tuple[list[int], list[int]]:
        """Read the first entries of each walk: those approved late, and the others."""
        late, running, others = (walk.read_on(AHEAD_AT_FIRST) for walk in self.walks)
        return late, running + others

    def draw(self, position: int, free: set[int], look: Look) -> Iterator[int]:
        """What is dealt from a position on, each entry once, while there is any.

        ``free`` are those ahead that may be dealt; of entries beyond them, ``look`` is asked.
        """
        first, running, others = (self._free_on(walk, free, look) for walk in self.walks)
        return dealing.draw(self.seed, self.voter_id, position, first, running, others)

    def hint(self, free: Collection[int]) -> dict[str, Any]:
        """What to store: of what lies ahead only the ``free``, and more behind where it is few."""
        walks = []
        for walk in self.walks:
            walk.ahead = deque(entry for entry in walk.ahead if entry in free)
            walk.read_on(AHEAD - len(walk.ahead))
            walks.append([walk.read, list(walk.ahead)])
        return {"list": self.key, "born": self.born, "walks": walks}

    def _free_on(self, walk: Walk, free: set[int], look: Look) -> Iterator[int]:
        many = READ_ON
        while True:
            while walk.ahead:
                entry = walk.ahead.popleft()
                if entry in free:
                    yield entry
            read = walk.read_on(many)
            if not read:
                return
            free.update(look(read))
            many *= READ_ON_FASTER
