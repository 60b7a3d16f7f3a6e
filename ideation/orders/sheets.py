"""Parcels as a table for a warehouse: out with what to send where, in with what was sent.

The table that comes out can be filled in and sent back: columns are known by their names, any
others are left alone. Each row that comes in is looked at by itself and said in words before
anything happens, and done whole or not at all; a table sent twice does nothing the second time.
"""

import csv
import enum
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ideation.core import cells
from ideation.core.db import db
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import lazy, list_words
from ideation.core.text import clean_line
from ideation.orders import addresses, dispatching
from ideation.orders.models import Order, OrderState, Parcel
from ideation.orders.states import COLLECTED

MOST_ROWS = 500
MOST_BYTES = 1_000_000

COLUMNS = (
    "order",
    "state",
    "name",
    "address",
    "country",
    "postal_code",
    "phone",
    "items",
    "units",
    "carrier",
    "tracking_number",
)

#: Before an order's id in the table: a spreadsheet would take ``12e4567890`` for a number.
_MARK = "#"
#: What a spreadsheet makes of a long number, the last digits being lost.
_ROUNDED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)


class What(enum.StrEnum):
    """What a table says of its orders."""

    SENT = "sent"
    DELIVERED = "delivered"


class Verdict(enum.StrEnum):
    """What becomes of a row."""

    DO = "do"
    #: It says what is so already.
    DONE = "done"
    WRONG = "wrong"


@dataclass(frozen=True)
class Row:
    """One row as it was read; ``number`` is its line in the file."""

    number: int
    order: str
    carrier: str = ""
    tracking_number: str = ""


@dataclass(frozen=True)
class Planned:
    """What would become of a row, and why."""

    row: Row
    verdict: Verdict
    order_id: int | None = None
    why: Words = ""


