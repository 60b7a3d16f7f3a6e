"""Who is shown what: the pure part of dealing, a function of seeds, counts, scores and answers.

The scoring window is cut into 60 slots. A worker plans each slot once: who is still in the
running, with the next best behind them (`tiers`), and all entries least seen first, cut into
bands. Every voter walks both in an order of their own, which is fixed for the slot on every
device: it follows from the slot's secret seed and the voter, so nothing has to be stored to find
the k-th candidate, and finding it costs the same however long the list is.

    deal seed (secret, of the contest) -> slot seed -> the lists, shuffled
                                                    -> a voter's offset and stride in each
                                                    -> a voter's coin for each position

**The plan.** The floor comes first: slots are balanced until every entry has it, which takes a
third of them at twenty votes an entry. Then those with the best prospects (`prospects`) are in the
running, fewer in every slot, from half of all down to twelve: successive halving (Karnin, Koren,
Somekh, *Almost Optimal Exploration in Multi-Armed Bandits*, ICML 2013) in small steps, and over
*all* entries, so that one may come back. Those in the running share 97 ballots of 100, the other 3
go to the least seen of all; who has scored all in the running is dealt the next best. A slot at
whose beginning the floor is in danger is balanced again, as is the whole of a contest that is
small or has votes in plenty.

What a voter is shown next is `next_ballots`: what is open stays open, then the walk without what
was answered or skipped, then the skipped ones in the order they were skipped. It takes no notice
of where a cursor stood: the deck neither repeats, nor loops, nor ends early.
"""

from __future__ import annotations

import hmac
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from hashlib import shake_256
from itertools import chain
from math import ceil, gcd
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from numpy.typing import ArrayLike, NDArray

SLOTS = 60
#: Up to so many entries everybody sees them all, and there is nothing to choose.
BALANCED_ENTRIES = 60
#: Votes an entry, at the pace so far, that tell the entries apart without choosing.
BALANCED_VOTES = 200
#: How many are in the running in the end, which is reached after so many of a hundred slots that
#: choose; what is left then tells them apart.
LAST_SURVIVORS = 12
LAST_AFTER = 90
#: So many of the best are listed at least, for whoever has scored all in the running.
NEXT_BEST = 48
#: Ballots of a hundred that go to those in the running; the others to the least seen of all.
SURVIVORS_SHARE = 97
#: The least votes of an entry where the average is twenty or more; below, as large a share of it.
FLOOR = 7
FLOOR_AVERAGE = 20
#: How long the floor takes where all are dealt alike; less where there are more votes, but a
#: tenth of the slots at least: a busy first hour does not make a busy week.
BALANCED_SLOTS = SLOTS * FLOOR // FLOOR_AVERAGE
LEAST_BALANCED_SLOTS = SLOTS // 10
#: What the least seen get in so many last slots is not counted on for bringing all to the floor.
RESERVED_SLOTS = 3
#: Of an entry that was not counted yet; less than any that was.
NO_PROSPECTS = -(2**62)
OPEN_AT_MOST = 4
LEAST_BAND = 12
FREE_SKIPS = 5
ANSWERS_A_SKIP = 4
SKIPS_A_DAY = 20
_COINS_A_LOT = 16


@dataclass(frozen=True)
class Plan:
    """What one slot deals: everything in bands, least seen first, and the best in tiers.

    The first band holds what comes before everything else: entries approved late that have not
    got their floor yet; it is often empty. The first tier is who is in the running; the second,
    where those are few, the next best. There are none where the slot is balanced.
    """

    bands: tuple[tuple[int, ...], ...]
    tiers: tuple[tuple[int, ...], ...]

    @property
    def survivors(self) -> tuple[int, ...]:
        """Who is in the running; nobody where the slot is balanced."""
        return self.tiers[0] if self.tiers else ()


def slot_of(at: datetime, opens_at: datetime, closes_at: datetime, slots: int = SLOTS) -> int:
    """The slot, 0 to `slots` - 1, that an instant of the half-open window falls into.

    Raises ValueError outside the window.
    """
    if not opens_at <= at < closes_at:
        raise ValueError("no slot: the instant lies outside the scoring window")
    return (at - opens_at) * slots // (closes_at - opens_at)


def slot_seed(deal_seed: bytes, slot: int) -> bytes:
    """The secret of one slot, from the contest's deal seed: HMAC-SHA256 of the slot's number."""
    return hmac.digest(deal_seed, b"slot" + slot.to_bytes(8, "big"), "sha256")


