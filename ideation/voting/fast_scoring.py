"""The fair score of ``scoring``, for votes in columns: the same numbers, the same digest.

``scoring`` is the rule and stays the reference; this is for contests of millions of votes.

**Voter by voter.** Where all votes of a voter lie side by side, a pass is one walk: from the
entries' levels to the voter's leaning and straight on into the entries' next sums, everything
looked up or added to in a table of entries, which fits the processor's cache. ``counting`` reads
votes like that; in any other order they are sorted first. Each core walks a share of the voters
and adds to tables of its own.

**Why floats are exact here.** ``np.bincount`` adds in float64, whose integers are exact up to
2**53 = 9.0e15, whatever the order of adding. A term is a weight (at most 255) times a value (at
most 60,000 either way: five stars and a leaning of one), so 1.53e7 at most; 5e8 votes fit. A
chunk's votes are counted and weighed in one sum, 2**30 for the vote and its weight beside it. No
sum of terms is ever divided as a float: sums become int64 first, and ``//`` of int64 rounds
towards minus infinity as Python's does. The prior's share of a sum, M C, is 120 * 1e6 * 50,000
= 6e12 at most. What needs more than 64 bits (the prior, the intervals) is a handful of Python
integers an entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import pairwise
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from ideation.core import cores
from ideation.voting import scoring
from ideation.voting.columns import Cast, Codes, Places
from ideation.voting.fast_weighing import Weights
from ideation.voting.scoring import PASSES, RULE_VERSION, STAR, VOTER_PRIOR, Result, Row
from ideation.voting.weighing import VOTE

#: Votes added up at a time: temporary columns stay in the processor's cache.
CHUNK = 1 << 17
#: Above the weight that a chunk may have for one entry, below 2**53 over its votes.
_VOTE_AT = 30
MOST_PRIOR = 1_000_000
MOST_VOTES = 500_000_000
#: Of one entry: shares of them are told apart exactly.
MOST_OF_ONE = 1 << 26

_Sums = NDArray[np.int64]
_Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Votes:
    """The votes as they are added up: those of a voter side by side."""

    entry: Places
    stars: Codes
    weight: Weights
    #: Where each voter's votes begin, and how many there are.
    starts: _Sums
    sizes: _Sums
    #: Which voters these are among those of all votes.
    voters: slice

    def shares(self) -> list["Votes"]:
        """One for each core, where they are many."""
        return list(self._cut(max(CHUNK, -(-self.entry.size // cores.COUNT))))

    def parts(self) -> Iterator["Votes"]:
        """Some ``CHUNK`` votes at a time."""
        return self._cut(CHUNK)

    def _cut(self, about: int) -> Iterator["Votes"]:
        """So many votes at a time, whole voters; starts count from the part's own."""
        limits = np.arange(0, self.entry.size + about, about)
        for first, last in pairwise(np.unique(np.searchsorted(self.starts, limits)).tolist()):
            begin = int(self.starts[first])
            votes = slice(begin, int(self.starts[last - 1] + self.sizes[last - 1]))
            yield Votes(
                entry=self.entry[votes],
                stars=self.stars[votes],
                weight=self.weight[votes],
                starts=self.starts[first:last] - begin,
                sizes=self.sizes[first:last],
                voters=slice(self.voters.start + first, self.voters.start + last),
            )


@dataclass(frozen=True, eq=False)
class Sums:
    """What is added up before anybody's leaning is known; and of which votes."""

    votes: Votes
    #: Counted votes by entry and stars, and the weight they have.
    histogram: _Sums
    weights: _Sums
    weight_squares: _Sums
    uncounted: _Sums
    #: Σ w and Σ w x of each voter, in the order of ``votes``.
    voter_weight: _Sums
    voter_total: _Sums


def tally(cast: Cast, weight: Weights, tie_seed: bytes, *, m: int | None = None) -> Result:
    """Score and rank every entry that stands, as ``scoring.tally`` does, bit for bit.

    Raises ValueError for stars outside 1 to 5, a counted vote for an entry that is not ranked,
    or a prior below one or beyond ``MOST_PRIOR``.
    """
    return tally_sums(cast, add_up(cast, weight), tie_seed, m=m)


