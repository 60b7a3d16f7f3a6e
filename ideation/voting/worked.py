"""A score taken apart: what one voter's stars for one design became, step by step.

The numbers are those of the count itself, by ``scoring``, so the steps lead to the score that
stands to the last digit. For visitors without a vote in a closed contest there is an invented
contest of four designs and five voters, counted by the same code.
"""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.submissions.models import State, Submission
from ideation.voting import queries, scoring, weighing, weight_files
from ideation.voting.models import Tally, Vote
from ideation.voting.scoring import STAR, Result

#: A contest of more votes is not counted anew to explain it: a page must not wait for that.
MOST_VOTES = 30_000
#: How many of a member's closed contests are looked at, the latest first.
_LOOK_BACK = 4
_SAMPLE_SEED = bytes(32)
_SAMPLE_PRIOR = 5
#: Voter → stars for four designs: two kind voters, two in the middle, and a strict one, the last.
_SAMPLE = {
    1: (5, 5, 4, 5),
    2: (5, 4, 4, 4),
    3: (4, 3, 2, 4),
    4: (4, 4, 2, 3),
    5: (3, 2, 1, 2),
}


@dataclass(frozen=True)
class Worked:
    """One vote on its way into a score. Stars are in 1/10,000, weights in 1/120 of a vote."""

    stars: int
    #: How generous the voter usually is; below 0 strict.
    leaning: int
    #: The vote after allowing for that.
    fair: int
    weight: int
    #: Of the design: counted votes, their weight, their plain mean, the mean of the fair ones.
    counted: int
    all_weight: int
    plain: int
    average: int
    mean: int
    prior: int
    score: int
    rank: int
    entries: int


@dataclass(frozen=True)
class Own:
    """An example with a member's own vote."""

    contest: Contest
    submission: Submission
    worked: Worked


@dataclass(frozen=True)
class _Explained:
    result: Result
    leanings: dict[int, int]
    #: Entry → mean of its votes after allowing for every voter.
    averages: dict[int, int]


def own(member_id: int) -> Own | None:
    """The best ranked design that the member's vote counts for in their latest closed contest.

    None where there is none, or only contests of more than ``MOST_VOTES``.
    """
    for contest, tally in _closed(member_id):
        votes = weight_files.weight_of_voter(tally, member_id)
        counted = [entry for entry, weight in votes.items() if weight.weight_120]
        rows = queries.rows_by_id(tally, counted)
        designs = queries.submissions_by_id(counted)
        for row in sorted(rows.values(), key=lambda row: row.rank):
            design = designs[row.submission_id]
            if design.state is State.APPROVED:
                return Own(contest, design, _work_out(tally, member_id, design.id))
    return None


def invented() -> Worked:
    """The strict voter's vote for the first design of the invented contest."""
    votes = [
        weighing.Vote(entry, voter, stars)
        for voter, row in _SAMPLE.items()
        for entry, stars in enumerate(row, start=1)
    ]
    weights = weighing.weights(votes)
    result = scoring.tally([1, 2, 3, 4], votes, weights, _SAMPLE_SEED, m=_SAMPLE_PRIOR)
    explained = _explain([1, 2, 3, 4], votes, weights, result)
    return _worked(explained, 1, 5, _SAMPLE[5][0], weights[-4].weight_120)


def _closed(member_id: int) -> list[tuple[Contest, Tally]]:
    """The member's latest contests with a tally small enough to be counted again for a page."""
    voted = select(Vote.contest_id).where(Vote.member_id == member_id).distinct()
    contests = db.session.scalars(
        select(Contest)
        .where(
            Contest.id.in_(voted),
            Contest.tallied_at.is_not(None),
            Contest.cancelled_at.is_(None),
            Contest.is_whole.is_(True),
        )
        .order_by(Contest.scoring_closes_at.desc(), Contest.id.desc())
        .limit(_LOOK_BACK)
    ).all()
    found = [(contest, queries.find_tally(contest.id)) for contest in contests]
    return [
        (contest, tally)
        for contest, tally in found
        if tally is not None
        and tally.rule_version in scoring.REACHES
        and tally.counted + tally.uncounted <= MOST_VOTES
    ]


def _work_out(tally: Tally, voter: int, entry: int) -> Worked:
    vote = db.session.get_one(Vote, (entry, voter))
    weight = weight_files.weight_of_voter(tally, voter)[entry].weight_120
    return _worked(_again(tally.id, tally.digest), entry, voter, vote.stars, weight)


@lru_cache(maxsize=4)
def _again(tally_id: int, _digest: str) -> _Explained:
    """A tally never changes, so each process counts it again once; the digest is in the key
    because another database may know the same id.
    """
    tally = db.session.get_one(Tally, tally_id)
    contest = db.session.get_one(Contest, tally.contest_id)
    frozen = list(weight_files.weights_of(tally))
    votes = [weighing.Vote(one.submission_id, one.member_id, one.stars) for one in frozen]
    weights = [weighing.Weight(one.weight, one.reason) for one in frozen]
    entries = [row.submission_id for row in tally.rows]
    result = scoring.tally(entries, votes, weights, contest.tie_seed, m=tally.prior)
    return _explain(entries, votes, weights, result)


def _explain(
    entries: list[int],
    votes: list[weighing.Vote],
    weights: list[weighing.Weight],
    result: Result,
) -> _Explained:
    leanings = scoring.leanings(entries, votes, weights, result)
    top, bottom = dict.fromkeys(entries, 0), dict.fromkeys(entries, 0)
    for vote, (weight, _) in zip(votes, weights, strict=True):
        if weight:
            top[vote.entry] += weight * _fair(vote.stars, leanings[vote.voter])
            bottom[vote.entry] += weight
    averages = {entry: top[entry] // bottom[entry] for entry in entries if bottom[entry]}
    return _Explained(result, leanings, averages)


def _worked(explained: _Explained, entry: int, voter: int, stars: int, weight: int) -> Worked:
    result = explained.result
    row = next(row for row in result.rows if row.entry == entry)
    leaning = explained.leanings[voter]
    return Worked(
        stars=stars * STAR,
        leaning=leaning,
        fair=_fair(stars, leaning),
        weight=weight,
        counted=row.counted,
        all_weight=row.weight_120,
        plain=row.raw_mean or 0,
        average=explained.averages[entry],
        mean=result.c,
        prior=result.m,
        score=row.score,
        rank=row.rank,
        entries=len(result.rows),
    )


def _fair(stars: int, leaning: int) -> int:
    return max(STAR, min(5 * STAR, stars * STAR - leaning))
