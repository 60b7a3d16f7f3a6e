"""One statement casts a ballot, for speed; the readable policy must decide the same."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member, Standing
from ideation.contests.models import Contest, Format
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import NotAllowed
from ideation.submissions.models import Designer, State, Submission
from ideation.voting import ballots, policies
from ideation.voting.ballots import Outcome
from ideation.voting.models import BallotLogEntry, Juror, Recusal, Vote
from ideation.voting.tokens import CHOSEN_SLOT
from tests import factories
from tests.factories import voting

AT = datetime(2026, 1, 5, tzinfo=UTC)
Change = Callable[[Contest, Submission, Member], object]


def _set(**values: object) -> Change:
    return lambda contest, _submission, _voter: [
        setattr(contest, name, value) for name, value in values.items()
    ]


PHASES: dict[str, Change] = {
    "scoring": _set(),
    "closed": lambda contest, *_: setattr(contest, "closed_at", clock.now()),
    "called off": lambda contest, *_: setattr(contest, "cancelled_at", clock.now()),
    "over": lambda contest, *_: setattr(contest, "scoring_closes_at", clock.now()),
    "not yet": lambda contest, *_: setattr(
        contest, "scoring_opens_at", clock.now() + timedelta(hours=5)
    ),
    "upcoming": lambda contest, *_: setattr(
        contest, "entry_opens_at", clock.now() + timedelta(hours=5)
    ),
    "without dates": _set(entry_opens_at=None),
}
FORMATS: dict[str, Change] = {
    "open": _set(format=Format.OPEN),
    "jury": _set(format=Format.JURY, quorum=3),
    "jury, over": _set(format=Format.JURY, quorum=3, closed_at=AT),
    "their jury": _set(format=Format.JURY, quorum=3),
    "left jury": _set(format=Format.JURY, quorum=3),
}
DESIGNS: dict[str, Change] = {
    "in": _set(),
    "withdrawn": lambda _contest, submission, _voter: setattr(submission, "state", State.WITHDRAWN),
    "own": lambda _contest, submission, voter: setattr(submission, "member_id", voter.id),
    "co-designed": lambda _contest, submission, voter: submission.designers.append(
        Designer(member_id=voter.id, position=1, share_bp=1)
    ),
    "recused from": lambda _contest, submission, voter: db.session.add(
        Recusal(submission_id=submission.id, member_id=voter.id, reason="A friend’s.", at=AT)
    ),
}
#: On a jury now, or no longer.
SEATS: dict[str, datetime | None] = {"their jury": None, "left jury": AT}
VOTERS: dict[str, dict[str, object]] = {
    "member": {},
    "unconfirmed": {"confirmed": False},
    "suspended": {"standing": Standing.SUSPENDED},
    "moderator": {"roles": (Role.MODERATOR,)},
    "insider": {"roles": (Role.PRODUCT_MANAGER,)},
}


def situations() -> Iterator[tuple[str, str, str, int]]:
    """Everything with everything in the usual contest; for formats, what they look at."""
    designs = [case for case in DESIGNS if case != "recused from"]
    yield from itertools.product(PHASES, designs, VOTERS, (0,))
    yield from itertools.product(FORMATS, DESIGNS, ("member",), (0,))
    yield from itertools.product(("scoring", *FORMATS), ("in", "own"), ("member",), (CHOSEN_SLOT,))
    yield from itertools.product(FORMATS, ("in",), ("insider", "suspended"), (0,))


def seat(contest: Contest, voter: Member, left_at: datetime | None) -> Juror:
    return Juror(contest_id=contest.id, member_id=voter.id, named_at=AT, left_at=left_at)


class Made:
    """Contests and voters of each kind, made once: what a vote is refused for is not used up."""

    def __init__(self) -> None:
        self._contests: dict[str, int] = {}
        self._voters: dict[str, tuple[int, bytes]] = {}
        self._seats: set[tuple[str, str]] = set()

    def contest(self, case: str) -> Contest:
        """A contest in the phase, or of the format, that the case names."""
        if case not in self._contests:
            contest = factories.contest("scoring")
            with transaction():
                (PHASES | FORMATS)[case](contest, None, None)  # type: ignore[arg-type]
            self._contests[case] = contest.id
        return db.session.get_one(Contest, self._contests[case])

    def voter(self, case: str, contest_case: str) -> tuple[Member, bytes]:
        """A voter of the case with their session, on the jury where the contest's case says so."""
        if case not in self._voters:
            member = factories.member(**VOTERS[case])  # type: ignore[arg-type]
            self._voters[case] = member.id, voting.session_of(member)
        member_id, session = self._voters[case]
        voter = db.session.get_one(Member, member_id)
        if contest_case in SEATS and (case, contest_case) not in self._seats:
            with transaction():
                db.session.add(seat(self.contest(contest_case), voter, SEATS[contest_case]))
            self._seats.add((case, contest_case))
        return voter, session


