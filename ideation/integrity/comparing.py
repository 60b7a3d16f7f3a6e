"""With and without: where entries stand if a case's votes count, and if they do not.

Each side is a count of the contest, kept in this process under what it depends on: a closed
contest's votes never change, so its number of tallies and who is set aside say it all; one that
is being scored is counted anew each slot. The votes are read once for both; ten million take
some seconds the first time.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from threading import Lock

import numpy as np

from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.integrity import cases
from ideation.integrity.models import Case
from ideation.voting import counting, queries, tallying
from ideation.voting.columns import Cast
from ideation.voting.models import LiveCount
from ideation.voting.weighing import VOTE

#: Counts that are kept.
MOST_KEPT = 12
#: Rows of a table of what moves.
MOST_SHIFTS = 12
#: Five stars in 1/10,000 star.
FIVE = 50_000


@dataclass(frozen=True)
class Place:
    """Where an entry stands: its rank, and its score in 1/10,000 star."""

    rank: int
    score: int


@dataclass(frozen=True)
class Margin:
    """How close the last winner is to the next entry."""

    last: int
    next: int
    #: Rank of the last winner.
    rank: int
    #: Votes of five stars and full weight that would swap the two; None where none would.
    fives: int | None


@dataclass(frozen=True)
class Standing:
    """One count, as far as it is compared."""

    places: Mapping[int, Place]
    margin: Margin | None
    counted: int


@dataclass(frozen=True)
class Shift:
    """An entry that stands elsewhere."""

    submission_id: int
    with_: Place
    without: Place

    @property
    def gained(self) -> int:
        """Ranks that the votes in question lift it by; negative where they push it down."""
        return self.without.rank - self.with_.rank


@dataclass(frozen=True)
class Comparison:
    """The contest with the votes in question counted, and without them."""

    with_: Standing
    without: Standing
    #: What moves most, the best ranked first where equal.
    shifts: tuple[Shift, ...]
    moved: int
    #: Whether other entries are among the promised winners.
    changes_winners: bool
    #: How close it is in the count that stands now, which may be either of the two, or neither.
    margin: Margin | None


def of_case(case: Case, contest: Contest) -> Comparison:
    """With and without the case's votes, all other decisions as they stand."""
    others = cases.quarantined(contest.id, but=case.id)
    now = cases.quarantined(contest.id)
    return _compare(contest, others, others | set(cases.members_of(case)), now)


def of_contest(contest: Contest) -> Comparison:
    """With every vote that was set aside, and without them."""
    now = cases.quarantined(contest.id)
    return _compare(contest, set(), now, now)


def swing(score: int, rival: int, weight: int) -> int | None:
    """How many fives at full weight lift an entry above a rival; None where none can. Pure.

    ``score`` and ``rival`` in 1/10,000 star; ``weight`` is what the entry's score rests on, its
    votes and the prior together, in 1/120 of a vote. Each five adds to the weight and pulls the
    score towards five; strictness of other voters is taken to stay as it is.
    """
    goal = rival + 1
    if score >= goal:
        return 0
    if goal >= FIVE:
        return None
    return -(-(goal - score) * weight // (VOTE * (FIVE - goal)))


def _compare(contest: Contest, with_: set[int], without: set[int], now: set[int]) -> Comparison:
    votes = cache(lambda: counting.read(contest.id))
    first, second = (_standing(contest, each, votes) for each in (with_, without))
    stands = second if now == without else first if now == with_ else _standing(contest, now, votes)
    shifts = [
        Shift(key, place, second.places[key])
        for key, place in first.places.items()
        if key in second.places and place != second.places[key]
    ]
    shifts.sort(key=lambda one: (-abs(one.gained), one.without.rank))
    return Comparison(
        with_=first,
        without=second,
        shifts=tuple(shifts[:MOST_SHIFTS]),
        moved=sum(1 for one in shifts if one.gained),
        changes_winners=_first(first, contest.winners) != _first(second, contest.winners),
        margin=stands.margin,
    )


def _first(standing: Standing, winners: int) -> set[int]:
    return {key for key, place in standing.places.items() if place.rank <= winners}


def _standing(contest: Contest, quarantined: set[int], votes: Callable[[], Cast]) -> Standing:
    key = (contest.tie_seed_hash, _version(contest), frozenset(quarantined))
    return _kept(key, lambda: _count(contest, votes().quarantining(sorted(quarantined))))


def _version(contest: Contest) -> object:
    """Changes whenever a count of the contest may: with a tally, or with a slot."""
    if contest.tallied_at is not None:
        tally = queries.find_tally(contest.id)
        return tally.number if tally else 0
    live = db.session.get(LiveCount, contest.id)
    return live.at.isoformat() if live else None


def _count(contest: Contest, votes: Cast) -> Standing:
    count = tallying.count_cast(contest.id, votes)
    result = count.result
    places = {row.entry: Place(row.rank, row.score) for row in result.rows}
    margin = None
    if len(result.rows) > contest.winners:
        last, following = result.rows[contest.winners - 1], result.rows[contest.winners]
        place = int(np.searchsorted(count.cast.entries, following.entry))
        weight = int(count.weighed.weight[count.cast.entry == place].sum(dtype=np.int64))
        fives = swing(following.score, last.score, result.m * VOTE + weight)
        margin = Margin(last.entry, following.entry, last.rank, fives)
    return Standing(places, margin, result.counted)


_counts: OrderedDict[object, Standing] = OrderedDict()
_lock = Lock()


def _kept(key: tuple[str, object, frozenset[int]], make: Callable[[], Standing]) -> Standing:
    """The count under a key, made where it is not kept; of a contest without slots, never kept."""
    with _lock:
        if key in _counts:
            _counts.move_to_end(key)
            return _counts[key]
    standing = make()
    if key[1] is not None:
        with _lock:
            _counts[key] = standing
            while len(_counts) > MOST_KEPT:
                _counts.popitem(last=False)
    return standing
