"""The deck of one voter: which ballots lie before them, what a skip and an undo do to it.

What was answered is read from the votes each time; the one row a voter and contest holds only
what the votes cannot tell: the ballots that lie open, the skips, how many were dealt, and where
the sitting began. Dealing reads all it needs in one statement and writes that row, if nobody else
wrote it meanwhile; of two at once the second looks again. Voters never wait for each other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core.db import db, is_postgresql, lock_row
from ideation.core.errors import Conflict, Words
from ideation.core.i18n import lazy, lazy_plural
from ideation.voting import ballots, dealing, lists, policies, sight
from ideation.voting.lists import Listed
from ideation.voting.models import Deck, Vote
from ideation.voting.policies import Refusal
from ideation.voting.sight import Sight
from ideation.voting.tokens import Ballot
from ideation.voting.ways import Way

#: After so many designs scored at a stretch the deck suggests a pause.
SITTING = 20
#: Whoever comes back after so long sits down anew.
REST = timedelta(minutes=30)
#: How much longer than by its own instant a change may take to be seen by others.
COMMIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Hand:
    """What lies before a voter: the ballot to show first, up to three behind it, how far they are.

    ``done`` of ``total``: designs scored, of all that are this voter's to score, to the last one
    that came or left. ``sitting``: scored since they sat down.
    """

    ballots: tuple[Ballot, ...]
    done: int
    total: int
    skips_left: int
    sitting: int

    @property
    def is_pause(self) -> bool:
        """Whether this is the moment to suggest a pause."""
        return self.sitting >= SITTING and bool(self.ballots)


def deal(voter: Member, contest: Contest, *, at: datetime) -> Hand:
    """Deal until four ballots lie open, and return them. Call inside ``transaction()``.

    Raises NotAllowed where the member may not vote here, Conflict outside the scoring window.
    """
    _refuse(policies.voter_refusal(voter, contest, at))
    while True:
        seen, listed, way = _look(contest, voter.id, at)
        deal = _Deal(seen, way)
        deal.fill()
        if _keep(seen, deal, at):
            break
    return Hand(
        tuple(deal.open[: dealing.OPEN_AT_MOST]),
        seen.answered - seen.lost,
        _count_theirs(seen, listed),
        _skips_left(seen.row.skips, seen.answered, at),
        seen.answered - _sat_from(seen, at),
    )


def sit_on(voter: Member, contest: Contest, *, at: datetime) -> None:
    """Another sitting begins now. Call inside ``transaction()``.

    Raises what ``deal`` raises.
    """
    _refuse(policies.voter_refusal(voter, contest, at))
    row = _lock(contest.id, voter.id)
    row.sat_from, row.sat_at = count_answered(contest.id, voter.id), at
    db.session.flush()


def skip(voter: Member, ballot_token: str, *, at: datetime) -> None:
    """Put an open ballot to the back. Call inside ``transaction()``.

    Raises Conflict where no skip is earned. A ballot that is no longer open stays as it is.
    """
    ballot = ballots.read_token(ballot_token)
    if ballot.voter_id != voter.id:
        raise policies.error_for(Refusal.NOT_YOURS)
    contest = db.session.get_one(Contest, ballot.contest_id)
    _refuse(policies.voter_refusal(voter, contest, at))
    row = _lock(ballot.contest_id, voter.id)
    found = [cells for cells in row.open if cells[0] == ballot.submission_id]
    if not found:
        return
    answered = count_answered(ballot.contest_id, voter.id)
    today = _day(at)
    if not dealing.may_skip(answered, len(row.skipped), _skips_on(row.skipped, today)):
        raise Conflict(_why_no_skip(row.skipped, answered, today), code="skip")
    row.open = [cells for cells in row.open if cells[0] != ballot.submission_id]
    row.skipped = [*row.skipped, [*found[0], _instant(at)]]
    db.session.flush()


def undo(voter: Member, ballot_token: str, *, at: datetime) -> None:
    """Take back a vote, or else the skip of a ballot, which then lies on top again as it was.

    One vote at a time: before the next goes, another is given. Whoever answers the whole deck
    cannot walk back to the thirty ballots that weigh most. Call inside ``transaction()``. Raises
    Conflict for a second in a row, and what ``ballots.retract`` raises where there is neither.
    """
    ballot = ballots.read_token(ballot_token)
    _refuse(_undo_refusal(voter, ballot, at))
    row = _lock(ballot.contest_id, voter.id)
    skips = [cells for cells in row.skipped if cells[0] == ballot.submission_id]
    if not skips or _has_answered(voter.id, ballot.submission_id):
        answered = count_answered(ballot.contest_id, voter.id)
        if answered < row.taken_from:
            raise Conflict(
                lazy("One at a time: score a design before you take another answer back."),
                code="undo",
            )
        row.taken_from = answered
        ballot = ballots.retract(voter, ballot_token, at=at)
    else:
        row.skipped = [cells for cells in row.skipped if cells is not skips[-1]]
        ballot = Ballot(voter.id, ballot.contest_id, *skips[-1][:3])
    rest = [cells for cells in row.open if cells[0] != ballot.submission_id]
    row.open = [[ballot.submission_id, ballot.slot, ballot.position], *rest]
    db.session.flush()


def has_ballots_left(voter: Member, contest: Contest) -> bool:
    """Whether there is a design in the contest that the voter has not scored and may."""
    seen = sight.of(contest.id, voter.id, slot=-1)
    return bool(seen.fit or sight.missed(contest.id, voter.id, seen.barred, 1))


def count_answered(contest_id: int, voter_id: int) -> int:
    """How many designs of the contest the voter has scored."""
    query = select(func.count()).where(Vote.contest_id == contest_id, Vote.member_id == voter_id)
    return db.session.scalar(query) or 0


def find_last(voter: Member, contest: Contest) -> Ballot | None:
    """The ballot the voter answered or skipped last: what an undo takes back, if it may."""
    vote = db.session.execute(
        select(Vote.submission_id, Vote.slot, Vote.position, Vote.cast_at)
        .where(Vote.contest_id == contest.id, Vote.member_id == voter.id)
        .order_by(Vote.cast_at.desc(), Vote.position.desc())
        .limit(1)
    ).one_or_none()
    row = db.session.get(Deck, (contest.id, voter.id), populate_existing=True)
    if row is not None and row.skipped:
        *cells, skipped_at = row.skipped[-1]
        is_newer = vote is None or skipped_at > _instant(vote.cast_at)
        if is_newer and not _has_answered(voter.id, cells[0]):
            return Ballot(voter.id, contest.id, *cells)
    if vote is None or (row is not None and count_answered(contest.id, voter.id) < row.taken_from):
        return None
    return Ballot(voter.id, contest.id, *vote[:3])


class _Deal:
    """One dealing: what lies open stays, then the way, then what was skipped."""

    def __init__(self, seen: Sight, way: Way) -> None:
        row = seen.row
        self.seen = seen
        self.way = way
        self.dealt = row.dealt
        self.open = [ballot for ballot in row.ballots if ballot.submission_id in seen.fit]
        #: Ballots that were dealt before: never again as new ones.
        self.known = {ballot.submission_id for ballot in row.ballots} | row.skipped.keys()
        #: What may be dealt as new, as far as was looked.
        self.free = set(seen.fit) - self.known

    def fill(self) -> None:
        """Deal until four lie open or there is no more."""
        row = self.seen.row
        if self._missing > 0:
            way = self.way.draw(row.dealt, self.free, self._look)
            self._put(list(islice(way, self._missing)))
        if self._missing > 0:
            # The lists are walked to their end. What no list knows, and what a hint lost, is left.
            but = {*self.known, *self.free, *self.seen.barred}
            left = sight.missed(row.contest_id, row.voter_id, but, self._missing)
            self.free.update(left)
            self._put(left)
        if self._missing > 0:
            open_now = {ballot.submission_id for ballot in self.open}
            self.open += [
                ballot
                for entry, ballot in row.skipped.items()
                if entry in self.seen.fit and entry not in open_now
            ][: self._missing]

    @property
    def _missing(self) -> int:
        return dealing.OPEN_AT_MOST - len(self.open)

    def _put(self, entries: Sequence[int]) -> None:
        row = self.seen.row
        for entry in entries:
            self.open.append(Ballot(row.voter_id, row.contest_id, entry, self.way.slot, self.dealt))
            self.dealt += 1

    def _look(self, entries: Collection[int]) -> set[int]:
        row = self.seen.row
        seen = sight.of(row.contest_id, row.voter_id, slot=self.way.slot, more=entries)
        return set(seen.fit) - self.known


def _look(contest: Contest, voter_id: int, at: datetime) -> tuple[Sight, Listed, Way]:
    """What lies before the voter, by the newest list: one statement where this process has it."""
    slot = lists.slot_at(contest, at)
    listed = lists.held(contest) or lists.current(contest, at)
    while True:
        way = Way(listed, voter_id)
        late, guess = way.begin()
        seen = sight.of(
            contest.id,
            voter_id,
            slot=slot,
            since=_began(contest, listed.slot) - COMMIT,
            left=listed.left,
            key=way.key,
            guess=guess,
            more=late,
        )
        if seen.newest == (listed.slot, listed.built_at):
            way.take_up(seen.row.way)
            return seen, listed, way
        listed = lists.current(contest, at)


def _count_theirs(seen: Sight, listed: Listed) -> int:
    """All designs that are this voter's to score, scored or not.

    Counted is nothing but what differs from the list: whoever came or left since its slot began,
    and who is barred. That is a few, however long the list.
    """
    came, went = seen.came - listed.known, seen.went & listed.known
    barred = {entry for entry in seen.barred - went if entry in listed.known or entry in came}
    return listed.total + len(came) - len(went) - len(barred)


def _began(contest: Contest, slot: int) -> datetime:
    """When the slot began: before its list was first written, however often it was mended."""
    opens_at, closes_at = contest.scoring_opens_at, contest.scoring_closes_at
    assert opens_at is not None and closes_at is not None
    return opens_at + slot * (closes_at - opens_at) / dealing.SLOTS


def _keep(seen: Sight, deal: _Deal, at: datetime) -> bool:
    """Write the row, where anything changed; False where somebody else wrote it meanwhile."""
    row = seen.row
    still_open = [[each.submission_id, each.slot, each.position] for each in deal.open]
    sat_from = _sat_from(seen, at)
    if (row.turn, still_open, sat_from) == (max(row.turn, 0), row.open, row.sat_from):
        return True
    dealt = {ballot.submission_id for ballot in deal.open}
    values = {
        "open": still_open,
        "way": deal.way.hint(deal.free - dealt),
        "dealt": deal.dealt,
        "turn": row.turn + 1,
        "sat_from": sat_from,
        "sat_at": at,
    }
    if row.turn < 0:
        return _insert(row.contest_id, row.voter_id, values)
    key = {"contest": row.contest_id, "member": row.voter_id, "before": row.turn}
    return bool(db.session.connection().execute(_WRITE, values | key).rowcount)


def _insert(contest_id: int, voter_id: int, values: dict[str, Any]) -> bool:
    """Make the voter's row; False where there is one."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    key = {"contest_id": contest_id, "member_id": voter_id}
    row = key | {"open": [], "skipped": []} | values
    made = db.session.execute(insert(Deck).values(row).on_conflict_do_nothing())
    return bool(made.rowcount)  # type: ignore[attr-defined]  # an INSERT has one


