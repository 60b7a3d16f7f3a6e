"""What the signals find becomes cases; at the close, and only then, the ring rule acts."""

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.contests.models import Format
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.integrity import cases, gathering, inspecting, published, rulings, signals
from ideation.integrity.models import Judgement
from ideation.integrity.signals import Finding, overlap
from ideation.notices.models import Notice
from ideation.voting import tallying
from ideation.voting.models import Quarantine, Tally
from tests.integrity.conftest import Stage, closed, found, staged


def told(kind: str) -> list[int]:
    rows = db.session.scalars(select(Notice.member_id).where(Notice.kind == kind))
    return sorted(rows)


def test_the_same_group_found_again_is_the_same_case(stage: Stage) -> None:
    found(stage)
    public_id = stage.case.public_id
    found(stage, stage.finding(stage.ring_ids[:-1], severity=70))
    assert stage.case.public_id == public_id
    assert stage.case.severity == 70
    assert cases.members_of(stage.case) == list(stage.ring_ids[:-1])
    found(stage)
    assert cases.members_of(stage.case) == list(stage.ring_ids)


def test_what_is_no_longer_found_is_kept_as_such_and_may_come_back(stage: Stage) -> None:
    found(stage)
    assert cases.count_waiting(stage.contest_id) == 1
    found(stage, stage.finding(stage.honest_ids[:2], signal="pace", key="pace:1", entry=None))
    ring, pace = cases.list_all(stage.contest_id)
    assert ring.gone_at is not None and pace.gone_at is None
    assert cases.count_waiting(stage.contest_id) == 1
    found(stage)
    assert cases.list_all(stage.contest_id)[0].gone_at is None


def test_evidence_stays_as_it_was_when_somebody_decided(stage: Stage) -> None:
    found(stage)
    with transaction():
        rulings.decide(
            stage.manager, stage.case.id, Judgement.KEEP, "A drawing class.", at=clock.now()
        )
    found(stage, stage.finding(stage.ring_ids[:5], severity=10))
    assert (stage.case.severity, len(stage.case.members)) == (80, 7)


def test_a_group_that_outgrew_a_decision_is_a_case_of_its_own(stage: Stage) -> None:
    found(stage, stage.finding(stage.ring_ids[:5]))
    with transaction():
        rulings.decide(
            stage.manager, stage.case.id, Judgement.KEEP, "A drawing class.", at=clock.now()
        )
    for _ in range(2):
        found(stage)
    first, second = cases.list_all(stage.contest_id)
    assert first.judgement is Judgement.KEEP
    assert (second.judgement, len(second.members)) == (None, 7)


def test_while_stars_are_given_nothing_is_set_aside_and_nobody_is_told(stage: Stage) -> None:
    found(stage)
    assert db.session.scalars(select(Quarantine)).all() == []
    assert db.session.scalars(select(Notice)).all() == []


def test_at_the_close_the_rule_sets_the_ring_aside_before_the_first_count(stage: Stage) -> None:
    tally = closed(stage)
    assert tally.number == 1
    assert cases.quarantined(stage.contest_id) == set(stage.ring_ids)
    assert (tally.voters, tally.counted, tally.uncounted) == (8, 80, 70)
    (ruling,) = stage.case.rulings
    assert (ruling.judgement, ruling.actor_id) == (Judgement.EXCLUDE, None)
    assert cases.count_waiting(stage.contest_id) == 1  # a person still has to look
    assert told("integrity.under_review") == list(stage.ring_ids)


def test_control_without_the_look_the_ring_counts(stage: Stage) -> None:
    with transaction():
        stage.contest.closed_at = clock.now()
    assert tallying.count(stage.contest_id).result.counted == 150


def test_other_signals_only_ask_for_a_look(stage: Stage) -> None:
    tally = closed(stage, stage.finding(signal="device", key="device:1"))
    assert tally.uncounted == 0
    assert stage.case.judgement is None
    assert told("integrity.under_review") == []


