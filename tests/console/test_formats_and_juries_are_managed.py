"""Contests of every kind are made in the console, and a jury is named and removed there."""

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.contests import series as rules
from ideation.contests.models import Contest, Format, Series
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.voting.models import Juror
from tests import factories
from tests.contests import plans
from tests.factories import Browser
from tests.factories.juries import juror, jury_contest

pytestmark = pytest.mark.one_engine


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app, factories.member(roles=(Role.OPERATOR,)))


def form(**values: str) -> dict[str, str]:
    article = factories.contest("upcoming").article_id
    return {
        "slug": "spring-jury",
        "zone": "Europe/Lisbon",
        "entry_opens_at": "2031-03-03T12:00",
        "entry_closes_at": "2031-03-10T12:00",
        "scoring_opens_at": "2031-03-10T12:00",
        "scoring_closes_at": "2031-03-17T12:00",
        "decision_due_at": "2031-03-24T12:00",
        "winners": "3",
        "pick_rule": "hybrid",
        "rate": "10",
        "article_id": str(article),
        "title-en": "Spring",
        "brief-en": "A tee for the first warm day.",
        "rules-en": "Your own work.",
        **values,
    }


def made(slug: str = "spring-jury") -> Contest | None:
    return db.session.scalars(select(Contest).where(Contest.slug == slug)).one_or_none()


def test_a_jury_needs_a_quorum_and_other_kinds_have_none(browser: Browser) -> None:
    for quorum in ("", "0", "51"):
        wrong = browser.post("/console/contests", form(format="jury", quorum=quorum))
        assert wrong.status_code == 422
        assert "Spring" in wrong.text
    assert made() is None
    assert browser.post("/console/contests", form(format="jury", quorum="3")).status_code == 303
    contest = made()
    assert contest is not None
    assert (contest.format, contest.quorum) == (Format.JURY, 3)
    page = browser.get("/console/contests/spring-jury").text
    assert "3 jurors a design" in page
    assert browser.get("/console/contests/spring-jury/edit").status_code == 200
    changed = form(format="open", quorum="3")
    assert browser.post("/console/contests/spring-jury", changed).status_code == 303
    contest = made()
    assert contest is not None
    assert (contest.format, contest.quorum) == (Format.OPEN, None)


def test_a_call_for_ideas_cannot_be_opened_yet(browser: Browser) -> None:
    assert browser.post("/console/contests", form(format="supported")).status_code == 422


def test_a_series_gives_its_format_to_its_editions(app: Flask) -> None:
    with transaction():
        series = rules.create(None, plans.series_plan(format=Format.JURY, quorum=4), at=clock.now())
        rules.open_editions(series, clock.now())
    contests = db.session.scalars(select(Contest).where(Contest.series_id == series.id)).all()
    assert contests
    assert {(one.format, one.quorum) for one in contests} == {(Format.JURY, 4)}
    assert db.session.scalars(select(Series.quorum)).one() == 4


def test_a_manager_names_and_removes_jurors(browser: Browser) -> None:
    contest, person = jury_contest("entry"), factories.member("Ines")
    path = f"/console/contests/{contest.slug}/jury"
    page = browser.get(path).text
    assert "Nobody is on the jury yet" in page
    assert "2 more jurors are needed" in page
    wrong = browser.post(path, {"who": "nobody-at-all"})
    assert wrong.status_code == 422
    assert "nobody-at-all" in wrong.text
    assert browser.post(path, {"who": f"@{person.handle}"}).status_code == 303
    assert "Ines" in browser.get(path).text
    removal = f"{path}/{person.handle}/removal"
    key = f"reason-{person.handle}"
    short = browser.post(removal, {key: "No"})
    assert short.status_code == 422
    assert "<details" in short.text
    assert browser.post(removal, {key: "She moved to a rival."}).status_code == 303
    assert db.session.scalars(select(Juror.left_at)).one() is not None
    assert "No longer on it" in browser.get(path).text
    assert browser.post(removal, {key: "She moved to a rival."}).status_code == 404


def test_after_the_close_nobody_is_named_and_a_dealt_contest_has_no_jury(
    browser: Browser,
) -> None:
    over, person = jury_contest("decision"), factories.member()
    late = browser.post(f"/console/contests/{over.slug}/jury", {"who": person.handle})
    assert late.status_code == 409
    assert "work is over" in late.text
    dealt = factories.contest()
    assert browser.get(f"/console/contests/{dealt.slug}/jury").status_code == 404


def test_progress_and_reasons_are_hidden_from_managers_who_see_no_scores(
    app: Flask, browser: Browser
) -> None:
    contest = jury_contest()
    juror(contest)
    path = f"/console/contests/{contest.slug}/jury"
    assert "How far each juror is shows after the close" in browser.get(path).text
    assert "Scored</th>" not in browser.get(path).text
    seer = Browser(app, factories.member(roles=(Role.PRODUCT_MANAGER,)))
    assert "Scored</th>" in seer.get(path).text
    steward = Browser(app, factories.member(roles=(Role.MODERATOR,)))
    assert steward.get(path).status_code == 403
