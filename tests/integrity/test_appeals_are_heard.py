"""Whose votes are set aside learns it, may appeal once, and is answered."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ideation.accounts import erasure
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotFound
from ideation.integrity import appeals, cases, mine, rulings
from ideation.integrity.models import Appeal, Judgement, Reply
from ideation.notices.models import Notice
from ideation.voting import queries
from tests.integrity.conftest import Stage, closed, found, member


def appeal(stage: Stage, words: str = "A drawing class of seven.", voter: int = 0) -> int:
    with transaction():
        one = appeals.appeal(member(stage.ring_ids[voter]), stage.case.id, words, at=clock.now())
    return one.id


def answer(stage: Stage, key: int, *, upheld: bool, for_all: bool = False) -> None:
    with transaction():
        appeals.answer(
            stage.manager, key, "We looked again.", upheld=upheld, for_all=for_all, at=clock.now()
        )


def answered(stage: Stage) -> list[Notice]:
    kind = Notice.kind == "integrity.appeal_answered"
    return list(db.session.scalars(select(Notice).where(kind)))


def test_an_upheld_appeal_restores_its_voter_and_freezes_the_next_number(stage: Stage) -> None:
    closed(stage)
    key = appeal(stage)
    answer(stage, key, upheld=True)
    assert cases.quarantined(stage.contest_id) == set(stage.ring_ids[1:])
    tally = queries.list_tallies(stage.contest_id)[1]
    assert tally.cause == f"appeal:{db.session.get_one(Appeal, key).public_id}"
    assert tally.uncounted == 60
    assert stage.case.judgement is Judgement.EXCLUDE
    assert stage.case.rulings[-1].member_id == stage.ring_ids[0]
    assert [one.member_id for one in answered(stage)] == [stage.ring_ids[0]]


def test_an_appeal_can_be_upheld_for_everybody(stage: Stage) -> None:
    closed(stage)
    answer(stage, appeal(stage), upheld=True, for_all=True)
    assert cases.quarantined(stage.contest_id) == set()
    assert stage.case.judgement is Judgement.RESTORE
    assert len(queries.list_tallies(stage.contest_id)) == 2


def test_one_that_is_not_upheld_changes_nothing_but_says_why(stage: Stage) -> None:
    closed(stage)
    key = appeal(stage)
    answer(stage, key, upheld=False)
    assert len(queries.list_tallies(stage.contest_id)) == 1
    concern = mine.get(member(stage.ring_ids[0]), stage.case.public_id, clock.now())
    assert concern.appeal is not None
    assert (concern.appeal.is_upheld, concern.appeal.answer) == (False, "We looked again.")
    assert not concern.may_appeal
    with pytest.raises(Conflict):
        answer(stage, key, upheld=True)


def test_one_appeals_once_for_each_case(stage: Stage) -> None:
    closed(stage)
    appeal(stage)
    with pytest.raises(Conflict):
        appeal(stage, "Once more.")
    appeal(stage, "Me too.", voter=1)
    assert cases.count_waiting(stage.contest_id) == 1


@pytest.mark.one_engine
def test_nobody_appeals_where_nothing_of_theirs_is_set_aside(stage: Stage) -> None:
    closed(stage, stage.finding(signal="device", key="device:1"))
    with pytest.raises(Conflict):
        appeal(stage)
    with pytest.raises(NotFound), transaction():
        stranger = member(stage.honest_ids[0])
        appeals.appeal(stranger, stage.case.id, "Let me in.", at=clock.now())
    with pytest.raises(NotFound):
        mine.get(member(stage.ring_ids[0]), stage.case.public_id, clock.now())


@pytest.mark.one_engine
def test_an_appeal_needs_words_and_comes_in_time(stage: Stage) -> None:
    closed(stage)
    with pytest.raises(Invalid):
        appeal(stage, " ")
    clock.move(timedelta(days=31))
    with pytest.raises(Conflict):
        appeal(stage)


def test_a_question_is_answered_once_by_those_it_was_put_to(stage: Stage) -> None:
    closed(stage, stage.finding(signal="device", key="device:1"))
    with transaction():
        rulings.decide(stage.manager, stage.case.id, Judgement.ASK, "Who are you?", at=clock.now())
    concern = mine.get(member(stage.ring_ids[0]), stage.case.public_id, clock.now())
    assert concern.standing == "asked"
    assert concern.question is not None and concern.question.note == "Who are you?"
    for _ in range(2):
        try:
            with transaction():
                appeals.reply(member(stage.ring_ids[0]), stage.case.id, "Us.", at=clock.now())
        except Conflict:
            break
    assert [one.words for one in db.session.scalars(select(Reply))] == ["Us."]
    with pytest.raises(NotFound), transaction():
        appeals.reply(member(stage.honest_ids[0]), stage.case.id, "Me.", at=clock.now())


def test_before_the_close_nothing_concerns_anybody(stage: Stage) -> None:
    found(stage)
    with transaction():
        rulings.decide(stage.manager, stage.case.id, Judgement.EXCLUDE, "Seen.", at=clock.now())
    voter = member(stage.ring_ids[0])
    assert mine.list_of(voter, stage.contest, clock.now()) == []
    with pytest.raises(NotFound):
        mine.get(voter, stage.case.public_id, clock.now())
    with pytest.raises(Conflict), transaction():
        appeals.appeal(member(voter.id), stage.case.id, "I guess.", at=clock.now())


def test_who_leaves_takes_their_words_along_and_nothing_else(stage: Stage) -> None:
    closed(stage)
    key = appeal(stage)
    with transaction():
        erasure.erase(stage.ring_ids[0], at=clock.now())
    one = db.session.get_one(Appeal, key)
    assert (one.words, one.is_upheld) == ("", None)
    assert one.answered_at is not None
    assert cases.quarantined(stage.contest_id) == set(stage.ring_ids)
    with pytest.raises(Conflict):
        answer(stage, key, upheld=True)


def test_whoever_decided_hears_of_the_appeal(stage: Stage) -> None:
    closed(stage)
    with transaction():
        rulings.decide(stage.manager, stage.case.id, Judgement.EXCLUDE, "A ring.", at=clock.now())
    appeal(stage)
    kind = Notice.kind == "integrity.appealed"
    (notice,) = db.session.scalars(select(Notice).where(kind))
    assert notice.member_id == stage.manager_id
    assert notice.link.endswith(f"/integrity/{stage.case.public_id}")


def test_an_appeal_waits_also_after_the_winners_are_announced(stage: Stage) -> None:
    closed(stage)
    with transaction():
        contest = db.session.get_one(Contest, stage.contest_id)
        contest.announced_at = clock.now()
    assert stage.case.judgement is Judgement.EXCLUDE
    assert cases.waiting_by_contest() == {}
    key = appeal(stage)
    assert cases.waiting_by_contest() == {stage.contest_id: 1}
    answer(stage, key, upheld=False)
    assert cases.waiting_by_contest() == {}
