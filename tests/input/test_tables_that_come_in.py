"""A table of parcels may hold anything: it or its rows are refused in words, and none is lost."""

import io
import json
import re

import pytest
from flask import Flask

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Invalid
from ideation.orders import sheets
from ideation.orders.models import OrderState, Parcel
from ideation.orders.sheets import What
from ideation.products import runs
from tests import factories
from tests.factories import products
from tests.input import payloads, reading
from tests.orders import buyers
from tests.servers import chromium

pytestmark = pytest.mark.one_engine

HEAD = "order,carrier,tracking_number\n"
ROW = "ab12cd34,DHL,JD0146\n"
#: What is a table, whoever wrote it.
READ = {
    "from an old Mac": (HEAD + ROW).replace("\n", "\r").encode(),
    "from Windows": (HEAD + ROW).replace("\n", "\r\n").encode(),
    "from a spreadsheet": "\ufeff".encode() + (HEAD + ROW).encode(),
    "in UTF-16": (HEAD + ROW).encode("utf-16"),
    "with semicolons": (HEAD + ROW).replace(",", ";").encode(),
    "with marks that nobody sees": (
        "order,carrier\0,tracking_number\nab\u202e12\0cd34,DHL,JD0146\n".encode()
    ),
    "with a column too many": (HEAD + ROW.strip() + ",=1+1,<b>\n").encode(),
}
#: What is none.
REFUSED = {
    "nothing": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "half a character": b"\xff\xfe" + HEAD.encode("utf-16-le") + b"\x00\xd8" + b",\x00" * 2,
    "a quote that never ends": b'"' + (HEAD + ROW).encode(),
    "a name too long": HEAD.strip().encode() + b"," + b"x" * 140_000 + b"\n" + ROW.encode(),
    "a cell too long": HEAD.encode() + b"ab12cd34,DHL," + b"x" * 140_000,
    "a book": HEAD.encode() + b"x" * (sheets.MOST_BYTES + 1),
    "too many rows": (HEAD + ROW * (sheets.MOST_ROWS + 1)).encode(),
    "other names": b"__proto__,constructor\n1,2\n",
}
#: What a page may hand back that it was never given.
NO_ROWS = (
    "",
    "null",
    "{}",
    '[["a", "b"]]',
    '[["x", "a", "b", "c"]]',
    '[[1e999, "a", "b", "c"]]',
    '[[Infinity, "a", "b", "c"]]',
    '[[1, {"a": 1}, "b", "c"]]',
    '[[1, null, "b", "c"]]',
    "[" * 50_000,
)


@pytest.mark.parametrize("name", READ)
def test_a_table_is_read_whoever_wrote_it(name: str) -> None:
    (row,) = sheets.read(READ[name], What.SENT)
    assert (row.order, row.carrier, row.tracking_number) == ("ab12cd34", "DHL", "JD0146")


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_said_in_words(name: str) -> None:
    with pytest.raises(Invalid):
        sheets.read(REFUSED[name], What.SENT)


@pytest.mark.browser
def test_cells_stay_words_and_send_nothing(app: Flask) -> None:
    base, order_id, number, manager = _ready(app)
    cells = [*payloads.MARKUP, *payloads.SUMS, payloads.LINES, "=1+1", "\u202eegrahc", "x" * 500]
    lines = [f'{number},"{_cell(one)}","{_cell(one)}"' for one in cells]
    lines += [f'"{_cell(one)}",DHL,JD0146' for one in cells]
    upload = (io.BytesIO((HEAD + "\n".join(lines)).encode()), "parcels.csv")
    answer = manager.post(f"{base}/preview", {"what": "sent", "table": upload})
    assert answer.status_code == 200
    assert not set("\u202e\0") & set(answer.text)
    assert answer.text.count("pwned") > 40, "they are shown at all"
    bodies = [("the preview", answer.text)]
    assert reading.sums(bodies) == []
    with chromium.running() as browser:
        assert reading.shapes(browser, bodies) == []
    assert buyers.state(order_id) is OrderState.PAID


def test_rows_that_a_page_never_kept_send_nothing(app: Flask) -> None:
    base, order_id, number, manager = _ready(app)
    for rows in NO_ROWS:
        answer = manager.post(base, {"what": "sent", "rows": rows})
        assert answer.status_code in {303, 422}, rows[:40]
    for unseen in ("\0", "\ud800", "\u202e", "\r\nX-Pwned: 1"):
        rows = json.dumps([[2, f"{unseen}0", f"D{unseen}HL", f"{unseen}1"]])
        assert manager.post(base, {"what": "sent", "rows": rows}).status_code == 303
    assert buyers.state(order_id) is OrderState.PAID
    rows = json.dumps([[2, number, "D\0HL", "JD\u202e01\ud80046"]])
    manager.post(base, {"what": "sent", "rows": rows})
    assert buyers.state(order_id) is OrderState.DISPATCHED, "control: what was kept is done"
    parcel = db.session.get_one(Parcel, order_id)
    assert (parcel.carrier, parcel.tracking_number) == ("DHL", "JD0146")


def _ready(app: Flask) -> tuple[str, int, str, factories.Browser]:
    """Where tables go, an order that can be sent with its number, and who may send it."""
    run = products.run(goal=1)
    order_id = buyers.pledge(run)
    buyers.end(run)
    buyers.tick()
    manager = factories.member("Pia", roles=(Role.PRODUCT_MANAGER,))
    manager_id = manager.id
    with transaction():
        assert runs.lock(db.session.get_one(Member, manager_id), run.id, at=clock.now())
    base = f"/console/runs/{run.public_id}/parcels"
    number = buyers.get(order_id).public_id
    db.session.rollback()
    return base, order_id, number, factories.Browser(app, db.session.get_one(Member, manager_id))


def _cell(text: str) -> str:
    return re.sub('"', '""', text)
