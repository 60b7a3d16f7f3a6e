"""Finance sees what providers did, and mends what they would not do."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.audit.models import AuditEntry
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.payments import charging, failures, refunding
from ideation.payments.failures import Failure
from ideation.payments.models import Refund, RefundState
from ideation.payments.providers.sandbox.models import DeliveryState, SandboxCard, SandboxDelivery
from tests import factories
from tests.factories import Browser, payments
from tests.payments.conftest import published  # noqa: F401
from tests.payments.letters import bring, letter

pytestmark = [pytest.mark.one_engine, pytest.mark.usefixtures("published")]
PAGE = "/console/payments"


@pytest.fixture
def finance(app: Flask) -> Browser:
    return Browser(app, factories.member("Finance", roles=(Role.FINANCE,)))


def _refused() -> Refund:
    method = payments.saved_card("thing:7", "refuses_refund")
    with transaction():
        payment = charging.request("thing:7", method.id, 4200, "USD", 1, at=clock.now())
    payments.settle()
    with transaction():
        refund_id = refunding.request(
            payment.id, 4200, key="a", reason="The run failed", by=None, at=clock.now()
        ).id
    payments.settle()
    return db.session.get_one(Refund, refund_id)


def _actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action)))


def test_an_empty_desk_says_so(finance: Browser) -> None:
    assert "Nothing waits for you" in finance.get(PAGE).text
    for view in ("payments", "refunds", "events", "letters"):
        assert "Nothing here yet" in finance.get(f"{PAGE}?view={view}").text


def test_each_list_shows_what_happened(finance: Browser) -> None:
    _refused()
    shown = {
        "payments": ("$42", "Charged", "Mastercard 0025"),
        "refunds": ("$42", "Refused", "The run failed"),
        "events": ("Card saved", "Payment charged", "Refund refused", "Applied"),
        "letters": ("arrived",),
    }
    for view, words in shown.items():
        page = finance.get(f"{PAGE}?view={view}").text
        assert [word for word in words if word not in page] == []


def test_a_refused_refund_is_tried_again_once_the_account_takes_money(
    finance: Browser,
    published: Counter[tuple[str, int]],  # noqa: F811
) -> None:
    refund = _refused()
    assert "takes no money back" in finance.get(PAGE).text
    finance.post(f"{PAGE}/refunds/{refund.public_id}/retries")
    payments.settle()
    assert db.session.get_one(Refund, refund.id).state is RefundState.FAILED, "it still does not"
    with transaction():
        db.session.scalars(select(SandboxCard)).one().kind = "succeeds"
    finance.post(f"{PAGE}/refunds/{refund.public_id}/retries")
    payments.settle()
    refund = db.session.get_one(Refund, refund.id)
    assert (refund.state, refund.failure, refund.tries) == (RefundState.DONE, "", 3)
    assert published["RefundDone", refund.id] == 1
    assert _actions() == ["refund.tried_again"] * 2
    assert finance.post(f"{PAGE}/refunds/{refund.public_id}/retries").status_code == 409


def test_a_late_no_to_an_earlier_try_does_not_count(finance: Browser) -> None:
    refund = _refused()
    finance.post(f"{PAGE}/refunds/{refund.public_id}/retries")
    body = letter("refund.failed", refund.public_id, id="evt_late", failure="declined")
    assert bring(finance.client, body).json == {"outcome": "too_late"}
    assert db.session.get_one(Refund, refund.id).state is RefundState.REQUESTED


def test_a_refund_given_back_another_way_is_noted(
    finance: Browser,
    published: Counter[tuple[str, int]],  # noqa: F811
) -> None:
    refund = _refused()
    settlement = f"{PAGE}/refunds/{refund.public_id}/settlement"
    page = finance.post(settlement, {"note": " "})
    assert page.status_code == 422 and "This is needed." in page.text
    finance.post(settlement, {"note": "bank transfer 4711"})
    assert db.session.get_one(Refund, refund.id).state is RefundState.DONE
    assert published["RefundDone", refund.id] == 1
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.reason) == ("refund.settled_by_hand", ""), "it forgets nothing"
    assert "bank transfer 4711" in finance.get(f"{PAGE}?view=refunds").text
    assert "Nothing waits for you" in finance.get(PAGE).text
    assert finance.post(settlement, {"note": "twice"}).status_code == 409


def test_a_letter_that_was_given_up_is_sent_again(finance: Browser) -> None:
    method = payments.card_asked("thing:7")
    payments.give_card(method.public_id, "succeeds", clock.now())
    with transaction():
        delivery = db.session.scalars(select(SandboxDelivery)).one()
        delivery.state, delivery.last_status = DeliveryState.GIVEN_UP, 0
        delivery_id = delivery.id
    assert "nobody opened" in finance.get(PAGE).text
    finance.post(f"{PAGE}/letters/{delivery_id}/retries")
    assert db.session.get_one(SandboxDelivery, delivery_id).state is DeliveryState.WAITING
    assert _actions() == ["payment_letter.sent_again"]


def test_an_amount_that_differs_is_shown(finance: Browser) -> None:
    method = payments.saved_card("thing:7")
    with transaction():
        payment = charging.request("thing:7", method.id, 4200, "USD", 1, at=clock.now())
    body = letter("payment.captured", payment.public_id, amount_minor=1, currency="USD")
    bring(finance.client, body)
    assert "Other amounts than we asked for" in finance.get(PAGE).text


def test_every_failure_has_words() -> None:
    assert all(str(failures.words(code)) for code in Failure)
    assert failures.words("") == ""
    assert str(failures.words("of another year")) == str(failures.words(Failure.OTHER))
