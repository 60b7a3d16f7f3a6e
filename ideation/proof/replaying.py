"""Replay: what another rule, prior, eligibility or quarantine would have made of a past contest.

Nothing is frozen and nobody is told; the tally that stands is set beside the count that would be.
Votes are read as they are now. Who shared a browser is known for thirty days after the close; when
it no longer is, a vote that was capped for it weighs what it weighed in the tally at most, so a
replay neither forgets the cap nor can take it off.
"""

import enum
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from sqlalchemy import select

from ideation.contests import formats
from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.core.errors import Conflict
from ideation.core.i18n import lazy
from ideation.voting import counting, fast_scoring, fast_weighing, queries, weight_files
from ideation.voting.columns import Cast
from ideation.voting.fast_weighing import Weighed
from ideation.voting.models import Quarantine, Tally, Vote
from ideation.voting.scoring import LEAST_PRIOR, MOST_PRIOR, Row
from ideation.voting.weighing import CODE, VOTE, Reason

#: Places shown beside each other beyond those that win.
BEYOND = 6


class Rule(enum.StrEnum):
    """How scores follow from votes."""

    FAIR = "fair"
    #: The plain mean of the votes that count, each as one.
    MEAN = "mean"


class Aside(enum.StrEnum):
    """Whose votes are put aside."""

    AS_IS = "as-is"
    NOBODY = "none"
    #: Everybody whose votes ever were, restored ones too.
    EVERYBODY = "all"


@dataclass(frozen=True)
class Question:
    """What is to be counted otherwise. The defaults are what was counted."""

    rule: Rule = Rule.FAIR
    #: Prior votes, None for the contest's own estimate.
    prior: int | None = None
    aside: Aside = Aside.AS_IS
    #: Leave voters with fewer than three counted votes out.
    without_light: bool = False
    #: Count those who never confirmed an address as well.
    with_unconfirmed: bool = False


@dataclass(frozen=True)
class Place:
    """An entry's rank and score; the score is a plain mean where that is the rule."""

    rank: int
    score: int


@dataclass(frozen=True)
class Line:
    """One entry in the tally and in the replay; None where it is not ranked."""

    entry: int
    before: Place | None
    after: Place | None


@dataclass(frozen=True)
class Replay:
    """The replay beside the tally it is held against."""

    tally: Tally
    mean: int
    prior: int
    counted: int
    uncounted: int
    #: Whether who shared a browser is still known.
    knows_clusters: bool
    #: Whoever is near a place in either, by rank in the replay.
    lines: tuple[Line, ...]
    #: Entries among the promised places in one of the two alone.
    comes_in: tuple[int, ...]
    drops_out: tuple[int, ...]


def replay(contest: Contest, question: Question) -> Replay:
    """Count a closed contest as the question says. Reads only.

    Raises Conflict before there is a tally, ValueError for a prior outside 5 to 70.
    """
    tally = queries.find_tally(contest.id)
    if tally is None:
        raise Conflict(lazy("This contest has not been counted yet."))
    if question.prior is not None and not LEAST_PRIOR <= question.prior <= MOST_PRIOR:
        raise ValueError("the prior is 5 to 70 votes")
    cast = _eligible(contest, question)
    knows_clusters = _knows_clusters(contest.id)
    weighed = fast_weighing.weigh(cast, jury=formats.has_jury(contest))
    if not knows_clusters:
        weighed = _capped_as_then(weighed, cast, tally)
    weight = weighed.weight.copy()
    if question.without_light:
        weight[weighed.reason == CODE[Reason.LIGHT]] = 0
    if question.rule is Rule.MEAN:
        weight[weight > 0] = VOTE
    result = fast_scoring.tally(cast, weight, contest.tie_seed, m=question.prior)
    after = _by_mean(result.rows) if question.rule is Rule.MEAN else _by_score(result.rows)
    before = {row.submission_id: Place(row.rank, row.score) for row in queries.all_rows(tally)}
    return Replay(
        tally=tally,
        mean=result.c,
        prior=result.m,
        counted=result.counted,
        uncounted=result.uncounted,
        knows_clusters=knows_clusters,
        lines=_near(before, after, contest.winners + BEYOND),
        comes_in=_only_in(after, before, contest.winners),
        drops_out=_only_in(before, after, contest.winners),
    )


def _eligible(contest: Contest, question: Question) -> Cast:
    cast = counting.read(contest.id, quarantined=_aside(contest.id, question.aside))
    if question.with_unconfirmed:
        ground = cast.ground.copy()
        ground[ground == CODE[Reason.UNCONFIRMED]] = 0
        cast = replace(cast, ground=ground)
    return cast


def _aside(contest_id: int, aside: Aside) -> list[int] | None:
    if aside is Aside.AS_IS:
        return None
    if aside is Aside.NOBODY:
        return []
    query = select(Quarantine.member_id).where(Quarantine.contest_id == contest_id).distinct()
    return list(db.session.scalars(query))


def _knows_clusters(contest_id: int) -> bool:
    """Whether votes still carry the browser they came from, or there are none."""
    votes = select(Vote.device).where(Vote.contest_id == contest_id)
    if db.session.scalars(votes.where(Vote.device.is_not(None)).limit(1)).first() is not None:
        return True
    return db.session.execute(votes.limit(1)).first() is None


def _capped_as_then(weighed: Weighed, cast: Cast, tally: Tally) -> Weighed:
    """The weights, with those that were capped for a cluster in the tally held to that.

    Raises ValueError where votes and the tally's file of weights no longer fit.
    """
    then = weight_files.weights_in(weight_files.body_of(tally), cast)
    capped = (then.reason == CODE[Reason.CLUSTER]) & (weighed.weight > 0)
    weight, reason = weighed.weight.copy(), weighed.reason.copy()
    weight[capped] = np.minimum(weight[capped], then.weight[capped])
    reason[capped] = CODE[Reason.CLUSTER]
    return Weighed(weight, reason)


def _by_score(rows: tuple[Row, ...]) -> dict[int, Place]:
    return {row.entry: Place(row.rank, row.score) for row in rows}


def _by_mean(rows: tuple[Row, ...]) -> dict[int, Place]:
    """By the exact mean; what is equal stays in the order that the fair rule gives it."""
    best = sorted(rows, key=lambda row: (-_mean(row), row.rank))
    return {row.entry: Place(at, row.raw_mean or 0) for at, row in enumerate(best, start=1)}


def _mean(row: Row) -> Fraction:
    total = sum(stars * votes for stars, votes in enumerate(row.histogram, start=1))
    return Fraction(total, row.counted) if row.counted else Fraction(0)


def _near(before: dict[int, Place], after: dict[int, Place], most: int) -> tuple[Line, ...]:
    near = _up_to(before, most) | _up_to(after, most)
    last = len(after) + 1
    ordered = sorted(near, key=lambda entry: after[entry].rank if entry in after else last)
    return tuple(Line(entry, before.get(entry), after.get(entry)) for entry in ordered)


def _only_in(one: dict[int, Place], other: dict[int, Place], winners: int) -> tuple[int, ...]:
    found = _up_to(one, winners) - _up_to(other, winners)
    return tuple(sorted(found, key=lambda entry: one[entry].rank))


def _up_to(places: dict[int, Place], rank: int) -> set[int]:
    return {entry for entry, place in places.items() if place.rank <= rank}
