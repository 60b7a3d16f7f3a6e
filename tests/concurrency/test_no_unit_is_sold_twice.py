"""Hundreds at the till at once, over HTTP: what is sold is what there was, to the piece.

On PostgreSQL 500 for one unit and 500 for 500; on SQLite, where writers queue up anyway, fewer.
"""

import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from ideation.core import clock, config
from ideation.core.db import db, is_postgresql, transaction
from ideation.orders import placing
from ideation.orders.models import Order, OrderLine
from ideation.orders.placing import Buyer
from ideation.orders.states import HELD
from ideation.products import stock
from ideation.products.models import Run, RunVariant
from ideation.products.stock import SoldOut
from tests import factories
from tests.concurrency.crowds import at_once
from tests.factories import products
from tests.factories.orders import ADDRESS
from tests.servers import web
from tests.servers.visitor import Answer, Unanswered, Visitor

IS_SOAK = bool(os.environ.get("IDEATION_TEST_SOAK"))
BUYERS = 25
#: In flight at once: more than the server has threads and its pool connections.
IN_FLIGHT = 500 if IS_SOAK else 50


def _how_many() -> int:
    if not is_postgresql():
        return 60
    return 10_000 if IS_SOAK else 500


@pytest.mark.parametrize("kind", ["one", "as many as come"])
def test_sold_is_the_cap_exactly(
    app: Flask, settings: config.Settings, tmp_path: Path, kind: str
) -> None:
    wanted = _how_many()
    cap = 1 if kind == "one" else wanted
    run = products.run(caps=cap)
    path = f"/products/{run.product.slug}/checkout"
    # Some more than there is come for the many, so that the last ones find nothing.
    forms = [_form(run, number) for number in range(wanted + (0 if cap == 1 else wanted // 20))]
    with web.serving(settings, tmp_path) as url:
        visitors = [Visitor(app, url, factories.member(), seconds=120) for _ in range(BUYERS)]
        answers = _crowd(visitors, [(path, form) for form in forms])
    statuses = Counter(answer.status for answer in answers)
    assert statuses == {303: cap, 409: len(forms) - cap}, "0 answers of 5xx, none lost"
    _agrees(run, cap)
    places = Counter(answer.location for answer in answers if answer.status == 303)
    assert max(places.values()) == 1, "everyone who was told so has an order of their own"


def test_copies_of_a_form_at_once_are_one_order(
    app: Flask, settings: config.Settings, tmp_path: Path
) -> None:
    run = products.run()
    path = f"/products/{run.product.slug}/checkout"
    lot = random.Random(7)
    keyed = 200 if is_postgresql() else 20
    forms = [_form(run, number) for number in range(keyed)]
    copies = [form for form in forms for _ in range(lot.randint(2, 5 if is_postgresql() else 3))]
    lot.shuffle(copies)
    with web.serving(settings, tmp_path) as url:
        # One member: a key is one actor's own.
        member = factories.member()
        visitors = [Visitor(app, url, member, seconds=120) for _ in range(BUYERS)]
        answers = _crowd(visitors, [(path, form) for form in copies])
    assert {answer.status for answer in answers} == {303}
    told: dict[str, set[str]] = {}
    for form, answer in zip(copies, answers, strict=True):
        told.setdefault(form["key"], set()).add(answer.location)
    assert {len(locations) for locations in told.values()} == {1}, "every copy gets one answer"
    _agrees(run, keyed)


@pytest.mark.only("postgresql")
def test_control_looking_before_taking_sells_one_unit_to_many(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same crowd against stock that is read first and written later."""
    run = products.run(caps=1)
    gate = threading.Barrier(8)

    def read_then_write(run_id: int, units: dict[int, int]) -> None:
        for variant_id, wanted in sorted(units.items()):
            row = db.session.get_one(RunVariant, (run_id, variant_id))
            taken, cap = row.taken, row.cap
            gate.wait(20)
            if cap is not None and taken + wanted > cap:
                raise SoldOut(variant_id)
            db.session.execute(
                update(RunVariant)
                .where(RunVariant.run_id == run_id, RunVariant.variant_id == variant_id)
                .values(taken=taken + wanted)
            )

    monkeypatch.setattr(stock, "take", read_then_write)
    _place_at_once(app, run, 8)
    assert _sold(run.id) > 1, "sold more than once"


def test_the_guard_lets_one_of_eight_through(app: Flask) -> None:
    """What the control is the control of."""
    run = products.run(caps=1)
    assert Counter(_place_at_once(app, run, 8)) == {True: 1, False: 7}
    _agrees(run, 1)


def _place_at_once(app: Flask, run: Run, rivals: int) -> list[bool]:
    run_id = run.id
    variant_id = next(row.variant_id for row in run.stock if row.variant.size == "M")

    def place() -> bool:
        try:
            with transaction():
                buyer = Buyer("rival@example.org", "en")
                placing.place(buyer, run_id, {variant_id: 1}, ADDRESS, "USD", at=clock.now())
        except SoldOut:
            return False
        return True

    return at_once(app, [place] * rivals, threads=rivals)


def _form(run: Run, number: int) -> dict[str, str]:
    variant_id = next(row.variant_id for row in run.stock if row.variant.size == "M")
    return {
        **ADDRESS,
        f"v{variant_id}": "1",
        "currency": "USD",
        "key": f"form-{number:012d}",
    }


def _crowd(
    visitors: Sequence[Visitor], requests: Sequence[tuple[str, dict[str, str]]]
) -> list[Answer]:
    """Every request, many in flight at once, each on a connection of its own thread."""
    own = threading.local()
    names = iter(range(10**6))
    lock = threading.Lock()

    def send(request: tuple[str, dict[str, str]]) -> Answer:
        if not hasattr(own, "visitor"):
            with lock:
                own.visitor = visitors[next(names) % len(visitors)].twin()
        return _said(lambda: own.visitor.post(*request))

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        return list(pool.map(send, requests))


def _said(send: Callable[[], Answer]) -> Answer:
    try:
        return send()
    except Unanswered as error:
        return Answer(599, str(error), b"")


def _sold(run_id: int) -> int:
    db.session.rollback()
    query = (
        select(func.sum(OrderLine.quantity))
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.run_id == run_id, Order.state.in_(HELD))
    )
    return int(db.session.scalar(query) or 0)


def _agrees(run: Run, sold: int) -> None:
    """The orders and the count of the run say the same."""
    run_id = run.id
    assert _sold(run_id) == sold
    query = select(func.sum(RunVariant.taken)).where(RunVariant.run_id == run_id)
    assert db.session.scalar(query) == sold
