"""A decision is about what the page showed, and takes back no appeal that was upheld."""

import pytest
from sqlalchemy import select

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.integrity import appeals, cases, rulings
from ideation.integrity.models import Judgement
from ideation.notices.models import Notice
from ideation.voting import queries
from tests.integrity.conftest import Stage, closed, found, member


def decide(stage: Stage, judgement: Judgement, seen: str | None = None) -> None:
    with transaction():
        rulings.decide(stage.manager, stage.case.id, judgement, "Seen.", seen=seen, at=clock.now())


def uphold(stage: Stage, voter_id: int) -> None:
    with transaction():
        one = appeals.appeal(member(voter_id), stage.case.id, "It was me.", at=clock.now()).id
    with transaction():
        appeals.answer(stage.manager, one, "You are right.", upheld=True, at=clock.now())


def told_set_aside() -> list[int]:
    query = select(Notice.member_id).where(Notice.kind == "integrity.set_aside")
    return sorted(db.session.scalars(query))


def test_confirming_leaves_a_voter_alone_whose_appeal_was_upheld(stage: Stage) -> None:
    closed(stage)
    uphold(stage, stage.ring_ids[0])
    decide(stage, Judgement.EXCLUDE)
    assert cases.quarantined(stage.contest_id) == set(stage.ring_ids[1:])
    assert len(queries.list_tallies(stage.contest_id)) == 2, "confirming counts nothing anew"
    assert told_set_aside() == list(stage.ring_ids[1:])


def test_so_does_excluding_the_case_a_second_time(stage: Stage) -> None:
    closed(stage)
    uphold(stage, stage.ring_ids[0])
    decide(stage, Judgement.RESTORE)
    assert cases.quarantined(stage.contest_id) == set()
    decide(stage, Judgement.EXCLUDE)
    assert cases.quarantined(stage.contest_id) == set(stage.ring_ids[1:])


def test_control_without_the_upheld_appeal_all_are_set_aside_again(stage: Stage) -> None:
    closed(stage)
    decide(stage, Judgement.RESTORE)
    decide(stage, Judgement.EXCLUDE)
    assert cases.quarantined(stage.contest_id) == set(stage.ring_ids)


def test_an_upheld_appeal_is_news_to_whoever_looked_before(stage: Stage) -> None:
    closed(stage)
    seen = rulings.as_seen(stage.case)
    uphold(stage, stage.ring_ids[0])
    with pytest.raises(Conflict, match="Somebody else has just decided"):
        decide(stage, Judgement.EXCLUDE, seen)


def test_a_look_that_finds_others_is_news_as_well(stage: Stage) -> None:
    found(stage, stage.finding(stage.ring_ids[:5]))
    seen = rulings.as_seen(stage.case)
    found(stage, stage.finding(stage.ring_ids[:5]))
    assert rulings.as_seen(stage.case) == seen
    found(stage, stage.finding((*stage.ring_ids[:4], stage.honest_ids[0])))
    with pytest.raises(Conflict, match="found other voters"):
        decide(stage, Judgement.EXCLUDE, seen)
    assert cases.quarantined(stage.contest_id) == set()
    decide(stage, Judgement.EXCLUDE, rulings.as_seen(stage.case))
    assert len(cases.quarantined(stage.contest_id)) == 5
