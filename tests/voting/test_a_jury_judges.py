"""A jury: who may be named, what its members may do, and what the close says of it."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from ideation.accounts.grants import Role
from ideation.accounts.models import Member, Standing
from ideation.audit.models import AuditEntry
from ideation.contests.models import Contest, Format
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from ideation.core.mail.models import Mail
from ideation.notices.models import Notice
from ideation.submissions import bars, drafting
from ideation.submissions.designers import divide
from ideation.submissions.models import Designer, State
from ideation.voting import ballots, deck, judging, jury, recusals, tallying, weight_files
from ideation.voting.models import BallotLogEntry, Juror, Recusal, Vote
from ideation.voting.policies import Refusal
from tests import factories
from tests.factories import voting
from tests.factories.juries import juror, jury_contest


def name(contest: Contest, who: str, actor: Member | None = None) -> Juror:
    with transaction():
        return jury.name(actor, contest.id, who, at=clock.now())


def test_a_named_juror_is_invited_here_and_by_mail_and_the_trail_says_by_whom(app: Flask) -> None:
    contest = jury_contest("entry")
    manager = factories.member(roles=(Role.OPERATOR,))
    person, other = factories.member("Ines"), factories.member("Tom")
    name(contest, f"@{person.handle.upper()}", manager)
    name(contest, other.email or "", manager)
    name(contest, person.handle, manager)
    assert [member.id for _, member in jury.list_jurors(contest.id)] == [person.id, other.id]
    told = db.session.scalars(select(Notice).where(Notice.member_id == person.id)).all()
    assert [(one.kind, one.link) for one in told] == [
        ("voting.jury_named", f"/contests/{contest.slug}/jury")
    ]
    assert db.session.scalar(select(func.count()).where(Mail.to == person.email)) == 1
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).first()
    assert entry is not None
    assert (entry.action, entry.actor_id, entry.detail) == (
        "jury.named",
        manager.id,
        {"juror": person.id},
    )


@pytest.mark.one_engine
def test_whoever_cannot_judge_is_not_named(app: Flask) -> None:
    contest = jury_contest("entry")
    entrant, helper = factories.member(), factories.member()
    design = factories.submission(contest, entrant, state=State.DRAFT)
    with transaction():
        db.session.add(
            Designer(submission_id=design.id, member_id=helper.id, position=1, share_bp=1)
        )
    expected = {
        "nobody": "Nobody here",
        factories.member(standing=Standing.SUSPENDED).handle: "suspended",
        factories.member(confirmed=False).handle: "confirmed",
        factories.member(roles=(Role.PRODUCT_MANAGER,)).handle: "see the scores",
        entrant.handle: "a design in this contest",
        helper.handle: "a design in this contest",
    }
    for who, words in expected.items():
        with pytest.raises(Invalid) as refused:
            name(contest, who)
        assert words in str(refused.value.fields["who"]), who
    assert jury.list_jurors(contest.id) == []


@pytest.mark.one_engine
def test_nobody_joins_or_leaves_after_the_close_nor_in_a_contest_without_a_jury(app: Flask) -> None:
    over, dealt = jury_contest("decision"), factories.contest("entry")
    person = juror(over)
    for contest in (over, dealt):
        with pytest.raises(Conflict):
            name(contest, factories.member().handle)
    with pytest.raises(Conflict), transaction():
        jury.step_down(person, over.id, at=clock.now())
    stranger = factories.member(roles=(Role.MODERATOR,))
    with pytest.raises(NotAllowed):
        name(jury_contest("entry"), factories.member().handle, stranger)


def test_what_a_juror_scored_before_leaving_stays_and_they_score_no_more(app: Flask) -> None:
    contest = jury_contest()
    design, later = factories.submission(contest), factories.submission(contest)
    person = juror(contest)
    session = voting.session_of(person)
    assert voting.vote(person, design, 4, session=session).refusal is None
    with pytest.raises(Invalid), transaction():
        jury.remove(None, contest.id, person.id, reason="No", at=clock.now())
    with transaction():
        jury.remove(None, contest.id, person.id, reason="They moved to a rival.", at=clock.now())
    assert voting.vote(person, later, 4, session=session).refusal is Refusal.NO_JUROR
    assert voting.vote(person, design, 1, session=session).refusal is Refusal.NO_JUROR
    assert db.session.scalars(select(Vote.stars)).all() == [4]
    with pytest.raises(NotFound), transaction():
        jury.remove(None, contest.id, person.id, reason="Twice is once.", at=clock.now())
    name(contest, person.handle)
    assert voting.vote(person, later, 5, session=session).refusal is None


@pytest.mark.one_engine
def test_a_juror_enters_nothing_in_their_contest(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest = jury_contest("entry")
    person, designer = juror(contest), factories.member("Designer")
    design = factories.submission(contest, designer, state=State.DRAFT)
    shares = {designer.handle: 5000, person.handle: 5000}
    with pytest.raises(NotAllowed, match="jury"), transaction():
        drafting.begin(person, contest, at=clock.now(), key=uuid.uuid4().hex)
    with pytest.raises(Invalid), transaction():
        divide(designer, design, shares, at=clock.now())
    other = factories.contest("entry")
    with transaction():
        assert drafting.begin(person, other, at=clock.now(), key=uuid.uuid4().hex).id
    # The control: without the check both go through.
    monkeypatch.setattr(bars, "_checks", [])
    with transaction():
        divide(designer, design, shares, at=clock.now())
        assert drafting.begin(person, contest, at=clock.now(), key=uuid.uuid4().hex).id


def test_recusing_takes_stars_back_and_the_deck_deals_everything_else(app: Flask) -> None:
    contest = jury_contest()
    designs = [factories.submission(contest) for _ in range(3)]
    person = juror(contest)
    session = voting.session_of(person)
    voting.vote(person, designs[0], 5, session=session)
    with pytest.raises(Invalid), transaction():
        recusals.recuse(person, designs[0], " no ", at=clock.now())
    with transaction():
        recusals.recuse(person, designs[0], "My neighbour drew it.", at=clock.now())
    assert db.session.scalars(select(Vote)).all() == []
    last = db.session.scalars(select(BallotLogEntry).order_by(BallotLogEntry.id.desc())).first()
    assert last is not None
    assert last.action.value == "retract"
    assert voting.vote(person, designs[0], 5, session=session).refusal is Refusal.RECUSED
    assert judging.progress(person.id, contest.id) == (0, 2)

    def dealt() -> set[int]:
        with transaction():
            hand = deck.deal(
                db.session.get_one(Member, person.id),
                db.session.get_one(Contest, contest.id),
                at=clock.now(),
            )
        return {ballot.submission_id for ballot in hand.ballots}

    assert dealt() == {designs[1].id, designs[2].id}
    with transaction():
        recusals.take_back(person, designs[0], at=clock.now())
    assert dealt() == {design.id for design in designs}
    assert judging.progress(person.id, contest.id) == (0, 3)


@pytest.mark.one_engine
def test_only_jurors_recuse_and_only_while_it_is_scored(app: Flask) -> None:
    contest = jury_contest()
    design, member = factories.submission(contest), factories.member()
    with pytest.raises(NotAllowed), transaction():
        recusals.recuse(member, design, "I feel like it.", at=clock.now())
    elsewhere, stranger = factories.submission(factories.contest()), factories.member()
    with pytest.raises(NotAllowed), transaction():
        recusals.recuse(stranger, elsewhere, "I feel like it.", at=clock.now())
    over = jury_contest("decision")
    late, person = factories.submission(over), juror(over)
    with pytest.raises(Conflict), transaction():
        recusals.recuse(person, late, "Too late to say so.", at=clock.now())
    assert db.session.scalars(select(Recusal)).all() == []


def test_a_jury_that_did_not_finish_is_counted_and_the_gap_is_stated(app: Flask) -> None:
    contest = jury_contest(quorum=2)
    designs = [factories.submission(contest) for _ in range(3)]
    first, second = juror(contest), juror(contest)
    voting.votes(first, [(design, 4) for design in designs])
    voting.votes(second, [(designs[0], 5)])
    db.session.rollback()  # the ballots went in by another connection
    assert judging.counts(contest.id) == {first.id: (3, 0), second.id: (1, 0)}
    assert judging.count_short_of_quorum(contest) == (2, 3)
    tally = voting.tallied(contest)
    assert judging.count_below_quorum(db.session.get_one(Contest, contest.id), tally) == 2
    assert judging.count_below_quorum(factories.contest(), tally) == 0


def test_every_juror_weighs_one_whatever_they_scored_and_wherever_they_sat(app: Flask) -> None:
    """Light, busy and shared browsers weigh less among members; a named jury is known."""
    weights = {}
    for chosen in (Format.JURY, Format.OPEN):
        contest = factories.contest(format=chosen, quorum=3)
        designs = [factories.submission(contest) for _ in range(2)]
        people = [juror(contest) for _ in range(3)]
        for person in people:
            voting.votes(person, [(designs[0], 5)], device=b"one browser here")
        tally = voting.tallied(contest)
        weights[chosen] = {vote.weight for vote in weight_files.weights_of(tally)}
    assert weights[Format.JURY] == {120}
    assert max(weights[Format.OPEN]) < 120


def test_a_vote_that_slipped_past_a_removal_does_not_count_and_those_before_it_do(
    app: Flask,
) -> None:
    contest = jury_contest()
    designs, person = [factories.submission(contest) for _ in range(2)], juror(contest)
    voting.votes(person, [(designs[0], 4)])
    with transaction():
        db.session.get_one(Juror, (contest.id, person.id)).left_at = clock.now()
    assert tallying.count(contest.id).result.counted == 1
    late = clock.now() + timedelta(seconds=1)
    with transaction():
        db.session.execute(update(Vote).values(changed_at=late))
    result = tallying.count(contest.id).result
    assert (result.counted, result.uncounted) == (0, 1)


def test_a_vote_that_slipped_past_a_recusal_does_not_count(app: Flask) -> None:
    contest = jury_contest()
    design, person = factories.submission(contest), juror(contest)
    voting.votes(person, [(design, 5)])
    with transaction():
        db.session.add(
            Recusal(submission_id=design.id, member_id=person.id, reason="At once.", at=clock.now())
        )
    assert tallying.count(contest.id).result.counted == 0


def test_a_juror_sees_and_takes_back_only_their_own(app: Flask) -> None:
    contest = jury_contest()
    design = factories.submission(contest)
    one, two = juror(contest), juror(contest)
    voting.votes(one, [(design, 5)])
    stolen = voting.ballot(one, design)
    with pytest.raises(NotAllowed), transaction():
        ballots.retract(two, stolen, at=clock.now())