def add_up(cast: Cast, weight: Weights) -> Sums:
    """The sums that do not depend on the prior. Raises ValueError as ``tally`` does."""
    if len(weight) != cast.size or cast.size > MOST_VOTES:
        raise ValueError("a weight for each vote, and not more than can be added exactly")
    if cast.size and not 1 <= int(cast.stars.min()) <= int(cast.stars.max()) <= 5:
        raise ValueError("stars are one of 1 to 5")
    votes = _by_voter(cast, weight)
    sums = Sums(
        votes=votes,
        histogram=np.zeros((len(cast.entries), 5), np.int64),
        weights=np.zeros((len(cast.entries), 5), np.int64),
        weight_squares=np.zeros(len(cast.entries), np.int64),
        uncounted=np.zeros(len(cast.entries), np.int64),
        voter_weight=np.empty(votes.starts.size, np.int64),
        voter_total=np.empty(votes.starts.size, np.int64),
    )
    for share in cores.each(partial(_add_up_share, sums), votes.shares()):
        for column, added in zip(
            (sums.histogram, sums.weights, sums.weight_squares, sums.uncounted), share, strict=True
        ):
            column += added
    if int(sums.histogram.sum(axis=1).max(initial=0)) >= MOST_OF_ONE:
        raise ValueError("more votes for one entry than can be compared exactly")
    if sums.histogram[~cast.is_ranked].any():
        raise ValueError("a vote counts for an entry that is not ranked")
    return sums


def _add_up_share(sums: Sums, share: Votes) -> tuple[_Sums, _Sums, _Sums, _Sums]:
    """The sums of each voter, put where they belong; and those of entries, of these voters."""
    entries = len(sums.uncounted)
    cells = 5 * entries
    everybody, weights = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    square, nobody = np.zeros(entries), np.zeros(cells, np.int64)
    for part in share.parts():
        entry = part.entry.astype(np.intp)
        cell = entry * 5
        cell += part.stars
        cell -= 1
        w = part.weight.astype(np.float64)
        sums.voter_weight[part.voters] = np.add.reduceat(w, part.starts)
        sums.voter_total[part.voters] = np.add.reduceat(w * part.stars, part.starts) * STAR
        both = np.bincount(cell, w + (1 << _VOTE_AT), minlength=cells).astype(np.int64)
        everybody += both >> _VOTE_AT
        weights += both & ((1 << _VOTE_AT) - 1)
        out = np.flatnonzero(part.weight == 0)
        if out.size:
            nobody += np.bincount(cell[out], minlength=cells)
        w *= w
        square += np.bincount(entry, w, minlength=entries)
    return (
        (everybody - nobody).reshape(-1, 5),
        weights.reshape(-1, 5),
        square.astype(np.int64),
        nobody.reshape(-1, 5).sum(axis=1),
    )


def _by_voter(cast: Cast, weight: Weights) -> Votes:
    """The columns themselves where they lie voter by voter already."""
    entry, voter, stars = cast.entry, cast.voter, cast.stars
    starts = _starts(voter)
    if np.bincount(voter[starts]).max(initial=0) > 1:
        order = np.argsort(voter)
        entry, stars, weight = entry[order], stars[order], weight[order]
        starts = _starts(voter[order])
    sizes = np.diff(starts, append=cast.size)
    return Votes(entry, stars, weight, starts, sizes, slice(0, starts.size))


