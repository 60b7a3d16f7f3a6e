"""The least that could take a vote: a bare Flask view and one joined statement by psycopg.

It finds session, contest and design and writes the vote. No signed ballot, no token against
forgery, no limit, no log, none of the rules: what ours does beyond it is what is measured.
"""

import os
import threading
from datetime import UTC, datetime

import psycopg
from flask import Flask, request

STATEMENT = """
INSERT INTO votes (submission_id, member_id, contest_id, stars, slot, position, cast_at)
SELECT entry.id, here.member_id, contest.id, %(stars)s, 0, 0, %(at)s
FROM sessions AS here, contests AS contest, submissions AS entry
WHERE here.token_hash = %(token_hash)s AND here.ended_at IS NULL AND here.expires_at > %(at)s
  AND entry.id = %(submission_id)s AND entry.state = 'approved'
  AND contest.id = entry.contest_id AND contest.closed_at IS NULL
  AND contest.scoring_opens_at <= %(at)s AND contest.scoring_closes_at > %(at)s
ON CONFLICT (submission_id, member_id) DO UPDATE
  SET stars = excluded.stars, changed_at = excluded.cast_at
"""

app = Flask("floor")
_local = threading.local()


@app.post("/votes")
def vote() -> dict[str, str]:
    """Write one vote."""
    values = {
        "token_hash": bytes.fromhex(request.cookies["session"]),
        "submission_id": int(request.form["submission"]),
        "stars": int(request.form["stars"]),
        "at": datetime.now(UTC),
    }
    written = _connection().execute(STATEMENT, values).rowcount
    assert written == 1
    return {"outcome": "cast"}


@app.get("/healthz")
def healthz() -> str:
    """Whether it is there."""
    return "ok"


def _connection() -> "psycopg.Connection[tuple[object, ...]]":
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(os.environ["FLOOR_DSN"], autocommit=True)
    connection: psycopg.Connection[tuple[object, ...]] = _local.connection
    return connection
