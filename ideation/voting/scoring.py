"""The fair score: what decides who wins, in integers, the same bit for bit on any machine.

This page is the rule and the reference. ``fast_scoring``, which counts, agrees with it in every
number and in the digest, so units, order of operations and rounding are part of it.

**Units.** Marks, scores, leanings and the contest mean: 1/10,000 star (`STAR`). Weights: 1/120
of a vote. Variances: 1/10,000 of a squared star. `//` rounds towards minus infinity.
Only counted votes (weight above 0) enter any sum; uncounted ones are numbered beside them.

**Weights** w come from `weighing`, or frozen from an earlier tally.

**Score.** With x = 10,000 * stars, C the contest mean, M = 120 * m, sums over counted votes:

    C   = Σ w x // Σ w                                   30,000 (three stars) without votes
    s_i = (M C + Σ w (x - o_u)) // (M + Σ w)             entry i; o_u starts at 0
    o_u = clip(Σ w (x - s_i) // (720 + Σ w), ±10,000)    voter u's leaning; 720 is six votes

s then o, three times over; then, once,

    score_i = (M C + Σ w clip(x - o_u, 10,000, 50,000)) // (M + Σ w)

An entry nobody's vote counts for has the score C, like every entry before its first vote.

**Prior m**, in whole votes: the ratio of the variance within entries to that between them, by
one-way analysis of variance for unequal groups (Searle, Casella, McCulloch, *Variance
Components*, 1992, chapter 3), on the stars as given, each counted vote once whatever its
weight. With N counted votes on k entries that have any, n_i, T_i, Q_i the number, sum and sum of
squares of the stars of entry i, and T, Q those of all:

    W = Σ_i 10,000 (n_i Q_i - T_i²) // n_i               within entries, floored entry by entry
    B = 10,000 (N Q - T²) // N - W                       between entries
    m = W (N² - Σ n_i²) / (N (B (N - k) - W (k - 1)))    to the nearest whole, halves up, then 5..70

m is 20 while N < 500, and 70 where the denominator is not positive: no difference to be seen.

**Interval**, 90 %: score ± 1.645 · sqrt(σ² / (m + n)), ends floored at 1 and capped at 5
stars. For votes of other weight than one, 1 / (m + n) is (m + Σ w²) / (m + Σ w)², what the error
of a weighted mean comes to, and the same where every vote weighs one. σ² is the variance within
entries, to which 20 marks thrown evenly (variance 2) are added, so that two equal marks do not
pass for certainty:

    σ²   = (W + 20 * 20,000) // (N - k + 20)
    half = isqrt(1645² σ² (120 M + Σ w²) // (100 (M + Σ w)²))

The rule "fair-1" had 1974 here, 1.2 times as much, and was "fair-2" in everything else; what was
counted by it is counted by it again.

**Rank.** By score, then the larger share of 4s and 5s (compared as fractions, 0 without votes),
then fewer 1s, then more counted votes, then the lower SHA-256 of the tie seed followed by the
entry's id as 8 bytes, big endian. All of these count counted votes, unweighted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from math import isqrt
from typing import TYPE_CHECKING, NamedTuple

from ideation.voting.weighing import VOTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ideation.voting.weighing import Vote, Weight

RULE_VERSION = "fair-2"
#: Of each rule that a tally may have been counted by: how many thousandths of a standard error
#: the interval reaches to either side. Nothing else in them differs.
REACHES = {"fair-1": 1_974, RULE_VERSION: 1_645}
STAR = 10_000
FEW_VOTES = 8
PASSES = 3
VOTER_PRIOR = 6 * VOTE
DEFAULT_PRIOR = 20
LEAST_PRIOR, MOST_PRIOR = 5, 70
VOTES_FOR_OWN_PRIOR = 500
_SPREAD_PRIOR = 20


class Row(NamedTuple):
    """One entry's result. Stars are in 1/10,000, the histogram counts 1s first."""

    entry: int
    rank: int
    score: int
    low: int
    high: int
    raw_mean: int | None
    histogram: tuple[int, int, int, int, int]
    counted: int
    uncounted: int
    weight_120: int
    spread: int | None  # standard deviation of the entry's own marks, None below two

    @property
    def few(self) -> bool:
        """Too few counted votes to lean on, and the page says so."""
        return self.counted < FEW_VOTES


