"""Recounting: every frozen tally once more, from the votes and its own frozen weights.

Also holds the votes against the ballot log, which was written with them and cannot be changed:
the last line of each voter and design must say what the vote says.
"""

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core.db import db, look_at_one_moment
from ideation.voting import (
    ballots,
    counting,
    crosschecks,
    fast_scoring,
    scoring,
    weight_files,
)
from ideation.voting.columns import Cast
from ideation.voting.models import BallotLogEntry, Tally, TallyRow, Vote

#: In 1/10,000: half a percent, ten draws of two thousand.
ODDS_MAY_DIFFER = 50


@dataclass(frozen=True)
class Mismatch:
    """Something that a recount found to differ; ``tally`` is 0 for votes against their log."""

    contest: str
    tally: int
    what: str

    def __str__(self) -> str:
        where = f"tally {self.tally}" if self.tally else "ballot log"
        return f"{self.contest}, {where}: {self.what}"


@dataclass(frozen=True)
class Recount:
    """What was looked at, and what differed; nothing should."""

    contests: int
    tallies: int
    votes: int
    mismatches: tuple[Mismatch, ...]


def recount(contest: Contest | None = None) -> Recount:
    """Recount one contest, or all of them, those still being scored too.

    Takes no lock: votes, log and tallies are read as of one moment. Needs no transaction open.
    """
    look_at_one_moment()
    if contest is not None:
        contests = [contest]
    else:
        contests = list(db.session.scalars(select(Contest).order_by(Contest.id)))
    found: list[Mismatch] = []
    tallies = votes = 0
    for one in contests:
        found += _against_log(one)
        votes += db.session.scalar(select(func.count()).where(Vote.contest_id == one.id)) or 0
        frozen = _tallies(one.id)
        cast = counting.read_votes(one.id) if frozen else None
        for tally in frozen:
            tallies += 1
            differences = _differences(one, cast, tally) if cast else []
            found += [Mismatch(one.slug, tally.number, what) for what in differences]
    return Recount(len(contests), tallies, votes, tuple(found))


def _tallies(contest_id: int) -> list[Tally]:
    query = (
        select(Tally)
        .where(Tally.contest_id == contest_id)
        .order_by(Tally.number)
        .options(selectinload(Tally.rows))
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def _differences(contest: Contest, cast: Cast, tally: Tally) -> list[str]:
    if tally.rule_version != scoring.RULE_VERSION:
        return [f"counted by rule {tally.rule_version}, which this version does not know"]
    try:
        body = weight_files.body_of(tally)
        weighed = weight_files.weights_in(body, cast)
    except ValueError as error:
        return [str(error)]
    found = []
    if sha256(body).hexdigest() != tally.weights_digest:
        found.append("its file of weights was altered")
    if weight_files.digest_of_votes(cast) != tally.votes_digest:
        found.append("the votes are not those it was counted from")
    cast = cast.ranking([row.submission_id for row in tally.rows])
    try:
        sums = fast_scoring.add_up(cast, weighed.weight)
        result = fast_scoring.tally_sums(cast, weighed.weight, sums, contest.tie_seed)
    except ValueError as error:
        return [*found, str(error)]
    frozen = {row.submission_id: row for row in tally.rows}
    found += [
        f"design {row.entry} says {said}, the votes say {counted}"
        for row in result.rows
        if (said := _said(frozen[row.entry])) != (counted := _counted(row))
    ]
    return [*found, *_heads(tally, result), *_odds(contest, cast, tally, sums, result)]


def _heads(tally: Tally, result: scoring.Result) -> list[str]:
    found = []
    said = (tally.mean, tally.prior, tally.sigma2, tally.counted, tally.uncounted)
    if said != (result.c, result.m, result.sigma2, result.counted, result.uncounted):
        found.append(
            "its head (mean, prior, variance, votes counted and not) is not what they give"
        )
    if tally.digest != result.digest:
        found.append(f"its digest is {tally.digest[:12]}…, the votes give {result.digest[:12]}…")
    return found


def _odds(
    contest: Contest, cast: Cast, tally: Tally, sums: fast_scoring.Sums, result: scoring.Result
) -> list[str]:
    """Chances are worked out in floats, and another machine may differ in a draw or two.

    Tallies from before chances were drawn have none.
    """
    if not tally.checks:
        return []
    odds = crosschecks.odds(result, sums, cast, tally.checks["winners"], contest.tie_seed)
    return [
        f"design {row.submission_id} is given {row.odds} odds, not {odds.get(row.submission_id)}"
        for row in tally.rows
        if (row.odds is None) != (row.submission_id not in odds)
        or abs((row.odds or 0) - odds.get(row.submission_id, 0)) > ODDS_MAY_DIFFER
    ]


def _said(row: TallyRow) -> tuple[object, ...]:
    histogram = tuple(row.histogram)
    numbers = (row.rank, row.score, row.low, row.high, row.raw_mean)
    return (*numbers, histogram, row.counted, row.uncounted)


def _counted(row: scoring.Row) -> tuple[object, ...]:
    numbers = (row.rank, row.score, row.low, row.high, row.raw_mean)
    return (*numbers, row.histogram, row.counted, row.uncounted)


def _against_log(contest: Contest) -> list[Mismatch]:
    """Votes of members whose secret was destroyed are compared without their name."""
    logged = _last_lines(contest.id)
    query = (
        select(Vote.submission_id, Vote.stars, Vote.slot, Vote.position, Member.pseudonym_secret)
        .join(Member, Member.id == Vote.member_id)
        .where(Vote.contest_id == contest.id)
    )
    found = []
    nameless: Counter[tuple[int, int, int, int]] = Counter()
    for entry, stars, slot, position, secret in db.session.execute(query):
        if secret is None:
            nameless[(entry, stars, slot, position)] += 1
            continue
        line = logged.pop((entry, ballots.pseudonym(secret, contest.id)), None)
        if line != (stars, slot, position):
            said = f"{line[0]} stars" if line else "no vote"
            found.append(f"a vote of {stars} stars for design {entry}; the log says {said}")
    left = Counter((entry, *line) for (entry, _), line in logged.items())
    for entry, stars, *_ in (nameless - left).elements():
        found.append(f"a vote of {stars} stars for design {entry} that no line explains")
    for entry, stars, *_ in (left - nameless).elements():
        found.append(f"the log has {stars} stars for design {entry}; the vote is gone")
    return [Mismatch(contest.slug, 0, what) for what in found]


def _last_lines(contest_id: int) -> dict[tuple[int, bytes], tuple[int, int, int]]:
    """(design, pseudonym) → what the last line says, without what was taken back."""
    last: dict[tuple[int, bytes], tuple[int, int, int]] = {}
    query = (
        select(
            BallotLogEntry.submission_id,
            BallotLogEntry.pseudonym,
            BallotLogEntry.stars,
            BallotLogEntry.slot,
            BallotLogEntry.position,
        )
        .where(BallotLogEntry.contest_id == contest_id)
        .order_by(BallotLogEntry.id)
    )
    for entry, name, stars, slot, position in db.session.execute(query):
        if stars is None:
            last.pop((entry, bytes(name)), None)
        else:
            last[(entry, bytes(name))] = (stars, slot, position)
    return last
