"""Casting a ballot, changing it, taking it back.

Casting is one round trip, on the way that a thousand members take in the last minute. On
PostgreSQL it is a single statement that commits itself: it locks the contest's row for share,
finds the session, decides, writes the vote and the line in the ballot log. Closing takes that row
exclusively, so a vote is either in before ``closed_at`` stands, or meets it and is refused: the
lock reads the row again as it is after the wait. On SQLite the same verdict, and what follows from
it, stand in one immediate transaction. ``policies.refusal`` says the same readably; a test holds
both to one answer.
"""

import enum
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from sqlalchemy import TextClause, bindparam, delete, insert, select, text
from sqlalchemy.engine import Connection

from ideation.accounts.grants import SEES_LIVE_SCORES
from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import config
from ideation.core.db import UTCDateTime, db, in_transaction, is_postgresql
from ideation.core.errors import Conflict, NotAllowed
from ideation.core.i18n import lazy
from ideation.voting import policies, tokens
from ideation.voting.models import BallotAction, BallotLogEntry, Vote
from ideation.voting.policies import Refusal
from ideation.voting.tokens import Ballot


class Values(TypedDict):
    """What the statement is told; all else it finds out."""

    token_hash: bytes
    dealt_to: int
    contest_id: int
    submission_id: int
    slot: int
    position: int
    stars: int
    network: bytes | None
    at: datetime


class Outcome(enum.StrEnum):
    """What became of a ballot."""

    CAST = "cast"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Cast:
    """What became of a ballot, and why where it was refused."""

    outcome: Outcome
    refusal: Refusal | None = None

    def raise_refusal(self) -> None:
        """Raise the refusal as a domain error, where there is one."""
        if self.refusal is not None:
            raise policies.error_for(self.refusal)


def cast(
    session_hash: bytes,
    ballot_token: str,
    stars: int,
    *,
    at: datetime,
    network: bytes | None = None,
) -> Cast:
    """Give a dealt ballot its stars, or change them; the vote is committed when this returns.

    ``session_hash`` is the SHA-256 of the session's token: the statement itself finds out who
    votes; ``network`` is what ``networks.hash_of`` makes of the visitor's address. A changed vote
    keeps its first slot and position, and where it first came from: changing stars elsewhere must
    not take a vote out of a crowd. Inside ``transaction()`` it joins that. Raises NotAllowed
    for a token that was not signed here, ValueError for other than 1 to 5.
    """
    values = prepare(session_hash, ballot_token, stars, at=at, network=network)
    put = _cast_in_one_statement if is_postgresql() else _cast_under_lock
    if in_transaction():
        return put(db.session.connection(), values)
    if is_postgresql():
        with db.engine.connect() as connection:
            return put(connection.execution_options(isolation_level="AUTOCOMMIT"), values)
    with db.engine.connect() as connection:
        immediate = connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        with immediate.begin():
            return put(immediate, values)


def prepare(
    session_hash: bytes, ballot_token: str, stars: int, *, at: datetime, network: bytes | None
) -> Values:
    """What the statement is told. Raises as ``cast`` does."""
    if not 1 <= stars <= 5:
        raise ValueError("1 to 5 stars")
    ballot = read_token(ballot_token)
    return {
        "token_hash": session_hash,
        "dealt_to": ballot.voter_id,
        "contest_id": ballot.contest_id,
        "submission_id": ballot.submission_id,
        "slot": ballot.slot,
        "position": ballot.position,
        "stars": stars,
        "network": network,
        "at": at,
    }


def outcome(refusal: str | None, is_new: bool | None) -> Cast:
    """What PostgreSQL's row says became of the ballot."""
    if refusal is not None:
        return Cast(Outcome.REFUSED, Refusal(refusal))
    if is_new is None:
        return Cast(Outcome.UNCHANGED)
    return Cast(Outcome.CAST if is_new else Outcome.CHANGED)


