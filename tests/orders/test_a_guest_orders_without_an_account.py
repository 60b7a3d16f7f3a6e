"""From a size to a saved card as a guest, without JavaScript: three steps, one order, one link."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.mail.models import Mail
from ideation.orders import letters, placing
from ideation.orders.models import Order, OrderState
from ideation.payments import cards
from ideation.payments.providers.base import ProviderAway
from ideation.payments.providers.sandbox.provider import Sandbox
from ideation.payments.waiting import PATIENCE
from ideation.products.models import Run
from tests.factories import Browser, products
from tests.factories.orders import ADDRESS
from tests.factories.payments import give_card, saved_card, settle
from workers import schedule


def basket(run: Run, **sizes: int) -> dict[str, Any]:
    """Fields of a basket: size → how many."""
    return {
        f"v{row.variant_id}": sizes[row.variant.size]
        for row in run.stock
        if row.variant.size in sizes
    }


def filled(run: Run, **sizes: int) -> dict[str, Any]:
    """A guest's whole form."""
    return {
        **basket(run, **(sizes or {"M": 1})),
        **ADDRESS,
        "currency": "USD",
        "email": "guest@example.org",
        "key": "k" * 20,
    }


def slug_of(run: Run) -> str:
    return run.product.slug


def orders() -> list[Order]:
    return list(db.session.scalars(select(Order).order_by(Order.id)))


def test_without_a_size_the_sizes_say_so_where_one_chooses_them(app: Flask) -> None:
    run = products.run()
    page, browser = f"/products/{slug_of(run)}", Browser(app)
    colour = run.product.colours[-1]
    assert "aria-invalid" not in browser.get(page).text
    sent = browser.get(f"{page}/checkout", query_string={"colour": colour, "currency": "USD"})
    assert sent.status_code == 303
    where = urlsplit(sent.headers["Location"])
    assert (where.path, where.fragment) == (page, "f-basket")
    assert parse_qs(where.query) == {"basket": ["empty"], "colour": [colour], "currency": ["USD"]}

    told = browser.get(sent.headers["Location"]).text
    pieces = told[told.index('<fieldset class="pieces" id="f-basket"') : told.index("</fieldset>")]
    assert 'aria-describedby="f-basket-error f-basket-help"' in pieces
    assert 'id="f-basket-error"' in pieces
    assert told.count("Choose a size and how many first.") == 1, "not at the top of the page too"
    assert pieces.count('aria-invalid="true"') == pieces.count("<input")


def test_three_steps_lead_from_a_size_to_a_saved_card(app: Flask) -> None:
    run = products.run()
    slug, browser = slug_of(run), Browser(app)
    form = browser.get(f"/products/{slug}/checkout", query_string=basket(run, M=2, L=1))
    assert form.status_code == 200 and 'name="postal_code"' in form.text

    placed = browser.post(f"/products/{slug}/checkout", filled(run, M=2, L=1))
    assert placed.status_code == 303
    (order,) = orders()
    assert order.state is OrderState.PLACED and order.member_id is None
    assert {(line.variant.size, line.quantity) for line in order.lines} == {("M", 2), ("L", 1)}

    review = browser.get(placed.headers["Location"])
    assert review.status_code == 200
    for words in ("$72", "Rua do Ouro 12", "guest@example.org", "When your card is charged"):
        assert words in review.text

    to_card = browser.post(f"/orders/{order.public_id}/cards")
    assert to_card.status_code == 303 and "/sandbox/cards/" in to_card.headers["Location"]
    method = cards.latest(order.reference)
    assert method is not None
    assert (
        browser.post(f"/orders/{order.public_id}/cards").headers["Location"]
        == (to_card.headers["Location"])
    ), "asked again, it is the same page"

    give_card(method.public_id, "succeeds", clock.now())
    back = browser.get(f"/orders/{order.public_id}?returned=1")
    assert back.status_code == 303, "loaded anew, the page is no new return"
    page = browser.get(back.headers["Location"])
    assert "Order confirmed" in page.text and "Waiting for the bank" not in page.text
    assert browser.get(f"/orders/{order.public_id}/state").json == {"is_waiting": False}
    assert orders()[0].state is OrderState.CONFIRMED
    assert {row.variant.size: row.pledged for row in db.session.get_one(Run, run.id).stock} == {
        "S": 0,
        "M": 2,
        "L": 1,
    }


