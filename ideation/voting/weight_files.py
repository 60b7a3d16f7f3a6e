"""What every vote weighed in one tally, and why, as one compact file under its SHA-256.

The file names no vote: its codes follow the contest's votes by submission and member, an order
that stands as long as the votes do, and those are never deleted. It outlives device and network
hashes, so every recount is equal.

**Format.** Two kinds of ASCII lines, then numbers, big-endian::

    ideation-weights 1 votes=<n> entries=<k> kinds=<j> width=<1 or 2>
    <weight in 1/120> <reason>          j lines: the kinds of weight, by weight, then reason
    <submission> <its votes>            k pairs of 8 and 4 bytes: the entries that have votes
    <kind>                              n numbers of width bytes: which kind each vote is of

The same weights give the same bytes. The digest of the votes themselves is ``v2-`` and the SHA-256
of numbers of 8 bytes, big-endian: for each member who voted, the member and how many votes; then
for each vote, by member and submission, eight times the submission and the stars. Tallies up to
version 0.3 have one without ``v2-``: of each vote's submission and member (8 bytes each) and stars
(one), by submission and member.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import LargeBinary, func, select
from sqlalchemy.orm import aliased

from ideation.core import cores
from ideation.core.db import db
from ideation.voting.columns import Cast, Codes, Places, counts
from ideation.voting.fast_weighing import Weighed, Weights
from ideation.voting.models import Tally, TallyWeights, Vote
from ideation.voting.weighing import CODE, CODES, Reason, Weight

_TITLE = "ideation-weights 1"
_HEAD = re.compile(rb"ideation-weights 1 votes=(\d+) entries=(\d+) kinds=(\d+) width=([12])")
_INDEX = np.dtype([("submission", ">i8"), ("votes", ">u4")])
_VOTER = np.dtype([("member", ">i8"), ("votes", ">i8")])
_FIRST_VOTE = np.dtype([("submission", ">i8"), ("member", ">i8"), ("stars", "u1")])
#: How a digest of votes begins.
_SECOND = "v2-"
_CHUNK = 1 << 17
#: The head with its kinds is never longer: some thirty bytes for each of a few hundred.
_MOST_HEAD = 1 << 16
#: Numbers that one statement asks the file for.
_ASKED = 500


class WeighedVote(NamedTuple):
    """A vote with what it weighed in one tally."""

    submission_id: int
    member_id: int
    stars: int
    weight: int
    reason: Reason


@dataclass(frozen=True, eq=False)
class Frozen:
    """A file of weights and the two digests that the tally's head carries, in hexadecimal."""

    body: bytes
    weights_digest: str
    votes_digest: str


def freeze(cast: Cast, weighed: Weighed) -> Frozen:
    """The file of these weights; the order that the votes were read in plays no part."""
    with cores.aside(lambda: digest_of_votes(cast)) as votes_digest:
        body = _encode(cast, weighed)
        weights_digest = sha256(body).hexdigest()
    return Frozen(body, weights_digest, votes_digest())


def digest_of_votes(cast: Cast, *, like: str = _SECOND) -> str:
    """What ``Tally.votes_digest`` must be for these votes, in the form of the one it is `like`."""
    if not like.startswith(_SECOND):
        return _first_digest(cast)
    order = _by_voter(cast)
    entry, voter, stars = cast.entry[order], cast.voter[order], cast.stars[order]
    given = counts(voter, len(cast.voters))
    voted = given > 0
    voters = np.empty(np.count_nonzero(voted), _VOTER)
    voters["member"], voters["votes"] = cast.voters[voted], given[voted]
    digest = sha256(voters.tobytes())
    named = cast.entries << _STARS
    for part in cores.spans(cast.size, _CHUNK):
        digest.update((named[entry[part]] | stars[part]).astype(">i8").tobytes())
    return _SECOND + digest.hexdigest()


def weights_in(body: bytes, cast: Cast) -> Weighed:
    """The frozen weights, put beside the votes they belong to, whatever the order of those.

    Raises ValueError where the file is not whole, or is not of these votes.
    """
    file = _parse(body)
    sizes = counts(cast.entry, len(cast.entries))
    voted = sizes > 0
    if not (
        np.array_equal(file.entries, cast.entries[voted])
        and np.array_equal(file.sizes, sizes[voted])
    ):
        raise ValueError("the file of weights is of other votes")
    order = _by_voter(cast)
    code = np.empty(cast.size, file.codes.dtype)
    for part, here, there in _by_entry(cast.entry[order], sizes):
        code[part][here] = file.codes[there]
    weight, reason = np.empty(cast.size, np.uint8), np.empty(cast.size, np.int8)
    weight[order], reason[order] = file.head.weight[code], file.head.reason[code]
    return Weighed(weight, reason)