@dataclass(frozen=True, slots=True)
class Result:
    """A tally: rows by rank under the numbers they follow from, and the digest of it all."""

    rows: tuple[Row, ...]
    c: int
    m: int
    sigma2: int
    counted: int
    uncounted: int
    tie_commitment: str
    rule_version: str = RULE_VERSION

    def canonical(self) -> bytes:
        """The bytes under the digest: ASCII, one line for the head and one a row, "-" for None."""
        head = (
            f"ideation-tally {self.rule_version} m={self.m} c={self.c} sigma2={self.sigma2}"
            f" counted={self.counted} uncounted={self.uncounted} tie={self.tie_commitment}\n"
        )
        return (head + "".join(map(_line, self.rows))).encode("ascii")

    @property
    def digest(self) -> str:
        return sha256(self.canonical()).hexdigest()


def _line(row: Row) -> str:
    mean = "-" if row.raw_mean is None else row.raw_mean
    spread = "-" if row.spread is None else row.spread
    ones, twos, threes, fours, fives = row.histogram
    return (
        f"{row.rank} {row.entry} {row.score} {row.low} {row.high} {mean} {ones} {twos} {threes}"
        f" {fours} {fives} {row.counted} {row.uncounted} {row.weight_120} {spread}\n"
    )


class _Cast(NamedTuple):
    """A counted vote on its way through the sums."""

    entry: int
    voter: int
    x: int
    w: int


@dataclass(slots=True)
class _Sums:
    """What is added up of one entry's votes before anybody's leaning is known."""

    histogram: list[int] = field(default_factory=lambda: [0] * 5)
    uncounted: int = 0
    weight: int = 0
    weight_squares: int = 0

    @property
    def counted(self) -> int:
        return sum(self.histogram)

    @property
    def total(self) -> int:
        return sum(stars * votes for stars, votes in enumerate(self.histogram, start=1))

    @property
    def scatter(self) -> int:
        """n Q - T²: the squared deviations from the mean, in stars, times the number of votes."""
        squares = sum(stars**2 * votes for stars, votes in enumerate(self.histogram, start=1))
        return self.counted * squares - self.total**2


def tally(
    entries: Sequence[int],
    votes: Sequence[Vote],
    weights: Sequence[Weight],
    tie_seed: bytes,
    *,
    m: int | None = None,
    rule: str = RULE_VERSION,
) -> Result:
    """Score and rank every entry, the unvoted too; the order of the votes does not matter.

    `weights[j]` belongs to `votes[j]`; a recount passes the frozen ones, and the `rule` that they
    were counted by. `m` fixes the prior, in votes, else it is estimated. Raises ValueError for an
    entry named twice, stars outside 1 to 5, a counted vote for an entry that is not ranked, a
    prior below one, or a rule that is not one of ``REACHES``.
    """
    reach = reach_of(rule)
    sums = _add_up(entries, votes, weights)
    cast = _counted(votes, weights)
    all_weight = sum(vote.w for vote in cast)
    c = sum(vote.w * vote.x for vote in cast) // all_weight if all_weight else 3 * STAR
    if m is None:
        m = estimate_prior([each.histogram for each in sums.values()])
    elif m < 1:
        raise ValueError("the prior is one vote or more")
    sigma2 = _sigma2(sums.values())
    scores = _score(sums, cast, m * VOTE, c)
    return Result(
        rows=tuple(
            _row(entry, rank, scores[entry], sums[entry], m, sigma2, reach)
            for rank, entry in enumerate(_ranked(sums, scores, tie_seed), start=1)
        ),
        c=c,
        m=m,
        sigma2=sigma2,
        counted=len(cast),
        uncounted=sum(each.uncounted for each in sums.values()),
        tie_commitment=sha256(tie_seed).hexdigest(),
        rule_version=rule,
    )


