"""The deck on a real database: what is dealt, to whom, in which order, and when it ends."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.contests.events import DatesMoved
from ideation.contests.models import Contest
from ideation.core import clock, events, jobs
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, NotAllowed
from ideation.submissions.models import Designer, State, Submission
from ideation.voting import ballots, deck, lists, tallying
from ideation.voting.deck import Hand
from ideation.voting.models import DealList, Deck, Vote
from ideation.voting.tokens import Ballot
from ideation.voting.weighing import VOTE
from tests import factories
from tests.factories import voting


def deal(voter: Member, contest: Contest) -> Hand:
    with transaction():
        return deck.deal(
            db.session.merge(voter), db.session.get_one(Contest, contest.id), at=clock.now()
        )


def ids(hand: Hand) -> list[int]:
    return [ballot.submission_id for ballot in hand.ballots]


def answer(session: bytes, ballot: Ballot, stars: int = 3) -> None:
    assert ballots.cast(session, ballots.sign(ballot), stars, at=clock.now()).refusal is None


def skip(voter: Member, ballot: Ballot) -> None:
    with transaction():
        deck.skip(db.session.merge(voter), ballots.sign(ballot), at=clock.now())


def undo(voter: Member, ballot: Ballot) -> None:
    with transaction():
        deck.undo(db.session.merge(voter), ballots.sign(ballot), at=clock.now())


def leave(*gone: int) -> None:
    """As withdrawing does."""
    with transaction():
        for submission_id in gone:
            submission = db.session.get_one(Submission, submission_id)
            submission.state, submission.updated_at = State.WITHDRAWN, clock.now()


def entries(contest: Contest, n: int) -> list[Submission]:
    return [factories.submission(contest, with_artwork=False) for _ in range(n)]


def test_every_design_is_dealt_once_and_never_ones_own(app: Flask) -> None:
    contest, voter = factories.contest(), factories.member()
    others = entries(contest, 70)
    own = factories.submission(contest, voter)
    shared = factories.submission(contest)
    factories.submission(contest, state=State.SUBMITTED)
    with transaction():
        db.session.add(
            Designer(submission_id=shared.id, member_id=voter.id, position=1, share_bp=1)
        )
    session = voting.session_of(voter)
    seen: list[int] = []
    while (hand := deal(voter, contest)).ballots:
        assert len(hand.ballots) == min(4, 70 - len(seen))
        assert (hand.done, hand.total) == (len(seen), 70)
        answer(session, hand.ballots[0])
        seen.append(hand.ballots[0].submission_id)
    assert sorted(seen) == [submission.id for submission in others]
    assert not {own.id, shared.id} & set(seen)
    positions = db.session.scalars(select(Vote.position).order_by(Vote.position)).all()
    assert list(positions) == list(range(70))


def test_what_lies_open_is_the_same_on_every_device_and_in_the_next_slot(app: Flask) -> None:
    contest, voter = factories.contest(), factories.member()
    entries(contest, 30)
    first = deal(voter, contest)
    assert deal(voter, contest).ballots == first.ballots
    clock.move(timedelta(hours=9))
    assert deal(voter, contest).ballots == first.ballots
    answer(voting.session_of(voter), first.ballots[2])
    assert ids(deal(voter, contest))[:3] == [ids(first)[0], ids(first)[1], ids(first)[3]]


def test_voters_are_dealt_different_orders(app: Flask) -> None:
    contest = factories.contest()
    entries(contest, 40)
    hands = {tuple(ids(deal(factories.member(), contest))) for _ in range(8)}
    assert len(hands) >= 7


def test_accounts_that_share_a_device_are_not_dealt_each_other(app: Flask) -> None:
    contest, designer, friend = factories.contest(), factories.member(), factories.member()
    design = factories.submission(contest, designer)
    voting.session_of(designer, device=b"one tablet, shared")
    assert ids(deal(friend, contest)) == [design.id]
    answer_none = deal(friend, contest)
    assert answer_none.total == 1
    voting.session_of(friend, device=b"one tablet, shared")
    hand = deal(friend, contest)
    assert (hand.ballots, hand.total) == ((), 0)


def test_skips_are_earned_and_go_to_the_back(app: Flask) -> None:
    contest, voter = factories.contest(), factories.member()
    entries(contest, 12)
    session = voting.session_of(voter)
    skipped = []
    for left in (5, 4, 3, 2, 1):
        hand = deal(voter, contest)
        assert hand.skips_left == left
        skipped.append(hand.ballots[0].submission_id)
        skip(voter, hand.ballots[0])
    hand = deal(voter, contest)
    assert hand.skips_left == 0
    with pytest.raises(Conflict, match="4 more designs"):
        skip(voter, hand.ballots[0])
    for _ in range(4):
        answer(session, deal(voter, contest).ballots[0])
    assert deal(voter, contest).skips_left == 1
    rest = []
    while (hand := deal(voter, contest)).ballots:
        rest.append(hand.ballots[0])
        answer(session, hand.ballots[0])
    assert [ballot.submission_id for ballot in rest[-5:]] == skipped
    assert [ballot.position for ballot in rest[-5:]] == [0, 1, 2, 3, 4], "as first dealt"


def test_twenty_skips_a_day_are_the_most(app: Flask) -> None:
    contest, voter = factories.contest(), factories.member()
    designs = entries(contest, 100)
    voting.votes(voter, [(design, 3) for design in designs[:70]])
    for _ in range(20):
        skip(voter, deal(voter, contest).ballots[0])
    with pytest.raises(Conflict, match="today"):
        skip(voter, deal(voter, contest).ballots[0])
    clock.move(timedelta(days=1))
    skip(voter, deal(voter, contest).ballots[0])


def test_a_vote_taken_back_lies_on_top_again_as_it_was_dealt(app: Flask) -> None:
    contest, voter = factories.contest(), factories.member()
    entries(contest, 20)
    session = voting.session_of(voter)
    for _ in range(3):
        answer(session, deal(voter, contest).ballots[0])
    last = deck.find_last(voter, contest)
    assert last is not None and last.position == 2
    with transaction():
        deck.undo(db.session.merge(voter), ballots.sign(last), at=clock.now())
    hand = deal(voter, contest)
    assert hand.ballots[0] == last and len(hand.ballots) == 4 and hand.done == 2
    with pytest.raises(Conflict), transaction():
        ballots.retract(db.session.merge(voter), ballots.sign(last), at=clock.now())


def test_answers_are_taken_back_one_at_a_time_so_nobody_walks_back_to_thirty(app: Flask) -> None:
    contest, voter = factories.contest(), factories.member()
    designs = entries(contest, 33)
    voting.votes(voter, [(design, 5) for design in designs])
    session = voting.session_of(voter)
    kept = [voting.ballot(voter, design) for design in designs]
    for token in kept[:3]:
        with transaction():
            deck.undo(db.session.merge(voter), token, at=clock.now())
        assert deck.find_last(voter, contest) is None, "no page offers a second"
        for other in kept:
            with pytest.raises(Conflict), transaction():
                deck.undo(db.session.merge(voter), other, at=clock.now())
        assert deck.count_answered(contest.id, voter.id) == 32
        assert ballots.cast(session, token, 5, at=clock.now()).refusal is None
        db.session.rollback()
        assert deck.find_last(voter, contest) is not None, "another is given: one may go again"
    assert set(tallying.count(contest.id).weighed.weight) == {VOTE * 30 // 33}


def test_what_was_done_last_is_undone_first_be_it_a_vote_or_a_skip(app: Flask) -> None:
    contest, voter = factories.contest(), factories.member()
    entries(contest, 12)
    session = voting.session_of(voter)
    answer(session, scored := deal(voter, contest).ballots[0])
    before = deal(voter, contest)
    skip(voter, before.ballots[0])
    assert deck.find_last(voter, contest) == before.ballots[0]

    undo(voter, before.ballots[0])
    after = deal(voter, contest)
    assert (after.ballots[0], after.skips_left) == (before.ballots[0], before.skips_left)
    assert after.done == 1, "the stars given before stand"

    assert deck.find_last(voter, contest) == scored
    undo(voter, scored)
    assert (deal(voter, contest).done, deal(voter, contest).ballots[0]) == (0, scored)
    assert deck.find_last(voter, contest) is None
    with pytest.raises(NotAllowed):
        undo(factories.member(), scored)


def test_a_window_that_grows_has_lists_of_its_own(app: Flask) -> None:
    """By the old numbers a list of today would be taken for one of days to come."""
    contest = factories.contest()
    entries(contest, 4)
    deal(factories.member(), contest)
    stale = db.session.scalars(select(DealList.slot)).one()
    with transaction():
        held = db.session.get_one(Contest, contest.id)
        held.scoring_closes_at += timedelta(days=60)
        events.publish(DatesMoved(contest.id, clock.now()))
    deal(factories.member(), contest)
    assert db.session.scalars(select(DealList.slot)).one() < stale


def test_a_list_replaced_while_it_is_looked_up_is_no_empty_deck(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest, voter = factories.contest(), factories.member()
    entries(contest, 4)
    newest, gone = lists._newest, [(0, clock.now())]
    monkeypatch.setattr(lists, "_newest", lambda *asked: gone.pop() if gone else newest(*asked))
    assert lists.current(db.session.merge(contest), clock.now()).entries
    assert len(deal(voter, contest).ballots) == 4


def test_an_entry_that_leaves_is_dealt_no_more(app: Flask) -> None:
    contest, voter = factories.contest(), factories.member()
    entries(contest, 6)
    hand = deal(voter, contest)
    leave(ids(hand)[1])
    after = deal(voter, contest)
    assert ids(hand)[1] not in ids(after) and after.total == 5


def test_an_entry_approved_late_is_dealt_first_in_the_next_slot_and_never_missed(
    app: Flask,
) -> None:
    contest = factories.contest()
    designs = entries(contest, 30)
    for _ in range(2):
        voting.votes(factories.member(), [(design, 3) for design in designs])
    early = factories.member()
    session = voting.session_of(early)
    deal(early, contest)
    late = factories.submission(contest, decided_at=clock.now())
    while (hand := deal(early, contest)).ballots:
        last = hand.ballots[0]
        answer(session, last)
    assert last.submission_id == late.id, "no list knows it yet, so it comes at the end"
    clock.move(timedelta(hours=3))
    with transaction():
        lists.build(db.session.merge(contest), clock.now())
    assert all(ids(deal(factories.member(), contest))[0] == late.id for _ in range(3)), (
        "then it comes first"
    )


def test_the_worker_writes_one_list_a_slot(app: Flask) -> None:
    contest = factories.contest()
    designs = entries(contest, 30)
    voting.votes(factories.member(), [(design, 3) for design in designs[:10]])
    for _ in range(3):
        with transaction():
            lists.build(db.session.merge(contest), clock.now())
    first = db.session.scalars(select(DealList)).one()
    listed = [entry for band in first.bands for entry in band]
    assert sorted(listed) == [design.id for design in designs]
    assert set(listed[-10:]) == {design.id for design in designs[:10]}, "least seen first"
    for hours in (3, 3, 3):
        clock.move(timedelta(hours=hours))
        with transaction():
            jobs.enqueue(lists.BUILD, at=clock.now())
        jobs.run_due()
    slots = db.session.scalars(select(DealList.slot).order_by(DealList.slot)).all()
    assert len(slots) == 2 and slots[1] - slots[0] == 1, "old ones are swept"


def test_dealing_writes_one_row_of_ones_own(app: Flask) -> None:
    contest, voter = factories.contest(), factories.member()
    entries(contest, 10)
    for _ in range(5):
        deal(voter, contest)
    row = db.session.scalars(select(Deck)).one()
    assert (row.member_id, len(row.open), row.dealt) == (voter.id, 4, 4)


def test_whoever_sees_live_scores_is_dealt_nothing(app: Flask) -> None:
    contest = factories.contest()
    entries(contest, 3)
    with pytest.raises(NotAllowed, match="see the scores"):
        deal(factories.member(roles=(Role.PRODUCT_MANAGER,)), contest)
    with pytest.raises(Conflict):
        deal(factories.member(), factories.contest("decision"))


def test_dealing_asks_once_and_writes_once_however_many_designs_there_are(app: Flask) -> None:
    """The first time a voter comes, in the middle, in a new slot, after a mended list."""
    for designs in (20, 200):
        contest, voter = factories.contest(), factories.member()
        entries(contest, designs)
        session = voting.session_of(voter)
        deal(factories.member(), contest)  # this process has read the list
        for step in range(8):
            kinds = statements_of_a_deal(voter, contest)
            assert kinds == ["WITH", "INSERT" if step == 0 else "UPDATE"], (designs, step, kinds)
            answer(session, deal(voter, contest).ballots[step % 4])
        deal(voter, contest)
        assert statements_of_a_deal(voter, contest) == ["WITH"], "nothing changed"
        with transaction():
            row = db.session.scalars(select(DealList).order_by(DealList.contest_id.desc())).first()
            assert row is not None
            row.built_at = clock.now()
        deal(factories.member(), contest)
        answer(session, deal(voter, contest).ballots[0])
        assert statements_of_a_deal(voter, contest) == ["WITH", "UPDATE"]


def statements_of_a_deal(voter: Member, contest: Contest) -> list[str]:
    """The first words of what one deal asks of the database, member and contest being known."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        seen.append(statement.split()[0])

    with transaction():
        member = db.session.get_one(Member, voter.id)
        here = db.session.get_one(Contest, contest.id)
        assert not member.grants
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            deck.deal(member, here, at=clock.now())
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
    return seen