def test_a_failure_from_before_the_return_is_not_the_last_word(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused once, then saved, while the provider is slow: nothing but the waiting is shown."""
    run, browser = products.run(), Browser(app)
    browser.post(f"/products/{slug_of(run)}/checkout", filled(run))
    (order,) = orders()
    path = f"/orders/{order.public_id}"
    browser.post(f"{path}/cards")
    method = cards.latest(order.reference)
    assert method is not None
    give_card(method.public_id, "declines_saving", clock.now())
    clock.move(timedelta(seconds=5))
    settle()
    assert "could not be saved" in browser.get(path).text
    give_card(method.public_id, "succeeds", clock.now())

    def away(*_: object, **__: object) -> None:
        raise ProviderAway

    with monkeypatch.context() as slow:
        slow.setattr(Sandbox, "find_method", away)
        browser.get(f"{path}?returned=1")
        page = browser.get(path).text
        assert "Waiting for the bank" in page and "could not be saved" not in page
        assert browser.get(f"{path}/state").json == {"is_waiting": True}
        assert browser.get(f"{path}/review").status_code == 303, "no second card is asked for"
        clock.move(PATIENCE)
        late = browser.get(path).text
        assert "Waiting for the bank" not in late and "could not be saved" not in late
    clock.move(timedelta(seconds=5))
    browser.get(f"{path}?returned=1")
    assert "Order confirmed" in browser.get(path).text
    order_id, method_id = order.id, method.id
    with transaction():
        written = letters.card_failed(order_id, method_id, at=clock.now())
    assert written is None, "a letter on the failure would come too late"


def test_a_card_page_that_has_closed_is_not_handed_out_again(app: Flask) -> None:
    run, browser = products.run(), Browser(app)
    browser.post(f"/products/{slug_of(run)}/checkout", filled(run))
    (order,) = orders()
    saved_card(order.reference)
    path = f"/orders/{order.public_id}/cards"
    first = browser.post(path).headers["Location"]
    clock.move(timedelta(hours=23))
    assert browser.post(path).headers["Location"] == first
    clock.move(timedelta(hours=1))
    assert browser.post(path).headers["Location"] != first


def test_the_mail_carries_the_link_and_nothing_else_opens_the_order(app: Flask) -> None:
    run = products.run()
    Browser(app).post(f"/products/{slug_of(run)}/checkout", filled(run))
    (order,) = orders()
    path = f"/orders/{order.public_id}"
    assert db.session.scalars(select(Mail)).all() == [], "no mail before a card is saved"
    saved_card(order.reference)
    clock.move(timedelta(seconds=5))  # the provider's letters take a second
    settle()
    mail = db.session.scalars(select(Mail)).one()
    assert mail.to == "guest@example.org"
    link = re.search(r"http://[^/\s]+(/orders/\S+/key/\S+)", mail.text)
    assert link is not None

    stranger = Browser(app)
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}/cancellation").status_code == 404
    assert stranger.get(f"{path}/key/{'x' * 32}").status_code == 404
    assert stranger.get(path).status_code == 404
    opened = stranger.get(link[1])
    assert opened.status_code == 303 and opened.headers["Location"].endswith(path)
    assert stranger.get(path).status_code == 200
    assert stranger.get(link[1]).status_code == 303, "a link that a scanner opened still works"


def test_a_form_sent_twice_orders_once(app: Flask) -> None:
    run = products.run()
    browser = Browser(app)
    answers = [browser.post(f"/products/{slug_of(run)}/checkout", filled(run)) for _ in range(3)]
    assert {answer.headers["Location"] for answer in answers} == {
        f"/orders/{orders()[0].public_id}/review"
    }
    assert len(orders()) == 1
    other = browser.post(f"/products/{slug_of(run)}/checkout", filled(run, S=5))
    assert other.status_code == 422 and len(orders()) == 1


def test_what_is_wrong_is_said_at_once_and_nothing_typed_is_lost(app: Flask) -> None:
    run = products.run()
    form = filled(run) | {"email": "nobody", "postal_code": "1", "city": "", "name": "Ada Lind"}
    answer = Browser(app).post(f"/products/{slug_of(run)}/checkout", form)
    assert answer.status_code == 422
    assert 'value="Ada Lind"' in answer.text and "Rua do Ouro 12" in answer.text
    assert "3 things to put right" in answer.text
    assert "City – This is needed." in answer.text, "the summary says of which field"
    assert orders() == []


def test_the_country_decides_the_fields(app: Flask) -> None:
    run = products.run()
    path = f"/products/{slug_of(run)}/checkout"
    browser = Browser(app)
    american = browser.get(path, query_string=basket(run, M=1) | {"country_code": "US"}).text
    assert "ZIP code" in american and "Alabama" in american
    japanese = browser.get(path, query_string=basket(run, M=1) | {"country_code": "JP"}).text
    assert "Prefecture" in japanese and "Tokyo" in japanese and 'name="city"' not in japanese


def test_who_comes_too_late_is_told_what_is_left(app: Flask) -> None:
    run = products.run(caps={"S": 3, "M": 1, "L": None})
    slug = slug_of(run)
    Browser(app).post(f"/products/{slug}/checkout", filled(run, M=1))
    form = filled(run, M=1, S=2) | {"key": "j" * 20}
    late = Browser(app).post(f"/products/{slug}/checkout", form)
    assert late.status_code == 409
    assert "Sold out" in late.text and "Go on with what is left" in late.text
    assert len(orders()) == 1
    way_on = re.search(r'href="([^"]*checkout\?[^"]*)"', late.text)
    assert way_on is not None
    assert Browser(app).get(way_on[1].replace("&amp;", "&")).status_code == 200


def test_pieces_that_got_no_card_come_back(app: Flask) -> None:
    run = products.run(caps=1)
    slug = slug_of(run)
    browser = Browser(app)
    browser.post(f"/products/{slug}/checkout", filled(run))
    (order,) = orders()
    path = f"/orders/{order.public_id}"
    clock.move(placing.HOLD + timedelta(seconds=1))
    assert browser.get(f"{path}/review").status_code == 303
    assert browser.post(f"{path}/cards").status_code == 409
    schedule.enqueue_due(clock.now())
    settle()
    assert orders()[0].state is OrderState.EXPIRED
    again = Browser(app).post(f"/products/{slug}/checkout", filled(run) | {"key": "j" * 20})
    assert again.status_code == 303


def test_an_empty_basket_and_a_closed_run_lead_back_to_the_product(app: Flask) -> None:
    run, over = products.run(), products.run(phase="failed")
    for path in (f"/products/{slug_of(run)}/checkout", f"/products/{slug_of(over)}/checkout"):
        answer = Browser(app).get(path)
        assert answer.status_code == 303
        assert urlsplit(answer.headers["Location"]).path == path.removesuffix("/checkout")
    late = Browser(app).post(f"/products/{slug_of(over)}/checkout", filled(over))
    assert late.status_code == 303 and orders() == []