def reach_of(rule: str) -> int:
    """The reach of a rule's interval. Raises ValueError for a rule of another time."""
    if rule not in REACHES:
        raise ValueError(f"counted by rule {rule}, which this version does not know")
    return REACHES[rule]


def _add_up(
    entries: Sequence[int], votes: Sequence[Vote], weights: Sequence[Weight]
) -> dict[int, _Sums]:
    sums = {entry: _Sums() for entry in entries}
    if len(sums) < len(entries):
        raise ValueError("an entry is named twice")
    for vote, (weight, _) in zip(votes, weights, strict=True):
        if not 1 <= vote.stars <= 5:
            raise ValueError(f"{vote.stars} stars are not one of 1 to 5")
        each = sums.get(vote.entry)
        if each is None:
            if weight:
                raise ValueError(f"a vote counts for entry {vote.entry}, which is not ranked")
        elif weight:
            each.histogram[vote.stars - 1] += 1
            each.weight += weight
            each.weight_squares += weight**2
        else:
            each.uncounted += 1
    return sums


def leanings(
    entries: Sequence[int], votes: Sequence[Vote], weights: Sequence[Weight], result: Result
) -> dict[int, int]:
    """What the score of ``result`` allows each voter for: 10,000 is one star too generous.

    For explaining a tally to its voters; the arguments are those that ``tally`` was given.
    """
    cast = _counted(votes, weights)
    return _lean(_add_up(entries, votes, weights), cast, result.m * VOTE, result.c)


def _counted(votes: Sequence[Vote], weights: Sequence[Weight]) -> list[_Cast]:
    return [
        _Cast(vote.entry, vote.voter, vote.stars * STAR, weight.weight_120)
        for vote, weight in zip(votes, weights, strict=True)
        if weight.weight_120
    ]


def _lean(sums: dict[int, _Sums], cast: list[_Cast], prior: int, c: int) -> dict[int, int]:
    """Three passes: entries' levels, then voters' leanings from them."""
    lean = dict.fromkeys((vote.voter for vote in cast), 0)
    for _ in range(PASSES):
        levels = _levels(sums, ((e, w, x - lean[u]) for e, u, x, w in cast), prior, c)
        lean = _leanings(cast, levels)
    return lean


def _score(sums: dict[int, _Sums], cast: list[_Cast], prior: int, c: int) -> dict[int, int]:
    lean = _lean(sums, cast, prior, c)
    fair = ((e, w, _clip(x - lean[u], STAR, 5 * STAR)) for e, u, x, w in cast)
    return _levels(sums, fair, prior, c)


