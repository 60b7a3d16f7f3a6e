"""Who is shown what: the pure part of dealing, a function of seeds, counts and answers.

The scoring window is cut into 60 slots. A worker builds one list a slot, least seen first, and
cuts it into bands; every voter walks the same bands in an order of their own, which is fixed for
the slot on every device: it follows from the slot's secret seed and the voter, so nothing has to
be stored to find the k-th candidate, and finding it costs the same however long the list is.

    deal seed (secret, of the contest) -> slot seed -> the list, shuffled within equal counts
                                                    -> a voter's offset and stride in each band

What a voter is shown next is `next_ballots`: what is open stays open, then the walk without what
was answered or skipped, then the skipped ones in the order they were skipped. It takes no notice
of where a cursor stood: the deck neither repeats, nor loops, nor ends early.
"""

from __future__ import annotations

import hmac
from bisect import bisect_right
from itertools import chain
from math import gcd
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

SLOTS = 60
OPEN_AT_MOST = 4
LEAST_BAND = 12
FREE_SKIPS = 5
ANSWERS_A_SKIP = 4
SKIPS_A_DAY = 20


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


def build_list(seed: bytes, entry_ids: Sequence[int], counts: Mapping[int, int]) -> list[int]:
    """The slot's list: least seen first, shuffled by the slot's seed within equal counts.

    `counts` says how often each entry was seen; who is missing was never. The order of
    `entry_ids` does not matter.
    """

    def place(entry: int) -> tuple[int, bytes]:
        lot = hmac.digest(seed, b"entry" + entry.to_bytes(8, "big"), "sha256")
        return counts.get(entry, 0), lot

    return sorted(entry_ids, key=place)


def cut_bands(
    entries: Sequence[int], counts: Mapping[int, int], at_least: int | None = None
) -> list[int]:
    """Where each band of the slot's list ends (exclusive): cuts lie between different counts.

    A band holds `at_least` entries, by default a quarter of the list and no fewer than twelve, so
    neighbouring counts share one. With narrow bands all voters of a slot are dealt the same few
    designs, which overshoot: in a simulated week of 500 entries and 240 votes an entry, bands of
    24 ended between 207 and 287, bands of a quarter between 233 and 255, no bands between 199
    and 286. A remainder too short for a band of its own joins the last one.
    """
    if at_least is None:
        at_least = max(LEAST_BAND, len(entries) // 4)
    ends: list[int] = []
    start = 0
    for here in range(1, len(entries)):
        differs = counts.get(entries[here], 0) != counts.get(entries[here - 1], 0)
        if differs and here - start >= at_least and len(entries) - here >= at_least:
            ends.append(here)
            start = here
    return [*ends, len(entries)] if entries else []


def order_for(seed: bytes, voter_id: int, n: int) -> tuple[int, int]:
    """A voter's offset and stride through `n` entries in one slot.

    The stride is coprime to `n`, so that offset + k * stride (mod n) meets each place once.
    Raises ValueError for an empty list.
    """
    if n < 1:
        raise ValueError("nothing to order")
    lot = hmac.digest(seed, b"voter" + voter_id.to_bytes(8, "big"), "sha256")
    offset = int.from_bytes(lot[:16], "big") % n
    stride = 1 + int.from_bytes(lot[16:], "big") % n
    while gcd(stride, n) > 1:
        stride += 1
    return offset, stride


def candidate(
    entries: Sequence[int], bands: Sequence[int], seed: bytes, voter_id: int, k: int
) -> int:
    """The k-th entry (from 0) of a voter's order: lowest band first, their own way through it."""
    band = bisect_right(bands, k)
    start = bands[band - 1] if band else 0
    size = bands[band] - start
    offset, stride = order_for(seed, voter_id, size)
    return entries[start + (offset + (k - start) * stride) % size]


def walk(
    entries: Sequence[int], bands: Sequence[int], seed: bytes, voter_id: int, start: int = 0
) -> Iterator[int]:
    """Every entry once in the voter's order, from place `start` on and round to it again.

    `start` is a hint that spares a long way past what was answered; a wrong one costs only time.
    """
    n = len(entries)
    for step in range(n):
        yield candidate(entries, bands, seed, voter_id, (start + step) % n)


def next_ballots(
    order: Iterable[int],
    answered: Collection[int],
    open_now: Sequence[int],
    skipped_back: Sequence[int],
    barred: Collection[int],
    limit: int = OPEN_AT_MOST,
) -> list[int]:
    """The ballots that lie open for a voter now, the one to show first; empty when all is done.

    `open_now` are the ballots that lay open before, in order: they stay, whatever the slot, until
    answered, barred or skipped (`skip_to_back`). `skipped_back` are the skipped ones, earliest
    first; `barred` is what is never dealt to this voter: their own and co-designed entries, those
    of their device cluster, and what has left the contest. `order` may name an entry twice: what
    must come first (say, an entry approved late) is simply put before the walk. Pass `answered`
    and `barred` as sets; `order` is read only as far as needed.
    """
    ballots: list[int] = []
    skipped = dict.fromkeys(skipped_back)
    fresh = (entry for entry in order if entry not in skipped)
    for entry in chain(open_now, fresh, skipped):
        if len(ballots) >= limit:
            break
        if entry not in answered and entry not in barred and entry not in ballots:
            ballots.append(entry)
    return ballots


def skip_to_back(
    open_now: Sequence[int], skipped_back: Sequence[int], entry: int
) -> tuple[list[int], list[int]]:
    """What is open and what was skipped, earliest first, once `entry` is skipped (again)."""
    still_open = [each for each in open_now if each != entry]
    return still_open, [*(each for each in skipped_back if each != entry), entry]


def skips_allowed(answered: int) -> int:
    """How many skips a voter has earned in a contest: five, and one for every four answered."""
    return FREE_SKIPS + answered // ANSWERS_A_SKIP


def may_skip(answered: int, skipped_total: int, skipped_today: int) -> bool:
    """Whether one more skip is earned and the day's twenty are not used up.

    Free skips would let a voter fish for a target and answer nothing else.
    """
    return skipped_total < skips_allowed(answered) and skipped_today < SKIPS_A_DAY
