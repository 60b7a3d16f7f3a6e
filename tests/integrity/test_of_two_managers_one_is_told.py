"""Several decide, appeal or answer at once: one does it, each guard with its control."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from ideation.accounts.models import Member
from ideation.contests import editions
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.integrity import appeals, rulings
from ideation.integrity.models import Appeal, Case, Judgement, Ruling
from ideation.voting import queries
from tests.concurrency.crowds import at_once
from tests.factories import selection
from tests.integrity.conftest import Stage, closed

RIVALS = 4


def deciding(app: Flask, stage: Stage, *, seen: str | None) -> list[str]:
    """What each of four managers hears who decide at once, by turns to exclude and to keep."""
    managers = [selection.manager().id for _ in range(RIVALS)]
    case_id = stage.case.id

    def decide(manager_id: int, judgement: Judgement) -> str:
        try:
            with transaction():
                actor = db.session.get_one(Member, manager_id)
                rulings.decide(actor, case_id, judgement, "Seen.", seen=seen, at=clock.now())
        except Conflict:
            return "told"
        return "decided"

    acts: list[Callable[[], str]] = [
        lambda m=key, j=(Judgement.KEEP, Judgement.EXCLUDE)[n % 2]: decide(m, j)  # type: ignore[misc]
        for n, key in enumerate(managers)
    ]
    return at_once(app, acts)


def test_one_decides_and_the_others_are_told(app: Flask, stage: Stage) -> None:
    closed(stage, stage.finding(signal="device", key="device:1"))
    seen = rulings.as_seen(stage.case)
    assert sorted(deciding(app, stage, seen=seen)) == [
        "decided",
        *["told"] * (RIVALS - 1),
    ]
    assert len(stage.case.rulings) == 1
    assert len(queries.list_tallies(stage.contest_id)) <= 2


def test_control_without_the_guards_several_decide(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_any_turn(case: Case, *_args: object) -> None:
        db.session.get_one(Case, case.id).decisions += 1

    monkeypatch.setattr(editions, "lock_row", lambda statement: statement)
    monkeypatch.setattr(rulings, "_take_turn", take_any_turn)
    closed(stage, stage.finding(signal="pace", key="pace:1"))
    case_id = stage.case.id
    managers = [selection.manager().id for _ in range(RIVALS)]

    def decide(manager_id: int) -> str:
        with transaction():
            actor = db.session.get_one(Member, manager_id)
            rulings.decide(actor, case_id, Judgement.KEEP, "Seen.", at=clock.now())
        return "decided"

    acts: list[Callable[[], str]] = [lambda m=key: decide(m) for key in managers]  # type: ignore[misc]
    assert at_once(app, acts) == ["decided"] * RIVALS
    assert len(stage.case.rulings) == RIVALS


def appealing(app: Flask, stage: Stage) -> list[str]:
    """What one voter hears who appeals four times at once."""
    case_id, voter_id = stage.case.id, stage.ring_ids[0]

    def appeal() -> str:
        try:
            with transaction():
                voter = db.session.get_one(Member, voter_id)
                appeals.appeal(voter, case_id, "It was me alone.", at=clock.now())
        except Conflict:
            return "told"
        return "in"

    return at_once(app, [appeal] * RIVALS)


def test_an_appeal_comes_in_once(app: Flask, stage: Stage) -> None:
    closed(stage)
    assert sorted(appealing(app, stage)) == ["in", *["told"] * (RIVALS - 1)]
    assert db.session.scalar(select(func.count(Appeal.id))) == 1


def test_an_appeal_is_answered_once(app: Flask, stage: Stage) -> None:
    closed(stage)
    appealing(app, stage)
    appeal_id = db.session.scalars(select(Appeal.id)).one()
    managers = [selection.manager().id for _ in range(RIVALS)]

    def answer(manager_id: int) -> str:
        try:
            with transaction():
                actor = db.session.get_one(Member, manager_id)
                appeals.answer(actor, appeal_id, "You are right.", upheld=True, at=clock.now())
        except Conflict:
            return "told"
        return "answered"

    acts: list[Callable[[], str]] = [lambda m=key: answer(m) for key in managers]  # type: ignore[misc]
    assert sorted(at_once(app, acts)) == ["answered", *["told"] * (RIVALS - 1)]
    assert len(queries.list_tallies(stage.contest_id)) == 2
    restored = select(func.count(Ruling.id)).where(Ruling.judgement == Judgement.RESTORE)
    assert db.session.scalar(restored) == 1


def test_control_without_its_guard_an_appeal_is_answered_again(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed(stage)
    appealing(app, stage)
    appeal_id = db.session.scalars(select(Appeal.id)).one()
    monkeypatch.setattr(appeals, "_take", lambda *_args, **_kwargs: None)
    for _ in range(2):
        with transaction():
            appeals.answer(stage.manager, appeal_id, "Right.", upheld=True, at=clock.now())
    restored = select(func.count(Ruling.id)).where(Ruling.judgement == Judgement.RESTORE)
    assert db.session.scalar(restored) == 2
