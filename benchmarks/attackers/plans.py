"""How accounts that act together vote: what they lift, what they hold down, how they hide.

Every plan gives votes as columns (entry, account, stars). What an account marks besides, its
**fillers**, it marks as real raters do: each time it copies the mark of somebody who rated that
entry. Without dealing an account picks its fillers blindly and always has its target.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.attackers.crowds import Column, Crowd
from benchmarks.attackers.decks import deal, met_by_fishing

ANSWERED = 30
FISHED = 2
TOP = 6
Votes = tuple[Column, Column, Column]


@dataclass(frozen=True)
class Scene:
    """An attack to be: the crowd, what is lifted, what stands in its way, how many accounts."""

    crowd: Crowd
    entries: int
    target: int
    #: The ten best but for the target, best first.
    rivals: Column
    accounts: int
    fillers: int
    rng: np.random.Generator

    def as_others(self, entry: Column) -> Column:
        """Marks such as real raters gave these entries; 3 where nobody did."""
        order = np.argsort(self.crowd.entry, kind="stable")
        edges = np.searchsorted(self.crowd.entry[order], np.arange(self.entries + 1))
        many = (edges[1:] - edges[:-1])[entry]
        pick = edges[:-1][entry] + (self.rng.random(len(entry)) * many).astype(np.int64)
        stars = self.crowd.stars[order[np.minimum(pick, len(order) - 1)]]
        return np.where(many > 0, stars, 3)

    def blindly(self, each: int) -> Column:
        """So many different entries for each account, a row each."""
        lots = self.rng.random((self.accounts, self.entries))
        return np.argsort(lots, axis=1)[:, :each]


def push_and_pull(scene: Scene) -> Votes:
    """5 to the target, 1 to the six best, and fillers."""
    pulled = np.tile(scene.rivals[:TOP], (scene.accounts, 1))
    return _voting(scene, _with_target(scene, np.hstack((pulled, _fillers(scene)))), pulled)


def push_and_pull_varied(scene: Scene) -> Votes:
    """The same, but each account pulls four of the ten best, its own choice."""
    lots = scene.rng.random((scene.accounts, len(scene.rivals)))
    pulled = scene.rivals[np.argsort(lots, axis=1)[:, :4]]
    return _voting(scene, _with_target(scene, np.hstack((pulled, _fillers(scene)))), pulled)


def push_only(scene: Scene) -> Votes:
    """5 to the target, and fillers."""
    return _voting(scene, _with_target(scene, _fillers(scene)))


def thirty(scene: Scene) -> Votes:
    """Thirty ratings, the target's among them."""
    return _voting(scene, _with_target(scene, scene.blindly(ANSWERED - 1)))


def thirty_dealt(scene: Scene) -> Votes:
    """Thirty ballots as they are dealt; 5 where the target is among them."""
    return _voting(scene, deal(scene.rng, scene.entries, scene.accounts, ANSWERED))


def thirty_and_pull(scene: Scene) -> Votes:
    """Thirty ratings: 5 to the target, 1 to the six best, and fillers."""
    pulled = np.tile(scene.rivals[:TOP], (scene.accounts, 1))
    others = scene.blindly(ANSWERED - 1 - TOP)
    return _voting(scene, _with_target(scene, np.hstack((pulled, others))), pulled)


def thirty_dealt_and_pull(scene: Scene) -> Votes:
    """Thirty ballots as they are dealt; 5 where the target is among them, 1 to the six best."""
    pulled = np.tile(scene.rivals[:TOP], (scene.accounts, 1))
    return _voting(scene, deal(scene.rng, scene.entries, scene.accounts, ANSWERED), pulled)


def everything(scene: Scene) -> Votes:
    """Every entry is marked, the target 5."""
    return _voting(scene, scene.blindly(scene.entries))


def everything_and_pull(scene: Scene) -> Votes:
    """Every entry is marked, the target 5 and the six best 1."""
    pulled = np.tile(scene.rivals[:TOP], (scene.accounts, 1))
    return _voting(scene, scene.blindly(scene.entries), pulled)


def taken_back(scene: Scene) -> Votes:
    """Every entry is marked, the target 5, and one other taken back, so that fewer weigh more.

    The next could go only after another was given (decisions/0026), and nothing is left to give
    but what was taken back: so it ends, in whatever order it is tried.
    """
    entry, account, stars = everything(scene)
    others = np.delete(np.arange(scene.entries), scene.target)
    back = scene.rng.choice(others, scene.accounts)
    kept = entry != back[account]
    return entry[kept], account[kept], stars[kept]


def two_and_target(scene: Scene) -> Votes:
    """The target and two fillers."""
    return _voting(scene, _with_target(scene, scene.blindly(FISHED)))


def fished(scene: Scene) -> Votes:
    """Reload and skip until the target comes or nothing more may be skipped; two fillers."""
    dealt = deal(scene.rng, scene.entries, scene.accounts, ANSWERED)
    met = met_by_fishing(dealt, scene.target, FISHED)
    entry, account, stars = two_and_target(scene)
    kept = (entry != scene.target) | met[account]
    return entry[kept], account[kept], stars[kept]


@dataclass(frozen=True)
class Attack:
    """A variant: what accounts do where they choose, and what they can do in the product."""

    name: str
    chosen: Callable[[Scene], Votes]
    ours: Callable[[Scene], Votes]


#: The first three choose in the product, too: an open contest. The others are dealt their ballots,
#: thirty, or all there are (patient; taking back), or as many as skipping brings (fishing).
ATTACKS = (
    Attack("push+pull", push_and_pull, push_and_pull),
    Attack("push+pull varied", push_and_pull_varied, push_and_pull_varied),
    Attack("push", push_only, push_only),
    Attack("dealt", thirty, thirty_dealt),
    Attack("dealt+pull", thirty_and_pull, thirty_dealt_and_pull),
    Attack("patient", everything, everything),
    Attack("patient+pull", everything_and_pull, everything_and_pull),
    Attack("taking back", thirty, taken_back),
    Attack("fishing", two_and_target, fished),
)


def _fillers(scene: Scene) -> Column:
    return scene.blindly(scene.fillers)


def _with_target(scene: Scene, others: Column) -> Column:
    """Rows of entries with the target before them."""
    return np.hstack((np.full((scene.accounts, 1), scene.target), others))


def _voting(scene: Scene, chosen: Column, pulled: Column | None = None) -> Votes:
    """Votes on the entries chosen, each account's once: the target 5, what it pulls 1."""
    account = np.repeat(np.arange(scene.accounts), chosen.shape[1])
    cells = np.unique(account * scene.entries + chosen.ravel())
    account, entry = np.divmod(cells, scene.entries)
    stars = scene.as_others(entry)
    if pulled is not None:
        down = np.repeat(np.arange(scene.accounts), pulled.shape[1]) * scene.entries
        stars[np.isin(cells, down + pulled.ravel())] = 1
    stars[entry == scene.target] = 5
    return entry, account, stars