def _starts(voter: Places) -> _Sums:
    """Where another voter's votes begin than those before."""
    if not voter.size:
        return np.zeros(0, np.int64)
    begins = np.empty(voter.size, np.bool_)
    begins[0] = True
    np.not_equal(voter[1:], voter[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def tally_sums(
    cast: Cast,
    sums: Sums,
    tie_seed: bytes,
    *,
    m: int | None = None,
    rule: str = RULE_VERSION,
) -> Result:
    """``tally`` where the sums are at hand: for another prior over the same votes, or the rule of
    an earlier tally. Raises ValueError for one of another time too.
    """
    reach = scoring.reach_of(rule)
    histogram = sums.histogram[cast.is_ranked]
    sigma2 = scoring.sigma2_of(*_moments(histogram)[:2])
    scores, m, c = score(cast, sums, m=m)
    ranked = _ranked(cast.entries[cast.is_ranked], scores, histogram, tie_seed)
    return Result(
        rows=tuple(_rows(cast, sums, scores, ranked, m, sigma2, reach)),
        c=c,
        m=m,
        sigma2=sigma2,
        counted=int(histogram.sum()),
        uncounted=int(sums.uncounted[cast.is_ranked].sum()),
        tie_commitment=sha256(tie_seed).hexdigest(),
        rule_version=rule,
    )


def score(cast: Cast, sums: Sums, *, m: int | None = None) -> tuple[NDArray[np.int64], int, int]:
    """Scores alone, of the entries that stand in their order; with the prior and the mean."""
    if m is None:
        m = scoring.prior_of(*_moments(sums.histogram[cast.is_ranked]))
    elif not 1 <= m <= MOST_PRIOR:
        raise ValueError("the prior is one vote or more, and a million at most")
    marks = int((sums.weights * _STARS).sum()) * STAR
    all_weight = int(sums.weights.sum())
    c = marks // all_weight if all_weight else 3 * STAR
    return _scores(sums, m * VOTE, c)[cast.is_ranked], m, c


_STARS = np.arange(1, 6, dtype=np.int64)


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


def _scores(sums: Sums, prior: int, c: int) -> _Sums:
    """The passes: everything but the leanings' share of an entry's sum stays as it is."""
    bottom = prior + sums.weights.sum(axis=1)
    marks = prior * c + (sums.weights * _STARS).sum(axis=1) * STAR
    leant = np.zeros(len(bottom), np.int64)
    for number in range(1, PASSES + 1):
        table = ((marks - leant) // bottom).astype(np.float64)
        walk = partial(_pass, sums, table, is_last=number == PASSES)
        leant = sum(cores.each(walk, sums.votes.shares()), start=np.zeros_like(leant))
    fair: _Sums = (marks - leant) // bottom
    return fair


def _pass(sums: Sums, table: _Floats, share: Votes, *, is_last: bool) -> _Sums:
    """Voters' leanings from the entries' levels, and of each entry Σ w o from these.

    In the last pass, what is left of it once x - o is clipped to the scale: a 1 gains nothing
    from a generous voter's leaning, nor does a 5 from a strict one's; nothing between can leave.
    """
    leant = np.zeros(len(table))
    for part in share.parts():
        entry = part.entry.astype(np.intp)
        w = part.weight.astype(np.float64)
        value = table[entry]
        value *= w
        given, total = sums.voter_weight[part.voters], sums.voter_total[part.voters]
        off = total - np.add.reduceat(value, part.starts).astype(np.int64)
        lean = np.clip(off // (VOTER_PRIOR + given), -STAR, STAR)
        value = np.repeat(lean.astype(np.float64), part.sizes)
        if is_last:
            ones, fives = np.flatnonzero(part.stars == 1), np.flatnonzero(part.stars == 5)
            value[ones] = np.minimum(value[ones], 0)
            value[fives] = np.maximum(value[fives], 0)
        value *= w
        leant += np.bincount(entry, value, minlength=len(leant))
    return leant.astype(np.int64)


def _ranked(entries: _Sums, scores: _Sums, histogram: _Sums, tie_seed: bytes) -> _Sums:
    """Places among the ranked entries, the best first: by score, and where it is equal as
    ``scoring`` breaks ties.

    A quotient of two counts below 2**26 is rounded to the same float as another only where the
    fractions are equal, so the share of 4s and 5s is compared exactly.
    """
    counted, ones = histogram.sum(axis=1), histogram[:, 0]
    liked = histogram[:, 3:].sum(axis=1) / np.maximum(1, counted)
    order = np.lexsort((-counted, ones, -liked, -scores))
    differs = np.zeros(max(0, order.size - 1), np.bool_)
    for key in (scores, liked, ones, counted):
        differs |= key[order[1:]] != key[order[:-1]]
    starts = np.flatnonzero(np.concatenate([np.ones(min(1, order.size), np.bool_), differs]))
    sizes = np.diff(starts, append=order.size)
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        tied = order[start : start + size].tolist()
        lots = [scoring.lot_of(int(entries[place]), tie_seed) for place in tied]
        order[start : start + size] = [place for _, place in sorted(zip(lots, tied, strict=True))]
    return order


def _rows(
    cast: Cast, sums: Sums, scores: _Sums, ranked: _Sums, m: int, sigma2: int, reach: int
) -> Iterator[Row]:
    at = np.flatnonzero(cast.is_ranked)[ranked]
    table = sums.histogram[at]
    columns = (
        cast.entries[at],
        scores[ranked],
        (table * _STARS).sum(axis=1),
        table.sum(axis=1),
        _scatter(table),
        sums.uncounted[at],
        sums.weights[at].sum(axis=1),
        sums.weight_squares[at],
    )
    rows = zip(*(column.tolist() for column in columns), table.tolist(), strict=True)
    for rank, row in enumerate(rows, start=1):
        entry, score, total, n, scatter, uncounted, weight, squares, histogram = row
        half = scoring.half_width(m, sigma2, weight, squares, reach)
        yield Row(
            entry=entry,
            rank=rank,
            score=score,
            low=max(STAR, score - half),
            high=min(5 * STAR, score + half),
            raw_mean=STAR * total // n if n else None,
            histogram=tuple(histogram),
            counted=n,
            uncounted=uncounted,
            weight_120=weight,
            spread=isqrt(STAR**2 * scatter // (n * (n - 1))) if n > 1 else None,
        )
