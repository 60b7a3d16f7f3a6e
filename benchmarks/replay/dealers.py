"""Ways to choose whom to show what: ours, and those it is measured against.

Each deals one slot: to every voter as many entries as they answer, none of them twice.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.replay import walks
from benchmarks.replay.box import Box
from ideation.voting import dealing, scoring

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
#: What a greedy way expects of some entries, by what is in the box.
Promise = Callable[[Box, Ints], Floats]

#: After how many ballots the greedy ways look again at who is best; the New Yorker contest's
#: server did so in one of ten answers.
LOOKS_AFTER = 10
#: Of lil'UCB as it was deployed: the failure probability.
DELTA = 0.05
NEVER_SEEN = 1e6


class Dealer(Protocol):
    """Deals the ballots of a slot into the box."""

    def deal(self, slot: int, voters: Ints, ballots: Ints, box: Box) -> None: ...


class Planned:
    """What the product does: `dealing.plan` once a slot, then every voter's walk."""

    def __init__(self, dice: np.random.Generator, *, balanced: bool = False) -> None:
        self._deal_seed = dice.bytes(32)
        self._balanced = balanced

    def deal(self, slot: int, voters: Ints, ballots: Ints, box: Box) -> None:
        seed = dealing.slot_seed(self._deal_seed, slot)
        prospects = None
        if not self._balanced and dealing.is_choosing(slot, box.counts):
            prospects = box.prospects()
        plan = dealing.plan(seed, slot, np.arange(box.size), box.counts, prospects)
        box.put(*walks.deal(plan, seed, voters, ballots, box.dealt[voters], box.seen))


class Uniform:
    """Anything the voter has not seen, all alike."""

    def __init__(self, dice: np.random.Generator) -> None:
        self._dice = dice

    def deal(self, slot: int, voters: Ints, ballots: Ints, box: Box) -> None:  # noqa: ARG002
        for voter, wanted in _each(voters, ballots):
            most = min(box.size, wanted + int(box.dealt[voter]))
            some = self._dice.choice(box.size, most, replace=False)
            _serve(voter, some[~box.seen[voter, some]][:wanted], box)


class Newest:
    """A page with the latest upload on top; uploads arrive evenly over the window."""

    def __init__(self, dice: np.random.Generator) -> None:
        self._dice = dice
        self._order: Ints | None = None

    def deal(self, slot: int, voters: Ints, ballots: Ints, box: Box) -> None:
        if self._order is None:
            self._order = self._dice.permutation(box.size)
        there = self._order[: max(1, box.size * (slot + 1) // dealing.SLOTS)][::-1]
        for voter, wanted in _each(voters, ballots):
            _serve(voter, there[~box.seen[voter, there]][:wanted], box)


class Greedy:
    """The best by some promise first, looked at again after every few ballots."""

    def __init__(self, dice: np.random.Generator, promise: Promise) -> None:
        self._dice = dice
        self._promise = promise

    def deal(self, slot: int, voters: Ints, ballots: Ints, box: Box) -> None:  # noqa: ARG002
        lots = self._dice.random(box.size) * 1e-9
        worth = self._promise(box, np.arange(box.size)) + lots
        pool = _Pool(worth)
        for voter, wanted in _each(voters, ballots):
            for done in range(0, wanted, LOOKS_AFTER):
                chosen = pool.best(min(LOOKS_AFTER, wanted - done), box.seen[voter])
                _serve(voter, chosen, box)
                worth[chosen] = self._promise(box, chosen) + lots[chosen]


class _Pool:
    """The most promising entries, so that not all of them are looked at for every ballot.

    Only what was dealt changes in worth; who is outside stays below the bar, and when somebody
    inside falls below it or too few are left for a voter, the pool is filled anew.
    """

    SIZE = 256

    def __init__(self, worth: Floats) -> None:
        self._worth = worth
        self._fill(self.SIZE)

    def _fill(self, size: int) -> None:
        size = min(size, len(self._worth))
        self._inside = np.argpartition(-self._worth, size - 1)[:size]
        self._bar = self._worth[self._inside].min()

    def best(self, few: int, seen: NDArray[np.bool_]) -> Ints:
        """The few best that were not seen, or what there is."""
        size = self.SIZE
        while True:
            inside = self._inside[~seen[self._inside]]
            worth = self._worth[inside]
            everybody = len(self._inside) == len(self._worth)
            if len(inside) > few:
                inside = inside[np.argpartition(-worth, few)[:few]]
            enough = len(inside) == few and self._worth[inside].min() >= self._bar
            if enough or everybody:
                return inside
            self._fill(size)
            size *= 4


def best_first(box: Box, entries: Ints) -> Floats:
    """The mean so far, shrunk by twenty marks at the mean of all: a "best rated" page."""
    prior = scoring.DEFAULT_PRIOR
    mean = box.stars.sum() / max(1, box.cast)
    worth: Floats = (prior * mean + box.stars[entries]) / (prior + box.counts[entries])
    return worth


def lil_ucb(scale: float) -> Promise:
    """An upper bound of the mean: lil'UCB (Jamieson, Malloy, Nowak, Bubeck, *lil' UCB: An
    Optimal Exploration Algorithm for Multi-Armed Bandits*, COLT 2014) in the form that ran the
    New Yorker's contests (Jamieson, Jain, Fernandez, Glattard, Nowak, *NEXT*, NIPS 2015):

        mean + sqrt(2 R² ln(4 T² / δ) / T),  δ = 0.05, infinite before the first mark

    ``scale`` is R, in stars.
    """

    def promise(box: Box, entries: Ints) -> Floats:
        seen = np.maximum(1, box.counts[entries])
        width = np.sqrt(2 * scale**2 * np.log(4 * seen**2 / DELTA) / seen)
        return np.where(box.counts[entries] > 0, box.stars[entries] / seen + width, NEVER_SEEN)

    return promise


def _each(voters: Ints, ballots: Ints) -> Iterator[tuple[int, int]]:
    return zip(voters.tolist(), ballots.tolist(), strict=True)


def _serve(voter: int, entries: Ints, box: Box) -> None:
    box.put(np.full(len(entries), voter, dtype=np.int64), entries)
