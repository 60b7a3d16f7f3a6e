"""Sending: only after lock, once, told and audited; by one or by a table."""

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.audit.models import AuditEntry
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.core.mail.models import Mail
from ideation.orders import dispatching, sheets
from ideation.orders.models import Order, OrderState, Parcel
from ideation.orders.sheets import Planned, Row, Verdict, What
from ideation.products import runs
from ideation.products.models import Run
from tests import factories
from tests.factories import products
from tests.orders import buyers

HEAD = "order,carrier,tracking_number\n"


def _in_production(count: int = 1) -> tuple[Run, list[int]]:
    """A run that is locked, its orders paid."""
    run = products.run(goal=1)
    orders = [buyers.pledge(run) for _ in range(count)]
    buyers.end(run)
    buyers.tick()
    actor = _manager()
    with transaction():
        assert runs.lock(db.session.get_one(Member, actor), run.id, at=clock.now())
    return run, orders


def _manager() -> int:
    return factories.member("Pia", roles=(Role.PRODUCT_MANAGER,)).id


def _send(order_id: int, carrier: str = "DHL", number: str = "JD0146", actor: int = 0) -> None:
    actor = actor or _manager()
    with transaction():
        sender = db.session.get_one(Member, actor)
        dispatching.dispatch(sender, order_id, carrier, number, at=clock.now())


def _arrive(order_id: int) -> bool:
    actor = _manager()
    with transaction():
        return dispatching.deliver(db.session.get_one(Member, actor), order_id, at=clock.now())


def _acts(order_id: int) -> list[str]:
    query = select(AuditEntry.action).where(
        AuditEntry.subject_kind == "order", AuditEntry.subject_id == order_id
    )
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


def _mailed() -> list[str]:
    subjects = db.session.scalars(select(Mail.subject).order_by(Mail.id))
    return [subject.split(":")[0] for subject in subjects]


def test_a_parcel_leaves_and_arrives_and_the_buyer_hears_of_both(app: Flask) -> None:
    _, (order_id,) = _in_production()
    _send(order_id)
    parcel = db.session.get_one(Parcel, order_id)
    assert parcel.tracking_url.endswith("JD0146")
    assert buyers.state(order_id) is OrderState.DISPATCHED
    assert _arrive(order_id) is True
    assert _arrive(order_id) is False, "once is enough"
    buyers.tick()
    assert buyers.state(order_id) is OrderState.DELIVERED
    assert _acts(order_id) == ["order.dispatched", "order.delivered"]
    assert _mailed()[-2:] == ["Your parcel is on its way", "Your parcel has arrived"]
    buyers.agree()


@pytest.mark.one_engine
def test_nothing_leaves_before_production_has_started(app: Flask) -> None:
    run = products.run(goal=1)
    order_id = buyers.pledge(run)
    for _ in range(2):
        with pytest.raises(Conflict):
            _send(order_id)
        buyers.end(run)
        buyers.tick()
    assert buyers.state(order_id) is OrderState.PAID


@pytest.mark.one_engine
def test_a_parcel_leaves_once_and_its_number_can_be_corrected_until_it_arrives(
    app: Flask,
) -> None:
    _, (order_id,) = _in_production()
    _send(order_id)
    with pytest.raises(Conflict):
        _send(order_id, number="JD0147")
    actor = _manager()
    for number, is_changed in (("JD0147", True), ("JD0147", False)):
        with transaction():
            sender = db.session.get_one(Member, actor)
            assert (
                dispatching.correct(sender, order_id, "DHL", number, at=clock.now()) is is_changed
            )
    assert _acts(order_id) == ["order.dispatched", "order.tracking_corrected"]
    _arrive(order_id)
    with pytest.raises(Conflict), transaction():
        sender = db.session.get_one(Member, actor)
        dispatching.correct(sender, order_id, "DHL", "JD0148", at=clock.now())


@pytest.mark.one_engine
@pytest.mark.parametrize("role", [Role.FINANCE, Role.MODERATOR, Role.STEWARD])
def test_only_who_may_fulfil_sends(app: Flask, role: Role) -> None:
    _, (order_id,) = _in_production()
    with pytest.raises(NotAllowed):
        _send(order_id, actor=factories.member(roles=(role,)).id)
    assert buyers.state(order_id) is OrderState.PAID


@pytest.mark.one_engine
@pytest.mark.parametrize(("carrier", "number"), [("", "1"), ("x" * 61, "1"), ("DHL", "1" * 61)])
def test_a_parcel_needs_a_carrier_and_a_number_that_fits(
    app: Flask, carrier: str, number: str
) -> None:
    _, (order_id,) = _in_production()
    with pytest.raises(Invalid):
        _send(order_id, carrier, number)


