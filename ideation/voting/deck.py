"""The deck of one voter: which ballots lie before them, what a skip and an undo do to it.

What was answered is read from the votes each time; the one row a voter and contest holds only
what the votes cannot tell: the ballots that lie open, the skips, and how many were dealt. Dealing
locks that row and nothing else, so voters never wait for each other.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from ideation.accounts.models import DeviceUse, Member
from ideation.contests.models import Contest
from ideation.core.db import db, is_postgresql, lock_row
from ideation.core.errors import Conflict, Words
from ideation.core.i18n import lazy, lazy_plural
from ideation.submissions.models import Designer, State, Submission
from ideation.voting import ballots, dealing, lists, policies
from ideation.voting.lists import Listed
from ideation.voting.models import Deck, Vote
from ideation.voting.policies import Refusal
from ideation.voting.tokens import Ballot

#: How many places of the walk are looked at in one query, to begin with.
LOOK_AHEAD = 24
LOOK_AHEAD_MOST = 768


@dataclass(frozen=True)
class Hand:
    """What lies before a voter: the ballot to show first, up to three behind it, how far they are.

    ``done`` of ``total``: designs scored, of all that are this voter's to score.
    """

    ballots: tuple[Ballot, ...]
    done: int
    total: int
    skips_left: int


def deal(voter: Member, contest: Contest, *, at: datetime) -> Hand:
    """Deal until four ballots lie open, and return them. Call inside ``transaction()``.

    Raises NotAllowed where the member may not vote here, Conflict outside the scoring window.
    """
    _refuse(policies.voter_refusal(voter, contest, at))
    row = _lock(contest.id, voter.id)
    reach = _Reach(contest.id, voter.id, _never_dealt(contest.id, voter.id))
    done, total = _progress(reach)
    open_now = [Ballot(voter.id, contest.id, *cells) for cells in row.open]
    skipped = _skipped_ballots(row)
    known = {ballot.submission_id for ballot in open_now} | skipped.keys()
    fit = reach.of(known)
    open_ids = [ballot.submission_id for ballot in open_now if ballot.submission_id in fit]

    shown = open_ids[: dealing.OPEN_AT_MOST]
    if len(open_ids) < dealing.OPEN_AT_MOST:
        is_any_fresh = total - done > len(fit)
        order = _fresh(contest, row, reach, known, at) if is_any_fresh else iter(())
        back = [entry for entry in skipped if entry in fit]
        shown = dealing.next_ballots(order, (), open_ids, back, ())
    first_dealt = {ballot.submission_id: ballot for ballot in (*skipped.values(), *open_now)}
    hand = tuple(
        first_dealt.get(entry) or _dealt_now(row, voter.id, contest.id, entry) for entry in shown
    )
    still_open = [*hand, *(first_dealt[e] for e in open_ids[dealing.OPEN_AT_MOST :])]
    _keep(row, still_open)
    return Hand(hand, done, total, _skips_left(row, done, at))


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
    if not dealing.may_skip(answered, len(row.skipped), _skips_on(row, today)):
        raise Conflict(_why_no_skip(row, answered, today), code="skip")
    row.open = [cells for cells in row.open if cells[0] != ballot.submission_id]
    row.skipped = [*row.skipped, [*found[0], _instant(at)]]
    db.session.flush()


def undo(voter: Member, ballot_token: str, *, at: datetime) -> None:
    """Take back a vote, or else the skip of a ballot, which then lies on top again as it was.

    Call inside ``transaction()``. Raises what ``ballots.retract`` raises where there is neither.
    """
    ballot = ballots.read_token(ballot_token)
    row = _lock(ballot.contest_id, voter.id)
    skips = [cells for cells in row.skipped if cells[0] == ballot.submission_id]
    if not skips or _has_answered(voter.id, ballot.submission_id):
        ballot = ballots.retract(voter, ballot_token, at=at)
    else:
        _refuse(_undo_refusal(voter, ballot, at))
        row.skipped = [cells for cells in row.skipped if cells is not skips[-1]]
        ballot = Ballot(voter.id, ballot.contest_id, *skips[-1][:3])
    rest = [cells for cells in row.open if cells[0] != ballot.submission_id]
    row.open = [[ballot.submission_id, ballot.slot, ballot.position], *rest]
    db.session.flush()


def has_ballots_left(voter: Member, contest: Contest) -> bool:
    """Whether there is a design in the contest that the voter has not scored and may."""
    done, total = progress(voter, contest)
    return done < total


def progress(voter: Member, contest: Contest) -> tuple[int, int]:
    """(scored, all that are this voter's to score)."""
    return _progress(_Reach(contest.id, voter.id, _never_dealt(contest.id, voter.id)))


def count_answered(contest_id: int, voter_id: int) -> int:
    """How many designs of the contest the voter has scored."""
    query = select(func.count()).where(Vote.contest_id == contest_id, Vote.member_id == voter_id)
    return db.session.scalar(query) or 0


def find_last(voter: Member, contest: Contest) -> Ballot | None:
    """The ballot the voter answered or skipped last: what an undo takes back."""
    vote = db.session.execute(
        select(Vote.submission_id, Vote.slot, Vote.position, Vote.cast_at)
        .where(Vote.contest_id == contest.id, Vote.member_id == voter.id)
        .order_by(Vote.cast_at.desc(), Vote.position.desc())
        .limit(1)
    ).one_or_none()
    row = db.session.get(Deck, (contest.id, voter.id))
    if row is not None and row.skipped:
        *cells, skipped_at = row.skipped[-1]
        is_newer = vote is None or skipped_at > _instant(vote.cast_at)
        if is_newer and not _has_answered(voter.id, cells[0]):
            return Ballot(voter.id, contest.id, *cells)
    return Ballot(voter.id, contest.id, *vote[:3]) if vote else None


@dataclass(frozen=True)
class _Reach:
    """Which designs can still be dealt to one voter: an anti-join on the votes."""

    contest_id: int
    voter_id: int
    barred: frozenset[int]

    def of(self, entries: Collection[int]) -> set[int]:
        """Those of ``entries`` that can."""
        if not entries:
            return set()
        wanted = Submission.id.in_(sorted(entries))
        return set(db.session.scalars(select(Submission.id).where(wanted, *self._conditions())))

    def any_but(self, entries: Collection[int], limit: int) -> list[int]:
        """A few that are not among ``entries``, whether a list knows them or not."""
        query = select(Submission.id).where(*self._conditions()).order_by(Submission.id)
        if entries:
            query = query.where(Submission.id.not_in(sorted(entries)))
        return list(db.session.scalars(query.limit(limit)))

    def _conditions(self) -> list[ColumnElement[bool]]:
        answered = (
            select(Vote.submission_id)
            .where(Vote.submission_id == Submission.id, Vote.member_id == self.voter_id)
            .exists()
        )
        return [
            Submission.contest_id == self.contest_id,
            Submission.state == State.APPROVED,
            Submission.id.not_in(sorted(self.barred)),
            ~answered,
        ]


def _has_answered(voter_id: int, submission_id: int) -> bool:
    return db.session.get(Vote, (submission_id, voter_id)) is not None


def _undo_refusal(voter: Member, ballot: Ballot, at: datetime) -> Refusal | None:
    if ballot.voter_id != voter.id:
        return Refusal.NOT_YOURS
    return policies.voter_refusal(voter, db.session.get_one(Contest, ballot.contest_id), at)


def _never_dealt(contest_id: int, voter_id: int) -> frozenset[int]:
    """The voter's own and co-designed entries, and those of accounts that share their device."""
    mine, theirs = aliased(DeviceUse), aliased(DeviceUse)
    same_device = (
        select(theirs.member_id)
        .join(mine, mine.device == theirs.device)
        .where(mine.member_id == voter_id)
    )
    query = (
        select(Submission.id)
        .outerjoin(Designer, Designer.submission_id == Submission.id)
        .where(
            Submission.contest_id == contest_id,
            or_(
                Submission.member_id == voter_id,
                Designer.member_id == voter_id,
                Submission.member_id.in_(same_device),
                Designer.member_id.in_(same_device),
            ),
        )
    )
    return frozenset(db.session.scalars(query))


def _progress(reach: _Reach) -> tuple[int, int]:
    in_contest = [
        Submission.contest_id == reach.contest_id,
        Submission.state == State.APPROVED,
        Submission.id.not_in(sorted(reach.barred)),
    ]
    total = select(func.count()).select_from(Submission).where(*in_contest)
    done = (
        select(func.count())
        .select_from(Vote)
        .join(Submission, Submission.id == Vote.submission_id)
        .where(Vote.contest_id == reach.contest_id, Vote.member_id == reach.voter_id, *in_contest)
    )
    row = db.session.execute(select(done.scalar_subquery(), total.scalar_subquery())).one()
    return row[0], row[1]


def _fresh(
    contest: Contest, row: Deck, reach: _Reach, known: Collection[int], at: datetime
) -> Iterator[int]:
    """Designs never dealt to this voter, in their order of this slot; then what no list knows.

    The row's cursor spares the way past what was answered; it wraps once, so a wrong one costs
    only time.
    """
    listed = lists.current(contest, at)
    if row.slot != listed.slot:
        row.slot, row.cursor = listed.slot, 0
    for steps, entry in _walk(listed, row.member_id, row.cursor, reach):
        if entry not in known:
            row.cursor = steps % len(listed.entries)
            yield entry
    yield from reach.any_but({*listed.entries, *known}, dealing.OPEN_AT_MOST)


def _walk(listed: Listed, voter_id: int, start: int, reach: _Reach) -> Iterator[tuple[int, int]]:
    """(place behind it, entry) for every entry on the way that can be dealt."""
    way = enumerate(
        dealing.walk(listed.entries, listed.ends, listed.seed, voter_id, start), start + 1
    )
    size = LOOK_AHEAD
    while ahead := list(islice(way, size)):
        fit = reach.of([entry for _, entry in ahead])
        yield from (step for step in ahead if step[1] in fit)
        size = min(size * 2, LOOK_AHEAD_MOST)


def _dealt_now(row: Deck, voter_id: int, contest_id: int, entry: int) -> Ballot:
    ballot = Ballot(voter_id, contest_id, entry, row.slot, row.dealt)
    row.dealt += 1
    return ballot


def _skipped_ballots(row: Deck) -> dict[int, Ballot]:
    """What was skipped, the one skipped longest ago first; a second skip moves it back again."""
    skipped: dict[int, Ballot] = {}
    for submission_id, slot, position, _skipped_at in row.skipped:
        skipped.pop(submission_id, None)
        skipped[submission_id] = Ballot(
            row.member_id, row.contest_id, submission_id, slot, position
        )
    return skipped


def _keep(row: Deck, still_open: Sequence[Ballot]) -> None:
    cells = [[each.submission_id, each.slot, each.position] for each in still_open]
    if cells != row.open:
        row.open = cells
    db.session.flush()


def _skips_left(row: Deck, answered: int, at: datetime) -> int:
    earned = dealing.skips_allowed(answered) - len(row.skipped)
    return max(0, min(earned, dealing.SKIPS_A_DAY - _skips_on(row, _day(at))))


def _skips_on(row: Deck, day: str) -> int:
    return sum(cells[3].startswith(day) for cells in row.skipped)


def _day(at: datetime) -> str:
    return _instant(at)[:10]


def _instant(at: datetime) -> str:
    """Of one length in one zone, so that texts compare as their instants do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _why_no_skip(row: Deck, answered: int, today: str) -> Words:
    if _skips_on(row, today) >= dealing.SKIPS_A_DAY:
        return lazy("That was the last skip for today. Every design deserves a look.")
    spent = len(row.skipped) - dealing.FREE_SKIPS + 1
    missing = max(1, spent * dealing.ANSWERS_A_SKIP - answered)
    return lazy_plural(
        "No skips left. Score one more design to earn the next.",
        "No skips left. Score %(n)s more designs to earn the next.",
        missing,
    )


def _refuse(why: Refusal | None) -> None:
    if why is not None:
        raise policies.error_for(why)


def _lock(contest_id: int, voter_id: int) -> Deck:
    """The voter's row, under its own lock; made where it is the first time."""
    query = lock_row(
        select(Deck)
        .where(Deck.contest_id == contest_id, Deck.member_id == voter_id)
        .execution_options(populate_existing=True)
    )
    row: Deck | None = db.session.scalar(query)
    if row is None:
        insert = postgresql.insert if is_postgresql() else sqlite.insert
        values = {"contest_id": contest_id, "member_id": voter_id, "open": [], "skipped": []}
        fresh = {"dealt": 0, "slot": -1, "cursor": 0}
        db.session.execute(insert(Deck).values(**values, **fresh).on_conflict_do_nothing())
        row = db.session.scalars(query).one()
    return row