def plan(
    seed: bytes,
    slot: int,
    entries: ArrayLike,
    counts: ArrayLike,
    prospects: ArrayLike | None = None,
    late: Collection[int] = (),
) -> Plan:
    """Plan a slot from how often each entry was seen and how well it may do.

    `counts` and `prospects` go along with `entries`, whose order does not matter; without
    `prospects` the slot is balanced. `late` names the entries approved since opening.
    """
    ids = np.asarray(entries, dtype=np.int64)
    seen = np.asarray(counts, dtype=np.int64)
    by_id = np.argsort(ids)
    ids, seen = ids[by_id], seen[by_id]
    lots = np.frombuffer(shake_256(seed + b"lots").digest(8 * ids.size), dtype=">u8")
    order = np.lexsort((lots, seen))
    waits = np.isin(ids, list(late)) & (seen < floor_at(int(seen.sum()), ids.size))
    first, others = order[waits[order]], order[~waits[order]]
    tiers: list[NDArray[np.intp]] = []
    cuts = cut_bands(seen[others])
    if prospects is not None and is_choosing(slot, seen):
        hopes = np.asarray(prospects, dtype=np.int64)[by_id]
        size = survivors_in(slot, ids.size, balanced_slots(slot, seen))
        best = np.lexsort((lots, seen, -hopes))[: max(size, NEXT_BEST)]
        lacking = int((seen[others] < _floor_at_close(slot, seen)).sum())
        if _floor_is_safe(slot, seen, best[:size]):
            tiers = [np.sort(tier) for tier in (best[:size], best[size:]) if tier.size]
            cuts = _cut_evenly(others.size, slot, int(seen.sum()), lacking)
        elif 0 < lacking < others.size:
            cuts = [*cut_bands(seen[others[:lacking]]), others.size]
    bands = (others[start:end] for start, end in zip([0, *cuts], cuts, strict=False))
    return Plan(
        bands=tuple(tuple(ids[each].tolist()) for each in (first, *bands)),
        tiers=tuple(tuple(ids[each].tolist()) for each in tiers),
    )


def is_choosing(slot: int, counts: ArrayLike) -> bool:
    """Whether a slot may deal the better entries more often; else it is balanced.

    It is while the floor is paid, in small contests and in those with votes in plenty at the pace
    so far, and while there is not even one vote an entry to tell them apart by.
    """
    seen = np.asarray(counts, dtype=np.int64)
    votes = int(seen.sum())
    if seen.size <= BALANCED_ENTRIES or votes < seen.size:
        return False
    if slot < balanced_slots(slot, seen):
        return False
    return votes * SLOTS < BALANCED_VOTES * seen.size * slot