def test_what_a_person_kept_the_rule_leaves_alone(stage: Stage) -> None:
    found(stage, stage.finding(stage.ring_ids[:6]))
    with transaction():
        rulings.decide(
            stage.manager, stage.case.id, Judgement.KEEP, "A drawing class.", at=clock.now()
        )
    closed(stage)
    assert cases.quarantined(stage.contest_id) == {stage.ring_ids[6]}


def test_what_was_excluded_while_stars_were_given_is_told_at_the_close(stage: Stage) -> None:
    found(stage, stage.finding(signal="device", key="device:1"))
    with transaction():
        rulings.decide(
            stage.manager, stage.case.id, Judgement.EXCLUDE, "One person.", at=clock.now()
        )
    assert told("integrity.set_aside") == []
    tally = closed(stage, stage.finding(signal="device", key="device:1"))
    assert (tally.number, tally.uncounted) == (1, 70)
    assert told("integrity.set_aside") == list(stage.ring_ids)


def test_a_last_look_that_runs_twice_has_one_effect(stage: Stage) -> None:
    closed(stage)
    with transaction():
        inspecting.keep(stage.contest_id, (stage.finding(),), at=clock.now())
    assert len(stage.case.rulings) == 1
    assert len(told("integrity.under_review")) == 7
    assert len(db.session.scalars(select(Quarantine)).all()) == 7


def test_the_signals_themselves_find_the_ring_and_no_one_else(app: Flask) -> None:
    stage = staged()
    found_by_rule = [one for one in inspecting.look(stage.contest_id) if one.signal == "ring"]
    assert [one.members for one in found_by_rule] == [stage.ring_ids]
    assert found_by_rule[0].entry == stage.design_ids[-1]


def test_the_worker_looks_before_it_counts(stage: Stage) -> None:
    with transaction():
        stage.contest.closed_at = clock.now()
        jobs.enqueue(tallying.TALLY, at=clock.now(), key="tally:test", contest_id=stage.contest_id)
    jobs.run_due()
    tally = db.session.scalars(select(Tally)).one()
    assert (tally.number, tally.uncounted) == (1, 70)
    assert cases.quarantined(stage.contest_id) == set(stage.ring_ids)


def test_a_signal_that_stops_with_an_error_holds_up_neither_the_count_nor_the_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> list[Finding]:
        raise ZeroDivisionError

    monkeypatch.setitem(signals.SIGNALS, "newcomers", fail)
    monkeypatch.setattr(overlap, "weigh", fail)
    with transaction():
        stage.contest.closed_at = clock.now()
        jobs.enqueue(tallying.TALLY, at=clock.now(), key="tally:test", contest_id=stage.contest_id)
    jobs.run_due()
    tally = db.session.scalars(select(Tally)).one()
    assert (tally.number, tally.uncounted) == (1, 70), "the ring rule acted all the same"
    failed = [one for one in cases.list_all(stage.contest_id) if cases.is_failure(one)]
    assert [one.signal for one in failed] == ["newcomers", "overlap"]
    assert [(one.members, one.judgement, one.gone_at) for one in failed] == [([], None, None)] * 2
    waiting = cases.page(stage.contest_id, "waiting", None, 1).items
    assert {one.id for one in failed} < {one.id for one in waiting}
    assert not {"newcomers", "overlap"} & set(published.counts(stage.contest_id).cases)


def test_control_where_nobody_speaks_for_it_the_error_is_raised(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_evidence: object) -> list[Finding]:
        raise ZeroDivisionError

    monkeypatch.setitem(signals.SIGNALS, "ring", fail)
    with pytest.raises(ZeroDivisionError):
        signals.find_all(gathering.gather(stage.contest_id))


@pytest.mark.one_engine
def test_in_a_jury_the_signals_are_silent(stage: Stage) -> None:
    with transaction():
        stage.contest.format = Format.JURY
    assert inspecting.look(stage.contest_id) == []