def _lock(contest_id: int, voter_id: int) -> Deck:
    """The voter's row, under its own lock, to be written; made where it is the first time."""
    query = lock_row(
        select(Deck)
        .where(Deck.contest_id == contest_id, Deck.member_id == voter_id)
        .execution_options(populate_existing=True)
    )
    row: Deck | None = db.session.scalar(query)
    if row is None:
        _insert(contest_id, voter_id, {})
        row = db.session.scalars(query).one()
    row.turn += 1
    return row


def _sat_from(seen: Sight, at: datetime) -> int:
    """How many were answered when the voter sat down."""
    row = seen.row
    is_back = row.sat_at is None or at - row.sat_at > REST
    return seen.answered if is_back else min(row.sat_from, seen.answered)


def _has_answered(voter_id: int, submission_id: int) -> bool:
    return db.session.get(Vote, (submission_id, voter_id)) is not None


def _undo_refusal(voter: Member, ballot: Ballot, at: datetime) -> Refusal | None:
    if ballot.voter_id != voter.id:
        return Refusal.NOT_YOURS
    return policies.voter_refusal(voter, db.session.get_one(Contest, ballot.contest_id), at)


def _skips_left(skips: Sequence[Sequence[Any]], answered: int, at: datetime) -> int:
    earned = dealing.skips_allowed(answered) - len(skips)
    return max(0, min(earned, dealing.SKIPS_A_DAY - _skips_on(skips, _day(at))))


