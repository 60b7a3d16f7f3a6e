"""What accounts are dealt: the product's own walk through a balanced slot, and its skips.

A slot is dealt balanced here. Under rounds an account meets the entries in the running more often,
and so does everybody else: the accounts' share of the votes on an entry is the same.
"""

from __future__ import annotations

from itertools import islice

import numpy as np
from numpy.typing import NDArray

from benchmarks.attackers.crowds import Column
from ideation.voting import dealing


def deal(rng: np.random.Generator, entries: int, accounts: int, ballots: int) -> Column:
    """The first ballots of each account, a row each; each comes in a slot of its own choosing."""
    secret = rng.bytes(32)
    rows = np.empty((accounts, min(ballots, entries)), dtype=np.int64)
    came = rng.integers(0, dealing.SLOTS, accounts)
    for slot in np.unique(came).tolist():
        seed = dealing.slot_seed(secret, slot)
        bands = dealing.plan(seed, slot, np.arange(entries), np.zeros(entries)).bands
        listed = [entry for band in bands for entry in band]
        for account in np.flatnonzero(came == slot).tolist():
            walk = dealing.walk(listed, [entries], seed, account)
            rows[account] = list(islice(walk, rows.shape[1]))
    return rows


def met_by_fishing(dealt: Column, target: int, answers: int) -> NDArray[np.bool_]:
    """Whether each account meets the target by skipping all it may and answering so many others.

    It sees what it skipped, what it answered, and the ballots that lie open at the end.
    """
    seen = dealing.skips_allowed(answers) + answers + dealing.OPEN_AT_MOST
    met: NDArray[np.bool_] = (dealt[:, :seen] == target).any(axis=1)
    return met