def test_after_twenty_comes_a_pause_until_one_goes_on_or_comes_back(app: Flask) -> None:
    contest, voter = factories.contest(), factories.member()
    designs = entries(contest, 90)
    voting.votes(voter, [(design, 3) for design in designs[:7]])
    session = voting.session_of(voter)
    assert deal(voter, contest).sitting == 0, "what was scored before is not of this sitting"
    for scored in range(1, 21):
        answer(session, deal(voter, contest).ballots[0])
        hand = deal(voter, contest)
        assert (hand.sitting, hand.is_pause) == (scored, scored == 20)
    assert len(hand.ballots) == 4, "what comes next is there already"

    last = deck.find_last(voter, contest)
    assert last is not None
    undo(voter, last)
    assert not deal(voter, contest).is_pause
    answer(session, last)
    assert deal(voter, contest).is_pause

    with transaction():
        deck.sit_on(db.session.merge(voter), db.session.merge(contest), at=clock.now())
    assert (deal(voter, contest).sitting, deal(voter, contest).ballots) == (0, hand.ballots)
    undo(voter, last)
    answer(session, last)
    assert deal(voter, contest).sitting <= 1, "taken back from the sitting before"

    for _ in range(20):
        answer(session, deal(voter, contest).ballots[0])
    assert deal(voter, contest).is_pause
    clock.move(timedelta(minutes=31))
    assert deal(voter, contest).sitting == 0


