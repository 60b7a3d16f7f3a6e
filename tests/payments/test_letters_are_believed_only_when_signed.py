"""Who signed a letter, and when, decides whether it is heard at all."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from ideation.core import clock
from ideation.core.db import db
from ideation.payments.models import MethodState, PaymentMethod, ProviderEvent
from ideation.payments.providers import signing
from ideation.payments.providers.sandbox.provider import SIGNATURE_HEADER, secret
from ideation.web.webhooks import LONGEST
from tests.factories import payments
from tests.payments.letters import DOOR, bring, letter, signed

pytestmark = [pytest.mark.one_engine, pytest.mark.usefixtures("published")]


@pytest.fixture
def method(client: FlaskClient) -> PaymentMethod:
    return payments.card_asked("order:0000000000")


def _body(method: PaymentMethod) -> bytes:
    return letter("method.saved", method.public_id, provider_reference="card_x")


def _kept() -> int:
    return db.session.scalar(select(func.count()).select_from(ProviderEvent)) or 0


def test_a_signed_letter_is_heard(client: FlaskClient, method: PaymentMethod) -> None:
    response = bring(client, _body(method))
    assert (response.status_code, response.json) == (200, {"outcome": "applied"})
    assert db.session.get_one(PaymentMethod, method.id).state is MethodState.SAVED


FORGERIES: dict[str, Callable[[bytes], dict[str, str]]] = {
    "no signature": lambda _: {},
    "an empty one": lambda _: {SIGNATURE_HEADER: ""},
    "another key": lambda body: signed(body, key=b"guessed"),
    "another body": lambda _: signed(b"{}"),
    "another time": lambda body: {
        SIGNATURE_HEADER: signed(body)[SIGNATURE_HEADER].replace("t=", "t=1")
    },
    "two times": lambda body: {SIGNATURE_HEADER: "t=1," + signed(body)[SIGNATURE_HEADER]},
    "no digest": lambda body: {SIGNATURE_HEADER: signed(body)[SIGNATURE_HEADER].partition(",")[0]},
    "odd signs": lambda _: {SIGNATURE_HEADER: "t=²,v1=é"},
    "very long": lambda _: {SIGNATURE_HEADER: "t=1,v1=" + "a" * 5000},
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_letter_is_refused_and_not_kept(
    client: FlaskClient,
    method: PaymentMethod,
    forge: Callable[[bytes], dict[str, str]],
    capfd: pytest.CaptureFixture[str],
) -> None:
    response = bring(client, _body(method), forge(_body(method)))
    assert (response.status_code, response.json) == (403, {"error": "forged"})
    assert _kept() == 0
    assert db.session.get_one(PaymentMethod, method.id).state is MethodState.PENDING
    logged = capfd.readouterr().err
    assert "letter refused" in logged
    assert "v1=" not in logged and method.public_id not in logged and "card_x" not in logged


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_letter_of_another_hour_is_refused(
    client: FlaskClient, method: PaymentMethod, minutes: int
) -> None:
    body = _body(method)
    at = clock.now() + timedelta(minutes=minutes)
    response = bring(client, body, signed(body, at))
    assert (response.status_code, response.json) == (400, {"error": "stale"})
    assert _kept() == 0


@pytest.mark.parametrize("minutes", [-4, 4])
def test_clocks_may_differ_a_little(
    client: FlaskClient, method: PaymentMethod, minutes: int
) -> None:
    body = _body(method)
    at = clock.now() + timedelta(minutes=minutes)
    assert bring(client, body, signed(body, at)).status_code == 200


def test_while_a_secret_is_changed_either_signature_counts(
    client: FlaskClient, method: PaymentMethod
) -> None:
    body, at = _body(method), clock.now()
    old, new = signing.sign(b"older", body, at), signing.sign(secret(), body, at)
    both = f"{old},{new.partition(',')[2]}"
    assert bring(client, body, {SIGNATURE_HEADER: both}).status_code == 200


NONSENSE = [b"", b"hello", b"[]", b"{}", b'{"id": "x"}', b"\xff\xfe", b"null"]


@pytest.mark.parametrize("body", NONSENSE)
def test_a_signed_letter_without_sense_is_refused(client: FlaskClient, body: bytes) -> None:
    response = bring(client, body)
    assert (response.status_code, response.json) == (400, {"error": "unreadable"})
    assert _kept() == 0


def test_a_letter_about_nothing_we_know_is_kept_and_thanked_for(client: FlaskClient) -> None:
    response = bring(client, letter("payment.captured", "neverasked"))
    assert (response.status_code, response.json) == (200, {"outcome": "unknown"})
    assert db.session.scalars(select(ProviderEvent.outcome)).all() == ["unknown"]


def test_a_letter_of_a_kind_we_do_nothing_about_is_kept(client: FlaskClient) -> None:
    assert bring(client, letter("other", "x")).json == {"outcome": "ignored"}
    assert _kept() == 1


def test_a_letter_that_is_too_long_is_not_read(client: FlaskClient) -> None:
    body = b'{"id": "' + b"x" * LONGEST + b'"}'
    assert bring(client, body).status_code == 413
    assert _kept() == 0


def test_there_is_no_door_for_a_provider_that_we_do_not_have(client: FlaskClient) -> None:
    body = letter("other", "x")
    response = client.post("/webhooks/goldmine", data=body, headers=signed(body))
    assert response.status_code == 404
    assert client.get(DOOR).status_code == 405
