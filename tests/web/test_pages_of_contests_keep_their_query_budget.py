import pytest
from flask import Flask

from ideation.contests.models import Contest
from ideation.core.db import db
from tests import factories
from tests.factories import products
from tests.statements import asked
from tests.web.tallies import tally

#: Path → the most statements that a visitor's page may need.
BUDGET = {"/": 22, "/contests": 18, "/contests/{slug}": 12}
FEW, MANY = 5, 60
#: The same with products for sale.
SHOP_BUDGET = {"/": 36, "/products": 27, "/products/{slug}": 37}


def statements_of(app: Flask, path: str) -> int:
    browser = factories.Browser(app)
    browser.get(path)  # connections and caches are there already
    with asked() as statements:
        assert browser.get(path).status_code == 200
    return len([one for one in statements if not one.startswith(("PRAGMA", "BEGIN"))])


def fill(contests: list[Contest], designs: int) -> None:
    designer = factories.member()
    for contest in contests:
        for _ in range(designs):
            factories.submission(contest, designer)


def test_pages_need_no_more_statements_for_sixty_designs_than_for_five(app: Flask) -> None:
    running = [factories.contest("scoring"), factories.contest("entry")]
    decided = factories.contest("decision")
    fill([*running, decided], FEW)
    tally(decided)
    paths = {path.format(slug=running[0].slug): most for path, most in BUDGET.items()}
    few = {path: statements_of(app, path) for path in paths}
    fill(running, MANY - FEW)
    many = {path: statements_of(app, path) for path in paths}

    assert many == few
    assert {path for path in paths if many[path] > paths[path]} == set()


def test_pages_need_no_more_statements_for_eight_products_than_for_two(app: Flask) -> None:
    contest = factories.contest("scoring")
    fill([contest], FEW)
    first = _product()
    _product()
    paths = {path.format(slug=first): most for path, most in SHOP_BUDGET.items()}
    few = {path: statements_of(app, path) for path in paths}
    for _ in range(6):
        _product()
    many = {path: statements_of(app, path) for path in paths}

    assert many == few
    assert {path: many[path] for path in paths if many[path] > paths[path]} == {}


@pytest.mark.one_engine
def test_control_a_question_for_each_design_is_noticed(app: Flask) -> None:
    contest = factories.contest("scoring")
    fill([contest], FEW)
    with asked() as few:
        _ask_for_each(contest)
    fill([contest], FEW)
    with asked() as many:
        _ask_for_each(contest)
    assert len(many) > len(few)


def _product() -> str:
    """The address of a product that can be pre-ordered."""
    return products.run(goal=10).product.slug


def _ask_for_each(contest: Contest) -> None:
    db.session.expire_all()
    for submission in db.session.query(factories.submissions.Submission).filter_by(
        contest_id=contest.id
    ):
        assert submission.contest.slug
        db.session.expire(submission.contest)
