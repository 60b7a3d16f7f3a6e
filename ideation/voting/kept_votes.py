"""A contest's votes as a slot found them, so that a count reads only what came since.

To read ten million votes out of a table takes several times as long as to count them. So when a
slot's standings are due, and once more in the last minutes before the close, a worker puts the
packed votes (``packing``) into a file of the store, and whoever counts takes that file and what
the ballot log says changed after it.

**Why nothing is missed.** Every cast, change and retraction writes a line of the log in its own
transaction, and draws the line's number under a share of the contest's lock (``ballots``). A mark
is taken under the whole of that lock: no such transaction is under way then, so every line up to
the mark is committed, and each later one has a higher number. The votes are read after the mark.
What that misses has a line beyond the mark, and its vote is looked at by the next count as it is
then; looking twice changes nothing. Lines name voters by pseudonyms that go with an account, so
the votes of erased members are read anew by every count.

**When it is not relied on.** Without a file, with one that is not whole or not ours (HMAC with
SHA-256, under a key of this instance), where the line of its mark is not in the database as it
was, and where ids have outgrown its layout, all votes are read from their table. A recount never
looks here. SQLite's contests are small and read whole.

The file holds what the votes hold, some bits of networks' hashes among it, and goes when those
go (``traces``).

**Format.** A line of ASCII, then its HMAC of 32 bytes, by which it is trusted at once; then the
votes in ascending order as 8 bytes each, little-endian, and an HMAC over all before them, which is
looked at while the database is asked.
"""

import hmac
import itertools
import re
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import BinaryIO

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy import func, select

from ideation.accounts.models import Member
from ideation.contests import editions
from ideation.contests.models import Contest
from ideation.core import config, cores, jobs
from ideation.core.db import db, is_postgresql, transaction
from ideation.core.storage import in_force
from ideation.core.storage.base import NotStored, StorageFull
from ideation.voting import reading
from ideation.voting.models import BallotLogEntry
from ideation.voting.packing import BLOCK, Bundle, Layout, Packed

log = structlog.get_logger(__name__)

#: Keeps the votes of contests that are about to close: the result is what people wait for.
KEEP = jobs.declare("voting.keep_votes")
KEEP_SECONDS = 300
#: A job may come so much later than it is due.
_LATE = timedelta(seconds=60)

#: Fewer votes are read from their table in less than a second.
LEAST = 500_000
FOLDER = "counts"

_HEAD = re.compile(
    rb"ideation-votes 3 contest=(\d+) entries=(\d+)\+(\d+) voters=(\d+)\+(\d+)"
    rb" line=(\d+) digest=([0-9a-f]{64}) page=(\d+) votes=(\d+)\n"
)
_KIND = np.dtype("<i8")
_SEAL = 32


@dataclass(frozen=True)
class Mark:
    """The line of the ballot log up to which all is known, and the SHA-256 of what it says."""

    line: int
    digest: str
    #: Where votes cast later are looked for first; proves nothing.
    page: int = field(compare=False)


def closing(at: datetime) -> list[int]:
    """Contests that close before ``KEEP`` is due again."""
    soon = at + timedelta(seconds=KEEP_SECONDS) + _LATE
    query = (
        select(Contest.id)
        .where(
            Contest.closed_at.is_(None),
            Contest.cancelled_at.is_(None),
            Contest.scoring_closes_at > at,
            Contest.scoring_closes_at <= soon,
        )
        .order_by(Contest.id)
    )
    return list(db.session.scalars(query))


def renew(contest_id: int, *, least: int = LEAST) -> None:
    """Keep the votes as they are now, if there are so many. Opens a transaction of its own.

    Where the disk is full the file that was there stays, and serves.
    """
    if not is_postgresql():
        return
    with transaction():
        mark = take_mark(contest_id)
    if mark is None:
        return
    kept = find(contest_id)
    if kept is None:
        kept = reading.all_of(reading.layout_of(contest_id))
    db.session.rollback()
    if kept.size < least:
        return
    with tempfile.TemporaryFile() as file:
        _write(file, kept, mark)
        file.seek(0)
        try:
            in_force.store().put(_key(contest_id), file)
        except StorageFull:
            log.warning("no room to keep a contest's votes", contest_id=contest_id)


def take_mark(contest_id: int) -> Mark | None:
    """The last line of the contest; None where nobody has voted. Call inside ``transaction()``.

    Raises NotFound.
    """
    editions.get_locked(contest_id)
    last = select(func.max(BallotLogEntry.id)).where(BallotLogEntry.contest_id == contest_id)
    line = db.session.scalar(last)
    return None if line is None else _mark_at(contest_id, line, reading.page_of_last())


def find(contest_id: int) -> Bundle | None:
    """Every vote of the contest as it is now; None where no file can be relied on."""
    file = _load(contest_id) if is_postgresql() else None
    if file is None or _mark_at(contest_id, file.mark.line, file.mark.page) != file.mark:
        return None
    layout = file.layout
    with cores.aside(file.is_whole) as is_whole:
        changed = reading.changed_since(layout, file.mark.line, file.mark.page)
        # After the lines: who is erased from here on had a name in those.
        nameless = select(Member.id).where(Member.pseudonym_secret.is_(None))
        erased = np.fromiter(db.session.scalars(nameless), np.int64)
        theirs = reading.votes_of(layout, erased)
        has_room = layout.holds(reading.ids_of(contest_id))
    if not is_whole():
        _warn(contest_id)
        return None
    return replaced(layout, file.votes, changed, erased, theirs) if has_room else None