def balanced_slots(slot: int, counts: ArrayLike) -> int:
    """How many slots the floor takes at the pace so far, where all are dealt alike.

    A third of the window at twenty votes an entry or fewer, whose floor is as large a share.
    """
    seen = np.asarray(counts, dtype=np.int64)
    votes = int(seen.sum())
    if votes * SLOTS <= FLOOR_AVERAGE * seen.size * slot:
        return BALANCED_SLOTS
    return max(LEAST_BALANCED_SLOTS, -(-FLOOR * seen.size * slot // votes))


def _floor_is_safe(slot: int, seen: NDArray[np.int64], running: NDArray[np.intp]) -> bool:
    """Whether the others' share of the ballots to come, at the pace so far, will bring everybody
    who is not in the running to the floor. The last slots are kept for what falls twice on one.
    """
    missing = np.maximum(0, _floor_at_close(slot, seen) - seen)
    missing[running] = 0
    slots = max(0, SLOTS - RESERVED_SLOTS - slot)
    return int(missing.sum()) <= _left_over(slot, int(seen.sum())) * slots


def _cut_evenly(size: int, slot: int, votes: int, lacking: int) -> list[int]:
    """Bands for a slot that gives the least seen only some ballots: as many entries as ballots.

    They cut equal counts, which the lots have shuffled: a few stragglers would else share a band
    with the thousands that are one vote ahead, and be missed by luck until the end. Where fewer
    than that lack the floor, these are a band of their own.
    """
    band = max(LEAST_BAND, int(_left_over(slot, votes)))
    return [*range(min(lacking, band) or band, size, band), size]


def _left_over(slot: int, votes: int) -> float:
    """How many ballots of a slot those in the running leave to the others, at the pace so far."""
    return votes * (100 - SURVIVORS_SHARE) / (100 * slot)


def _floor_at_close(slot: int, seen: NDArray[np.int64]) -> int:
    """The floor as whole votes, at the pace so far."""
    return ceil(floor_at(int(seen.sum()) * SLOTS // slot, seen.size))


def floor_at(votes: int, entries: int) -> float:
    """The floor, in votes, where there are so many votes on so many entries."""
    return min(FLOOR, FLOOR * votes / (FLOOR_AVERAGE * max(1, entries)))


def survivors_in(slot: int, entries: int, balanced: int = BALANCED_SLOTS) -> int:
    """How many of the entries are in the running in a slot after so many balanced ones.

    From half of all to the last survivors by equal ratios of t to the power of 1.5, where t is the
    share that is over of the slots until then: losing one of the best early, on a few marks, costs
    more than knowing the last ones less well.
    """
    past = 100 * (slot - balanced) / (LAST_AFTER * (SLOTS - balanced))
    half = entries / 2
    left: float = half * (LAST_SURVIVORS / half) ** min(1.0, past) ** 1.5
    return max(min(LAST_SURVIVORS, entries), round(left))


def cut_bands(counts: ArrayLike, at_least: int | None = None) -> list[int]:
    """Where each band of a balanced slot ends (exclusive): between unequal counts along the list.

    A band holds `at_least` entries, by default a quarter of the list and no fewer than twelve, so
    neighbouring counts share one. With narrow bands all voters of a slot are dealt the same few
    designs, which overshoot: in a simulated week of 500 entries and 240 votes an entry, bands of
    24 ended between 207 and 287, bands of a quarter between 233 and 255, no bands between 199
    and 286. A remainder too short for a band of its own joins the last one.
    """
    seen = np.asarray(counts, dtype=np.int64)
    if at_least is None:
        at_least = max(LEAST_BAND, seen.size // 4)
    ends: list[int] = []
    start = 0
    for here in (np.flatnonzero(np.diff(seen)) + 1).tolist():
        if here - start >= at_least and seen.size - here >= at_least:
            ends.append(here)
            start = here
    return [*ends, seen.size] if seen.size else []


def coin(seed: bytes, voter_id: int, position: int) -> bool:
    """Whether the ballot at a position (from 0, over the contest) is one of the survivors' 97 %."""
    block, place = divmod(position, _COINS_A_LOT)
    lot = hmac.digest(
        seed, b"coin" + voter_id.to_bytes(8, "big") + block.to_bytes(8, "big"), "sha256"
    )
    return 100 * int.from_bytes(lot[2 * place : 2 * place + 2], "big") < SURVIVORS_SHARE << 16


@lru_cache(maxsize=4096)
def order_for(seed: bytes, voter_id: int, n: int, which: bytes = b"voter") -> tuple[int, int]:
    """A voter's offset and stride through `n` entries in one slot; `which` tells lists apart.

    The stride is coprime to `n`, so that offset + k * stride (mod n) meets each place once.
    Raises ValueError for an empty list.
    """
    if n < 1:
        raise ValueError("nothing to order")
    lot = hmac.digest(seed, which + voter_id.to_bytes(8, "big"), "sha256")
    offset = int.from_bytes(lot[:16], "big") % n
    stride = 1 + int.from_bytes(lot[16:], "big") % n
    while gcd(stride, n) > 1:
        stride += 1
    return offset, stride


def candidate(
    entries: Sequence[int],
    bands: Sequence[int],
    seed: bytes,
    voter_id: int,
    k: int,
    which: bytes = b"voter",
) -> int:
    """The k-th entry (from 0) of a voter's order: first band first, their own way through it."""
    band = bisect_right(bands, k)
    start = bands[band - 1] if band else 0
    size = bands[band] - start
    offset, stride = order_for(seed, voter_id, size, which)
    return entries[start + (offset + (k - start) * stride) % size]


def runner(entries: Sequence[int], tiers: Sequence[int], seed: bytes, voter_id: int, k: int) -> int:
    """The k-th of the best (from 0) in a voter's order: who is in the running, then the next."""
    return candidate(entries, tiers, seed, voter_id, k, b"running")


def walk(
    entries: Sequence[int], bands: Sequence[int], seed: bytes, voter_id: int, start: int = 0
) -> Iterator[int]:
    """Every entry once in the voter's order, from place `start` on and round to it again.

    `start` is a hint that spares a long way past what was answered; a wrong one costs only time.
    """
    n = len(entries)
    for step in range(n):
        yield candidate(entries, bands, seed, voter_id, (start + step) % n)


def draw(
    seed: bytes,
    voter_id: int,
    position: int,
    first: Iterable[int],
    running: Iterable[int],
    others: Iterable[int],
) -> Iterator[int]:
    """What a voter is dealt from a position on, each entry once: all of `first`, then by the coin.

    `running` and `others` are the two walks, less whatever is not to be dealt. Where the side the
    coin fell on is exhausted, the other serves. Each is read only as far as needed.
    """
    dealt: set[int] = set()
    ahead, sides = iter(first), (iter(others), iter(running))
    while True:
        sure = next((entry for entry in ahead if entry not in dealt), None)
        if sure is None:
            side = coin(seed, voter_id, position + len(dealt))
            both = chain(sides[side], sides[not side])
            sure = next((entry for entry in both if entry not in dealt), None)
        if sure is None:
            return
        dealt.add(sure)
        yield sure


def skips_allowed(answered: int) -> int:
    """How many skips a voter has earned in a contest: five, and one for every four answered."""
    return FREE_SKIPS + answered // ANSWERS_A_SKIP


def may_skip(answered: int, skipped_total: int, skipped_today: int) -> bool:
    """Whether one more skip is earned and the day's twenty are not used up.

    Free skips would let a voter fish for a target and answer nothing else.
    """
    return skipped_total < skips_allowed(answered) and skipped_today < SKIPS_A_DAY
