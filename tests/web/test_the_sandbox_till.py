"""The hosted page: a test card by a click or typed, the bank's question, and the way back."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import MetaData, select

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.payments import cards, charging
from ideation.payments.models import MethodState, PaymentMethod, PaymentState
from ideation.payments.providers.sandbox.cards import TEST_CARDS, CardKind, luhn
from tests.factories import Browser, payments

pytestmark = [pytest.mark.one_engine, pytest.mark.usefixtures("app")]

EXPIRY = f"04/{(clock.now().year + 3) % 100:02}"
GOOD = {"number": TEST_CARDS[0].number, "expiry": EXPIRY, "cvc": "123"}


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


def _page(return_url: str = "/orders/7?from=till", **shown: Any) -> tuple[str, str]:
    """The method's public id, and its hosted page."""
    at = clock.now()
    with transaction():
        public_id = cards.ask("thing:7", at=at).public_id
    return public_id, cards.page_for(public_id, return_url, at=at, **shown)


def _method(public_id: str) -> PaymentMethod:
    payments.settle()
    return cards.get_by_public_id(public_id)


def test_the_page_says_that_no_money_moves_and_what_will_be_charged(browser: Browser) -> None:
    page = browser.get(_page(amount_minor=4800, currency="USD")[1])
    assert page.status_code == 200
    assert "Test payments: no money moves" in page.text
    assert "Nothing is charged today. $48 is charged later" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert all(card.spaced in page.text for card in TEST_CARDS)
    for autocomplete in ("cc-number", "cc-exp", "cc-csc"):
        assert f'autocomplete="{autocomplete}"' in page.text


def test_one_click_saves_a_card_and_leads_back(browser: Browser) -> None:
    public_id, url = _page()
    response = browser.post(url, {"kind": "succeeds"})
    assert (response.status_code, response.location) == (303, "/orders/7?from=till")
    assert _method(public_id).state is MethodState.SAVED
    assert "Your card is saved" in browser.get(url).text
    assert browser.post(url, {"kind": "succeeds"}).status_code == 409


@pytest.mark.parametrize("typed", ["{}", " {} ", "4000-1111-2222-0004"])
def test_a_typed_card_is_saved(browser: Browser, typed: str) -> None:
    public_id, url = _page()
    response = browser.post(url, {**GOOD, "number": typed.format(TEST_CARDS[0].spaced)})
    assert response.location == "/orders/7?from=till"
    assert _method(public_id).last4 == "0004"


SLIPS = {
    "number": {
        "": "Type the number on the card.",
        "4000 1111 2222 0005": "slip of the finger",
        "4000 1111 2222 000x": "digits only",
        "4000 1111": "12 to 19 digits",
        "4485 2757 4230 8327": "Never type a real card",
        "４０００１１１１２２２２０００４": "digits only",
    },
    "expiry": {
        "": "such as 04/29",
        "13/40": "such as 04/29",
        "04/2040x": "such as 04/29",
        "01/21": "expired",
        "04/99": "too far away",
    },
    "cvc": {
        "": "three digits",
        "12": "three digits",
        "12a": "three digits",
        "12345": "three digits",
    },
}


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [(field, typed, words) for field, slips in SLIPS.items() for typed, words in slips.items()],
)
def test_each_slip_is_said_beside_its_field(
    browser: Browser, field: str, typed: str, words: str
) -> None:
    public_id, url = _page()
    page = browser.post(url, {**GOOD, field: typed})
    assert page.status_code == 422
    assert words in page.text.partition('class="till__ways"')[2].partition("Test cards")[0]
    assert f'value="{EXPIRY}"' in page.text or field == "expiry", "what was typed is kept"
    assert 'name="cvc" type="text" value=""' in page.text, "save for the code"
    assert _method(public_id).state is MethodState.PENDING


def test_a_declined_card_is_said_and_another_may_be_given(browser: Browser) -> None:
    public_id, url = _page()
    page = browser.get(browser.post(url, {"kind": "declines_saving"}).location)
    assert "The bank declined this card" in page.text
    assert _method(public_id).state is MethodState.FAILED
    browser.post(url, {"kind": "succeeds"})
    assert _method(public_id).state is MethodState.SAVED


