"""A worker that is killed between the provider's answer and our note of it charges nobody twice."""

import itertools
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.core.outbox import OutboxRow
from ideation.payments import charging, refunding
from ideation.payments.models import Payment, PaymentState, Refund, RefundState
from ideation.payments.providers.base import ChargeRequest
from ideation.payments.providers.sandbox.models import SandboxCharge, SandboxRefund
from ideation.payments.providers.sandbox.provider import Sandbox
from tests.factories import payments
from tests.factories.processes import die, fork, wait

REFERENCE = "order:0000000000"

pytestmark = pytest.mark.usefixtures("published")


def _requested() -> int:
    method = payments.saved_card(REFERENCE)
    with transaction():
        return charging.request(REFERENCE, method.id, 4200, "USD", 1, at=clock.now()).id


def _run_and_die(job: jobs.Job, name: str, before: bool) -> None:
    """In a fork: do the job, and die just before or after the provider has done its part."""
    speak = getattr(Sandbox, name)

    def speak_and_die(*args: object, **kwargs: object) -> None:
        if not before:
            speak(*args, **kwargs)
        die()

    setattr(Sandbox, name, speak_and_die)
    row = db.session.scalars(select(OutboxRow.id).where(OutboxRow.job == job.name)).one()
    jobs.run(row)


def _kill(job: jobs.Job, name: str, before: bool) -> None:
    assert wait(fork(lambda: _run_and_die(job, name, before))) == -9
    with transaction() as session:  # the dead worker's lease is over a minute later
        session.execute(
            update(OutboxRow).where(OutboxRow.leased_until.is_not(None)).values(leased_until=None)
        )


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_charge(app: Flask, published: Counter[tuple[str, int]], before: bool) -> None:
    payment_id = _requested()
    _kill(charging.CHARGE, "charge", before)
    assert db.session.get_one(Payment, payment_id).provider_reference == ""
    assert db.session.query(SandboxCharge).count() == (0 if before else 1)
    payments.settle()
    assert db.session.get_one(Payment, payment_id).state is PaymentState.CAPTURED
    assert db.session.scalars(select(SandboxCharge.amount_minor)).all() == [4200]
    assert published["PaymentCaptured", payment_id] == 1


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_refund(app: Flask, published: Counter[tuple[str, int]], before: bool) -> None:
    payment_id = _requested()
    payments.settle()
    with transaction():
        refund_id = refunding.request(
            payment_id, 1200, key="a", reason="", by=None, at=clock.now()
        ).id
    _kill(refunding.REFUND, "refund", before)
    payments.settle()
    assert db.session.get_one(Refund, refund_id).state is RefundState.DONE
    assert db.session.scalars(select(SandboxRefund.amount_minor)).all() == [1200]
    assert published["RefundDone", refund_id] == 1


def test_a_job_delivered_twice(app: Flask, published: Counter[tuple[str, int]]) -> None:
    payment_id = _requested()
    for _ in range(3):
        charging.tell(payment_id, at=clock.now())
    payments.settle(clock.now() + timedelta(seconds=5))
    assert db.session.query(SandboxCharge).count() == 1
    assert published["PaymentCaptured", payment_id] == 1


@pytest.mark.one_engine
def test_control_told_under_another_name_each_time_the_provider_charges_twice(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is our public id, as the provider's key, that makes two tellings one charge."""
    payment_id = _requested()
    names = itertools.count()
    monkeypatch.setattr(
        charging, "ChargeRequest", lambda _key, *rest: ChargeRequest(f"name{next(names)}", *rest)
    )
    for _ in range(2):
        charging.tell(payment_id, at=clock.now())
    assert db.session.query(SandboxCharge).count() == 2
