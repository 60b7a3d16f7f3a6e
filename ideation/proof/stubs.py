"""Stubs: what a voter keeps of a ballot, to see later that it is in the count.

A stub is the first 80 bits of the ballot's leaf in hex, in five groups: ``3f9a-11c0-…``. The leaf
holds the voter's pseudonym, 256 bits that only we can make while the account lives, so a stub alone
says nothing of who voted for what; with the line of text that the voter's own page shows, anybody
can hash that line and see that the stub is its beginning.

Looking one up says whether the line is in the log and, once scoring is closed, in which batch, with
the path from the leaf to the batch's head. It never says the stars. Nor does it say whether a later
line replaced this one: a voter whose stub somebody demands can show it and change the vote after.
Before close nothing but *sealed* is said: a path would tell how many others voted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.proof import batching, leaves
from ideation.proof.leaves import Line, Step, action_of
from ideation.proof.models import BallotBatch, SealedLine
from ideation.voting import ballots
from ideation.voting.models import Vote

_HEX = batching.TAG * 2
_GROUP = 4
_BETWEEN = re.compile(r"[\s\-‐-―_.]+")


@dataclass(frozen=True)
class Stub:
    """A voter's proof of one ballot: the code, and the line that it is the hash of."""

    code: str
    line: str


@dataclass(frozen=True)
class Found:
    """Where a stub's line stands. Until close the place in the tree is None."""

    contest: Contest
    leaf: bytes
    place: "Place | None"


@dataclass(frozen=True)
class Place:
    """A leaf's place under a head."""

    batch: BallotBatch
    #: Counts the leaves of the batch from 1.
    index: int
    path: tuple[Step, ...]
    #: The head before, which the batch's own follows from.
    before: bytes

    def holds(self, leaf: bytes) -> bool:
        """Whether the path leads from the leaf to the root, and the root to the head."""
        root = leaves.climb(leaf, self.path)
        head = leaves.head(self.before, self.batch.number, self.batch.leaves, root)
        return head == bytes(self.batch.head)


def of_votes(member: Member, contest: Contest, votes: Iterable[Vote]) -> dict[int, Stub]:
    """Submission → the stub of the member's standing vote for it, without a look at the log."""
    if member.pseudonym_secret is None:
        return {}
    name = ballots.pseudonym(member.pseudonym_secret, contest.id)
    return {vote.submission_id: _stub(line_of(vote, name)) for vote in votes}


def line_of(vote: Vote, pseudonym: bytes) -> Line:
    """The line of the log by which the vote stands as it does."""
    action = action_of(vote.changed_at is not None)
    return Line(
        vote.contest_id,
        vote.submission_id,
        pseudonym,
        action,
        vote.stars,
        vote.slot,
        vote.position,
    )


def code_of(leaf: bytes) -> str:
    """How a leaf's beginning is written on a stub."""
    digits = leaf[: batching.TAG].hex()
    return "-".join(digits[at : at + _GROUP] for at in range(0, _HEX, _GROUP))


def read(typed: str) -> bytes | None:
    """What a typed stub says, whatever stands between its groups; None where it is none."""
    digits = _BETWEEN.sub("", typed).lower()
    if len(digits) != _HEX or not re.fullmatch("[0-9a-f]+", digits):
        return None
    return bytes.fromhex(digits)


def look_up(tag: bytes, *, at: datetime) -> Found | None:
    """The line of a stub; None where none that is sealed has it, or where it was altered since."""
    query = (
        select(SealedLine.line_id, SealedLine.contest_id)
        .where(SealedLine.tag == tag)
        .order_by(SealedLine.line_id.desc())
        .limit(1)
    )
    sealed = db.session.execute(query).first()
    if sealed is None:
        return None
    contest = db.session.get_one(Contest, sealed.contest_id)
    lines = batching.lines(contest.id, sealed.line_id - 1, sealed.line_id)
    leaf = next((line.leaf for _, line in lines), b"")
    if leaf[: batching.TAG] != tag:
        return None
    is_closed = contest.closed_at is not None and contest.closed_at <= at
    return Found(contest, leaf, _place(contest.id, sealed.line_id) if is_closed else None)


def _place(contest_id: int, line_id: int) -> Place:
    query = (
        select(BallotBatch)
        .where(BallotBatch.contest_id == contest_id, BallotBatch.last_id >= line_id)
        .order_by(BallotBatch.number)
        .limit(1)
    )
    batch = db.session.scalars(query).one()
    before = db.session.get(BallotBatch, (contest_id, batch.number - 1))
    after = before.last_id if before else 0
    hashed = {one: line.leaf for one, line in batching.lines(contest_id, after, batch.last_id)}
    index = list(hashed).index(line_id)
    return Place(
        batch,
        index + 1,
        tuple(leaves.path(list(hashed.values()), index)),
        bytes(before.head) if before else leaves.GENESIS,
    )


def _stub(line: Line) -> Stub:
    return Stub(code_of(line.leaf), str(line))
