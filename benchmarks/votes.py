"""How many votes a second the site takes, beside the least that could take them.

Ours is the real application: session, CSRF, limits, eligibility, phase, ballot log. The floor is
``votes_floor``. Both run under granian with two workers, on one PostgreSQL with its usual
durability, asked in turn by the same client over sixteen connections; each request is another
ballot, given its stars for the first time.
"""

import contextlib
import itertools
import secrets
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, insert, select
from sqlalchemy.engine import make_url

from benchmarks.figures import Figure
from benchmarks.hammering import Run, hammer
from benchmarks.instances import instance
from ideation.accounts.models import Member, SessionRow
from ideation.accounts.sessions import LIFETIME
from ideation.contests.models import Contest
from ideation.core import clock, config
from ideation.core.db import db, transaction
from ideation.http.session import token_hash
from ideation.voting import ballots
from ideation.voting.models import BallotLogEntry, Vote
from ideation.voting.tokens import Ballot
from tests import factories
from tests.servers import web

WORKERS, THREADS, CONNECTIONS = 2, 8, 16
#: So many that nobody meets their five a second.
MEMBERS, DESIGNS = 1500, 40
ROUNDS, SECONDS = 5, 2.5


def measure() -> Iterator[Figure]:
    """Votes a second, of the floor's (0.6 or more is the goal); and the slowest of a hundred."""
    with instance("postgresql") as app, tempfile.TemporaryDirectory() as folder:
        contests = [factories.contest(), factories.contest()]
        entries = [[factories.submission(one).id for _ in range(DESIGNS)] for one in contests]
        voters = _voters()
        settings, ours = config.current(), _Ours(app, contests[0], entries[0], voters)
        floor = _Floor(entries[1], voters)
        db.session.rollback()
        with (
            web.serving(settings, Path(folder), workers=WORKERS, threads=THREADS) as our_url,
            _floor_serving(Path(folder)) as floor_url,
        ):
            runs = _in_turn((our_url, ours.requests()), (floor_url, floor.requests()))
        _check(contests, runs)
    rates = [statistics.median(run.rate for run in runs[kind][1:]) for kind in (0, 1)]
    slowest = [statistics.median(run.percentile(0.99) for run in runs[kind][1:]) for kind in (0, 1)]
    what = "a bare Flask view, one joined statement by psycopg"
    yield Figure("votes", rates[0], rates[1], what, "votes/s")
    yield Figure("votes p99", slowest[0], slowest[1], what, "ms")


def _in_turn(*targets: tuple[str, Iterator[bytes]]) -> tuple[list[Run], ...]:
    """Each for a while, one after the other, again and again; the first round warms caches."""
    runs: tuple[list[Run], ...] = tuple([] for _ in targets)
    for _ in range(ROUNDS + 1):
        for done, (url, requests) in zip(runs, targets, strict=True):
            done.append(hammer(url, requests, SECONDS, CONNECTIONS))
    return runs


def _check(contests: Sequence[Contest], runs: Sequence[Sequence[Run]]) -> None:
    """Every answered request is a vote, and every vote of ours is in the log."""
    db.session.rollback()
    for contest, done in zip(contests, runs, strict=True):
        votes = select(func.count()).where(Vote.contest_id == contest.id)
        assert db.session.scalar(votes) == sum(len(run.times) for run in done)
    logged = db.session.scalar(select(func.count(BallotLogEntry.id)))
    assert logged == sum(len(run.times) for run in runs[0])


@dataclass(frozen=True)
class _Voter:
    """A member with a signed-in browser."""

    id: int
    token: str


def _voters() -> list[_Voter]:
    at = clock.now()
    with transaction() as current:
        rows = [
            {"handle": f"voter-{n}", "name": f"Voter {n}", "registered_at": at,
             "email_confirmed_at": at, "pseudonym_secret": secrets.token_bytes(32)}
            for n in range(MEMBERS)
        ]  # fmt: skip
        known = list(current.scalars(insert(Member).returning(Member.id), rows))
        voters = [_Voter(member_id, secrets.token_urlsafe(32)) for member_id in known]
        current.execute(
            insert(SessionRow),
            [
                {"token_hash": token_hash(voter.token), "member_id": voter.id, "created_at": at,
                 "seen_at": at, "expires_at": at + LIFETIME, "device": secrets.token_bytes(16)}
                for voter in voters
            ],
        )  # fmt: skip
    return voters


class _Ours:
    """Requests as the deck's script sends them."""

    def __init__(
        self, app: Flask, contest: Contest, entries: Sequence[int], voters: Sequence[_Voter]
    ) -> None:
        self._contest_id, self._entries, self._voters = contest.id, entries, voters
        self._path = f"/contests/{contest.slug}/votes"
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        csrf = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")
        self._cookies, self._csrf = [], []
        for voter in voters:
            raw = secrets.token_hex(20)
            kept = {"_permanent": True, "_user_id": voter.token, "csrf_token": raw}
            cookie = (
                f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({**kept, 'language': 'en'})}"
            )
            self._cookies.append(cookie)
            self._csrf.append(str(csrf.dumps(raw)))

    def requests(self) -> Iterator[bytes]:
        """Every voter's ballot of every design, once."""
        tokens = {
            (entry, place): ballots.sign(Ballot(voter.id, self._contest_id, entry, 0, position))
            for position, entry in enumerate(self._entries)
            for place, voter in enumerate(self._voters)
        }
        for number, ((_entry, place), token) in enumerate(tokens.items()):
            form = {"csrf_token": self._csrf[place], "ballot": token, "stars": number % 5 + 1}
            yield _post(self._path, self._cookies[place], form)


class _Floor:
    """The same for the floor."""

    def __init__(self, entries: Sequence[int], voters: Sequence[_Voter]) -> None:
        self._entries, self._voters = entries, voters

    def requests(self) -> Iterator[bytes]:
        """Every voter's vote for every design, once."""
        pairs = itertools.product(self._entries, self._voters)
        for number, (entry, voter) in enumerate(pairs):
            cookie = f"session={token_hash(voter.token).hex()}"
            yield _post("/votes", cookie, {"submission": entry, "stars": number % 5 + 1})


def _post(path: str, cookie: str, form: dict[str, object]) -> bytes:
    body = urlencode(form)
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
        f"Accept-Language: en\r\nCookie: {cookie}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def _floor_serving(folder: Path) -> contextlib.AbstractContextManager[str]:
    url = make_url(config.current().database_url).set(drivername="postgresql")
    environment = {"FLOOR_DSN": url.render_as_string(hide_password=False)}
    return web.serving_application(
        "benchmarks.votes_floor:app", environment, folder, workers=WORKERS, threads=THREADS
    )
