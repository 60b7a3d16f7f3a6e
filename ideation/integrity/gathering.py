"""Gathering: the votes of one contest as the signals look at them, and what is known of voters.

The votes are the count's own columns (``counting.read``); the instants, which a count never
needs, are read beside them in chunks and put in the same order. Nothing is locked. Hashes of
browsers and networks come as labels that mean nothing outside one reading.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Float, func, select, type_coerce

from ideation.accounts.models import Member
from ideation.contests import queries
from ideation.contests.models import Contest
from ideation.core.db import db, in_transaction, is_postgresql, look_at_one_moment
from ideation.integrity.signals import Evidence
from ideation.voting import counting, standings, tallying
from ideation.voting.columns import Cast
from ideation.voting.models import Deck, Vote
from ideation.voting.weighing import CODE, Reason

#: Scores are in 1/10,000 star.
_STAR = 10_000
#: Rows held as Python objects at a time.
CHUNK = 50_000


def gather(contest_id: int) -> Evidence:
    """The contest's votes that can count, those set aside included.

    Outside a transaction all of it is of one moment. Ten million votes cost a few seconds and,
    while they are put in order, 50 bytes each.
    """
    if not in_transaction():
        look_at_one_moment()
    contest = queries.get(contest_id)
    opened = contest.scoring_opens_at
    votes = counting.read(contest_id)
    against = votes.excluded()
    counts = np.flatnonzero((against == 0) | (against == CODE[Reason.QUARANTINED]))
    return Evidence.of(
        votes.entries[votes.entry[counts]],
        votes.voters[votes.voter[counts]],
        votes.stars[counts],
        cast_at=_instants(contest_id, votes)[counts],
        device=votes.cluster[votes.voter[counts]],
        network=votes.network[counts],
        opened_at=opened.timestamp() if opened else 0,
        registered_at=_registered(contest_id),
        skips=_skips(contest_id),
        scores=_scores(contest, votes),
    )


def _instants(contest_id: int, votes: Cast) -> NDArray[np.float64]:
    """When each vote was cast, in seconds since the epoch, in the order of the columns."""
    keys = np.empty(votes.size, np.int64)
    instants = np.empty(votes.size, np.float64)
    done = 0
    for rows in _rows(contest_id):
        part = slice(done, done + len(rows))
        entry = np.searchsorted(votes.entries, [row[0] for row in rows])
        voter = np.searchsorted(votes.voters, [row[1] for row in rows])
        keys[part] = entry * len(votes.voters) + voter
        instants[part] = [row[2] for row in rows]
        done = part.stop
    theirs = votes.entry.astype(np.int64) * len(votes.voters) + votes.voter
    aligned = np.empty_like(instants)
    aligned[np.argsort(theirs)] = instants[np.argsort(keys)]
    return aligned


def _rows(contest_id: int) -> Iterator[list[tuple[int, int, float]]]:
    seconds: ColumnElement[float]
    if is_postgresql():
        seconds = type_coerce(func.extract("epoch", Vote.cast_at), Float)
    else:  # a Julian day; 2440587.5 is the beginning of 1970
        seconds = (func.julianday(Vote.cast_at) - 2440587.5) * 86_400.0
    query = select(Vote.submission_id, Vote.member_id, seconds).where(Vote.contest_id == contest_id)
    found = db.session.execute(query.execution_options(yield_per=CHUNK))
    for rows in found.partitions(CHUNK):
        yield [(row[0], row[1], float(row[2])) for row in rows]


def _registered(contest_id: int) -> dict[int, float]:
    """Voter → when their account was made, of those who have a vote."""
    voters = select(Vote.member_id).where(Vote.contest_id == contest_id).distinct()
    query = select(Member.id, Member.registered_at).where(Member.id.in_(voters))
    return {row[0]: row[1].timestamp() for row in db.session.execute(query)}


def _skips(contest_id: int) -> dict[int, int]:
    """Voter → how many skips of theirs stand, of those who have any."""
    length = func.jsonb_array_length if is_postgresql() else func.json_array_length
    query = select(Deck.member_id, length(Deck.skipped)).where(
        Deck.contest_id == contest_id, length(Deck.skipped) > 0
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _scores(contest: Contest, votes: Cast) -> dict[int, float]:
    """Entry → its fair score in stars: when the slot began, or of these votes once closed.

    The slot's is good enough while stars are given; the last look, the one that sets votes aside,
    goes by what the count will go by. Nothing before the first slot's count.
    """
    if contest.closed_at is None:
        live = standings.find(contest.id)
        found = live.scores if live else {}
    else:
        rows = tallying.count_cast(contest.id, votes).result.rows
        found = {row.entry: row.score for row in rows}
    return {entry: score / _STAR for entry, score in found.items()}
