"""The shop and a product's page: a clear message for each phase, and what can be ordered."""

import re

import pytest
from flask import Flask
from sqlalchemy import event

from ideation.accounts.grants import Role
from ideation.core.db import db, transaction
from ideation.products.models import Run, RunVariant
from tests import factories as make
from tests.factories import Browser, products

pytestmark = pytest.mark.one_engine

_SAID = {
    "upcoming": "Pre-ordering begins in",
    "open": "you pay only if it prints",
    "extended": "Extended once: most of the goal was there, so it goes on for 7 more days.",
    "ended": "The time is over.",
    "charging": "The goal was pledged, so the cards are being charged.",
    "go": "so it will be printed",
    "locked": "In production",
    "failed": "It did not reach its goal",
}


@pytest.mark.parametrize("phase", _SAID)
def test_each_phase_has_its_message_and_only_an_open_one_a_button(app: Flask, phase: str) -> None:
    run = products.run(phase=phase)
    page = _page(app, f"/products/{run.product.slug}")

    assert _SAID[phase] in page
    for other, said in _SAID.items():
        assert other == phase or said not in page or (phase, other) == ("extended", "open")
    assert (">Pre-order</button>" in page) == (phase in {"open", "extended"})


def test_a_product_without_a_run_says_so(app: Flask) -> None:
    assert "Not for order yet" in _page(app, f"/products/{products.product().slug}")


def test_the_page_promises_before_anybody_orders(app: Flask) -> None:
    run = products.run(goal=50)
    page = _page(app, f"/products/{run.product.slug}")
    for said in (
        "only if 50 are ordered by then",
        "Nobody is charged, and nothing is made.",
        "With 40 or more ordered, it goes on once for 7 more days.",
        "everybody gets everything back",
        "until production starts on",
        "Leaves us",
        "chosen by 1,204 members",
        "Chosen by 1,204 members",
    ):
        assert said in page, said


@pytest.mark.parametrize(
    ("pledged", "said"),
    [
        (15, "only if 50 are ordered by then."),
        (60, "The goal of 50 is reached; as orders can still be cancelled, they are counted again"),
    ],
)
def test_page_and_checkout_give_one_rule_in_the_same_words(
    app: Flask, pledged: int, said: str
) -> None:
    run = products.run(goal=50)
    variant_id = run.stock[0].variant_id
    with transaction():
        db.session.get_one(RunVariant, (run.id, variant_id)).pledged = pledged
    path = f"/products/{run.product.slug}"
    for page in (_page(app, path), _page(app, f"{path}/checkout?v{variant_id}=1")):
        assert said in page
        assert "With 40 or more ordered, it goes on once for 7 more days." in page
        assert ("only if 50" in page) == (pledged < 50)


def test_sizes_lead_to_the_checkout_and_sold_out_ones_do_not(app: Flask) -> None:
    run = products.run(caps={"S": 3, "M": 2, "L": None})
    small, medium, large = (row.variant for row in run.stock)
    _take(run, medium.id, 2)
    page = _page(app, f"/products/{run.product.slug}")

    assert f'action="/products/{run.product.slug}/checkout"' in page
    assert re.search(rf'name="v{small.id}"[^>]* max="3"', page)
    assert re.search(rf'name="v{large.id}"[^>]* max="20"', page)
    assert f'name="v{medium.id}"' not in page
    assert "sold out" in page
    assert "3 left" in page


def test_the_price_is_the_readers_and_any_other_is_a_choice_away(app: Flask) -> None:
    slug = products.run().product.slug
    assert "$24</span>" in _page(app, f"/products/{slug}")
    assert "¥3,200</span>" in _page(app, f"/products/{slug}?currency=JPY")
    assert "$24</span>" in _page(app, f"/products/{slug}?currency=XXX")
    browser = Browser(app)
    browser.client.set_cookie("ideation_language", "zh-Hans")
    assert "¥129</span>" in browser.get(f"/products/{slug}").get_data(as_text=True)


def test_each_colour_is_a_page_of_its_own(app: Flask) -> None:
    product = products.product(colours=("black", "white"), sizes=("M",))
    run = products.run(product)
    white = next(row.variant for row in run.stock if row.variant.colour == "white")
    assert f'name="v{white.id}"' not in _page(app, f"/products/{product.slug}")
    assert f'name="v{white.id}"' in _page(app, f"/products/{product.slug}?colour=white")


def test_before_it_is_published_only_managers_see_it(app: Flask) -> None:
    product = products.product(published=False)
    path = f"/products/{product.slug}"
    manager = make.member("Mara", roles=(Role.PRODUCT_MANAGER,))
    assert Browser(app).get(path).status_code == 404
    assert Browser(app, make.member("Sten")).get(path).status_code == 404
    assert Browser(app, manager).get(path).status_code == 200
    assert product.name not in _page(app, "/products")


def test_the_shop_sorts_by_what_can_be_done(app: Flask) -> None:
    runs = {phase: products.run(phase=phase) for phase in ("open", "upcoming", "go", "failed")}
    page = _page(app, "/products")
    places = [page.index(f'id="{one}"') for one in ("now", "soon", "printing", "past")]
    names = [page.index(f">{runs[phase].product.name}<") for phase in runs]
    assert places == sorted(places)
    assert all(place < name for place, name in zip(places, names, strict=True))
    assert names == sorted(names)


def test_an_empty_shop_leads_on(app: Flask) -> None:
    page = _page(app, "/products")
    assert "Nothing to order yet" in page
    assert 'href="/contests"' in page


def test_what_is_for_sale_hangs_at_home_with_its_designer_and_by_its_design(app: Flask) -> None:
    run = products.run()
    product = run.product
    link = f'href="/products/{product.slug}"'
    make.contest("scoring")
    designer = product.submission.member
    assert link in _page(app, "/")
    assert link in _page(app, f"/members/{designer.handle}")
    assert link in _page(app, f"/designs/{product.submission.public_id}")


def test_a_full_shop_costs_no_more_questions_than_a_small_one(app: Flask) -> None:
    for _ in range(2):
        products.run()
    few = _questions(app, "/products")
    for _ in range(6):
        products.run()
    assert _questions(app, "/products") == few


def _questions(app: Flask, path: str) -> int:
    asked: list[str] = []
    listener = lambda *args: asked.append(args[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    try:
        assert Browser(app).get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", listener)
    return len(asked)


def _take(run: Run, variant_id: int, units: int) -> None:
    with transaction():
        db.session.get_one(RunVariant, (run.id, variant_id)).taken = units


def _page(app: Flask, path: str) -> str:
    answer = Browser(app).get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)