def _skips_on(skips: Sequence[Sequence[Any]], day: str) -> int:
    return sum(cells[3].startswith(day) for cells in skips)


def _day(at: datetime) -> str:
    return _instant(at)[:10]


def _instant(at: datetime) -> str:
    """Of one length in one zone, so that texts compare as their instants do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _why_no_skip(skips: Sequence[Sequence[Any]], answered: int, today: str) -> Words:
    if _skips_on(skips, today) >= dealing.SKIPS_A_DAY:
        return lazy("That was the last skip for today. Every design deserves a look.")
    spent = len(skips) - dealing.FREE_SKIPS + 1
    missing = max(1, spent * dealing.ANSWERS_A_SKIP - answered)
    return lazy_plural(
        "No skips left. Score one more design to earn the next.",
        "No skips left. Score %(n)s more designs to earn the next.",
        missing,
    )


def _refuse(why: Refusal | None) -> None:
    if why is not None:
        raise policies.error_for(why)


# Put together once: that takes longer than running it.
_WRITE = (
    update(Deck)
    .where(
        Deck.contest_id == bindparam("contest"),
        Deck.member_id == bindparam("member"),
        Deck.turn == bindparam("before"),
    )
    .values(
        {name: bindparam(name) for name in ("open", "way", "dealt", "turn", "sat_from", "sat_at")}
    )
)
