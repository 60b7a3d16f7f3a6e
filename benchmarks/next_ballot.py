"""What dealing the next ballots costs among 100,000 designs, beside 1,000.

Measured is ``deck.deal`` itself, in a contest that is half over and deals by rounds, for voters
who scored nothing yet, 200 designs and 2,000 (of 1,000 designs: 900). Each time another voter
scores the ballot on top and is dealt the next; large and small take turns. At most 1.3 is the goal.
"""

import gc
import random
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import insert, text

from benchmarks.figures import Figure
from benchmarks.instances import ENGINES, instance
from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, is_postgresql, transaction
from ideation.submissions.models import State, Submission
from ideation.voting import deck, lists
from ideation.voting.models import Vote
from tests import factories

SMALL, LARGE = 1_000, 100_000
ANSWERED = (0, 200, 2_000)
ROUNDS = 300
#: Voters take turns, so that a first look at a slot is among what is measured.
POOL = 12
DESIGNERS = 500
#: Others' votes on every design.
VOTES_BEFORE = 5
IN_ONE_GO = 10_000


def measure() -> Iterator[Figure]:
    """The slowest of twenty, an engine and a number of designs scored before."""
    for engine in ENGINES:
        with instance(engine):
            designers, others = _members(DESIGNERS), _members(VOTES_BEFORE)
            contests = [_contest(size, designers, others) for size in (SMALL, LARGE)]
            for answered in ANSWERED:
                least, ours = _p95(contests, answered)
                what = f"the same among {SMALL:,} designs"
                yield Figure(f"next {engine} {answered} p95", ours, least, what)


def _p95(contests: Sequence[Contest], answered: int) -> tuple[float, float]:
    """In milliseconds, of the small and of the large contest."""
    voters = _members(ROUNDS + 1 if answered == 0 else POOL)
    for contest, size in zip(contests, (SMALL, LARGE), strict=True):
        _score(contest, voters, min(answered, size * 9 // 10))
    _settle()
    times: tuple[list[float], list[float]] = ([], [])
    gc.disable()
    try:
        for turn in range(ROUNDS + 1):
            for contest, taken in zip(contests, times, strict=True):
                taken.append(_deal(contest.id, voters[turn % len(voters)], turn))
    finally:
        gc.enable()
    small, large = (sorted(taken[1:]) for taken in times)
    return small[ROUNDS * 95 // 100] * 1000, large[ROUNDS * 95 // 100] * 1000


def _deal(contest_id: int, voter_id: int, turn: int) -> float:
    """Score what lay on top, and be dealt the next; the seconds of the latter."""
    with transaction() as current:
        voter, contest = current.get_one(Member, voter_id), current.get_one(Contest, contest_id)
        _ = contest.deal_seed, voter.grants
        began = time.perf_counter()
        hand = deck.deal(voter, contest, at=clock.now())
        taken = time.perf_counter() - began
        top = hand.ballots[0].submission_id
        current.execute(insert(Vote), [_vote(contest_id, voter_id, top, turn)])
    return taken


def _contest(size: int, designers: Sequence[int], others: Sequence[int]) -> Contest:
    contest = factories.contest()
    at = clock.now() - timedelta(days=8)
    rows = [
        {
            "public_id": f"{contest.id}x{number}",
            "contest_id": contest.id,
            "member_id": designers[number % len(designers)],
            "state": State.APPROVED,
            "title": f"Design {number}",
            "created_at": at,
            "updated_at": at,
            "decided_at": at,
        }
        for number in range(size)
    ]
    with transaction() as current:
        for start in range(0, size, IN_ONE_GO):
            current.execute(insert(Submission), rows[start : start + IN_ONE_GO])
        current.execute(_DESIGNERS, {"contest_id": contest.id})
        span = {"low": min(others), "high": max(others)}
        current.execute(_VOTES, {"contest_id": contest.id, "at": at} | span)
    with transaction() as current:
        lists.build(current.get_one(Contest, contest.id), clock.now())
    return contest


def _members(how_many: int) -> list[int]:
    at, first = clock.now() - timedelta(days=30), factories.member().id
    rows = [
        {
            "id": first + number,
            "handle": f"bench-{first + number}",
            "name": "Bench",
            "registered_at": at,
            "email_confirmed_at": at,
        }
        for number in range(1, how_many)
    ]
    with transaction() as current:
        if rows:
            current.execute(insert(Member), rows)
        if is_postgresql():
            current.execute(text("SELECT setval('members_id_seq', (SELECT max(id) FROM members))"))
    return list(range(first, first + how_many))


def _score(contest: Contest, voters: Sequence[int], answered: int) -> None:
    if not answered:
        return
    listed = lists.current(contest, clock.now())
    chance = random.Random(answered)  # noqa: S311  # which designs, not who wins
    with transaction() as current:
        for voter_id in voters:
            seen = chance.sample(listed.entries, answered)
            rows = [_vote(contest.id, voter_id, entry, 0) for entry in seen]
            current.execute(insert(Vote), rows)


def _vote(contest_id: int, voter_id: int, entry: int, position: int) -> dict[str, object]:
    return {
        "contest_id": contest_id,
        "member_id": voter_id,
        "submission_id": entry,
        "stars": 1 + position % 5,
        "slot": 0,
        "position": position,
        "cast_at": clock.now(),
    }


def _settle() -> None:
    """What a running PostgreSQL does by itself after so many writes."""
    db.session.rollback()
    if is_postgresql():
        with db.engine.connect() as connection:
            settled = connection.execution_options(isolation_level="AUTOCOMMIT")
            settled.execute(text("VACUUM ANALYZE"))


_DESIGNERS = text(
    "INSERT INTO designers (submission_id, member_id, position, share_bp) "
    "SELECT id, member_id, 0, 10000 FROM submissions WHERE contest_id = :contest_id"
)
_VOTES = text(
    "INSERT INTO votes (submission_id, member_id, contest_id, stars, slot, position, cast_at) "
    "SELECT submissions.id, members.id, contest_id, 1 + (submissions.id * 7 + members.id) % 5, "
    "0, 0, CURRENT_TIMESTAMP FROM submissions JOIN members ON members.id BETWEEN :low AND :high "
    "WHERE contest_id = :contest_id"
)
