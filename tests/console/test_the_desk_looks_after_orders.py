"""The console's pages about orders: found, read, sent and given back, by whom it behoves."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.audit.models import AuditEntry
from ideation.core import clock, money
from ideation.core.db import db, transaction
from ideation.orders.models import Order, OrderState, Parcel
from ideation.payments.models import Refund
from ideation.products import runs
from ideation.products.models import Run
from tests import factories
from tests.factories import products
from tests.orders import buyers

pytestmark = pytest.mark.one_engine


@pytest.fixture
def manager(app: Flask) -> factories.Browser:
    return factories.Browser(app, factories.member("Pia", roles=(Role.PRODUCT_MANAGER,)))


@pytest.fixture
def finance(app: Flask) -> factories.Browser:
    return factories.Browser(app, factories.member("Fina", roles=(Role.FINANCE,)))


def _in_production(count: int = 1) -> tuple[Run, list[int]]:
    run = products.run(goal=1)
    orders = [buyers.pledge(run) for _ in range(count)]
    buyers.end(run)
    buyers.tick()
    actor_id = factories.member(roles=(Role.PRODUCT_MANAGER,)).id
    with transaction():
        assert runs.lock(db.session.get_one(Member, actor_id), run.id, at=clock.now())
    return run, orders


def _text(response: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def _id(order_id: int) -> str:
    public_id = buyers.get(order_id).public_id
    db.session.rollback()
    return public_id


def test_an_empty_desk_says_what_comes_next(manager: factories.Browser) -> None:
    assert "No order yet" in _text(manager.get("/console/orders"))


def test_orders_are_found_by_run_state_number_and_address(
    app: Flask, manager: factories.Browser
) -> None:
    run, other = products.run(), products.run()
    mine, theirs = buyers.pledge(run), buyers.place(other)
    with transaction():
        db.session.get_one(Order, theirs).email = "Grace@Example.net"
    for query, found in [
        ("", {mine, theirs}),
        (f"?run={run.public_id}", {mine}),
        ("?state=placed", {theirs}),
        (f"?q={_id(mine)[:6]}", {mine}),
        ("?q=grace@", {theirs}),
        ("?q=nobody", set()),
        ("?state=nonsense&run=nonsense", {mine, theirs}),
    ]:
        page = manager.get(f"/console/orders{query}").get_data(as_text=True)
        assert {one for one in (mine, theirs) if _id(one) in page} == found, query
    assert "No such order" in _text(manager.get("/console/orders?q=nobody"))


@pytest.mark.parametrize("state", [state for state in OrderState if state != "refunded"])
def test_an_order_can_be_looked_at_in_every_state(
    app: Flask, manager: factories.Browser, finance: factories.Browser, state: OrderState
) -> None:
    one = factories.order(state=state.value)
    if state in {OrderState.DISPATCHED, OrderState.DELIVERED} and not db.session.get(
        Parcel, one.id
    ):
        with transaction():
            db.session.add(Parcel(order_id=one.id, carrier="DHL", dispatched_at=clock.now()))
    for browser in (manager, finance):
        page = browser.get(f"/console/orders/{_id(one.id)}")
        assert page.status_code == 200
        assert "Rua do Ouro 12" in _text(page)
        assert page.headers["Cache-Control"] == "no-store"


def test_who_may_send_does_not_give_back_and_the_other_way_round(
    manager: factories.Browser, finance: factories.Browser
) -> None:
    _, (order_id,) = _in_production()
    path = f"/console/orders/{_id(order_id)}"
    assert "Mark as sent" in _text(manager.get(path))
    assert "Give money back" not in _text(manager.get(path))
    assert "Mark as sent" not in _text(finance.get(path))
    assert "Give money back" in _text(finance.get(path))
    for last in ("refunds", "refunds/preview"):
        assert manager.post(f"{path}/{last}", {"what": "all", "reason": "x"}).status_code == 403
    assert finance.post(f"{path}/parcel", {"carrier": "DHL"}).status_code == 403
    assert buyers.state(order_id) is OrderState.PAID


def test_an_order_is_sent_corrected_and_delivered(manager: factories.Browser) -> None:
    _, (order_id,) = _in_production()
    path = f"/console/orders/{_id(order_id)}"
    refused = manager.post(f"{path}/parcel", {"carrier": "", "tracking_number": "JD0146"})
    assert refused.status_code == 422
    assert "Write who carries the parcel." in _text(refused)
    assert 'value="JD0146"' in refused.get_data(as_text=True), "what was typed is kept"
    sent = manager.post(f"{path}/parcel", {"carrier": "DHL", "tracking_number": "JD0146"})
    assert (sent.status_code, sent.headers["Location"]) == (303, path)
    again = manager.post(f"{path}/parcel", {"carrier": "DHL", "tracking_number": "JD0146"})
    assert again.status_code == 409
    corrected = {"carrier": "UPS", "tracking_number": "1Z999"}
    assert manager.post(f"{path}/parcel/corrections", corrected).status_code == 303
    assert "1Z999" in _text(manager.get(path))
    assert manager.post(f"{path}/delivery").status_code == 303
    assert buyers.state(order_id) is OrderState.DELIVERED


def test_before_production_the_page_says_why_nothing_is_sent(manager: factories.Browser) -> None:
    run = products.run(goal=1)
    order_id = buyers.pledge(run)
    buyers.end(run)
    buyers.tick()
    path = f"/console/orders/{_id(order_id)}"
    assert "Production has not started yet" in _text(manager.get(path))
    assert manager.post(f"{path}/parcel", {"carrier": "DHL"}).status_code == 409
    together = _text(manager.get(f"/console/runs/{run.public_id}/orders"))
    assert "Orders are sent once production has started." in together


def test_some_of_it_is_given_back_once_however_often_the_form_is_sent(
    finance: factories.Browser,
) -> None:
    _, (order_id,) = _in_production()
    path = f"/console/orders/{_id(order_id)}"
    (line,) = buyers.get(order_id).lines
    goods = f"goods-{line.id}"
    key = re.search(r'name="key" value="([^"]+)"', finance.get(path).get_data(as_text=True))
    assert key is not None
    form = {"key": key[1], "what": "some", goods: "12.50", "reason": "A scratch."}
    yes = {"agreed": "1250"}
    for wrong in ({goods: "12.505"}, {goods: "a lot"}, {"reason": ""}, {goods: ""}):
        for last in ("refunds/preview", "refunds"):
            refused = finance.post(f"{path}/{last}", form | yes | wrong)
            assert refused.status_code == 422
            assert "A scratch." in refused.get_data(as_text=True) or wrong == {"reason": ""}
    assert finance.post(f"{path}/refunds/preview", form | {goods: "999"}).status_code == 409
    assert (
        finance.post(f"{path}/refunds", form | {goods: "999", "agreed": "99900"}).status_code == 409
    )
    for _ in range(2):
        assert finance.post(f"{path}/refunds", form | yes).status_code == 303
    assert finance.post(f"{path}/refunds", form | yes | {goods: "1"}).status_code == 422
    assert db.session.scalars(select(Refund.amount_minor)).all() == [1250]
    assert "A scratch." in _text(finance.get(path))
    buyers.agree()


def test_all_of_it_is_given_back(finance: factories.Browser) -> None:
    _, (order_id,) = _in_production()
    path = f"/console/orders/{_id(order_id)}"
    total = str(buyers.get(order_id).total_minor)
    form = {"key": "abcdefghij", "what": "all", "reason": "Sorry.", "agreed": total}
    assert "faulty" not in _text(finance.get(path)), "nothing was sent that could be"
    assert finance.post(f"{path}/refunds", form | {"is_faulty": "1"}).status_code == 422
    for _ in range(2):
        assert finance.post(f"{path}/refunds", form).status_code == 303, "once more is the same"
    assert finance.post(f"{path}/refunds", form | {"key": "another-key"}).status_code == 409
    assert buyers.state(order_id) is OrderState.REFUNDED
    assert len(db.session.scalars(select(Refund)).all()) == 1
    assert "Give money back" not in _text(finance.get(path)), "nothing is left"


def test_before_money_goes_back_the_page_names_line_shipping_sum_and_currency(
    finance: factories.Browser,
) -> None:
    _, (order_id,) = _in_production()
    path = f"/console/orders/{_id(order_id)}"
    order = buyers.get(order_id)
    (line,) = order.lines
    total = money.words(order.total_minor, "USD")
    db.session.rollback()
    form = {"key": "abcdefghij", "what": "all", "reason": "A scratch."}
    seen = finance.post(f"{path}/refunds/preview", form)
    assert seen.status_code == 200 and seen.headers["Cache-Control"] == "no-store"
    words = _text(seen)
    for said in (line.goods_minor, line.shipping_minor, order.total_minor):
        assert money.words(said, "USD") in words
    assert "Goes back, in USD" in words and f"Give {total} back" in words
    assert "It is over then, and its pieces are free." in words and "A scratch." in words
    assert db.session.scalars(select(Refund)).all() == [], "so far it is words"
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', seen.get_data(as_text=True)))
    part = {"what": "some", f"shipping-{line.id}": "1.00", "key": "earlier", "agreed": "100"}
    assert finance.post(f"{path}/refunds", form | part).status_code == 303
    late = finance.post(f"{path}/refunds", hidden)
    assert late.status_code == 409
    assert "The sum is another one now" in _text(late)
    back = finance.post(f"{path}/refunds/preview", hidden | {"change": "1"})
    assert back.status_code == 200 and "A scratch.</textarea>" in back.get_data(as_text=True)
    unseen = finance.post(f"{path}/refunds", form | {"key": "blind"})
    assert unseen.status_code == 422, "nobody gives back a sum they were not shown"
    assert [one.amount_minor for one in db.session.scalars(select(Refund))] == [100]


def test_a_table_goes_out_and_comes_in_and_nothing_happens_before_the_yes(
    manager: factories.Browser,
) -> None:
    run, orders = _in_production(3)
    base = f"/console/runs/{run.public_id}"
    taken = manager.get(f"{base}/parcels.csv")
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert taken.headers["Cache-Control"] == "no-store"
    assert db.session.scalars(
        select(AuditEntry.subject_id).where(AuditEntry.action == "run.parcels_taken")
    ).all() == [run.id]
    lines = taken.get_data().decode("utf-8-sig")
    assert all(_id(one) in lines for one in orders)
    table = "order,carrier,tracking_number\n" + "".join(
        f"#{_id(one)},DHL,JD{number}\n" for number, one in enumerate(orders[:2])
    )
    seen = _hand_in(manager, base, f"{table}nobody,DHL,1\n")
    assert seen.status_code == 200
    assert "No order of this run has this number." in _text(seen)
    assert {buyers.state(one) for one in orders} == {OrderState.PAID}, "so far it is words"
    said_yes = {"what": "sent", "rows": _kept(seen)}
    for _ in range(2):
        assert manager.post(f"{base}/parcels", said_yes).status_code == 303
    sent = [OrderState.DISPATCHED, OrderState.DISPATCHED, OrderState.PAID]
    assert [buyers.state(one) for one in orders] == sent
    assert "Already sent." in _text(_hand_in(manager, base, table))
    assert manager.post(f"{base}/deliveries").status_code == 303
    assert buyers.state(orders[0]) is OrderState.DELIVERED
    assert buyers.state(orders[2]) is OrderState.PAID
    buyers.agree()


@pytest.mark.parametrize("rows", ["", "null", "[1]", '[["x"]]', '{"a": 1}', "[[1,2,3,4,5]]"])
def test_rows_that_got_lost_on_their_way_are_asked_for_again(
    manager: factories.Browser, rows: str
) -> None:
    run, (order_id,) = _in_production()
    answer = manager.post(f"/console/runs/{run.public_id}/parcels", {"what": "sent", "rows": rows})
    assert answer.status_code == 422
    assert buyers.state(order_id) is OrderState.PAID


def test_no_file_is_said_in_words(manager: factories.Browser) -> None:
    run, _ = _in_production()
    answer = manager.post(f"/console/runs/{run.public_id}/parcels/preview", {"what": "sent"})
    assert answer.status_code == 422
    assert "Choose the table first." in _text(answer)


def test_the_list_costs_the_same_however_long_it_is(app: Flask, manager: factories.Browser) -> None:
    costs = []
    for more in (2, 20):
        run = products.run()
        for _ in range(more):
            buyers.place(run)
        manager.get("/console/orders")
        with _counting() as seen:
            assert manager.get("/console/orders").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert costs[1] <= 14


def _hand_in(browser: factories.Browser, base: str, table: str) -> TestResponse:
    upload = (io.BytesIO(table.encode()), "parcels.csv")
    return browser.post(f"{base}/parcels/preview", {"what": "sent", "table": upload})


def _kept(page: TestResponse) -> str:
    kept = re.search(r'name="rows" value="([^"]*)"', page.get_data(as_text=True))
    assert kept is not None
    return kept[1].replace("&#34;", '"').replace("&quot;", '"')


@contextmanager
def _counting() -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