@pytest.mark.parametrize("answer", ["approve", "refuse"])
def test_the_bank_asks_about_a_card(browser: Browser, answer: str) -> None:
    public_id, url = _page()
    step = browser.post(url, {"kind": "confirms_saving"}).location
    assert "Is it you?" in browser.get(step).text
    assert "One more step" in browser.get(url).text, "the way on, for whoever goes back"
    after = browser.post(step, {"answer": answer})
    if answer == "approve":
        assert after.location == "/orders/7?from=till"
        assert _method(public_id).state is MethodState.SAVED
    else:
        assert "not confirmed with the bank" in browser.get(after.location).text
        assert _method(public_id).state is MethodState.FAILED
    assert "Nothing to confirm" in browser.get(step).text
    assert browser.post(step, {"answer": "approve"}).status_code == 409


@pytest.mark.parametrize("answer", ["approve", "refuse", "shrug"])
def test_the_bank_asks_about_a_charge(browser: Browser, answer: str) -> None:
    public_id, url = _page()
    browser.post(url, {"kind": "confirms_charge"})
    method = _method(public_id)
    with transaction():
        charging.request("thing:7", method.id, 4800, "JPY", 1, at=clock.now())
    payments.settle()
    step = charging.list_for("thing:7")[0].action_url
    assert "asks for ¥4,800 from your card" in browser.get(step).text
    response = browser.post(step, {"answer": answer})
    payments.settle()
    state = charging.list_for("thing:7")[0].state
    if answer == "shrug":
        assert (response.status_code, state) == (422, PaymentState.NEEDS_ACTION)
        return
    assert response.location == "/orders/7?from=till"
    assert state is {"approve": PaymentState.CAPTURED, "refuse": PaymentState.FAILED}[answer]


@pytest.mark.parametrize(
    "url",
    ["https://elsewhere.example/orders/7", "//elsewhere.example/orders/7", "javascript:alert(1)"],
)
def test_the_way_back_stays_on_this_site(browser: Browser, url: str) -> None:
    _public_id, page = _page(url)
    assert browser.post(page, {"kind": "succeeds"}).location in {"/orders/7", "/"}


def test_a_page_that_was_open_for_more_than_a_day_is_over(browser: Browser) -> None:
    public_id, url = _page()
    clock.move(timedelta(days=1))
    assert "This page has closed" in browser.get(url).text
    assert browser.post(url, {"kind": "succeeds"}).status_code == 409
    assert _method(public_id).state is not MethodState.SAVED


def test_an_address_that_was_never_given_out_leads_nowhere(browser: Browser) -> None:
    for url in ("/sandbox/cards/guess", "/sandbox/confirmations/guess"):
        assert browser.get(url).status_code == 404
        assert browser.post(url, {"kind": "succeeds", "answer": "approve"}).status_code == 404


def test_no_card_number_is_kept_or_logged(
    browser: Browser, capfd: pytest.CaptureFixture[str]
) -> None:
    numbers = [card.number for card in TEST_CARDS]
    for number in numbers:
        browser.post(_page()[1], {**GOOD, "number": number})
    browser.post(_page()[1], {**GOOD, "number": "4485275742308327"})
    payments.settle()
    everything = _whole_database()
    assert "0004" in everything, "four digits are"
    assert not [number for number in [*numbers, "4485275742308327"] if number in everything]
    assert not [number for number in numbers if number in "".join(capfd.readouterr())]


def _whole_database() -> str:
    tables = MetaData()
    tables.reflect(db.engine)
    return "\n".join(
        str(tuple(row))
        for table in tables.sorted_tables
        for row in db.session.execute(select(table))
    )


def test_every_published_number_is_valid_and_does_another_thing() -> None:
    assert all(luhn(card.number) for card in TEST_CARDS)
    assert {card.kind for card in TEST_CARDS} == set(CardKind)
    assert not luhn("4000111122220005")
