"""Letters doubled, shuffled, forged and stale: the end is as if each had come once, in order."""

import os
import random
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.payments import charging, hearing, refunding
from ideation.payments.models import (
    Payment,
    PaymentMethod,
    PaymentState,
    ProviderEvent,
    Refund,
    RefundState,
)
from ideation.payments.providers.sandbox import bank
from ideation.payments.providers.sandbox.models import (
    ChargeState,
    DeliveryState,
    SandboxCharge,
    SandboxDelivery,
    SandboxRefund,
)
from tests.factories import payments
from tests.payments.letters import bring, letter, signed, waiting

pytestmark = pytest.mark.usefixtures("no_limits")

#: With their refunds more than five letters for each two.
PAYMENTS = 4000 if os.environ.get("IDEATION_TEST_SOAK") else 85
KINDS = ("succeeds", "succeeds", "confirms_charge", "declines_charge", "refuses_refund")

Published = Counter[tuple[str, int]]


def _charge_all(lot: random.Random, number_of: int = 30) -> None:
    """Payments that the bank has decided on and written letters about; none has been brought."""
    at = clock.now()
    methods = {kind: payments.saved_card(f"order:{kind}", kind) for kind in set(KINDS)}
    ids = {kind: (method.id, method.reference) for kind, method in methods.items()}
    with transaction():
        for number in range(number_of):
            method_id, reference = ids[lot.choice(KINDS)]
            payment = charging.request(reference, method_id, 4200, "USD", number + 1, at=at)
            charging.tell(payment.id, at=at)
            charged = bank.find_charge(payment.public_id)
            if charged and charged.state is ChargeState.WAITING and lot.random() < 0.9:
                bank.confirm_charge(charged.token, lot.random() < 0.7, at)


def _refund_captured() -> None:
    at = clock.now()
    with transaction():
        captured = select(Payment).where(Payment.state == PaymentState.CAPTURED)
        for payment in db.session.scalars(captured).all():
            for part in ("a", "b"):
                key = f"{part}:{payment.public_id}"
                refund = refunding.request(payment.id, 2100, key=key, reason="", by=None, at=at)
                refunding.tell(refund.id, at=at)


