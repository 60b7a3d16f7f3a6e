"""Two managers at once: one gets the place, one announces; each guard with its control."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from ideation.accounts.models import Member
from ideation.contests import editions, lifecycle
from ideation.contests.models import Contest
from ideation.core import clock, events
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.selection import agreements, announcing, choosing, queries
from ideation.selection.events import AgreementAccepted, WinnersAnnounced
from ideation.selection.models import AgreementParty, Answer, Ground
from tests import factories
from tests.concurrency.crowds import at_once
from tests.factories import selection
from tests.selection.conftest import Stage

RIVALS = 4


def choosing_place_1(app: Flask, stage: Stage) -> list[str]:
    """What each of four managers gets who give place 1 to another design each."""
    managers = [selection.manager().id for _ in range(RIVALS)]

    def choose(manager_id: int, submission_id: int) -> str:
        try:
            with transaction():
                choosing.choose(
                    db.session.get_one(Member, manager_id),
                    submission_id,
                    1,
                    Ground.EDITORS,
                    "It stays with you.",
                    at=clock.now(),
                )
        except Conflict:
            return "told"
        except IntegrityError:
            return "stopped by the database"
        return "chosen"

    acts: list[Callable[[], str]] = [
        lambda m=m, s=s: choose(m, s)  # type: ignore[misc]
        for m, s in zip(managers, stage.designs, strict=False)
    ]
    return at_once(app, acts)


def announcing_at_once(app: Flask, stage: Stage) -> int:
    """How many of four managers believe to have announced."""
    managers = [selection.manager().id for _ in range(RIVALS)]

    def announce(manager_id: int) -> bool:
        with transaction():
            actor = db.session.get_one(Member, manager_id)
            return announcing.announce(actor, stage.contest_id, at=clock.now())

    acts: list[Callable[[], bool]] = [lambda m=m: announce(m) for m in managers]  # type: ignore[misc]
    return sum(at_once(app, acts))


def signed(stage: Stage) -> None:
    selection.decided(stage.contest, [stage.design(1)])
    with transaction():
        (offer,) = agreements.offer(stage.manager, stage.contest_id, at=clock.now())
    selection.accepted(offer)


def test_a_place_goes_to_one_and_the_others_are_told(app: Flask, stage: Stage) -> None:
    answers = choosing_place_1(app, stage)
    assert sorted(answers) == ["chosen", *["told"] * (RIVALS - 1)]
    assert len(queries.list_winners(stage.contest_id)) == 1


@pytest.mark.only("postgresql")
def test_control_without_the_lock_only_the_database_is_left_to_stop_them(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "lock_row", lambda statement: statement)
    monkeypatch.setattr(choosing, "_check_place", lambda *_args: None)
    answers = choosing_place_1(app, stage)
    assert "stopped by the database" in answers
    assert len(queries.list_winners(stage.contest_id)) == 1


def test_winners_are_announced_once(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    monkeypatch.setitem(events._subscribers, WinnersAnnounced, [heard.append])
    signed(stage)
    assert announcing_at_once(app, stage) == 1
    assert len(heard) == 1


def test_control_without_the_guards_they_are_announced_again(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(stage)
    locked = editions.get_locked

    def unguarded(contest_id: int) -> Contest:
        contest = locked(contest_id)
        db.session.expunge(contest)
        contest.announced_at = None
        return contest

    monkeypatch.setattr(editions, "get_locked", unguarded)
    monkeypatch.setattr(lifecycle, "set_announced", lambda *_args: True)
    monkeypatch.setattr(announcing, "obstacles", lambda _contest_id: [])
    assert announcing_at_once(app, stage) == RIVALS


def test_two_last_answers_at_once_accept_it_once(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    monkeypatch.setitem(events._subscribers, AgreementAccepted, [heard.append])
    selection.decided(stage.contest, [stage.design(1)])
    co_designer = factories.member("Co")
    with transaction():
        (offer,) = agreements.offer(stage.manager, stage.contest_id, at=clock.now())
        offer.parties[0].share_bp = 5_000
        offer.parties.append(AgreementParty(member_id=co_designer.id, position=1, share_bp=5_000))
    key, people = offer.id, [one.member_id for one in offer.parties]

    def accept(member_id: int) -> str:
        try:
            with transaction():
                agreements.answer(
                    db.session.get_one(Member, member_id),
                    key,
                    True,
                    prize_currency="USD",
                    language="en",
                    at=clock.now(),
                )
        except Conflict:
            return "told"
        return "accepted"

    acts: list[Callable[[], str]] = [lambda m=m: accept(m) for m in people * 2]  # type: ignore[misc]
    answers = at_once(app, acts)
    assert answers.count("accepted") == 2
    assert len(heard) == 1
    agreement = queries.get_agreement(key)
    assert {one.answer for one in agreement.parties} == {Answer.ACCEPTED}
