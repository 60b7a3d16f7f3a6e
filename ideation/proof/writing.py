"""Making the two files of a tally: everybody's, and the auditors'. A worker does it.

Both are ASCII, a line a fact, in gzip; ``docs/scoring.md`` describes them and
``static/verify_results.py`` reads them. Everybody's file has the ballots that count under voters'
numbers drawn for this contest alone, by design and then by number: an order that tells nothing of
when they were cast. One that does not count names no voter, since *own design* or *sees scores*
would say who that is. The auditors' has the log's lines batch by batch, and each leaf's weight.

Rows are streamed, a design at a time, so that ten million votes need little memory. Built again
from the same database they come out byte for byte the same.
"""

import gzip
import hmac
import tempfile
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from ideation.accounts.models import Member
from ideation.contests import commitments
from ideation.contests.models import Contest
from ideation.core.db import db, is_postgresql, look_at_one_moment, transaction
from ideation.core.storage import in_force
from ideation.core.storage.base import Stored
from ideation.proof import batching, erased
from ideation.proof.files import AUDITORS, KINDS, PUBLIC
from ideation.proof.leaves import Line, action_of
from ideation.proof.models import FileKey, ResultFile
from ideation.submissions.models import Submission
from ideation.voting import ballots, queries, weight_files
from ideation.voting.models import Tally, TallyRow, Vote

_FIRST_LINE = {PUBLIC: "ideation-results 1", AUDITORS: "ideation-audit 1"}
_BUFFER = 1 << 16


def make(contest_id: int, number: int, *, at: datetime) -> None:
    """Make what is not made yet of a tally's files. Opens short transactions of its own."""
    key = _key(contest_id)
    for kind in KINDS:
        tally = queries.get_tally(contest_id, number)
        if db.session.get(ResultFile, (tally.id, kind)) is not None:
            continue
        values = {"tally_id": tally.id, "kind": kind, "at": at}
        place = f"results/{contest_id}/{number}/{kind}.txt.gz"
        stored, digest = _store(tally, kind, key, place)
        values |= {"storage_key": place, "digest": digest, "size": stored.size}
        with transaction():
            _insert_once(ResultFile, values)


def rebuild(contest_id: int, number: int, kind: str) -> bool:
    """Make a file anew where it is; whether its text is what was published.

    Raises NotFound for a tally that is not there.
    """
    tally = queries.get_tally(contest_id, number)
    said = db.session.get_one(ResultFile, (tally.id, kind))
    place, digest = said.storage_key, said.digest
    with tempfile.TemporaryFile() as packed:
        if _write(packed, tally, kind, _key(contest_id)) != digest:
            return False
        packed.seek(0)
        in_force.store().put(place, packed)
    return True


def _store(tally: Tally, kind: str, key: bytes, place: str) -> tuple[Stored, str]:
    with tempfile.TemporaryFile() as packed:
        digest = _write(packed, tally, kind, key)
        packed.seek(0)
        return in_force.store().put(place, packed), digest


def _write(packed: BinaryIO, tally: Tally, kind: str, key: bytes) -> str:
    """Write the file; the SHA-256 of its text, which is also its last line."""
    tally_id = tally.id
    look_at_one_moment()
    tally = db.session.get_one(Tally, tally_id)
    contest = db.session.get_one(Contest, tally.contest_id)
    body = _public(tally, key) if kind == PUBLIC else _auditors(tally)
    lines = _join(_head(contest, tally, kind), _entries(tally), body)
    whole, waiting = sha256(), bytearray()
    # A name or a time in the header would make the same text other bytes.
    with gzip.GzipFile("", "wb", compresslevel=6, fileobj=packed, mtime=0) as text:
        for line in lines:
            waiting += line.encode("ascii") + b"\n"
            if len(waiting) > _BUFFER:
                whole.update(waiting)
                text.write(waiting)
                waiting.clear()
        whole.update(waiting)
        text.write(waiting + f"end {whole.hexdigest()}\n".encode("ascii"))
    db.session.rollback()
    return whole.hexdigest()


