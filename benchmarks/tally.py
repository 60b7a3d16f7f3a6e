"""Ten million votes from the database to a frozen result, beside PostgreSQL's plain GROUP BY.

The floor is the mean of each entry by ``SELECT submission_id, avg(stars), count(*) … GROUP BY``
over the same table, by the plan that PostgreSQL chooses, which is one for all cores of the
machine. Floor and ours take turns, five times, and the fastest of each counts: what
else the machine does makes either slower, never faster. Votes are made by the server itself:
every voter has as many, a device of their own, and shares a network with 39 others.

A contest's votes are kept from slot to slot and once more in the five minutes before the close
(``kept_votes``), and so they are here: the last vote of every sixteenth voter comes after that, one
vote in 400 where five minutes of a week are one in 2,000, five times over for the rush at the end.
What reading takes without that file, which is what a worker does once a contest, has its own line.
"""

import argparse
import gc
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from sqlalchemy import text
from sqlalchemy.engine import Connection

from benchmarks.figures import Figure
from benchmarks.instances import instance
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.voting import (
    counting,
    fast_scoring,
    fast_weighing,
    kept_votes,
    scoring,
    tallying,
    weighing,
    weight_files,
)
from ideation.voting.columns import Cast
from tests import factories
from tests.voting.columns import votes_of

ORDERS = 20
#: The last vote of every so manyth voter comes after the last look before the close.
LATE = 16
ROUNDS = 5
FLOOR = "PostgreSQL's plain GROUP BY"
GROUP_BY = "SELECT submission_id, avg(stars), count(*) FROM votes GROUP BY submission_id"

_T = TypeVar("_T")


@dataclass(frozen=True)
class _Size:
    votes: int
    voters: int
    entries: int


def measure(options: Sequence[str]) -> Iterator[Figure]:
    """Seconds, megabytes, and whether order or implementation change anything (1 is no)."""
    size = _size(options)
    with instance("postgresql"):
        contest_id, seed = _fill(size)
        cast = counting.read(contest_id)
        plain = counting.read_votes(contest_id)
        assert weight_files.digest_of_votes(cast) == weight_files.digest_of_votes(plain)
        del plain
        floor, computing, reading, unkept = _fastest(
            lambda: db.session.execute(text(GROUP_BY)).all(),
            lambda: _compute(cast, seed),
            lambda: counting.read(contest_id),
            lambda: counting.read_votes(contest_id),
        )
        counted = tallying.count_cast(contest_id, cast)
        db.session.rollback()
        causes = iter([tallying.CLOSE, *(f"turn:{number}" for number in range(2, ROUNDS + 1))])
        (freezing,) = _fastest(lambda: _freeze(counted, next(causes)))
        yield Figure("tally compute", computing, floor, FLOOR, "s")
        yield Figure("tally read", reading, floor, FLOOR, "s")
        yield Figure("tally read without the kept file", unkept, floor, FLOOR, "s")
        yield Figure("tally freeze", freezing, floor, FLOOR, "s")
        yield Figure("tally whole", reading + computing + freezing, floor, FLOOR, "s")
        yield Figure("tally extra memory", _megabytes(cast, seed), 100, "the goal", "MB")
        digests = {_compute(_shuffled(cast, number), seed).digest for number in range(ORDERS)}
        assert digests == {counted.result.digest}, "an order of votes changed the digest"
        yield Figure("tally digests", len(digests), 1, f"{ORDERS} random orders of votes", "")
        sample = _sample(cast)
        ours, reference = _compute(sample, seed), _reference(sample, seed)
        assert ours.canonical() == reference.canonical(), "the reference comes to another result"
        yield Figure("tally reference", ours.counted, reference.counted, "scoring.tally", "votes")


