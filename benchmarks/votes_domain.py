"""What casting a ballot costs beyond writing its row: checks, log and lock in one round trip."""

from collections.abc import Iterator

from sqlalchemy import text

from benchmarks.figures import Figure, compare
from benchmarks.instances import ENGINES, instance
from ideation.core import clock
from ideation.core.db import db
from ideation.voting import ballots
from tests import factories
from tests.factories import voting

BARE = text(
    "INSERT INTO bare_votes (submission_id, member_id, stars, cast_at) "
    "VALUES (:submission_id, :member_id, :stars, CURRENT_TIMESTAMP) "
    "ON CONFLICT (submission_id, member_id) DO UPDATE SET stars = excluded.stars"
)
DESIGNS = 40
NAMES = ("Ana", "Ben", "Chen", "Dee", "Eli", "Fei", "Gus", "Hye")


def measure() -> Iterator[Figure]:
    """One figure an engine: `ballots.cast` against a bare upsert, each with its own commit."""
    for engine in ENGINES:
        with instance(engine):
            yield _measure(engine)


def _measure(engine: str) -> Figure:
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TABLE bare_votes (submission_id bigint, member_id bigint, stars int, "
                "cast_at timestamp, PRIMARY KEY (submission_id, member_id))"
            )
        )
    contest = factories.contest("scoring")
    designs = [factories.submission(contest) for _ in range(DESIGNS)]
    sessions = [(voter, voting.session_of(voter)) for voter in map(factories.member, NAMES)]
    ballots_of = [
        (session_hash, voting.ballot(voter, design))
        for voter, session_hash in sessions
        for design in designs
    ]
    db.session.rollback()

    def cast(number: int) -> None:
        session_hash, token = ballots_of[number % len(ballots_of)]
        ballots.cast(session_hash, token, number % 5 + 1, at=clock.now()).raise_refusal()

    def upsert(number: int) -> None:
        with db.engine.begin() as connection:
            row = {"submission_id": number % DESIGNS, "member_id": number % len(NAMES), "stars": 3}
            connection.execute(BARE, row)

    return compare(f"votes_domain {engine}", cast, upsert, "a bare upsert and its commit")