def write(run_id: int) -> bytes:
    """Every order of the run that was paid, as CSV with a byte order mark, for spreadsheets."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(COLUMNS)
    for order, parcel in _paid(run_id):
        table.writerow([cells.quoted(cell) for cell in _cells(order, parcel)])
    return file.getvalue().encode("utf-8-sig")


def read(data: bytes, what: What) -> list[Row]:
    """The rows of a table. Raises Invalid for what is no such table, or too long a one."""
    if len(data) > MOST_BYTES:
        raise Invalid(lazy("This file is too large. Send at most %(most)s rows.", most=MOST_ROWS))
    head, *lines = _table(_decoded(data))
    names = [clean_line(name).casefold() for name in head]
    needed = ["order", "carrier", "tracking_number"] if what is What.SENT else ["order"]
    missing = [name for name in needed if name not in names]
    if missing:
        raise Invalid(
            lazy("The first row must name these columns: %(names)s.", names=list_words(missing))
        )
    rows = list(_rows(lines, names))
    if not rows:
        raise Invalid(lazy("No row names an order. Fill in the table and send it again."))
    if len(rows) > MOST_ROWS:
        raise Invalid(
            lazy("At most %(most)s rows at once; these are %(n)s.", most=MOST_ROWS, n=len(rows))
        )
    return rows


def plan(run_id: int, rows: Sequence[Row], what: What) -> list[Planned]:
    """What would become of each row, in their order. Reads only."""
    query = (
        select(Order, Parcel)
        .outerjoin(Parcel, Parcel.order_id == Order.id)
        .where(Order.run_id == run_id, Order.public_id.in_({row.order for row in rows}))
        .options(joinedload(Order.run))
    )
    known = {order.public_id: (order, parcel) for order, parcel in db.session.execute(query)}
    seen: set[str] = set()
    planned = []
    for row in rows:
        planned.append(_planned(row, known, seen, what))
        seen.add(row.order)
    return planned


def _planned(
    row: Row,
    known: Mapping[str, tuple[Order, Parcel | None]],
    seen: set[str],
    what: What,
) -> Planned:
    if row.order not in known:
        return _wrong(row, lazy("No order of this run has this number."))
    if row.order in seen:
        return _wrong(row, lazy("This order stands in the table twice."))
    order, parcel = known[row.order]
    judge = _judge_sent if what is What.SENT else _judge_delivered
    return judge(row, order, parcel)


def _judge_sent(row: Row, order: Order, parcel: Parcel | None) -> Planned:
    if parcel is not None:
        if not row.tracking_number or parcel.tracking_number == row.tracking_number:
            return Planned(row, Verdict.DONE, order.id, lazy("Already sent."))
        words = lazy(
            "Already sent with the number %(number)s. Correct it on the order's own page.",
            number=parcel.tracking_number or "–",
        )
        return _wrong(row, words)
    words_or_none = dispatching.hindrance(order)
    if words_or_none is not None:
        return _wrong(row, words_or_none)
    if not row.carrier and not row.tracking_number:
        return Planned(row, Verdict.DONE, order.id, lazy("Not filled in: stays as it is."))
    if _ROUNDED.fullmatch(row.tracking_number):
        return _wrong(
            row, lazy("A spreadsheet has rounded this number. Make its column text, not a number.")
        )
    wrong = dispatching.find_wrong(row.carrier, row.tracking_number)
    if wrong:
        return _wrong(row, next(iter(wrong.values())))
    return Planned(row, Verdict.DO, order.id, lazy("Will be sent; the buyer gets a mail."))


def _judge_delivered(row: Row, order: Order, parcel: Parcel | None) -> Planned:  # noqa: ARG001  # one shape
    if order.state is OrderState.DELIVERED:
        return Planned(row, Verdict.DONE, order.id, lazy("Already delivered."))
    if order.state is not OrderState.DISPATCHED:
        return _wrong(row, lazy("This order was not sent yet, so it cannot have arrived."))
    return Planned(row, Verdict.DO, order.id, lazy("Will be marked as delivered."))


def _wrong(row: Row, words: Words) -> Planned:
    return Planned(row, Verdict.WRONG, None, words)


def _paid(run_id: int) -> Iterable[tuple[Order, Parcel | None]]:
    query = (
        select(Order, Parcel)
        .outerjoin(Parcel, Parcel.order_id == Order.id)
        .where(Order.run_id == run_id, Order.state.in_(COLLECTED))
        .order_by(Order.paid_at, Order.id)
    )
    return ((order, parcel) for order, parcel in db.session.execute(query))


def _cells(order: Order, parcel: Parcel | None) -> list[str]:
    items = [
        (line.quantity - line.refunded_quantity, line.variant.sku)
        for line in order.lines
        if line.quantity > line.refunded_quantity
    ]
    return [
        f"{_MARK}{order.public_id}",
        order.state.value,
        order.address.get("name", ""),
        "\n".join(addresses.lines(order.address)),
        order.address.get("country_code", ""),
        order.address.get("postal_code", ""),
        order.address.get("phone", ""),
        "; ".join(f"{count} × {sku}" for count, sku in items),
        str(sum(count for count, _ in items)),
        parcel.carrier if parcel else "",
        parcel.tracking_number if parcel else "",
    ]


def _table(text: str) -> list[list[str]]:
    """Its lines, one at the least, whatever ends and separates them. Raises Invalid."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    head, _, _ = text.partition("\n")
    separator = max(",;\t", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator)) or [[]]
    except csv.Error as error:
        raise Invalid(lazy("This is no table: save it as CSV and send it again.")) from error


def _rows(lines: Sequence[list[str]], names: Sequence[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=2):
        values = {
            name: cells.plain(clean_line(cell)) for name, cell in zip(names, line, strict=False)
        }
        public_id = values.get("order", "").removeprefix(_MARK).lower()
        if public_id:
            yield Row(
                number,
                public_id,
                values.get("carrier", ""),
                values.get("tracking_number", ""),
            )


def _decoded(data: bytes) -> str:
    """UTF-8, or what spreadsheets in other places write. Raises Invalid."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(lazy("This is no table: save it as CSV and send it again."))