def _levels(
    sums: dict[int, _Sums], marks: Iterable[tuple[int, int, int]], prior: int, c: int
) -> dict[int, int]:
    """Each entry's level, from marks (entry, w, value) and the prior's marks at the mean."""
    top = dict.fromkeys(sums, prior * c)
    for entry, w, value in marks:
        top[entry] += w * value
    return {entry: top[entry] // (prior + each.weight) for entry, each in sums.items()}


def _leanings(cast: list[_Cast], levels: dict[int, int]) -> dict[int, int]:
    """How far above (generous) or below (strict) the entries' level each voter marks."""
    top: Counter[int] = Counter()
    bottom: Counter[int] = Counter()
    for entry, voter, x, w in cast:
        top[voter] += w * (x - levels[entry])
        bottom[voter] += w
    return {
        voter: _clip(top[voter] // (VOTER_PRIOR + weight), -STAR, STAR)
        for voter, weight in bottom.items()
    }


def estimate_prior(histograms: Iterable[Sequence[int]]) -> int:
    """The prior m, in whole votes, from each entry's counted 1s to 5s (see the module)."""
    sums = [_Sums(list(each)) for each in histograms if any(each)]
    columns = zip(*(each.histogram for each in sums), strict=True)
    everything = _Sums([sum(column) for column in columns] or [0] * 5)
    sizes = [each.counted for each in sums]
    return prior_of(sizes, _within(sums), everything.scatter)


def prior_of(sizes: Sequence[int], within: int, scatter: int) -> int:
    """m from the counted votes of each entry that has any, W, and N Q - T² of all votes."""
    n = sum(sizes)
    if n < VOTES_FOR_OWN_PRIOR:
        return DEFAULT_PRIOR
    between = STAR * scatter // n - within
    top = within * (n**2 - sum(size**2 for size in sizes))
    bottom = n * (between * (n - len(sizes)) - within * (len(sizes) - 1))
    if bottom <= 0:
        return MOST_PRIOR
    return _clip((2 * top + bottom) // (2 * bottom), LEAST_PRIOR, MOST_PRIOR)


def _within(sums: Iterable[_Sums]) -> int:
    return sum(STAR * each.scatter // each.counted for each in sums if each.counted)


def _sigma2(sums: Iterable[_Sums]) -> int:
    voted = [each for each in sums if each.counted]
    return sigma2_of([each.counted for each in voted], _within(voted))


def sigma2_of(sizes: Sequence[int], within: int) -> int:
    """σ² from the counted votes of each entry that has any, and W (see the module)."""
    freedom = sum(sizes) - len(sizes)
    return (within + _SPREAD_PRIOR * 2 * STAR) // (freedom + _SPREAD_PRIOR)


def _ranked(sums: dict[int, _Sums], scores: dict[int, int], tie_seed: bytes) -> list[int]:
    return sorted(
        sums,
        key=lambda entry: (-scores[entry], tie_key(entry, sums[entry].histogram, tie_seed)),
    )


def tie_key(
    entry: int, histogram: Sequence[int], tie_seed: bytes
) -> tuple[Fraction, int, int, bytes]:
    """What orders entries of equal score: the least comes first."""
    ones, _, _, fours, fives = histogram
    counted = sum(histogram)
    liked = Fraction(fours + fives, counted) if counted else Fraction(0)
    return -liked, ones, -counted, lot_of(entry, tie_seed)


def lot_of(entry: int, tie_seed: bytes) -> bytes:
    """What decides between entries that are equal in all else: the lower comes first."""
    return sha256(tie_seed + entry.to_bytes(8, "big")).digest()


def _row(entry: int, rank: int, score: int, sums: _Sums, m: int, sigma2: int, reach: int) -> Row:
    n = sums.counted
    half = half_width(m, sigma2, sums.weight, sums.weight_squares, reach)
    ones, twos, threes, fours, fives = sums.histogram
    return Row(
        entry=entry,
        rank=rank,
        score=score,
        low=max(STAR, score - half),
        high=min(5 * STAR, score + half),
        raw_mean=STAR * sums.total // n if n else None,
        histogram=(ones, twos, threes, fours, fives),
        counted=n,
        uncounted=sums.uncounted,
        weight_120=sums.weight,
        spread=isqrt(STAR**2 * sums.scatter // (n * (n - 1))) if n > 1 else None,
    )


def half_width(
    m: int, sigma2: int, weight: int, weight_squares: int, reach: int = REACHES[RULE_VERSION]
) -> int:
    """How far the 90 % interval reaches to either side (see the module)."""
    prior = m * VOTE
    return isqrt(
        reach**2 * sigma2 * (VOTE * prior + weight_squares) // (100 * (prior + weight) ** 2)
    )


def _clip(value: int, least: int, most: int) -> int:
    return max(least, min(most, value))