def weights_of(tally: Tally) -> Iterator[WeighedVote]:
    """Every vote of the tally with its weight, by submission and member.

    Raises ValueError where votes and file no longer fit, as ``recount`` would say.
    """
    file = _parse(body_of(tally))
    query = (
        select(Vote.submission_id, Vote.member_id, Vote.stars)
        .where(Vote.contest_id == tally.contest_id)
        .order_by(Vote.submission_id, Vote.member_id)
        .execution_options(yield_per=10_000)
    )
    kinds, codes = file.head.kinds(), file.codes
    place = 0
    for place, row in enumerate(db.session.execute(query), start=1):
        if place > len(codes):
            break
        yield WeighedVote(row[0], row[1], row[2], *kinds[codes[place - 1]])
    if place != len(codes):
        raise ValueError("the file of weights is of other votes")


def weight_of_voter(tally: Tally, member_id: int) -> dict[int, Weight]:
    """Submission → what this member's vote for it weighed in the tally, and why.

    Of the file only the head, the list of entries and a number a vote leave the database. Raises
    ValueError where the file is gone.
    """
    rival = aliased(Vote)
    before = (
        select(func.count())
        .where(rival.submission_id == Vote.submission_id, rival.member_id < Vote.member_id)
        .scalar_subquery()
    )
    query = select(Vote.submission_id, before).where(
        Vote.contest_id == tally.contest_id, Vote.member_id == member_id
    )
    places = {row[0]: row[1] for row in db.session.execute(query)}
    head = _parse_head(_piece(tally, 0, _MOST_HEAD))
    entries, sizes = _parse_index(_piece(tally, head.length, head.index), head.entries)
    starts = dict(zip(entries.tolist(), (np.cumsum(sizes) - sizes).tolist(), strict=True))
    wanted = {
        entry: head.codes_at + head.width * (starts[entry] + place)
        for entry, place in places.items()
        if entry in starts
    }
    codes = _pieces(tally, list(wanted.values()), head.width)
    kinds = head.kinds()
    return {entry: kinds[int.from_bytes(code)] for entry, code in zip(wanted, codes, strict=True)}


def reasons_of(tally: Tally, submission_id: int | None = None) -> Counter[Reason]:
    """How many votes of the tally, or of one entry in it, have each reason; from the file alone."""
    head = _parse_head(_piece(tally, 0, _MOST_HEAD))
    first, many = 0, head.votes
    if submission_id is not None:
        entries, sizes = _parse_index(_piece(tally, head.length, head.index), head.entries)
        ends = np.cumsum(sizes)
        place = int(np.searchsorted(entries, submission_id))
        if place == len(ends) or entries[place] != submission_id:
            return Counter()
        first, many = int(ends[place] - sizes[place]), int(sizes[place])
    sizes = np.zeros(len(head.reason), np.int64)
    for start in range(first, first + many, _CHUNK):
        some = min(_CHUNK, first + many - start)
        codes = _piece(tally, head.codes_at + head.width * start, head.width * some)
        sizes += np.bincount(np.frombuffer(codes, f">u{head.width}"), minlength=len(sizes))
    found: Counter[Reason] = Counter()
    for reason, votes in zip(head.reason.tolist(), sizes.tolist(), strict=True):
        found[CODES[reason]] += votes
    return found


def _piece(tally: Tally, start: int, size: int) -> bytes:
    """Some bytes of the tally's file. Raises ValueError where it is gone."""
    (piece,) = _pieces(tally, [start], size)
    return piece


def _pieces(tally: Tally, starts: list[int], size: int) -> list[bytes]:
    """So many bytes from each of several places: it is stored so that no more need be read."""
    found: list[bytes] = []
    for at in range(0, len(starts), _ASKED):
        asked = [
            func.substr(TallyWeights.body, start + 1, size, type_=LargeBinary)
            for start in starts[at : at + _ASKED]
        ]
        row = db.session.execute(select(*asked).where(TallyWeights.tally_id == tally.id)).first()
        if row is None:
            raise ValueError("the file of weights is gone")
        found += map(bytes, row)
    return found


def body_of(tally: Tally) -> bytes:
    """The tally's file as it lies in the database. Raises ValueError where it is gone."""
    body = db.session.scalar(select(TallyWeights.body).where(TallyWeights.tally_id == tally.id))
    if body is None:
        raise ValueError("the file of weights is gone")
    return bytes(body)


@dataclass(frozen=True, eq=False)
class _Head:
    """What stands before the numbers, and where those are."""

    length: int
    votes: int
    entries: int
    width: int
    weight: Weights
    reason: Codes

    @property
    def index(self) -> int:
        """How long the list of entries is, which follows."""
        return self.entries * _INDEX.itemsize

    @property
    def codes_at(self) -> int:
        return self.length + self.index

    def kinds(self) -> list[Weight]:
        pairs = zip(self.weight.tolist(), self.reason.tolist(), strict=True)
        return [Weight(weight, CODES[reason]) for weight, reason in pairs]


@dataclass(frozen=True, eq=False)
class _File:
    head: _Head
    entries: NDArray[np.int64]
    sizes: NDArray[np.int64]
    #: As they are stored, without a copy.
    codes: NDArray[np.unsignedinteger[Any]]


# What a vote's kind packs into: 7 bits for the weight, 4 above for the reason.
_WEIGHT, _REASON = 7, 4
#: Bits for stars.
_STARS = 3