def test_there_is_no_pause_before_the_end(app: Flask) -> None:
    contest, voter = factories.contest(), factories.member()
    entries(contest, 20)
    session = voting.session_of(voter)
    while hand := deal(voter, contest).ballots:
        answer(session, hand[0])
    end = deal(voter, contest)
    assert (end.sitting, end.is_pause, end.done, end.total) == (20, False, 20, 20)


def test_the_total_never_jumps_on_the_way_to_the_end(app: Flask) -> None:
    """A list written early knows few of the designs; the number on the page knows them all."""
    contest, voter = factories.contest(), factories.member()
    entries(contest, 5)
    session = voting.session_of(voter)
    assert deal(voter, contest).total == 5
    clock.move(timedelta(minutes=10))
    late = [factories.submission(contest, decided_at=clock.now()) for _ in range(9)]
    said = []
    while (hand := deal(voter, contest)).ballots:
        said.append((hand.done, hand.total))
        answer(session, hand.ballots[0])
    assert said == [(done, 14) for done in range(14)]
    with transaction():
        assert lists.mend(db.session.merge(contest), clock.now())
    leave(late[0].id)
    assert (deal(voter, contest).done, deal(voter, contest).total) == (13, 13)
    with transaction():
        back = db.session.get_one(Submission, late[0].id)
        back.state, back.updated_at = State.APPROVED, clock.now()
    assert (deal(voter, contest).done, deal(voter, contest).total) == (14, 14), "reinstated"


def test_a_design_that_left_counts_neither_as_scored_nor_as_left_to_score(app: Flask) -> None:
    contest, voter = factories.contest(), factories.member()
    designs = entries(contest, 90)
    session = voting.session_of(voter)
    first, second = deal(voter, contest).ballots[:2]
    for ballot in (first, second):
        answer(session, ballot)
    answered = {first.submission_id, second.submission_id}
    other = next(design.id for design in designs if design.id not in answered)
    leave(first.submission_id, other)
    assert (deal(voter, contest).done, deal(voter, contest).total) == (1, 88), "at once"
    clock.move(timedelta(hours=3))
    with transaction():
        lists.build(db.session.merge(contest), clock.now())
    hand = deal(voter, contest)
    assert (hand.done, hand.total) == (1, 88)
