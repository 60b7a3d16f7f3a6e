"""The fair score of ``scoring``, for votes in columns: the same numbers, the same digest.

``scoring`` is the rule and stays the reference; this is for contests of millions of votes.

**Why floats are exact here.** ``np.bincount`` adds in float64, whose integers are exact up to
2**53 = 9.0e15, whatever the order of adding. A term is a weight (at most 120) times a value (at
most 60,000 either way: five stars and a leaning of one), so 7.2e6 at most; 1.25e9 votes fit. No
sum of terms is ever divided as a float: sums become int64 first, and ``//`` of int64 rounds
towards minus infinity as Python's does. The prior's share of a sum, M C, is 120 * 1e6 * 50,000
= 6e12 at most. What needs more than 64 bits (the prior, the intervals) is a handful of Python
integers an entry.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from ideation.voting import scoring
from ideation.voting.columns import Cast, Places
from ideation.voting.fast_weighing import Weights
from ideation.voting.scoring import PASSES, STAR, VOTER_PRIOR, Result, Row
from ideation.voting.weighing import VOTE

#: Votes added up at a time: temporary columns stay in the processor's cache.
CHUNK = 1 << 17
MOST_PRIOR = 1_000_000
MOST_VOTES = 1_250_000_000

_Sums = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sums:
    """What is added up before anybody's leaning is known, entry by entry and voter by voter."""

    #: Counted votes by entry and stars, and the weight they have.
    histogram: _Sums
    weights: _Sums
    weight_squares: _Sums
    uncounted: _Sums
    voter_weight: _Sums
    #: Σ w x of each voter.
    voter_total: _Sums


def tally(cast: Cast, weight: Weights, tie_seed: bytes, *, m: int | None = None) -> Result:
    """Score and rank every entry that stands, as ``scoring.tally`` does, bit for bit.

    Raises ValueError for stars outside 1 to 5, a counted vote for an entry that is not ranked,
    or a prior below one or beyond ``MOST_PRIOR``.
    """
    return tally_sums(cast, weight, add_up(cast, weight), tie_seed, m=m)


def add_up(cast: Cast, weight: Weights) -> Sums:
    """The sums that do not depend on the prior. Raises ValueError as ``tally`` does."""
    if len(weight) != cast.size or cast.size > MOST_VOTES:
        raise ValueError("a weight for each vote, and not more than can be added exactly")
    if cast.size and not 1 <= int(cast.stars.min()) <= int(cast.stars.max()) <= 5:
        raise ValueError("stars are one of 1 to 5")
    cells, people = 8 * len(cast.entries), len(cast.voters)
    heavy, square = np.zeros(cells), np.zeros(len(cast.entries))
    everybody, nobody = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    voter_weight, voter_total = np.zeros(people), np.zeros(people)
    for part in _chunks(cast.size):
        w = weight[part].astype(np.float64)
        stars = cast.stars[part].astype(np.intp)
        cell = cast.entry[part] * np.intp(8) + stars
        voter = cast.voter[part].astype(np.intp)
        everybody += np.bincount(cell, minlength=cells)
        out = np.flatnonzero(weight[part] == 0)
        if out.size:
            nobody += np.bincount(cell[out], minlength=cells)
        heavy += np.bincount(cell, w, minlength=cells)
        square += np.bincount(cast.entry[part], w * w, minlength=len(square))
        voter_weight += np.bincount(voter, w, minlength=people)
        voter_total += np.bincount(voter, w * stars, minlength=people)
    counted = _table(everybody - nobody)
    sums = Sums(
        histogram=counted,
        weights=_table(heavy),
        weight_squares=square.astype(np.int64),
        uncounted=_table(nobody).sum(axis=1),
        voter_weight=voter_weight.astype(np.int64),
        voter_total=voter_total.astype(np.int64) * STAR,
    )
    if sums.histogram[~cast.is_ranked].any():
        raise ValueError("a vote counts for an entry that is not ranked")
    return sums


def tally_sums(
    cast: Cast, weight: Weights, sums: Sums, tie_seed: bytes, *, m: int | None = None
) -> Result:
    """``tally`` where the sums are at hand: for another prior over the same votes."""
    histogram = sums.histogram[cast.is_ranked]
    sigma2 = scoring.sigma2_of(*_moments(histogram)[:2])
    scores, m, c = score(cast, weight, sums, m=m)
    return Result(
        rows=tuple(
            _rows(cast, sums, scores, _ranked(cast, scores, histogram, tie_seed), m, sigma2)
        ),
        c=c,
        m=m,
        sigma2=sigma2,
        counted=int(histogram.sum()),
        uncounted=int(sums.uncounted[cast.is_ranked].sum()),
        tie_commitment=sha256(tie_seed).hexdigest(),
    )


def score(
    cast: Cast, weight: Weights, sums: Sums, *, m: int | None = None
) -> tuple[NDArray[np.int64], int, int]:
    """Scores alone, of the entries that stand in their order; with the prior and the mean."""
    if m is None:
        m = scoring.prior_of(*_moments(sums.histogram[cast.is_ranked]))
    elif not 1 <= m <= MOST_PRIOR:
        raise ValueError("the prior is one vote or more, and a million at most")
    marks = int((sums.weights * _STARS).sum()) * STAR
    all_weight = int(sums.weights.sum())
    c = marks // all_weight if all_weight else 3 * STAR
    return _scores(cast, weight, sums, m * VOTE, c)[cast.is_ranked], m, c


_STARS = np.arange(1, 6, dtype=np.int64)