def test_the_statement_decides_as_the_policy_in_every_situation(app: Flask) -> None:
    decided, made = set(), Made()
    for contest_case, design_case, voter_case, slot in situations():
        contest = made.contest(contest_case)
        voter, session = made.voter(voter_case, contest_case)
        submission = factories.submission(contest)
        with transaction():
            DESIGNS[design_case](contest, submission, voter)
        at = clock.now()
        expected = policies.refusal(voter, submission, at, is_chosen=slot == CHOSEN_SLOT)
        token = voting.ballot(voter, submission, slot=slot)
        db.session.rollback()  # what is cast meanwhile is read afterwards
        answer = ballots.cast(session, token, 4, at=at)
        situation = (contest_case, design_case, voter_case, slot)
        assert answer.refusal == expected, situation
        assert (answer.outcome is Outcome.CAST) == (expected is None), situation
        written = db.session.get(Vote, (submission.id, voter.id))
        assert (written is not None) == (expected is None), situation
        decided.add(expected)
        db.session.remove()  # nobody looks at this situation again
    assert decided == {None, *policies.Refusal} - {
        policies.Refusal.SIGNED_OUT,
        policies.Refusal.NOT_YOURS,
    }


@pytest.mark.parametrize("ending", ["ended_at", "expires_at"])
def test_an_ended_session_casts_nothing(app: Flask, ending: str) -> None:
    voter, submission = factories.member(), factories.submission(factories.contest())
    session = voting.session_of(voter)
    at = clock.now()
    with transaction() as current:
        current.execute(
            db.text(f"UPDATE sessions SET {ending} = :at").bindparams(
                db.bindparam("at", at, type_=Vote.cast_at.type)
            )
        )
    answer = voting.vote(voter, submission, 4, session=session)
    assert answer.refusal is policies.Refusal.SIGNED_OUT
    assert policies.refusal(None, submission, at) is policies.Refusal.SIGNED_OUT


def test_a_ballot_is_only_for_the_member_it_was_dealt_to(app: Flask) -> None:
    lucky, thief = factories.member(), factories.member()
    submission = factories.submission(factories.contest())
    stolen = voting.ballot(lucky, submission)
    answer = ballots.cast(voting.session_of(thief), stolen, 5, at=clock.now())
    assert answer.refusal is policies.Refusal.NOT_YOURS
    assert db.session.scalars(select(Vote)).all() == []


def test_a_forged_ballot_is_refused_before_the_database_is_asked(app: Flask) -> None:
    voter, submission = factories.member(), factories.submission(factories.contest())
    session = voting.session_of(voter)
    token = voting.ballot(voter, submission)
    forged = ("A" if token[0] != "A" else "B") + token[1:]
    for each in (forged, token[:-1], token + "A", "", "x" * 60):
        with pytest.raises(NotAllowed):
            ballots.cast(session, each, 5, at=clock.now())


@pytest.mark.only("postgresql")
def test_on_postgresql_a_ballot_costs_one_statement_that_commits_itself(app: Flask) -> None:
    voter, submission = factories.member(), factories.submission(factories.contest())
    session, token = voting.session_of(voter), voting.ballot(voter, submission)
    seen: list[tuple[str, bool]] = []

    def note(_connection, cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        seen.append((statement, cursor.connection.autocommit))

    event.listen(db.engine, "before_cursor_execute", note)
    for stars in (3, 4, 4):
        ballots.cast(session, token, stars, at=clock.now())
    event.remove(db.engine, "before_cursor_execute", note)
    assert [autocommit for _, autocommit in seen] == [True] * 3
    lines = db.session.scalars(select(BallotLogEntry).order_by(BallotLogEntry.id)).all()
    assert [(line.action.value, line.stars) for line in lines] == [("cast", 3), ("change", 4)]
