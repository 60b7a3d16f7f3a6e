"""Wherever a design is shown with its maker, all who agreed to be named are."""

from flask import Flask

from ideation.accounts.grants import Role
from ideation.core import clock
from ideation.core.db import db
from ideation.submissions.models import Designer, Submission
from tests import factories
from tests.factories import Browser
from tests.factories.selection import announced_winner


def test_a_co_designer_is_named_where_a_visitor_looks(app: Flask) -> None:
    ada, lin = factories.member("Ada Lind"), factories.member("Lin Mei")
    agreement = announced_winner(ada, co_designers={lin: 3000}, at=clock.now())
    design = db.session.get_one(Submission, agreement.submission_id)
    slug, browser = design.contest.slug, Browser(app)
    for path in ("/", f"/contests/{slug}/results"):
        assert "Ada Lind and Lin Mei" in browser.get(path).text, path
    winners = browser.get(f"/contests/{slug}/results").text.partition('id="all"')[0]
    assert f'href="/members/{lin.handle}"' in winners
    make = Browser(app, factories.member(roles=(Role.PRODUCT_MANAGER,))).get("/console/products")
    assert "Ada Lind and Lin Mei" in make.text


def test_nobody_is_named_who_has_not_agreed(app: Flask) -> None:
    ada, lin = factories.member("Ada Lind"), factories.member("Lin Mei")
    agreement = announced_winner(ada, co_designers={lin: 3000}, at=clock.now())
    designer = db.session.get_one(Designer, (agreement.submission_id, lin.id))
    designer.agreed_at = None
    db.session.commit()
    slug = db.session.get_one(Submission, agreement.submission_id).contest.slug
    page = Browser(app).get(f"/contests/{slug}/results").text
    assert "Ada Lind" in page and "Lin Mei" not in page
