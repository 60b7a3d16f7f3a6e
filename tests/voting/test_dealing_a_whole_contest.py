"""Whole contests, dealt slot by slot by the pure code to a crowd that comes as it likes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, chain, islice

import pytest

from ideation.voting import dealing

SITTING = 20
OWN_OF = 97  # voter v made entry v % OWN_OF, where there is one


@dataclass
class Contest:
    """Who answered what so far; entries get better with their number."""

    entries: int
    chance: random.Random
    counts: dict[int, int] = field(default_factory=dict)
    stars: dict[int, int] = field(default_factory=dict)
    answered: dict[int, list[int]] = field(default_factory=dict)
    approved: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)

    def plan(self, seed: bytes, slot: int, *, choosing: bool = True) -> dealing.Plan:
        ids = sorted(self.approved)
        seen = [self.counts.get(entry, 0) for entry in ids]
        prospects = [
            (20 * 30_000 + 10_000 * self.stars.get(entry, 0)) // (20 + n)
            for entry, n in zip(ids, seen, strict=True)
        ]
        return dealing.plan(seed, slot, ids, seen, prospects if choosing else None, self.late)

    def sit(self, planned: dealing.Plan, seed: bytes, voter: int, ballots: int) -> None:
        """A voter answers so many ballots, or what is left for them."""
        done = self.answered.setdefault(voter, [])
        barred = {*done, voter % OWN_OF}
        entries = tuple(chain.from_iterable(planned.bands))
        ends = tuple(accumulate(map(len, planned.bands)))
        late = len(planned.bands[0])

        def others(start: int, end: int) -> Iterator[int]:
            way = (dealing.candidate(entries, ends, seed, voter, k) for k in range(start, end))
            return (entry for entry in way if entry not in barred)

        best = tuple(chain.from_iterable(planned.tiers))
        tiers = tuple(accumulate(map(len, planned.tiers)))
        way = (dealing.runner(best, tiers, seed, voter, k) for k in range(len(best)))
        running = (entry for entry in way if entry not in barred)
        streams = others(0, late), running, others(late, len(entries))
        for entry in islice(dealing.draw(seed, voter, len(done), *streams), ballots):
            self.counts[entry] = self.counts.get(entry, 0) + 1
            liking = 1 + 4 * entry / self.entries
            mark = min(5, max(1, round(self.chance.gauss(liking, 1.2))))
            self.stars[entry] = self.stars.get(entry, 0) + mark
            done.append(entry)


def play(
    entries: int, average: int, chance: random.Random, *, late: int = 0, choosing: bool = True
) -> Contest:
    """A contest of so many votes an entry on average, in visits scattered over the slots.

    The last ``late`` entries are approved in the middle of it.
    """
    contest = Contest(entries, chance, approved=set(range(entries - late)))
    # Some slots are busy and some are dead, as days and nights are.
    busy = [chance.expovariate(1) for _ in range(dealing.SLOTS)]
    visits: list[list[int]] = [[] for _ in range(dealing.SLOTS)]
    left, voters = entries * average, 0
    while left > 0:
        voters += chance.random() < 0.7
        (slot,) = chance.choices(range(dealing.SLOTS), busy)
        visits[slot].append(chance.randrange(max(1, voters)))
        left -= SITTING
    for slot, here in enumerate(visits):
        if slot == dealing.SLOTS // 2:
            contest.late = set(range(entries - late, entries))
            contest.approved |= contest.late
        seed = dealing.slot_seed(b"secret", slot)
        planned = contest.plan(seed, slot, choosing=choosing)
        for voter in here:
            contest.sit(planned, seed, voter, SITTING)
    return contest


@pytest.mark.parametrize("entries", [61, 150, 400])
@pytest.mark.parametrize("average", [6, 20])
@pytest.mark.parametrize("turnout", range(3))
def test_every_entry_gets_its_floor(entries: int, average: int, turnout: int) -> None:
    contest = play(entries, average, random.Random(f"{entries} {average} {turnout}"))
    votes = sum(contest.counts.values())
    least = min(contest.counts.get(entry, 0) for entry in range(entries))
    assert least >= int(dealing.floor_at(votes, entries))


@pytest.mark.parametrize("watched", [True, False])
def test_without_the_watch_over_the_floor_it_would_be_missed(
    monkeypatch: pytest.MonkeyPatch, watched: bool
) -> None:
    monkeypatch.setattr(dealing, "SURVIVORS_SHARE", 100)
    monkeypatch.setattr(dealing, "LAST_SURVIVORS", 60)
    monkeypatch.setattr(dealing, "BALANCED_SLOTS", dealing.LEAST_BALANCED_SLOTS)
    if not watched:
        monkeypatch.setattr(dealing, "_floor_is_safe", lambda *_: True)
    contest = play(200, 20, random.Random("watched 5"))
    least = min(contest.counts.get(entry, 0) for entry in range(200))
    assert (least >= dealing.FLOOR) is watched


@pytest.mark.parametrize("entries", [30, 60, 200])
def test_nobody_is_dealt_their_own_or_what_they_answered(entries: int) -> None:
    contest = play(entries, 12, random.Random(entries))
    for voter, answered in contest.answered.items():
        assert len(answered) == len(set(answered))
        assert voter % OWN_OF not in answered


@pytest.mark.parametrize("entries", [30, 60])
def test_a_small_contest_is_balanced_throughout(entries: int) -> None:
    contest = play(entries, 12, random.Random(entries))
    assert max(contest.counts.values()) - min(contest.counts.values()) <= 8
    # A voter with the whole deck behind them has seen everything but their own.
    everything = set(range(entries))
    for voter, answered in contest.answered.items():
        if len(answered) >= entries - 1:
            assert set(answered) == everything - {voter % OWN_OF}


def test_above_that_the_better_are_dealt_more_often() -> None:
    contest = play(300, 20, random.Random(7))
    top = sum(contest.counts[entry] for entry in range(288, 300)) / 12
    rest = sum(contest.counts[entry] for entry in range(150)) / 150
    assert top > 4 * rest
    level = play(300, 20, random.Random(7), choosing=False)
    assert sum(level.counts[entry] for entry in range(288, 300)) / 12 < 25  # the control


def test_entries_approved_late_reach_the_floor_all_the_same() -> None:
    contest = play(150, 20, random.Random(5), late=10)
    assert min(contest.counts.get(entry, 0) for entry in range(140, 150)) >= dealing.FLOOR