def _size(options: Sequence[str]) -> _Size:
    parser = argparse.ArgumentParser(prog="python -m benchmarks tally")
    parser.add_argument("--votes", type=int, default=10_000_000)
    parser.add_argument("--voters", type=int, help="a 25th of the votes unless given")
    parser.add_argument("--entries", type=int, help="a 500th of the votes unless given")
    asked = parser.parse_args(options)
    voters = asked.voters or asked.votes // 25
    return _Size(asked.votes // voters * voters, voters, asked.entries or asked.votes // 500)


def _fill(size: _Size) -> tuple[int, bytes]:
    """A closed contest with all its votes; its id and tie seed."""
    contest = factories.contest()
    design, voter = factories.submission(contest), factories.member()
    numbers = {
        "contest": contest.id,
        "design": design.id,
        "voter": voter.id,
        "entries": size.entries,
        "voters": size.voters,
        "each": size.votes // size.voters,
    }
    with db.engine.begin() as connection:
        # Checking thirty million references row by row would take longer than all the rest.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("ALTER TABLE votes DROP CONSTRAINT pk_votes"))
        for statement in (_VOTERS, _BROWSERS, _ENTRIES):
            connection.execute(text(statement), numbers)
        _cast(connection, numbers, is_late=False)
        connection.execute(
            text("ALTER TABLE votes ADD CONSTRAINT pk_votes PRIMARY KEY (submission_id, member_id)")
        )
    kept_votes.renew(contest.id, least=1)
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        _cast(connection, numbers, is_late=True)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Not the log: of a contest that is about to close, statistics need not know any line.
        for table in ("votes", "members", "device_uses"):
            connection.execute(text(f"VACUUM ANALYZE {table}"))
    with transaction():
        db.session.get_one(Contest, contest.id).closed_at = clock.now()
    return contest.id, contest.tie_seed


def _cast(connection: Connection, numbers: dict[str, int], *, is_late: bool) -> None:
    """The votes that come before or after the last look, and as many lines in the log as the later
    ones need: each has one, and so has the last of those before.
    """
    asked = {**numbers, "is_late": is_late, "late": LATE}
    connection.execute(text(_VOTES), asked)
    connection.execute(text(_LOG), asked)


#: A row like one that is there, but for what must be its own; ids follow on from it.
_VOTERS = """
    INSERT INTO members
    SELECT copy.* FROM members AS one, generate_series(1, :voters) AS u,
      LATERAL jsonb_populate_record(one, jsonb_build_object(
        'id', one.id + u, 'handle', 'voter-' || u, 'email', NULL, 'email_key', NULL,
        'share_code', 'v' || u, 'pseudonym_secret', sha256(int8send(u)))) AS copy
    WHERE one.id = :voter"""
_BROWSERS = """
    INSERT INTO device_uses (device, member_id, first_at, last_at)
    SELECT decode(md5(u::text), 'hex'), :voter + u, now(), now()
    FROM generate_series(1, :voters) AS u"""
_ENTRIES = """
    INSERT INTO submissions
    SELECT copy.* FROM submissions AS one, generate_series(1, :entries) AS e,
      LATERAL jsonb_populate_record(one, jsonb_build_object(
        'id', one.id + e, 'public_id', 'entry-' || e)) AS copy
    WHERE one.id = :design"""
#: In the order of casting: everybody's first, then everybody's second. Entries differ, voters are
#: strict or generous, and the rest is chance, all by hashes, so that each run has the same votes.
_VOTES = """
    INSERT INTO votes
      (submission_id, member_id, contest_id, stars, slot, position, device, network, cast_at)
    SELECT :design + e, :voter + u, :contest,
      greatest(1, least(5, 3
        + (hashint8(e) & 3) / 2 - (hashint8(u) & 3) / 2 + (hashint8(e * 1000003 + u) & 7) / 2 - 2)),
      j, j, decode(md5(u::text), 'hex'), decode(md5('network ' || u / 40), 'hex'), now()
    FROM generate_series(0, CAST(:each AS bigint) - 1) AS j,
      generate_series(1, CAST(:voters AS bigint)) AS u,
      LATERAL (SELECT CAST(1 + (u * 7919 + j * 797) % :entries AS bigint) AS e) AS dealt
    WHERE (j = :each - 1 AND u % :late = 0) = :is_late
    ORDER BY j, u"""
_LOG = """
    INSERT INTO ballot_log (contest_id, submission_id, pseudonym, action, stars, slot, position, at)
    SELECT contest_id, submission_id, sha256(pseudonym_secret || int8send(contest_id)), 'cast',
      stars, slot, position, cast_at
    FROM votes JOIN members ON members.id = member_id
    WHERE contest_id = :contest AND position = :each - 1
      AND ((member_id - :voter) % :late = 0) = :is_late"""


def _compute(cast: Cast, seed: bytes) -> scoring.Result:
    """Weights, the score, the ranking and its digest."""
    result = fast_scoring.tally(cast, fast_weighing.weigh(cast).weight, seed)
    assert len(result.digest) == 64
    return result


def _freeze(counted: tallying.Count, cause: str) -> None:
    with transaction():
        tallying.freeze(counted, cause, at=clock.now())


def _megabytes(cast: Cast, seed: bytes) -> float:
    """The most that computing holds at a time beyond its input columns."""
    gc.collect()
    tracemalloc.start()
    try:
        _compute(cast, seed)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def _shuffled(cast: Cast, number: int) -> Cast:
    order = np.random.default_rng(number).permutation(cast.size)
    return replace(
        cast,
        entry=cast.entry[order],
        voter=cast.voter[order],
        stars=cast.stars[order],
        network=cast.network[order],
        own=np.flatnonzero(np.isin(order, cast.own)),
    )


def _sample(cast: Cast) -> Cast:
    """The votes of enough voters to make some fifty thousand."""
    share = max(1, cast.size // 50_000)
    kept = np.flatnonzero(cast.voter % share == 0)
    return replace(
        cast,
        entry=cast.entry[kept],
        voter=cast.voter[kept],
        stars=cast.stars[kept],
        network=cast.network[kept],
        own=np.flatnonzero(np.isin(kept, cast.own)),
    )


def _reference(cast: Cast, seed: bytes) -> scoring.Result:
    votes = votes_of(cast)
    return scoring.tally(cast.ranked, votes, weighing.weights(votes), seed)


def _timed(act: Callable[[], _T]) -> tuple[float, _T]:
    began = time.perf_counter()
    done = act()
    return time.perf_counter() - began, done


def _fastest(*acts: Callable[[], object]) -> list[float]:
    """The fewest seconds that each took, in turns."""
    rounds = [[_timed(act)[0] for act in acts] for _ in range(ROUNDS)]
    return [min(times) for times in zip(*rounds, strict=True)]