def _by_voter(cast: Cast) -> NDArray[np.int64] | slice:
    """Where the votes lie by member, then submission. Out of the database they come so."""
    width, last = np.int64(len(cast.entries)), -1
    for part in cores.spans(cast.size, _CHUNK):
        pair = cast.voter[part] * width + cast.entry[part]
        if pair[0] < last or (pair[1:] < pair[:-1]).any():
            return np.lexsort((cast.entry, cast.voter))
        last = pair[-1]
    return slice(None)


def _by_entry(
    entry: Places, sizes: NDArray[np.int64]
) -> Iterator[tuple[slice, NDArray[np.intp], NDArray[np.intp]]]:
    """Votes that come by member, some at a time: which these are, these by submission, and the
    places of those in the file. `sizes` says how many votes each entry has.

    Nothing but a few at a time is sorted: each entry's are put after those before (counting sort;
    D. Knuth, *The Art of Computer Programming* 3, 5.2).
    """
    short = np.uint16 if sizes.size <= 1 << 16 else np.uint32  # numpy sorts 16 bits by their digits
    free = np.cumsum(sizes) - sizes
    for part in cores.spans(entry.size, _CHUNK):
        some = entry[part].astype(short)
        given = np.bincount(some, minlength=sizes.size)
        there = np.repeat(free - np.cumsum(given) + given, given)
        there += np.arange(some.size)
        free += given
        yield part, np.argsort(some, kind="stable"), there


def _encode(cast: Cast, weighed: Weighed) -> bytes:
    order = _by_voter(cast)
    weight, reason = weighed.weight[order], weighed.reason[order]

    def kinds_of(part: slice) -> NDArray[np.intp]:
        return reason[part].astype(np.intp) << _WEIGHT | weight[part]

    low = 1 << _WEIGHT
    present = np.zeros(1 << (_WEIGHT + _REASON), np.bool_)
    for part in cores.spans(cast.size, _CHUNK):
        present[kinds_of(part)] = True
    kinds = sorted(np.flatnonzero(present).tolist(), key=lambda kind: (kind % low, kind // low))
    width = 1 if len(kinds) <= 256 else 2
    code_of = np.zeros(present.size, f">u{width}")
    code_of[kinds] = np.arange(len(kinds))
    sizes = counts(cast.entry, len(cast.entries))
    voted = np.flatnonzero(sizes)
    index = np.empty(len(voted), _INDEX)
    index["submission"], index["votes"] = cast.entries[voted], sizes[voted]
    head = (
        f"{_TITLE} votes={cast.size} entries={len(voted)} kinds={len(kinds)} width={width}\n"
        + "".join(f"{kind % low} {CODES[kind // low]}\n" for kind in kinds)
    )
    codes = np.empty(cast.size, code_of.dtype)
    for part, here, there in _by_entry(cast.entry[order], sizes):
        codes[there] = code_of[kinds_of(part)[here]]
    return b"".join([head.encode("ascii"), index.tobytes(), codes.tobytes()])


def _parse(body: bytes) -> _File:
    """Raises ValueError where the file is not whole."""
    head = _parse_head(body[:_MOST_HEAD])
    if len(body) != head.codes_at + head.votes * head.width:
        raise ValueError("the file of weights is not whole")
    entries, sizes = _parse_index(body[head.length : head.codes_at], head.entries)
    codes = np.frombuffer(body, f">u{head.width}", head.votes, head.codes_at)
    if head.votes and int(codes.max()) >= len(head.weight):
        raise ValueError("the file of weights is not whole")
    return _File(head, entries, sizes, codes)


def _parse_head(beginning: bytes) -> _Head:
    """Raises ValueError where it is none, or cut off."""
    first, _, rest = beginning.partition(b"\n")
    match = _HEAD.fullmatch(first)
    if match is None:
        raise ValueError("this is no file of weights")
    votes, entries, kinds, width = map(int, match.groups())
    *lines, rest = rest.split(b"\n", kinds)
    if len(lines) != kinds:
        raise ValueError("the file of weights is not whole")
    pairs = [line.decode("ascii").split(" ") for line in lines]
    return _Head(
        length=len(beginning) - len(rest),
        votes=votes,
        entries=entries,
        width=width,
        weight=np.array([int(weight) for weight, _ in pairs], np.uint8),
        reason=np.array([CODE[Reason(reason)] for _, reason in pairs], np.int8),
    )


def _parse_index(piece: bytes, entries: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The entries that have votes, and how many each. Raises ValueError where it is cut off."""
    index = np.frombuffer(piece, _INDEX, entries)
    return index["submission"].astype(np.int64), index["votes"].astype(np.int64)


def _first_digest(cast: Cast) -> str:
    digest = sha256()
    order = np.lexsort((cast.voter, cast.entry))
    for part in cores.spans(cast.size, _CHUNK):
        some = order[part]
        line = np.empty(some.size, _FIRST_VOTE)
        line["submission"], line["member"] = (
            cast.entries[cast.entry[some]],
            cast.voters[cast.voter[some]],
        )
        line["stars"] = cast.stars[some]
        digest.update(line.tobytes())
    return digest.hexdigest()
