"""Who comes when: visits of up to twenty ballots, some by voters who were there before."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ideation.voting import dealing

#: The deck pauses after so many.
SITTING = 20
#: Of a hundred visits, how many answer a whole sitting, and how many are a voter's first.
WHOLE_SITTINGS = 50
NEW_VOTERS = 70


@dataclass(frozen=True, eq=False)
class Visits:
    """In the order they come: each one's slot, voter, and how many ballots they answer."""

    slot: NDArray[np.int64]
    voter: NDArray[np.int64]
    ballots: NDArray[np.int64]

    @property
    def voters(self) -> int:
        return int(self.voter.max()) + 1

    def by_slot(self) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
        """(slot, voters, ballots) of each slot with a visit; a voter's visits in it are one."""
        for slot in range(dealing.SLOTS):
            inside = self.slot == slot
            if inside.any():
                voters, which = np.unique(self.voter[inside], return_inverse=True)
                yield slot, voters, np.bincount(which, self.ballots[inside]).astype(np.int64)


def gather(total: int, dice: np.random.Generator) -> Visits:
    """Visits, evenly over the window, that answer ``total`` ballots together."""
    most = total  # a visit answers one ballot at least
    short = dice.integers(1, SITTING, most)
    ballots = np.where(100 * dice.random(most) < WHOLE_SITTINGS, SITTING, short)
    visits = int(np.searchsorted(np.cumsum(ballots), total)) + 1
    ballots = ballots[:visits].astype(np.int64)
    ballots[-1] -= int(ballots.sum()) - total
    is_new = 100 * dice.random(visits) < NEW_VOTERS
    is_new[0] = True
    known = np.cumsum(is_new)
    voter = np.where(is_new, known - 1, (dice.random(visits) * known).astype(np.int64))
    slot = np.sort(dice.integers(0, dealing.SLOTS, visits))
    return Visits(slot, voter, ballots)