def replaced(
    layout: Layout, votes: Packed, changed: Packed, erased: NDArray[np.int64], theirs: Packed
) -> Bundle:
    """The votes with those of ``changed`` and of ``erased`` members put in their place. Pure.

    `votes` are in ascending order; a changed vote without stars is one taken back.
    """
    gone = erased - layout.first_voter
    first = gone << layout.voter_at
    starts = np.searchsorted(votes, first)
    ends = np.searchsorted(votes, first | ((1 << layout.voter_at) - 1), side="right")
    # The lowest number that a vote of this voter for this entry can be, and the highest.
    lowest = layout.pair(changed) << layout.entry_at
    at = np.searchsorted(votes, lowest)
    there = at < np.searchsorted(votes, lowest | ((1 << layout.entry_at) - 1), side="right")
    stand = changed[(layout.stars(changed) > 0) & ~np.isin(layout.voter(changed), gone)]
    leave = np.sort(np.concatenate([at[there], *map(np.arange, starts, ends)]))
    come = np.sort(np.concatenate([stand, theirs]))
    cuts = np.arange(BLOCK, votes.size, BLOCK)
    parts = zip(
        np.split(votes, cuts),
        np.split(leave, np.searchsorted(leave, cuts)),
        np.split(come, np.searchsorted(come, votes[cuts])),
        [0, *cuts.tolist()],
        strict=True,
    )
    return Bundle(layout, cores.each(_renewed, parts))


def _renewed(part: tuple[Packed, NDArray[np.int64], Packed, int]) -> Packed:
    """Some votes without those at places `leave`, counted from `start` on, and with `come`."""
    votes, leave, come, start = part
    renewed = np.concatenate([np.delete(votes, leave - start), come])
    renewed.sort(kind="stable")  # two runs that are in order: they are merged
    return renewed


def forget(contest_id: int) -> None:
    """Delete the file; counts read the table from then on."""
    in_force.store().delete(_key(contest_id))


def _mark_at(contest_id: int, line: int, page: int) -> Mark | None:
    query = select(
        BallotLogEntry.submission_id,
        BallotLogEntry.pseudonym,
        BallotLogEntry.action,
        BallotLogEntry.stars,
        BallotLogEntry.at,
    ).where(BallotLogEntry.id == line, BallotLogEntry.contest_id == contest_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    said = f"{row.submission_id} {row.pseudonym.hex()} {row.action} {row.stars} {row.at}"
    return Mark(line, sha256(said.encode("ascii")).hexdigest(), page)


def _key(contest_id: int) -> str:
    return f"{FOLDER}/{contest_id}.votes"


def _write(file: BinaryIO, kept: Bundle, mark: Mark) -> None:
    layout = kept.layout
    line = (
        f"ideation-votes 3 contest={layout.contest_id}"
        f" entries={layout.first_entry}+{layout.entry_bits}"
        f" voters={layout.first_voter}+{layout.voter_bits}"
        f" line={mark.line} digest={mark.digest} page={mark.page} votes={kept.size}\n"
    )
    head = line.encode("ascii")
    numbers = (part.astype(_KIND).tobytes() for part in kept.parts)
    seal = _seal()
    for piece in itertools.chain([head, _seal(head).digest()], numbers):
        seal.update(piece)
        file.write(piece)
    file.write(seal.digest())


@dataclass(frozen=True, eq=False)
class _File:
    """What a file of this contest holds. Its head is ours; whether the rest is, ``is_whole``."""

    layout: Layout
    votes: Packed
    mark: Mark
    head: bytes
    body: memoryview

    def is_whole(self) -> bool:
        """Whether not a byte is another than was written. Takes its time."""
        seal = _seal(self.head)
        seal.update(self.body[:-_SEAL])
        return hmac.compare_digest(seal.digest(), self.body[-_SEAL:])


def _load(contest_id: int) -> _File | None:
    """None without a file whose head is ours and says what is there, of this contest."""
    try:
        with in_force.store().open(_key(contest_id)) as stored:
            head, body = stored.readline(), memoryview(stored.read())
    except NotStored:
        return None
    match = _HEAD.fullmatch(head)
    votes = body[_SEAL:-_SEAL]
    if (
        match is None
        or not hmac.compare_digest(_seal(head).digest(), body[:_SEAL])
        or len(votes) != int(match[9]) * _KIND.itemsize
    ):
        _warn(contest_id)
        return None
    contest, first_entry, entry_bits, first_voter, voter_bits, line = map(int, match.groups()[:6])
    if contest != contest_id:
        return None
    layout = Layout(contest, first_entry, first_voter, entry_bits, voter_bits)
    mark = Mark(line, match[7].decode("ascii"), int(match[8]))
    packed = np.frombuffer(votes, _KIND).astype(np.int64, copy=False)
    return _File(layout, packed, mark, head, body)


def _warn(contest_id: int) -> None:
    log.warning("the file of a contest's votes is not whole", contest_id=contest_id)


def _seal(message: bytes = b"") -> hmac.HMAC:
    key = hmac.digest(config.current().secret_key.encode(), b"kept votes", "sha256")
    return hmac.new(key, message, "sha256")
