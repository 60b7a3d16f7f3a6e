"""Recounting: every frozen tally once more, from the votes and its own frozen weights.

Also holds the votes against the ballot log, which was written with them and cannot be changed:
the last line of each voter and design must say what the vote says.
"""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core.db import db, look_at_one_moment
from ideation.voting import ballots, scoring, weighing
from ideation.voting.models import BallotLogEntry, Tally, TallyRow, TallyWeight, Vote


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
        for tally in _tallies(one.id):
            tallies += 1
            found += [Mismatch(one.slug, tally.number, what) for what in _differences(one, tally)]
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


def _differences(contest: Contest, tally: Tally) -> list[str]:
    if tally.rule_version != scoring.RULE_VERSION:
        return [f"counted by rule {tally.rule_version}, which this version does not know"]
    query = (
        select(
            Vote.submission_id, Vote.member_id, Vote.stars, TallyWeight.weight, TallyWeight.reason
        )
        .join(
            TallyWeight,
            (TallyWeight.submission_id == Vote.submission_id)
            & (TallyWeight.member_id == Vote.member_id),
        )
        .where(TallyWeight.tally_id == tally.id, Vote.contest_id == contest.id)
        .order_by(Vote.submission_id, Vote.member_id)
    )
    rows = db.session.execute(query).all()
    found = _missing(contest.id, tally.id, len(rows))
    votes = [weighing.Vote(row.submission_id, row.member_id, row.stars) for row in rows]
    weights = [weighing.Weight(row.weight, weighing.Reason(row.reason)) for row in rows]
    entries = sorted(row.submission_id for row in tally.rows)
    result = scoring.tally(entries, votes, weights, contest.tie_seed)
    frozen = {row.submission_id: row for row in tally.rows}
    for row in result.rows:
        if (said := _said(frozen[row.entry])) != (counted := _counted(row)):
            found.append(f"design {row.entry} says {said}, the votes say {counted}")
    if (tally.mean, tally.prior, tally.counted, tally.uncounted) != (
        result.c,
        result.m,
        result.counted,
        result.uncounted,
    ):
        found.append("its head (mean, prior, votes counted and not) is not what the votes give")
    if tally.digest != result.digest:
        found.append(f"its digest is {tally.digest[:12]}…, the votes give {result.digest[:12]}…")
    return found


def _missing(contest_id: int, tally_id: int, matched: int) -> list[str]:
    frozen = db.session.scalar(select(func.count()).where(TallyWeight.tally_id == tally_id)) or 0
    cast = db.session.scalar(select(func.count()).where(Vote.contest_id == contest_id)) or 0
    found = []
    if frozen != matched:
        found.append(f"{frozen - matched} weights have lost their vote")
    if cast != matched:
        found.append(f"{cast - matched} votes were not there when it was frozen")
    return found


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