def retract(voter: Member, ballot_token: str, *, at: datetime) -> Ballot:
    """Take a vote back until close, and return its ballot as it was first dealt.

    Call inside ``transaction()``. Raises NotAllowed for a ballot of somebody else's, Conflict
    where scoring is over or there is no vote to take back.
    """
    ballot = read_token(ballot_token)
    if ballot.voter_id != voter.id:
        raise policies.error_for(Refusal.NOT_YOURS)
    contest = lock_for_voting(ballot.contest_id)
    why = policies.voter_refusal(voter, contest, at)
    if why is not None:
        raise policies.error_for(why)
    vote = db.session.execute(
        delete(Vote)
        .where(Vote.submission_id == ballot.submission_id, Vote.member_id == voter.id)
        .returning(Vote.slot, Vote.position)
    ).one_or_none()
    if vote is None:
        raise Conflict(lazy("There is no vote of yours to take back here."))
    first = ballot._replace(slot=vote.slot, position=vote.position)
    secret = voter.pseudonym_secret or b""
    line = _log_line(first, secret, BallotAction.RETRACT, None, at)
    db.session.connection().execute(_LOG, line)
    return first


def lock_for_voting(contest_id: int) -> Contest:
    """The contest, read under the lock that votes share and closing takes for itself."""
    query = (
        select(Contest).where(Contest.id == contest_id).execution_options(populate_existing=True)
    )
    if is_postgresql():
        query = query.with_for_update(read=True, of=Contest)
    return db.session.scalars(query).one()


def read_token(ballot_token: str) -> Ballot:
    """The ballot of a token that this instance signed. Raises NotAllowed for any other."""
    try:
        return tokens.verify(_key(), ballot_token)
    except tokens.BadToken as error:
        raise NotAllowed(
            lazy("This ballot was not dealt by the deck, so it is no vote. Load the page again."),
            code="forged",
        ) from error


def sign(ballot: Ballot) -> str:
    """The token that the ballot travels under."""
    return tokens.sign(_key(), *ballot)


def pseudonym(secret: bytes, contest_id: int) -> bytes:
    """Under which a member stands in one contest's ballot log; needs their secret."""
    return hashlib.sha256(secret + contest_id.to_bytes(8, "big")).digest()


def _key() -> bytes:
    return hmac.digest(config.current().secret_key.encode(), b"ballots", "sha256")


_INSIDERS = ", ".join(f"'{role.value}'" for role in sorted(SEES_LIVE_SCORES))

# The verdict, shared by both engines. The first CASE that holds is the refusal; none is a yes.
_VERDICT = f"""
  SELECT
    voter.id AS voter_id, here.device, voter.pseudonym_secret,
    CASE
      WHEN voter.id IS NULL OR voter.standing = 'erased' THEN 'signed_out'
      WHEN voter.id <> :dealt_to THEN 'not_yours'
      WHEN voter.standing <> 'active' THEN 'suspended'
      WHEN EXISTS (SELECT 1 FROM grants WHERE member_id = voter.id AND role IN ({_INSIDERS}))
        THEN 'insider'
      WHEN contest.format = 'jury' AND NOT EXISTS (
        SELECT 1 FROM jurors
        WHERE contest_id = contest.id AND member_id = voter.id AND left_at IS NULL)
        THEN 'no_juror'
      WHEN contest.cancelled_at IS NOT NULL THEN 'closed'
      WHEN contest.entry_opens_at IS NULL OR :at < contest.entry_opens_at THEN 'not_open'
      WHEN :at < contest.scoring_opens_at THEN 'not_open'
      WHEN contest.closed_at IS NOT NULL THEN 'closed'
      WHEN contest.scoring_closes_at IS NULL OR :at >= contest.scoring_closes_at THEN 'closed'
      WHEN entry.id IS NULL OR entry.contest_id <> contest.id OR entry.state <> 'approved'
        THEN 'gone'
      WHEN entry.member_id = voter.id THEN 'own'
      WHEN EXISTS (SELECT 1 FROM designers
                   WHERE submission_id = entry.id AND member_id = voter.id) THEN 'own'
      WHEN contest.format = 'jury' AND EXISTS (
        SELECT 1 FROM recusals WHERE submission_id = entry.id AND member_id = voter.id)
        THEN 'recused'
      WHEN :slot = 255 AND contest.format <> 'open' THEN 'not_dealt'
    END AS refusal
  FROM (SELECT 1) AS one
  LEFT JOIN sessions AS here
    ON here.token_hash = :token_hash AND here.ended_at IS NULL AND here.expires_at > :at
  LEFT JOIN members AS voter ON voter.id = here.member_id
  LEFT JOIN contest ON contest.id = :contest_id
  LEFT JOIN submissions AS entry ON entry.id = :submission_id
"""  # noqa: S608  # our own enum's values