def _table(cells: NDArray[np.float64] | _Sums) -> _Sums:
    """Sums by entry and 1 to 5 stars, from cells of eight an entry."""
    return cells.astype(np.int64).reshape(-1, 8)[:, 1:6]


def _moments(histogram: _Sums) -> tuple[list[int], int, int]:
    """Votes of each entry that has any, W, and N Q - T²; in Python's integers, which are wide."""
    size = histogram.sum(axis=1)
    scatter = _scatter(histogram)
    voted = size > 0
    sizes = size[voted].tolist()
    within = sum(STAR * s // n for s, n in zip(scatter[voted].tolist(), sizes, strict=True))
    n, t, q = (int((histogram * _STARS**power).sum()) for power in (0, 1, 2))
    return sizes, within, n * q - t * t


def _scatter(histogram: _Sums) -> _Sums:
    """n Q - T² of each entry; below 25 n², so it fits for half a billion votes an entry."""
    n, t, q = ((histogram * _STARS**power).sum(axis=1) for power in (0, 1, 2))
    scatter: _Sums = n * q - t * t
    return scatter


def _scores(cast: Cast, weight: Weights, sums: Sums, prior: int, c: int) -> _Sums:
    """The passes: everything but the leanings' share of an entry's sum stays as it is."""
    bottom = prior + sums.weights.sum(axis=1)
    marks = prior * c + (sums.weights * _STARS).sum(axis=1) * STAR
    lean = np.zeros(len(cast.voters), np.int64)
    for _ in range(PASSES):
        level = (marks - _by_entry(cast, weight, lean)) // bottom
        top = sums.voter_total - _by_voter(cast, weight, level)
        lean = np.clip(top // (VOTER_PRIOR + sums.voter_weight), -STAR, STAR)
    fair: _Sums = (prior * c + _clipped_by_entry(cast, weight, lean)) // bottom
    return fair


def _by_entry(cast: Cast, weight: Weights, lean: _Sums) -> _Sums:
    """Σ w o of each entry."""
    if not lean.any():
        return np.zeros(len(cast.entries), np.int64)
    table = lean.astype(np.float64)
    return _sum(cast.entry, len(cast.entries), weight, lambda part: table[cast.voter[part]])


def _by_voter(cast: Cast, weight: Weights, level: _Sums) -> _Sums:
    """Σ w s of each voter."""
    table = level.astype(np.float64)
    return _sum(cast.voter, len(cast.voters), weight, lambda part: table[cast.entry[part]])


def _clipped_by_entry(cast: Cast, weight: Weights, lean: _Sums) -> _Sums:
    """Σ w clip(x - o, 1 star, 5 stars) of each entry."""
    table = lean.astype(np.float64)

    def fair(part: slice) -> NDArray[np.float64]:
        value = cast.stars[part] * np.float64(STAR) - table[cast.voter[part]]
        np.clip(value, STAR, 5 * STAR, out=value)
        return value

    return _sum(cast.entry, len(cast.entries), weight, fair)


def _sum(
    places: Places, count: int, weight: Weights, value_of: Callable[[slice], NDArray[np.float64]]
) -> _Sums:
    """Σ w value of each place; ``value_of`` gives a chunk's values in an array of its own."""
    total = np.zeros(count)
    for part in _chunks(places.size):
        value = value_of(part)
        value *= weight[part]
        total += np.bincount(places[part], value, minlength=count)
    return total.astype(np.int64)


def _ranked(cast: Cast, scores: _Sums, histogram: _Sums, tie_seed: bytes) -> list[int]:
    """Places among the ranked entries, the best first: by score, and where it is equal as
    ``scoring`` breaks ties.
    """
    order = np.argsort(-scores, kind="stable").tolist()
    score, rows = scores.tolist(), histogram
    entries = cast.ranked
    ranked: list[int] = []
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and score[order[end]] == score[order[start]]:
            end += 1
        tied = order[start:end]
        if len(tied) > 1:
            tied.sort(
                key=lambda place: scoring.tie_key(entries[place], rows[place].tolist(), tie_seed)
            )
        ranked += tied
        start = end
    return ranked


def _rows(
    cast: Cast, sums: Sums, scores: _Sums, ranked: list[int], m: int, sigma2: int
) -> Iterator[Row]:
    entries, score = cast.ranked, scores.tolist()
    table = sums.histogram[cast.is_ranked]
    total = (table * _STARS).sum(axis=1).tolist()
    counted, scatter = table.sum(axis=1).tolist(), _scatter(table).tolist()
    uncounted = sums.uncounted[cast.is_ranked].tolist()
    weight = sums.weights[cast.is_ranked].sum(axis=1).tolist()
    squares = sums.weight_squares[cast.is_ranked].tolist()
    histogram = table.tolist()
    for rank, at in enumerate(ranked, start=1):
        n = counted[at]
        half = scoring.half_width(m, sigma2, weight[at], squares[at])
        yield Row(
            entry=entries[at],
            rank=rank,
            score=score[at],
            low=max(STAR, score[at] - half),
            high=min(5 * STAR, score[at] + half),
            raw_mean=STAR * total[at] // n if n else None,
            histogram=tuple(histogram[at]),
            counted=n,
            uncounted=uncounted[at],
            weight_120=weight[at],
            spread=isqrt(STAR**2 * scatter[at] // (n * (n - 1))) if n > 1 else None,
        )


def _chunks(size: int) -> Iterator[slice]:
    return (slice(start, start + CHUNK) for start in range(0, size, CHUNK))
