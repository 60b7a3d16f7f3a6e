"""Recounting: every frozen tally once more, from the votes and its own frozen weights.

Also holds the votes against the ballot log, which was written with them and cannot be changed:
the last line of each voter and design must say what the vote says.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core.db import db, look_at_one_moment
from ideation.submissions.models import Submission
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
#: Lines and votes that are fetched at once.
_ROWS = 5_000


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
        if not frozen:
            continue
        tallies += len(frozen)
        cast, designs = counting.read_votes(one.id), _designs(one.id)
        for tally in frozen:
            differences = _differences(one, cast, designs, tally)
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


def _designs(contest_id: int) -> set[int]:
    return set(db.session.scalars(select(Submission.id).where(Submission.contest_id == contest_id)))


def _differences(contest: Contest, cast: Cast, designs: set[int], tally: Tally) -> list[str]:
    try:
        scoring.reach_of(tally.rule_version)
        body = weight_files.body_of(tally)
        weighed = weight_files.weights_in(body, cast)
    except ValueError as error:
        return [str(error)]
    found = []
    if sha256(body).hexdigest() != tally.weights_digest:
        found.append("its file of weights was altered")
    if weight_files.digest_of_votes(cast, like=tally.votes_digest) != tally.votes_digest:
        found.append("the votes are not those it was counted from")
    found += [
        f"design {row.submission_id} is none of this contest's"
        for row in tally.rows
        if row.submission_id not in designs
    ]
    cast = cast.ranking([row.submission_id for row in tally.rows])
    try:
        sums = fast_scoring.add_up(cast, weighed.weight)
        result = fast_scoring.tally_sums(cast, sums, contest.tie_seed, rule=tally.rule_version)
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
    """Design by design, so that the votes of one are held in memory and not ten million."""
    logged = groupby(_log(contest.id), key=itemgetter(0))
    cast = groupby(_votes(contest.id), key=itemgetter(0))
    found: list[Mismatch] = []
    for entry, lines, votes in _side_by_side(logged, cast):
        differences = _of_design(contest.id, _last_lines(lines), votes)
        found += [Mismatch(contest.slug, 0, what.format(entry)) for what in differences]
    return found


_Designs = Iterator[tuple[int, Iterator[tuple[Any, ...]]]]


def _side_by_side(
    logged: _Designs, cast: _Designs
) -> Iterator[tuple[int, Iterable[tuple[Any, ...]], Iterable[tuple[Any, ...]]]]:
    """Each design with its lines of the log and its votes; both come by design."""
    line, vote = next(logged, None), next(cast, None)
    while line or vote:
        entry = min(each[0] for each in (line, vote) if each)
        has_lines, has_votes = bool(line and line[0] == entry), bool(vote and vote[0] == entry)
        yield (
            entry,
            line[1] if line and has_lines else (),
            vote[1] if vote and has_votes else (),
        )
        line = next(logged, None) if has_lines else line
        vote = next(cast, None) if has_votes else vote


def _of_design(
    contest_id: int,
    logged: dict[bytes, tuple[int, int, int]],
    votes: Iterable[tuple[Any, ...]],
) -> Iterator[str]:
    """What differs, with a place for the design's number.

    Votes of members whose secret was destroyed are compared without their name.
    """
    nameless: Counter[tuple[int, int, int]] = Counter()
    for _, stars, slot, position, secret in votes:
        if secret is None:
            nameless[(stars, slot, position)] += 1
            continue
        line = logged.pop(ballots.pseudonym(secret, contest_id), None)
        if line != (stars, slot, position):
            said = f"{line[0]} stars" if line else "no vote"
            yield f"a vote of {stars} stars for design {{}}; the log says {said}"
    left = Counter(logged.values())
    for stars, *_ in (nameless - left).elements():
        yield f"a vote of {stars} stars for design {{}} that no line explains"
    for stars, *_ in (left - nameless).elements():
        yield f"the log has {stars} stars for design {{}}; the vote is gone"


def _last_lines(lines: Iterable[tuple[Any, ...]]) -> dict[bytes, tuple[int, int, int]]:
    """Pseudonym → what the last line of a design says, without what was taken back."""
    last: dict[bytes, tuple[int, int, int]] = {}
    for _, name, stars, slot, position in lines:
        if stars is None:
            last.pop(bytes(name), None)
        else:
            last[bytes(name)] = (stars, slot, position)
    return last


def _log(contest_id: int) -> Iterator[tuple[Any, ...]]:
    query = (
        select(
            BallotLogEntry.submission_id,
            BallotLogEntry.pseudonym,
            BallotLogEntry.stars,
            BallotLogEntry.slot,
            BallotLogEntry.position,
        )
        .where(BallotLogEntry.contest_id == contest_id)
        .order_by(BallotLogEntry.submission_id, BallotLogEntry.id)
        .execution_options(yield_per=_ROWS)
    )
    return (tuple(row) for row in db.session.execute(query))


def _votes(contest_id: int) -> Iterator[tuple[Any, ...]]:
    query = (
        select(Vote.submission_id, Vote.stars, Vote.slot, Vote.position, Member.pseudonym_secret)
        .join(Member, Member.id == Vote.member_id)
        .where(Vote.contest_id == contest_id)
        .order_by(Vote.submission_id)
        .execution_options(yield_per=_ROWS)
    )
    return (tuple(row) for row in db.session.execute(query))