def _bring_all(client: FlaskClient, lot: random.Random) -> Counter[int]:
    """Each letter 1 to 5 times, shuffled; beside them forged and stale ones. Statuses counted."""
    letters = waiting()
    pile = [(body, signed(body)) for body in letters for _ in range(lot.randint(1, 5))]
    stale = clock.now() - timedelta(minutes=10)
    forged = lot.choices(letters, k=max(1, len(pile) // 9))
    pile += [(_turned(body), signed(body, key=b"guessed")) for body in forged]
    played_again = lot.choices(letters, k=max(1, len(pile) // 19))
    pile += [(body, signed(body, stale)) for body in played_again]
    lot.shuffle(pile)
    statuses = Counter(bring(client, body, headers).status_code for body, headers in pile)
    refused = statuses[403], statuses[400]
    assert refused == (len(forged), len(played_again)), statuses
    _empty_the_bag()
    return statuses


def _turned(body: bytes) -> bytes:
    """What a forger would rather have us read."""
    return body.replace(b"failed", b"captured").replace(b"evt_", b"evt_forged_")


def _empty_the_bag() -> None:
    with transaction():
        for delivery in db.session.scalars(select(SandboxDelivery)):
            delivery.state = DeliveryState.DELIVERED


def _wrong() -> list[str]:
    """Payments and refunds that are not as the bank's books have them."""
    states = {
        ChargeState.WAITING: PaymentState.NEEDS_ACTION,
        ChargeState.CAPTURED: PaymentState.CAPTURED,
        ChargeState.DECLINED: PaymentState.FAILED,
    }
    charged = db.session.execute(
        select(Payment, SandboxCharge).join(SandboxCharge, SandboxCharge.key == Payment.public_id)
    )
    wrong = [
        f"payment {payment.state}, not {charge.state}"
        for payment, charge in charged
        if payment.state is not states[charge.state] or payment.failure != charge.failure
    ]
    given_back = db.session.execute(
        select(Refund, SandboxRefund).join(SandboxRefund, SandboxRefund.key == Refund.public_id)
    )
    return wrong + [
        f"refund {refund.state}, not {made.failure or 'done'}"
        for refund, made in given_back
        if refund.state is not (RefundState.FAILED if made.failure else RefundState.DONE)
    ]


@pytest.mark.parametrize("seed", [1])
def test_200_events_doubled_shuffled_forged_and_stale(
    client: FlaskClient, published: Published, seed: int
) -> None:
    lot = random.Random(seed)
    _charge_all(lot, PAYMENTS)
    letters = len(waiting())
    statuses = _bring_all(client, lot)
    _refund_captured()
    letters += len(waiting())
    statuses += _bring_all(client, lot)
    assert letters >= PAYMENTS * 200 // 85
    assert set(statuses) == {200, 400, 403}
    assert statuses[403] >= 0.09 * statuses.total()
    assert _wrong() == []
    ends = {"PaymentCaptured", "PaymentFailed", "RefundDone", "RefundRefused"}
    told = Counter(name for name, _ in published if name in ends)
    assert told == _expected_ends()
    assert set(published.values()) == {1}, "each was told upwards once"
    kept = db.session.scalars(select(ProviderEvent.event_id)).all()
    assert len(kept) == letters + db.session.query(PaymentMethod).count()
    assert not [event_id for event_id in kept if "forged" in event_id]


def _expected_ends() -> Counter[str]:
    charges = Counter(db.session.scalars(select(SandboxCharge.state)))
    refunds = Counter(
        bool(failure) for failure in db.session.scalars(select(SandboxRefund.failure))
    )
    return +Counter(
        PaymentCaptured=charges[ChargeState.CAPTURED],
        PaymentFailed=charges[ChargeState.DECLINED],
        RefundDone=refunds[False],
        RefundRefused=refunds[True],
    )


@pytest.mark.one_engine
def test_control_without_ranks_a_late_letter_undoes_an_earlier_one(
    client: FlaskClient, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "_is_above", lambda *_: True)
    lot = random.Random(1)
    _charge_all(lot)
    _bring_all(client, lot)
    assert _wrong() != []


@pytest.mark.one_engine
def test_control_where_letters_are_not_kept_once_they_are_told_of_twice(
    client: FlaskClient, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "_is_above", lambda *_: True)
    monkeypatch.setattr(hearing, "_keep", lambda *_: 0)
    lot = random.Random(1)
    _charge_all(lot)
    _bring_all(client, lot)
    assert max(published.values()) > 1


def _letter(key: str, kind: str, failure: str, **values: object) -> bytes:
    number = f"{kind}:{values}"
    return letter(kind, key, id=f"evt_{hash(number)}", failure=failure, **values)


@pytest.mark.parametrize("turn", [False, True])
def test_captured_and_failed_end_as_captured_whichever_comes_first(
    app: Flask, client: FlaskClient, published: Published, turn: bool
) -> None:
    """A buyer whose first word to the bank was no, and the second yes."""
    method = payments.saved_card("order:0000000000", "confirms_charge")
    with transaction():
        payment = charging.request(method.reference, method.id, 4200, "USD", 1, at=clock.now())
    payment_id, key = payment.id, payment.public_id
    told = [
        _letter(key, "payment.failed", "declined"),
        _letter(key, "payment.captured", ""),
    ]
    answers = [bring(client, body).json for body in (reversed(told) if turn else told)]
    assert answers[0] == {"outcome": "applied"}
    assert answers[1] == {"outcome": "too_late" if turn else "applied"}
    payment = db.session.get_one(Payment, payment_id)
    assert (payment.state, payment.failure) == (PaymentState.CAPTURED, "")
    assert published["PaymentCaptured", payment_id] == 1


def test_a_letter_about_another_amount_changes_nothing(
    client: FlaskClient, published: Published
) -> None:
    method = payments.saved_card("order:0000000000")
    with transaction():
        payment = charging.request(method.reference, method.id, 4200, "USD", 1, at=clock.now())
    payment_id, key = payment.id, payment.public_id
    for amount, currency in ((42, "USD"), (4200, "KWD")):
        body = _letter(key, "payment.captured", "", amount_minor=amount, currency=currency)
        assert bring(client, body).json == {"outcome": "mismatched"}
    assert db.session.get_one(Payment, payment_id).state is PaymentState.REQUESTED
