from datetime import timedelta

import pytest
from flask import Flask

from ideation.contests import briefs, changes, editions, lifecycle, queries
from ideation.contests.briefs import Text
from ideation.contests.events import ContestOpened
from ideation.contests.models import Contest
from ideation.core import clock, events
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid
from tests import factories
from tests.contests.plans import plan

BETTER = {"en": Text("Small cities", "A tee about the town you would miss most.", "Be kind.")}
REASON = "The brief said too little."


def a_contest_that_opens_tomorrow() -> Contest:
    with transaction():
        return editions.create(None, plan(clock.now() + timedelta(days=1)), at=clock.now())


def test_before_opening_the_brief_is_rewritten_in_place(app: Flask) -> None:
    contest = a_contest_that_opens_tomorrow()
    with transaction():
        new_plan = plan(clock.now() + timedelta(days=2), texts=BETTER)
        editions.change(None, contest.id, new_plan, at=clock.now())

    assert contest.brief_version == 1
    assert briefs.read(contest, "en").text == BETTER["en"]
    assert changes.list_changes(contest.id) == []


def test_opening_freezes_once_and_tells_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    contest = a_contest_that_opens_tomorrow()
    told: list[object] = []
    monkeypatch.setitem(events._subscribers, ContestOpened, [told.append])
    clock.move(timedelta(days=1, seconds=1))
    for _ in range(3):
        with transaction():
            lifecycle.open_contest(contest.id, clock.now())

    assert contest.briefs_frozen_at is not None
    assert len(told) == 1


def test_after_opening_only_a_correction_with_a_reason_changes_the_words(app: Flask) -> None:
    contest = a_contest_that_opens_tomorrow()
    clock.move(timedelta(days=1, seconds=1))
    at = clock.now()
    with pytest.raises(Conflict), transaction():
        editions.change(None, contest.id, plan(at + timedelta(days=2), texts=BETTER), at=at)
    with pytest.raises(Invalid) as refusal, transaction():
        editions.correct_brief(None, contest.id, BETTER, reason="", at=at)
    assert "reason" in refusal.value.fields
    with transaction():
        editions.correct_brief(None, contest.id, BETTER, reason=REASON, at=at)

    assert contest.brief_version == 2
    assert briefs.texts_of(contest)["en"] == BETTER["en"]
    assert briefs.texts_of(contest, version=1)["en"].brief == "A tee about the town you would miss."
    assert [change.reason for change in changes.list_changes(contest.id)] == [REASON]


def test_a_closed_contest_keeps_its_words(app: Flask) -> None:
    contest = factories.contest("decision")
    with pytest.raises(Conflict), transaction():
        editions.correct_brief(None, contest.id, BETTER, reason=REASON, at=clock.now())


@pytest.mark.one_engine
def test_readers_get_the_next_best_language(app: Flask) -> None:
    with transaction():
        words = {"en": Text("Cities", "Yours."), "zh-Hans": Text("小城", "你的城。")}
        editions.create(None, plan(clock.now() + timedelta(days=1), texts=words), at=clock.now())
    contest = queries.get_by_slug("small-cities")

    assert (briefs.read(contest, "zh-Hans").is_fallback, briefs.read(contest, "zh-Hans").title) == (
        False,
        "小城",
    )
    assert (briefs.read(contest, "zh-Hant").is_fallback, briefs.read(contest, "zh-Hant").title) == (
        True,
        "小城",
    )
