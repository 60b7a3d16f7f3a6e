"""The votes of one contest as columns of numbers: what counting reads and scoring works on.

Entries and voters are named by their place in a sorted list of ids, so that ten million votes
take 13 bytes each, and sums over them are sums into small tables. No order of the votes is
promised, and nothing that is worked out from them depends on it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ideation.core import cores
from ideation.voting.weighing import CODE, Reason

Ids: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.int32]
Codes: TypeAlias = NDArray[np.int8]

#: In ``network`` and ``cluster``: shares with nobody.
ALONE = -1

#: Numbers counted at a time.
_CHUNK = 1 << 18


@dataclass(frozen=True, eq=False)
class Cast:
    """Every vote of a contest, counted or not, and what stands against each."""

    #: Submissions that are ranked or that a vote names, ascending.
    entries: Ids
    #: Of each entry, whether it stands; a vote for one that does not is ``Reason.OUT``.
    is_ranked: NDArray[np.bool_]
    #: Members with a vote, ascending.
    voters: Ids
    #: Of each vote: places in ``entries`` and ``voters``, 1 to 5 stars.
    entry: Places
    voter: Places
    stars: Codes
    #: Of each vote: which network it came from, ``ALONE`` where fewer than three voters share it.
    network: Places
    #: Of each voter: which device cluster, ``ALONE`` outside any.
    cluster: Places
    #: Of each voter: the code of what is against all their votes, 0 for nothing.
    ground: Codes
    #: Places among the votes of those for the voter's own designs.
    own: NDArray[np.int64]
    #: Of each vote: what it weighed as one of a crowd when it was still known what came from one
    #: place, 0 where it was of none; empty while that is known.
    held: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))

    @property
    def size(self) -> int:
        """How many votes there are, counted or not."""
        return len(self.entry)

    @property
    def ranked(self) -> list[int]:
        """The submissions that are ranked, ascending."""
        return [int(entry) for entry in self.entries[self.is_ranked]]

    def excluded(self) -> Codes:
        """Of each vote: the code of why it does not count, 0 where it does.

        The entry's being out comes before the voter's own design, that before what is against
        the voter: one reason is named of several.
        """
        codes = self.ground[self.voter] if self.ground.any() else np.zeros(self.size, np.int8)
        codes[self.own] = CODE[Reason.OWN]
        if not self.is_ranked.all():
            codes[~self.is_ranked[self.entry]] = CODE[Reason.OUT]
        return codes

    def quarantining(self, members: Collection[int]) -> "Cast":
        """The same votes, with these members' quarantined and nobody else's.

        Who does not count for another reason keeps that one.
        """
        ground = self.ground.copy()
        ground[ground == CODE[Reason.QUARANTINED]] = 0
        held = np.isin(self.voters, np.array(sorted(members), np.int64)) & (ground == 0)
        ground[held] = CODE[Reason.QUARANTINED]
        return replace(self, ground=ground)

    def ranking(self, entries: Collection[int]) -> "Cast":
        """The same votes, where these entries stand and no others: as they did another day."""
        standing = np.array(sorted(entries), np.int64)
        every = np.union1d(self.entries, standing)
        place = np.searchsorted(every, self.entries).astype(np.int32)
        return replace(
            self,
            entries=every,
            is_ranked=np.isin(every, standing),
            entry=place[self.entry] if len(every) > len(self.entries) else self.entry,
        )


def counts(values: NDArray[np.integer[Any]], of: int) -> NDArray[np.int64]:
    """How often each of the numbers from 0 below `of` is there.

    A chunk at a time, since ``bincount`` widens what it reads.
    """
    found = np.zeros(of, np.int64)
    for part in cores.spans(values.size, _CHUNK):
        found += np.bincount(values[part], minlength=of)
    return found
