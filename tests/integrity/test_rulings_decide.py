"""Each decision is a row with a note; what changes a count freezes the next number."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ideation.accounts import erasure
from ideation.accounts.grants import Role
from ideation.audit.models import AuditEntry
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.integrity import cases, rulings
from ideation.integrity.models import CaseMember, Judgement, Ruling
from ideation.notices.models import Notice
from ideation.selection import queries as selection_queries
from ideation.selection.models import Decision
from ideation.submissions.models import State, Submission
from ideation.voting import queries, tallying
from ideation.voting.models import Tally
from ideation.voting.recount import recount
from tests import factories
from tests.factories import selection
from tests.integrity.conftest import Stage, closed, found


def decide(stage: Stage, judgement: Judgement, note: str = "Seen.", **values: object) -> Ruling:
    with transaction():
        return rulings.decide(
            stage.manager,
            stage.case.id,
            judgement,
            note,
            **{"at": clock.now(), **values},  # type: ignore[arg-type]
        )


def tallies(stage: Stage) -> list[Tally]:
    return queries.list_tallies(stage.contest_id)


def device(stage: Stage) -> Tally:
    """Close with a case that no rule decides."""
    return closed(stage, stage.finding(signal="device", key="device:1"))


def test_excluding_freezes_the_next_number_with_its_cause(stage: Stage) -> None:
    device(stage)
    ruling = decide(stage, Judgement.EXCLUDE, "One person with seven accounts.")
    first, second = tallies(stage)
    assert (first.cause, second.number) == ("close", 2)
    assert second.cause == f"case:{stage.case.public_id}:exclude"
    assert (first.uncounted, second.uncounted) == (0, 70)
    assert stage.case.judged_by_id == stage.manager_id
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "integrity.excluded")
    ).one()
    assert (entry.actor_id, entry.reason) == (stage.manager_id, ruling.note)
    assert entry.detail["tally"] == 2
    told = db.session.scalars(
        select(Notice.member_id).where(Notice.kind == "integrity.set_aside")
    ).all()
    assert sorted(told) == list(stage.ring_ids)


def test_restoring_is_the_inverse_of_excluding(stage: Stage) -> None:
    first = device(stage)
    for _ in range(2):
        decide(stage, Judgement.EXCLUDE)
        decide(stage, Judgement.RESTORE)
    numbers = tallies(stage)
    assert [one.number for one in numbers] == [1, 2, 3, 4, 5]
    assert numbers[2].digest == numbers[4].digest == first.digest
    assert numbers[1].digest == numbers[3].digest != first.digest
    assert cases.quarantined(stage.contest_id) == set()


def test_confirming_what_the_rule_did_changes_no_count(stage: Stage) -> None:
    closed(stage)
    decide(stage, Judgement.EXCLUDE, "Yes, a ring.")
    assert len(tallies(stage)) == 1
    assert cases.count_waiting(stage.contest_id) == 0
    assert stage.case.judged_by_id == stage.manager_id


def test_voters_whom_another_case_excludes_change_no_count_either(stage: Stage) -> None:
    closed(stage, stage.finding(), stage.finding(signal="device", key="device:1"))
    other = cases.list_all(stage.contest_id)[1].id
    for judgement in (Judgement.EXCLUDE, Judgement.RESTORE):
        with transaction():
            rulings.decide(stage.manager, other, judgement, "Seen.", at=clock.now())
    assert len(tallies(stage)) == 1
    assert cases.quarantined(stage.contest_id) == set(stage.ring_ids)
    assert db.session.scalars(select(Notice).where(Notice.kind == "integrity.restored")).all() == []


def test_before_the_close_it_takes_effect_in_the_count_alone(stage: Stage) -> None:
    found(stage)
    decide(stage, Judgement.EXCLUDE)
    assert tallies(stage) == []
    assert db.session.scalars(select(Notice)).all() == []
    assert tallying.count(stage.contest_id).result.uncounted == 70


def test_while_the_stars_are_counted_nobody_decides(stage: Stage) -> None:
    found(stage)
    with transaction():
        stage.contest.closed_at = clock.now()
    with pytest.raises(Conflict, match="being counted"):
        decide(stage, Judgement.EXCLUDE)


@pytest.mark.one_engine
@pytest.mark.parametrize("note", ["", "  \n", "x" * 1001])
def test_every_decision_has_a_note(stage: Stage, note: str) -> None:
    found(stage)
    with pytest.raises(Invalid):
        decide(stage, Judgement.KEEP, note)
    assert stage.case.rulings == []


@pytest.mark.one_engine
def test_what_cannot_be_decided_as_it_stands_is_refused(stage: Stage) -> None:
    found(stage)
    for judgement in (Judgement.RESTORE, Judgement.ASK):
        with pytest.raises(Conflict):
            decide(stage, judgement)
    decide(stage, Judgement.EXCLUDE)
    for judgement in (Judgement.EXCLUDE, Judgement.KEEP):
        with pytest.raises(Conflict):
            decide(stage, judgement)


def test_asking_leaves_the_votes_as_they_are_and_tells_everybody(stage: Stage) -> None:
    device(stage)
    decide(stage, Judgement.ASK, "Do you know each other?")
    assert len(tallies(stage)) == 1
    assert stage.case.judgement is None
    assert cases.count_waiting(stage.contest_id) == 1
    told = db.session.scalars(select(Notice).where(Notice.kind == "integrity.asked")).all()
    assert sorted(one.member_id for one in told) == list(stage.ring_ids)
    assert {one.link for one in told} == {f"/reviews/{stage.case.public_id}"}


def test_until_the_announcement_a_choice_follows(stage: Stage) -> None:
    device(stage)
    target = db.session.get_one(Submission, stage.design_ids[-1])
    selection.decided(stage.contest, [target], at=clock.now())
    before = selection_queries.list_winners(stage.contest_id)[0].rank
    decide(stage, Judgement.EXCLUDE)
    (winner,) = selection_queries.list_winners(stage.contest_id)
    db.session.refresh(winner)
    assert before is not None and winner.rank is not None and winner.rank > before
    assert winner.tally_id == tallies(stage)[1].id


def test_after_the_announcement_it_is_said_and_no_winner_moves(stage: Stage) -> None:
    device(stage)
    winner = db.session.get_one(Submission, stage.design_ids[-1])
    selection.announced(stage.contest, [winner])
    before = [(one.submission_id, one.place, one.rank, one.tally_id) for one in _winners(stage)]
    with pytest.raises(Invalid) as refused:
        decide(stage, Judgement.EXCLUDE)
    assert set(refused.value.fields) == {"knows"}
    decide(stage, Judgement.EXCLUDE, knows=True)
    assert len(tallies(stage)) == 2
    assert [
        (one.submission_id, one.place, one.rank, one.tally_id) for one in _winners(stage)
    ] == before


def test_after_thirty_days_no_new_count_is_made(stage: Stage) -> None:
    device(stage)
    clock.move(timedelta(days=31))
    with pytest.raises(Conflict, match="thirty days"):
        decide(stage, Judgement.EXCLUDE)


@pytest.mark.one_engine
def test_nobody_judges_themselves_or_without_the_right(stage: Stage) -> None:
    found(stage)
    operator = factories.member("Op", roles=(Role.OPERATOR,))
    with pytest.raises(NotAllowed), transaction():
        rulings.decide(
            db.session.merge(operator), stage.case.id, Judgement.KEEP, "Seen.", at=clock.now()
        )
    with transaction():
        db.session.add(CaseMember(case_id=stage.case.id, member_id=stage.manager_id))
    with pytest.raises(NotAllowed, match="about you"):
        decide(stage, Judgement.KEEP)


def test_recounts_agree_after_rulings_a_disqualification_and_an_erasure(stage: Stage) -> None:
    device(stage)
    decide(stage, Judgement.EXCLUDE)
    with transaction():
        db.session.get_one(Submission, stage.design_ids[0]).state = State.WITHDRAWN
        tallying.refreeze(stage.contest_id, f"withdrawal:{stage.design_ids[0]}", at=clock.now())
    for voter in (stage.ring_ids[0], stage.honest_ids[0]):
        with transaction():
            erasure.erase(voter, at=clock.now())
    decide(stage, Judgement.RESTORE)
    assert [one.number for one in tallies(stage)] == [1, 2, 3, 4]
    assert recount().mismatches == ()


def _winners(stage: Stage) -> list[Decision]:
    found_ = selection_queries.list_winners(stage.contest_id)
    for one in found_:
        db.session.refresh(one)
    return found_