@pytest.mark.one_engine
def test_an_order_that_was_never_sent_cannot_arrive(app: Flask) -> None:
    _, (order_id,) = _in_production()
    with pytest.raises(Conflict):
        _arrive(order_id)


@pytest.mark.one_engine
def test_the_table_that_goes_out_comes_back_filled_in(app: Flask) -> None:
    run, orders = _in_production(2)
    taken = sheets.write(run.id)
    assert taken.startswith(b"\xef\xbb\xbf"), "spreadsheets ask for the mark"
    table = list(csv.reader(io.StringIO(taken.decode("utf-8-sig"))))
    assert len(table) == 3
    number, carrier = (table[0].index(name) for name in ("tracking_number", "carrier"))
    table[1][carrier], table[1][number] = "UPS", "1Z999"
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(table)  # as spreadsheets in half of Europe save it
    rows = sheets.read(out.getvalue().encode("utf-16"), What.SENT)
    planned = sheets.plan(run.id, rows, What.SENT)
    assert [one.verdict for one in planned] == [Verdict.DO, Verdict.DONE]
    assert planned[0].row == Row(2, buyers.get(orders[0]).public_id, "UPS", "1Z999")
    assert str(planned[1].why) == "Not filled in: stays as it is."


@pytest.mark.one_engine
def test_a_cell_that_a_spreadsheet_would_run_is_harmless(app: Flask) -> None:
    run, (order_id,) = _in_production()
    evil = '=HYPERLINK("http://evil.example","Ada")'
    with transaction():
        order = db.session.get_one(Order, order_id)
        order.address = order.address | {"name": evil, "phone": "+351 21 000"}
    (cells,) = list(csv.DictReader(io.StringIO(sheets.write(run.id).decode("utf-8-sig"))))
    assert cells["name"] == f"'{evil}"
    assert cells["phone"] == "'+351 21 000"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells.values())


@pytest.mark.one_engine
def test_a_wrong_row_says_why_and_leaves_the_others_alone(app: Flask) -> None:
    run, orders = _in_production(4)
    ids_ = [buyers.get(order_id).public_id for order_id in orders]
    _send(orders[3], number="OLD1")
    stranger = buyers.get(_in_production()[1][0]).public_id
    planned = _plan(
        run,
        f"{ids_[0]},DHL,A1\n{ids_[0]},DHL,A1\n{ids_[1]},,A2\n{ids_[2]},DHL,1.23E+21\n"
        f"{ids_[3]},DHL,OLD1\n{ids_[3]},DHL,NEW1\n{stranger},DHL,A3\nnobody,DHL,A4\n",
    )
    assert [(one.verdict, str(one.why)) for one in planned] == [
        (Verdict.DO, "Will be sent; the buyer gets a mail."),
        (Verdict.WRONG, "This order stands in the table twice."),
        (Verdict.WRONG, "Write who carries the parcel."),
        (
            Verdict.WRONG,
            "A spreadsheet has rounded this number. Make its column text, not a number.",
        ),
        (Verdict.DONE, "Already sent."),
        (Verdict.WRONG, "This order stands in the table twice."),
        (Verdict.WRONG, "No order of this run has this number."),
        (Verdict.WRONG, "No order of this run has this number."),
    ]
    (other,) = _plan(run, f"{ids_[3]},DHL,NEW1\n")
    assert other.verdict is Verdict.WRONG
    assert "OLD1" in str(other.why)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"name,city\nAda,Lisboa\n",
        b"order,carrier,tracking_number\n",
        HEAD.encode() + b"abc,DHL,1\n" * (sheets.MOST_ROWS + 1),
        b"\xff\xfe\x00",
        b"x" * (sheets.MOST_BYTES + 1),
    ],
    ids=["empty", "other columns", "no rows", "too many", "broken", "too large"],
)
def test_what_is_no_table_of_parcels_is_refused_in_words(app: Flask, data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        sheets.read(data, What.SENT)
    assert str(refused.value).endswith(".")


@pytest.mark.one_engine
def test_a_table_of_arrivals_needs_the_orders_alone(app: Flask) -> None:
    run, orders = _in_production(2)
    _send(orders[0])
    ids_ = [buyers.get(order_id).public_id for order_id in orders]
    rows = sheets.read(f"Order\n#{ids_[0].upper()}\n{ids_[1]}\n".encode(), What.DELIVERED)
    planned = sheets.plan(run.id, rows, What.DELIVERED)
    assert [one.verdict for one in planned] == [Verdict.DO, Verdict.WRONG]


def _plan(run: Run, lines: str) -> list[Planned]:
    return sheets.plan(run.id, sheets.read((HEAD + lines).encode(), What.SENT), What.SENT)
