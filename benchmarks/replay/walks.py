"""What `dealing` deals in one slot, to all its voters at a time: the same, only faster."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ideation.voting import dealing

Ints = NDArray[np.int64]
_NONE = np.empty(0, dtype=np.int64)


def deal(
    plan: dealing.Plan,
    seed: bytes,
    voters: Ints,
    wanted: Ints,
    positions: Ints,
    seen: NDArray[np.bool_],
) -> tuple[Ints, Ints]:
    """(voter, entry) of each ballot: to each of the voters as many as wanted, or as there are.

    ``positions`` counts what each was dealt before, ``seen`` (voter, entry) is what they
    answered. Nothing is late in a replay, so there is no first band.
    """
    lists = [_List(plan.bands[1:], seed, voters, b"voter")]
    if plan.tiers:
        lists.append(_List(plan.tiers, seed, voters, b"running"))
    taken = seen[voters]  # a copy: within the slot it grows
    out: list[tuple[Ints, Ints]] = []
    for place in range(int(wanted.max(initial=0))):
        asking = np.flatnonzero(wanted > place)
        side = _coins(seed, voters[asking], positions[asking] + place) * (len(lists) > 1)
        entry = np.full(len(voters), -1, dtype=np.int64)
        for which in range(len(lists)):
            lists[which].next(asking[side == which], entry, taken)
        for other in range(len(lists)):  # the side the coin fell on is exhausted
            lists[other].next(asking[entry[asking] < 0], entry, taken)
        served = asking[entry[asking] >= 0]
        taken[served, entry[served]] = True
        out.append((voters[served], entry[served]))
    if not out:
        return _NONE, _NONE
    return np.concatenate([each for each, _ in out]), np.concatenate([each for _, each in out])


def _coins(seed: bytes, voters: Ints, positions: Ints) -> Ints:
    each = zip(voters.tolist(), positions.tolist(), strict=True)
    return np.array([dealing.coin(seed, voter, position) for voter, position in each], dtype=int)


class _List:
    """Some bands, and how far each voter has come on their own way through them."""

    def __init__(
        self, bands: Sequence[Sequence[int]], seed: bytes, voters: Ints, which: bytes
    ) -> None:
        self._entries = np.array([entry for band in bands for entry in band], dtype=np.int64)
        self._sizes = np.array([len(band) for band in bands], dtype=np.int64)
        self._ends = np.cumsum(self._sizes)
        self._seed, self._voters, self._which = seed, voters, which
        self._ways: dict[int, Ints] = {}
        self._come = np.zeros(len(voters), dtype=np.int64)

    def next(self, asking: Ints, entry: Ints, taken: NDArray[np.bool_]) -> None:
        """Write the next entry of each who asks, where there is one they have not had."""
        while asking.size:
            asking = asking[self._come[asking] < len(self._entries)]
            here = self._at(asking, self._come[asking])
            self._come[asking] += 1
            fresh = ~taken[asking, here]
            entry[asking[fresh]] = here[fresh]
            asking = asking[~fresh]

    def _at(self, asking: Ints, k: Ints) -> Ints:
        """`dealing.candidate` and `dealing.runner`, for many voters."""
        band = np.searchsorted(self._ends, k, side="right")
        here = np.empty(len(asking), dtype=np.int64)
        for each in np.unique(band).tolist():
            inside = band == each
            start, size = self._ends[each] - self._sizes[each], self._sizes[each]
            offset, stride = self._way(each)[asking[inside]].T
            here[inside] = self._entries[start + (offset + (k[inside] - start) * stride) % size]
        return here

    def _way(self, band: int) -> Ints:
        if band not in self._ways:
            size = int(self._sizes[band])
            orders = (
                dealing.order_for(self._seed, voter, size, self._which)
                for voter in self._voters.tolist()
            )
            self._ways[band] = np.array(list(orders), dtype=np.int64)
        return self._ways[band]
