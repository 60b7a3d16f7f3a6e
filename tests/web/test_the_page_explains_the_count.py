"""How winners are found: the rounds are the deck's own, the example adds up to the score."""

import re

import pytest
from flask import Flask

from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.http.templating import stars
from ideation.voting import dealing, queries, worked
from ideation.web import how
from tests import factories
from tests.factories import Browser, voting

PATH = "/how-winners-are-found"


def adds_up(one: worked.Worked) -> None:
    """The steps on the page lead to the score, but for the last digit of a rounded mean."""
    assert one.fair == max(10_000, min(50_000, one.stars - one.leaning))
    prior = 120 * one.prior
    again = (prior * one.mean + one.all_weight * one.average) / (prior + one.all_weight)
    assert abs(again - one.score) <= 1


@pytest.mark.one_engine
def test_a_visitor_sees_an_invented_contest_counted_by_the_real_code(app: Flask) -> None:
    one = worked.invented()
    adds_up(one)
    assert one.leaning < 0, "the example is about a strict voter"
    assert abs(one.score - one.mean) < abs(one.average - one.mean), "and shows a score drawn back"
    page = Browser(app).get(PATH).text
    assert "An example, worked out" in page
    for number in (one.stars, one.fair, one.average, one.mean, one.score):
        assert f">{stars(number)}<" in page, number


def test_a_member_sees_a_vote_of_their_own_from_a_closed_contest(app: Flask) -> None:
    contest = factories.contest()
    designs = [factories.submission(contest, title=f"Piece {n}") for n in range(4)]
    me, *others = [factories.member() for _ in range(6)]
    for shift, voter in enumerate((me, *others)):
        given = [(design, 1 + (n + shift) % 5) for n, design in enumerate(designs)]
        voting.votes(voter, given)
    db.session.rollback()
    assert worked.own(me.id) is None, "nothing before the close"
    tally = voting.tallied(contest)
    own = worked.own(me.id)
    assert own is not None
    adds_up(own.worked)
    rows = queries.rows_by_id(tally, [design.id for design in designs])
    row = rows[own.submission.id]
    assert row.rank == min(one.rank for one in rows.values())
    assert (own.worked.score, own.worked.rank) == (row.score, row.rank)
    assert (own.worked.plain, own.worked.counted) == (row.raw_mean, row.counted)
    page = Browser(app, me).get(PATH).text
    assert "Your own vote, worked out" in page
    assert own.submission.title in page
    assert f">{stars(row.score)}<" in page
    assert "An example, worked out" in Browser(app, factories.member()).get(PATH).text


@pytest.mark.one_engine
def test_a_contest_too_large_to_count_for_a_page_is_passed_by(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest = factories.contest()
    designs = [factories.submission(contest) for _ in range(2)]
    me = factories.member()
    voting.votes(me, [(design, 4) for design in designs])
    db.session.rollback()
    voting.tallied(contest)
    assert worked.own(me.id) is not None
    monkeypatch.setattr(worked, "MOST_VOTES", 1)
    assert worked.own(me.id) is None
    assert db.session.get_one(Contest, contest.id).tallied_at is not None


@pytest.mark.one_engine
def test_the_picture_shows_how_many_the_deck_keeps_in_the_running(app: Flask) -> None:
    columns = how.columns()
    assert columns[0].running == 480
    assert [one.running for one in columns[1:]] == sorted(
        {dealing.survivors_in(slot, 480) for slot in range(dealing.BALANCED_SLOTS, dealing.SLOTS)},
        reverse=True,
    )
    assert columns[-1].running == dealing.LAST_SURVIVORS
    heights = [one.height for one in columns]
    assert heights == sorted(heights, reverse=True)
    assert min(heights) > 0
    assert sum(one.width for one in columns) == pytest.approx(360, abs=0.2)
    named = [one.running for one in columns if one.is_named]
    assert named[:2] == [480, 240] and named[-1] == dealing.LAST_SURVIVORS
    page = Browser(app).get(PATH).text
    assert [f">{n}</text>" in page for n in named] == [True] * len(named)


@pytest.mark.one_engine
def test_every_page_that_shows_a_result_or_a_contest_leads_here(app: Flask) -> None:
    contest = factories.contest()
    design, voter = factories.submission(contest), factories.member()
    browser = Browser(app, voter)
    pages = [f"/contests/{contest.slug}", f"/contests/{contest.slug}/score", "/"]
    for path in (*pages, f"/designs/{design.public_id}"):
        assert f'href="{PATH}' in browser.get(path).text, path
    voting.votes(voter, [(design, 4)])
    db.session.rollback()
    voting.tallied(contest)
    assert f'href="{PATH}' in browser.get(f"/contests/{contest.slug}/results").text
    anchors = re.findall(r'<h2 id="([a-z]+)"', browser.get(PATH).text)
    assert {"formats", "example", "cannot", "begin"} <= set(anchors)