# xmax is 0 in a row that this statement inserted, and its own number in one that it updated.
_ONE_STATEMENT = f"""
WITH contest AS MATERIALIZED (SELECT * FROM contests WHERE id = :contest_id FOR SHARE),
verdict AS MATERIALIZED ({_VERDICT}),
written AS (
  INSERT INTO votes
    (submission_id, member_id, contest_id, stars, slot, position, device, network, cast_at)
  SELECT :submission_id, voter_id, :contest_id, :stars, :slot, :position, device,
    CAST(:network AS bytea), :at
  FROM verdict WHERE refusal IS NULL
  ON CONFLICT (submission_id, member_id) DO UPDATE
    SET stars = excluded.stars, device = coalesce(votes.device, excluded.device),
      network = coalesce(votes.network, excluded.network), changed_at = excluded.cast_at
    WHERE votes.stars <> excluded.stars
  RETURNING votes.contest_id, votes.submission_id, votes.stars, votes.slot, votes.position,
    votes.xmax = 0 AS is_new
),
logged AS (
  INSERT INTO ballot_log (contest_id, submission_id, pseudonym, action, stars, slot, position, at)
  SELECT contest_id, submission_id, sha256(pseudonym_secret || int8send(contest_id)),
    CASE WHEN is_new THEN 'cast' ELSE 'change' END, stars, slot, position, :at
  FROM written, verdict
)
SELECT verdict.refusal, written.is_new FROM verdict LEFT JOIN written ON true
"""  # noqa: S608

# What SQLite does one after the other, under the lock: look, and put the vote or change it.
_LOOK = f"""
WITH contest AS (SELECT * FROM contests WHERE id = :contest_id),
verdict AS ({_VERDICT})
SELECT verdict.*, mine.stars, mine.slot, mine.position
FROM verdict LEFT JOIN votes AS mine
  ON mine.submission_id = :submission_id AND mine.member_id = verdict.voter_id
"""  # noqa: S608

_PUT_ALONE = """
INSERT INTO votes
  (submission_id, member_id, contest_id, stars, slot, position, device, network, cast_at)
VALUES (:submission_id, :voter_id, :contest_id, :stars, :slot, :position, :device, :network, :at)
"""

_CHANGE_ALONE = """
UPDATE votes
SET stars = :stars, device = coalesce(device, :device), network = coalesce(network, :network),
  changed_at = :at
WHERE submission_id = :submission_id AND member_id = :voter_id
"""


def _timed(statement: str) -> TextClause:
    return text(statement).bindparams(bindparam("at", type_=UTCDateTime))


_ON_POSTGRESQL = _timed(_ONE_STATEMENT)
_ON_SQLITE, _PUT, _CHANGE = _timed(_LOOK), _timed(_PUT_ALONE), _timed(_CHANGE_ALONE)
# Put together once: that takes longer than running it.
_LOG = insert(BallotLogEntry)
#: The same statement as psycopg spells parameters, for ``ballot_box``.
DRIVERS_STATEMENT = re.sub(r":([a-z_]+)", r"%(\1)s", _ONE_STATEMENT)


def _cast_in_one_statement(connection: Connection, values: Values) -> Cast:
    return outcome(*connection.execute(_ON_POSTGRESQL, values).one())


def _cast_under_lock(connection: Connection, values: Values) -> Cast:
    found = connection.execute(_ON_SQLITE, values).one()
    if found.refusal is not None:
        return Cast(Outcome.REFUSED, Refusal(found.refusal))
    stars, at = values["stars"], values["at"]
    if found.stars == stars:
        return Cast(Outcome.UNCHANGED)
    is_new = found.stars is None
    ballot = Ballot(
        found.voter_id,
        values["contest_id"],
        values["submission_id"],
        values["slot"] if is_new else found.slot,
        values["position"] if is_new else found.position,
    )
    given = {**values, "voter_id": ballot.voter_id, "device": found.device}
    connection.execute(_PUT if is_new else _CHANGE, given)
    action = BallotAction.CAST if is_new else BallotAction.CHANGE
    connection.execute(_LOG, _log_line(ballot, found.pseudonym_secret, action, stars, at))
    return Cast(Outcome.CAST if is_new else Outcome.CHANGED)


def _log_line(
    ballot: Ballot, secret: bytes, action: BallotAction, stars: int | None, at: datetime
) -> dict[str, object]:
    return {
        "contest_id": ballot.contest_id,
        "submission_id": ballot.submission_id,
        "pseudonym": pseudonym(secret, ballot.contest_id),
        "action": action,
        "stars": stars,
        "slot": ballot.slot,
        "position": ballot.position,
        "at": at,
    }
