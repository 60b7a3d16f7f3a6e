"""The designer's page, statements and their file: each sum stands there in figures."""

import csv
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.core import clock, i18n, money
from ideation.core.db import db, transaction
from ideation.notices.models import Notice
from ideation.orders import refunding
from ideation.orders.refunding import Part
from ideation.royalties import movements, recent, statement_day, statements, words
from ideation.royalties.models import Accrual
from tests import factories
from tests.factories import earnings

DAY = timedelta(days=1)


def _lines(member_id: int) -> list[movements.RoyaltyLine]:
    ids = db.session.scalars(select(Accrual.id).where(Accrual.member_id == member_id)).all()
    return list(movements.of_accruals(member_id, ids).values())


def _sums(member_id: int) -> list[list[str]]:
    with i18n.speaking("en"):
        return [
            [
                f"{step.formula} = {money.figures(step.result_minor, line.currency)}"
                for step in words.steps(line)
            ]
            for line in _lines(member_id)
        ]


def test_the_page_shows_rate_price_and_units(app: Flask) -> None:
    designer = factories.member()
    earnings.sold(designer, units=3)
    page = factories.Browser(app, designer).get("/my/earnings").text
    assert "10% × 24.00 × 3 = <strong>7.20</strong>" in page


def test_the_page_shows_only_what_holds_something(app: Flask) -> None:
    designer = factories.member()
    order = earnings.sold(designer, units=3)
    browser = factories.Browser(app, designer)
    pots = re.compile(r'purse__name">([^<]+)<.*?purse__amount">([^<]+)<', re.DOTALL)
    assert pots.findall(browser.get("/my/earnings").text) == [("Pending", "7.20")]
    with transaction():
        refunding.refund_all(order.id, reason="asked", key="all back", at=clock.now())
    page = browser.get("/my/earnings").text
    assert pots.findall(page) == [] and "−7.20" in page


@pytest.mark.one_engine
@pytest.mark.parametrize("month", ["10000000000000000000000-1", "10000-1", "2026-13", "0-1"])
def test_a_month_that_never_comes_has_no_statement(app: Flask, month: str) -> None:
    designer = factories.member()
    earnings.sold(designer)
    page = factories.Browser(app, designer).get(f"/my/earnings/{month}/USD")
    assert page.status_code == 404


def test_shares_and_refunds_are_steps_of_their_own(app: Flask) -> None:
    ada, bo = factories.member(), factories.member()
    order = earnings.sold(ada, units=3, shares={bo: 4000})
    line = order.lines[0]
    with transaction():
        part = {line.id: Part(2400, 0, 1)}
        refunding.refund(None, order.id, part, reason="asked", key="one back", at=clock.now())
    assert _sums(ada.id) == [
        ["10% × 24.00 × 3 = 7.20", "share 60% × 7.20 = 4.32"],
        ["10% × 24.00 × 2 = 4.80", "share 60% × 4.80 = 2.88", "2.88 − 4.32 = −1.44"],
    ]
    assert [line.amount_minor for line in _lines(bo.id)] == [288, -96]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("currency", "formula"),
    [("JPY", "10% × 3,200 × 2 = 640"), ("KWD", "10% × 7.500 × 2 = 1.500")],
)
def test_each_currency_has_its_own_digits(app: Flask, currency: str, formula: str) -> None:
    designer = factories.member()
    earnings.sold(designer, units=2, currency=currency)
    assert _sums(designer.id) == [[formula]]


def test_the_last_step_is_the_amount_and_the_amounts_are_the_balance(app: Flask) -> None:
    ada, bo = factories.member(), factories.member()
    earnings.sold(ada, units=3, shares={bo: 3333})
    for member in (ada, bo):
        lines = _lines(member.id)
        assert [words.steps(line)[-1].result_minor for line in lines] == [
            line.amount_minor for line in lines
        ]


@pytest.mark.one_engine
def test_nothing_earned_yet_points_to_the_contests(app: Flask) -> None:
    page = factories.Browser(app, factories.member()).get("/my/earnings").text
    assert "/contests" in page
    assert "Nothing earned yet" in page


def test_the_version_changes_with_every_move_and_only_then(app: Flask) -> None:
    designer = factories.member()
    before = recent.version(designer.id)
    assert recent.version(designer.id) == before
    earnings.sold(designer)
    after = recent.version(designer.id)
    assert after != before
    answer = factories.Browser(app, designer).get("/my/earnings/version")
    assert answer.json == {"version": after}
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_statement_adds_up_on_the_page_and_in_its_file(app: Flask) -> None:
    designer = factories.member()
    at = clock.now() - 40 * DAY
    earnings.sold(designer, units=3, at=at)
    browser = factories.Browser(app, designer)
    path = f"/my/earnings/{at.year}-{at.month}/USD"
    page = browser.get(path)
    assert page.status_code == 200
    assert "10% × 24.00 × 3 = <strong>7.20</strong>" in page.text
    assert statements.statement(designer.id, at.year, at.month, "USD").adds_up
    answer = browser.get(f"{path}/csv")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [row[-1] for row in rows[1:]] == ["0.00", "7.20", "7.20"]
    assert rows[2][3] == "10% × 24.00 × 3 = 7.20"


@pytest.mark.one_engine
def test_nobody_reads_anothers_statement_nor_one_of_a_running_month(app: Flask) -> None:
    designer, at = factories.member(), clock.now() - 40 * DAY
    earnings.sold(designer, at=at)
    other = factories.Browser(app, factories.member())
    assert other.get(f"/my/earnings/{at.year}-{at.month}/USD").status_code == 404
    today, own = clock.now(), factories.Browser(app, designer)
    assert own.get(f"/my/earnings/{today.year}-{today.month}/USD").status_code == 404
    assert own.get(f"/my/earnings/{today.year}-13/USD").status_code == 404


def test_the_statement_is_told_on_the_5th_once(app: Flask) -> None:
    designer, idle = factories.member(), factories.member()
    at = clock.now()
    earnings.sold(designer, at=at)
    out = statements.ready_at(at.year, at.month)
    told = []
    for moment in (out - timedelta(seconds=1), out, out + DAY, out + 5 * DAY):
        with transaction():
            told.append(statement_day.tell_due(moment))
    assert told == [0, 1, 0, 0]
    query = select(Notice.member_id).where(Notice.kind == "royalties.statement")
    assert db.session.scalars(query).all() == [designer.id]
    assert idle.id != designer.id
