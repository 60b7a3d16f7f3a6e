from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.articles.models import Article
from ideation.contests import changes, queries
from ideation.contests.models import Contest, Series
from ideation.core import clock
from ideation.core.db import db
from tests import factories


def operator(app: Flask) -> factories.Browser:
    return factories.Browser(app, factories.member(roles=(Role.OPERATOR,)))


def promises() -> dict[str, str]:
    tee = db.session.scalars(select(Article.id).where(Article.slug == "tee")).one()
    return {
        "article_id": str(tee),
        "winners": "3",
        "rate": "7.5",
        "pick_rule": "votes",
        "cash-USD": "2,000",
        "title-en": "Small cities",
        "brief-en": "The town you would miss.",
        "zone": "America/New_York",
    }


def contest_form(**values: str) -> dict[str, str]:
    monday = clock.now() + timedelta(days=3)
    names = (
        "entry_opens_at",
        "entry_closes_at",
        "scoring_opens_at",
        "scoring_closes_at",
        "decision_due_at",
    )
    weeks = (0, 1, 1, 2, 3)
    dates = {
        name: f"{monday + timedelta(weeks=week):%Y-%m-%dT%H:%M}"
        for name, week in zip(names, weeks, strict=True)
    }
    return {"slug": "small-cities", "format": "dealt", **dates, **promises(), **values}


def series_form(**values: str) -> dict[str, str]:
    return {
        "slug": "the-weekly",
        "weekday": "0",
        "opens": "02:30",
        "starts_on": "2027-03-01",
        "entry_days": "7",
        "scoring_days": "7",
        "decision_days": "7",
        **promises(),
        **values,
    }


def test_a_contest_is_made_changed_and_shown(app: Flask) -> None:
    browser = operator(app)
    assert browser.post("/console/contests", contest_form()).status_code == 303
    contest = queries.get_by_slug("small-cities")
    assert (contest.winners, contest.rate_bp, contest.prizes[0].cash_minor) == (3, 750, 200_000)
    changed = contest_form(slug="tiny-cities", winners="2")
    assert browser.post("/console/contests/small-cities", changed).status_code == 303
    assert queries.get_by_slug("tiny-cities").winners == 2
    assert "Small cities" in browser.get("/console/contests").text


@pytest.mark.one_engine
def test_a_form_that_cannot_stand_comes_back_filled_in(app: Flask) -> None:
    wrong = contest_form(winners="0", slug="Small Cities")
    wrong["scoring_closes_at"] = "2020-01-01T12:00"
    response = operator(app).post("/console/contests", wrong)
    assert response.status_code == 422
    for expected in (
        "Winners – Write a whole number",
        "Scoring ends – This comes before",
        'value="Small Cities"',
    ):
        assert expected in response.text


@pytest.mark.one_engine
def test_a_time_that_the_clocks_skip_is_explained(app: Flask) -> None:
    response = operator(app).post(
        "/console/contests", contest_form(entry_opens_at="2027-03-14T02:30")
    )
    assert response.status_code == 422
    assert "02:30 does not exist there" in response.text


def test_dates_move_with_a_reason_that_everyone_reads(app: Flask) -> None:
    contest = factories.contest("scoring")
    browser = operator(app)
    later = contest.scoring_closes_at + timedelta(days=1)
    form = {
        name: f"{getattr(contest, name):%Y-%m-%dT%H:%M:%S}"
        for name in ("entry_opens_at", "entry_closes_at", "scoring_opens_at", "decision_due_at")
    }
    path = f"/console/contests/{contest.slug}"
    shown = browser.get(path).text
    assert "Move dates" in shown
    form |= {"scoring_closes_at": f"{later:%Y-%m-%dT%H:%M}"}
    assert browser.post(f"{path}/dates", form).status_code == 422
    reason = "The venue lost its power."
    assert browser.post(f"{path}/dates", {**form, "reason": reason}).status_code == 303
    assert {change.field for change in changes.list_changes(contest.id)} == {"scoring_closes_at"}
    assert reason in factories.Browser(app).get(f"/contests/{contest.slug}").text


def test_a_contest_is_called_off_with_a_reason(app: Flask) -> None:
    contest = factories.contest("entry")
    path = f"/console/contests/{contest.slug}/cancellation"
    assert operator(app).post(path, {"reason": ""}).status_code == 422
    assert operator(app).post(path, {"reason": "Nobody can print it."}).status_code == 303
    page = factories.Browser(app).get(f"/contests/{contest.slug}").text
    assert "called off" in page
    assert "Nobody can print it." in page


def test_looking_ahead_saves_nothing_and_saving_makes_the_first_editions(app: Flask) -> None:
    browser = operator(app)
    look = browser.post("/console/series", series_form(weekday="6", action="preview"))
    assert look.status_code == 200
    assert "the clocks skip the usual hour" in look.text  # 02:30 on 14 March 2027 in New York
    assert db.session.scalars(select(Series)).all() == []
    assert browser.post("/console/series", series_form()).status_code == 303
    assert len(db.session.scalars(select(Contest)).all()) == 2
    assert browser.post("/console/series/the-weekly/pause").status_code == 303
    assert not queries.get_series("the-weekly").is_active


@pytest.mark.one_engine
def test_themes_are_read_side_by_side(app: Flask) -> None:
    themes = {"themes-en": "Fog\nDraw it.\n\nFerries\nDraw them.", "themes-zh-Hans": "雾\n画雾。"}
    browser = operator(app)
    refused = browser.post("/console/series", series_form(**{"themes-en": "Fog"}))
    assert refused.status_code == 422
    browser.post("/console/series", series_form(starts_on="2036-01-01", **themes))
    first = db.session.scalars(select(Contest).order_by(Contest.number)).first()
    assert first is not None
    assert {brief.language: brief.title for brief in first.briefs} == {"en": "Fog", "zh-Hans": "雾"}


@pytest.mark.one_engine
def test_the_console_of_contests_is_for_those_who_run_them(app: Flask) -> None:
    contest = factories.contest("entry")
    moderator = factories.Browser(app, factories.member(roles=(Role.MODERATOR,)))
    member = factories.Browser(app, factories.member())
    for path in ("/console/contests", f"/console/contests/{contest.slug}", "/console/series/new"):
        assert moderator.get(path).status_code == 403
        assert member.get(path).status_code == 404
    assert member.post(f"/console/contests/{contest.slug}/cancellation").status_code == 404


@pytest.mark.one_engine
def test_the_start_page_says_what_waits(app: Flask) -> None:
    factories.contest("scoring")
    page = operator(app).get("/console/").text
    assert "1 contest is being scored without a design." in page