def _join(*parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        yield from part


def _head(contest: Contest, tally: Tally, kind: str) -> Iterator[str]:
    yield _FIRST_LINE[kind]
    said = {
        "contest": contest.slug,
        "contest-id": contest.id,
        "format": contest.format.value,
        "tally": tally.number,
        "cause": tally.cause,
        "rule": tally.rule_version,
        "mean": tally.mean,
        "prior": tally.prior,
        "sigma2": tally.sigma2,
        "voters": tally.voters,
        "counted": tally.counted,
        "uncounted": tally.uncounted,
        "entries": len(tally.rows),
        "tie-seed": contest.tie_seed.hex(),
        "tie-commitment": commitments.commit_to(contest.tie_seed),
        "log-head": tally.log_head or "-",
        "votes-digest": tally.votes_digest or "-",
        "weights-digest": tally.weights_digest or "-",
        "digest": tally.digest,
    }
    yield from (f"{name} {value}" for name, value in said.items())
    yield ""


def _entries(tally: Tally) -> Iterator[str]:
    """By id, so that the rank is the file's claim and not its order."""
    query = (
        select(TallyRow.submission_id, Submission.public_id, TallyRow.rank)
        .add_columns(TallyRow.score, TallyRow.low, TallyRow.high)
        .join(Submission, Submission.id == TallyRow.submission_id)
        .where(TallyRow.tally_id == tally.id)
        .order_by(TallyRow.submission_id)
    )
    for row in db.session.execute(query):
        yield f"entry {' '.join(map(str, row))}"


def _public(tally: Tally, key: bytes) -> Iterator[str]:
    number_of = _Numbers(tally.contest_id, key)
    ranked = {row.submission_id for row in tally.rows}
    weighed = weight_files.weights_of(tally)
    for entry, given in groupby(weighed, lambda one: one.submission_id):
        if entry not in ranked:
            continue
        cells = [
            (number_of(one.member_id) if one.weight else 0, one.stars, one.weight) for one in given
        ]
        for number, stars, weight in sorted(cells):
            yield f"ballot {entry} {number or '-'} {stars} {weight}"


class _Numbers:
    """Voters' numbers in everybody's file, from 1, in the order of a keyed hash."""

    def __init__(self, contest_id: int, key: bytes) -> None:
        query = select(Vote.member_id).where(Vote.contest_id == contest_id).distinct()
        drawn = sorted(
            (hmac.digest(key, member_id.to_bytes(8, "big"), "sha256"), member_id)
            for member_id in db.session.scalars(query.execution_options(yield_per=batching.CHUNK))
        )
        numbered = sorted((member_id, place) for place, (_, member_id) in enumerate(drawn, start=1))
        self._members = array("q", (member_id for member_id, _ in numbered))
        self._numbers = array("q", (number for _, number in numbered))

    def __call__(self, member_id: int) -> int:
        return self._numbers[bisect_left(self._members, member_id)]


def _auditors(tally: Tally) -> Iterator[str]:
    after = 0
    for batch in batching.list_batches(tally.contest_id):
        root, head = bytes(batch.root).hex(), bytes(batch.head).hex()
        yield f"batch {batch.number} {batch.leaves} {root} {head}"
        for _, line in batching.lines(tally.contest_id, after, batch.last_id):
            yield str(line)
        after = batch.last_id
    weighed = zip(_leaves(tally.contest_id), weight_files.weights_of(tally), strict=True)
    for _, given in groupby(weighed, lambda pair: pair[1].submission_id):
        lines = [
            f"weight {leaf.hex()} {one.weight} {one.reason.value}" for leaf, one in given if leaf
        ]
        yield from sorted(lines)


def _leaves(contest_id: int) -> Iterator[bytes]:
    """The leaf of every vote, by design and member; empty where no line is known to be its."""
    names = erased.pseudonyms(contest_id)
    query = (
        select(
            Vote.submission_id,
            Vote.member_id,
            Vote.stars,
            Vote.slot,
            Vote.position,
            Vote.changed_at.is_not(None),
            Member.pseudonym_secret,
        )
        .join(Member, Member.id == Vote.member_id)
        .where(Vote.contest_id == contest_id)
        .order_by(Vote.submission_id, Vote.member_id)
        .execution_options(yield_per=batching.CHUNK)
    )
    for entry, member_id, stars, slot, position, is_changed, secret in db.session.execute(query):
        name = ballots.pseudonym(secret, contest_id) if secret else names.get(member_id)
        if name is None:
            yield b""
            continue
        yield Line(contest_id, entry, name, action_of(is_changed), stars, slot, position).leaf


def _key(contest_id: int) -> bytes:
    """The contest's secret for voters' numbers, drawn when it is first needed."""
    found = db.session.get(FileKey, contest_id)
    if found is None:
        with transaction():
            _insert_once(FileKey, {"contest_id": contest_id, "key": commitments.fresh_seed()})
        found = db.session.get_one(FileKey, contest_id)
    return bytes(found.key)


def _insert_once(model: type[FileKey] | type[ResultFile], values: dict[str, object]) -> None:
    into = postgresql.insert if is_postgresql() else sqlite.insert
    db.session.execute(into(model).values(values).on_conflict_do_nothing())
