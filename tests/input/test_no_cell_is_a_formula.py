"""No table that leaves the house holds what a spreadsheet would run."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

import ideation
from ideation.core import cells, clock
from ideation.core.db import db, transaction
from ideation.orders import sheets
from ideation.orders.models import Order
from ideation.products.models import Product
from ideation.royalties import bank_file, payouts
from ideation.royalties.statements import ready_at
from tests import factories
from tests.factories import earnings, products, royalties
from tests.factories.orders import ADDRESS

#: What spreadsheets run: formulas, calls of programs, and each with something unseen before it.
FORMULAS = (
    "=1+1",
    "+cmd|'/C calc'!A1",
    "-2+3",
    "@SUM(1)",
    "= =1+1",
    "+ -\t=1",
    "\t=1",
    "\r=1",
    " =1",
    "\ufeff=1",
    "\u3000＝1",
    "＋1",
    "－1",
    "＠A1",
    '=HYPERLINK("https://evil.example")',
)
_RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def _formulas(table: str) -> list[str]:
    """The cells of a table that a spreadsheet would run; real numbers it may take for numbers."""
    found = [cell for row in csv.reader(io.StringIO(table.lstrip("\ufeff"))) for cell in row]
    return [
        cell
        for cell in found
        if cell.lstrip(" \u3000\ufeff").startswith(_RUN) and not _NUMBER.fullmatch(cell)
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_is_disarmed_and_read_back(text: str) -> None:
    for disarmed in (cells.quoted(text), cells.bare(text)):
        assert _formulas(f'"{disarmed.replace(chr(34), chr(34) * 2)}"') == []
    assert cells.plain(cells.quoted(text)) == text


@pytest.mark.parametrize("text", ["Ada Lind", "林 婉", "O'Neil", 'Ada "Q"', "A-1", "1 = 1", ""])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert cells.quoted(text) == cells.plain(text) == cells.bare(text) == text


@pytest.mark.one_engine
def test_a_table_for_the_warehouse_runs_nothing(app: Flask) -> None:
    run = products.run()
    for text in FORMULAS[:5]:
        key = factories.order(run, state="paid").id
        told = dict.fromkeys(("name", "street_address", "postal_code", "phone"), text)
        with transaction():
            db.session.get_one(Order, key).address = {**ADDRESS, **told}
    assert _formulas(sheets.write(run.id).decode()) == []


@pytest.mark.one_engine
def test_a_file_for_the_bank_runs_nothing_and_names_everybody(app: Flask) -> None:
    staff = earnings.finance()
    for text in ("= =Ada Lind", "@Cem Ay"):
        designer = factories.member()
        earnings.payable(designer)
        long_ago = clock.now() - timedelta(days=49)
        royalties.bank_account(designer, staff, at=long_ago, name=text, address=text, bank=text)
    batch = earnings.drafted(staff).id
    with transaction():
        payouts.approve(db.session.merge(staff), batch, at=clock.now())
    with transaction():
        table = bank_file.export_csv(db.session.merge(staff), batch, at=clock.now())
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["beneficiary_name"] for row in rows} == {"Ada Lind", "Cem Ay"}
    assert all(row["iban"] and _NUMBER.fullmatch(row["amount"]) for row in rows)
    assert _formulas(table) == []


@pytest.mark.one_engine
def test_a_statement_runs_nothing(app: Flask) -> None:
    designer = factories.member()
    order: Order = earnings.payable(designer)
    day = order.placed_at
    with transaction():
        for product in db.session.query(Product):
            product.name = "= =1+1"
        refunded = db.session.get_one(Order, order.id)
        at = clock.now()
    royalties.refund(refunded, at=at)
    clock.move(max(ready_at(at.year, at.month) - clock.now(), timedelta()))
    browser = factories.Browser(app, designer)
    for month in {(day.year, day.month), (at.year, at.month)}:
        table = browser.get(f"/my/earnings/{month[0]}-{month[1]}/USD/csv").text
        assert "1+1" in table
        assert _formulas(table) == []


def test_these_are_all_tables_there_are() -> None:
    root = Path(ideation.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"csv\.(Dict)?[wW]riter|text/(csv|tab)", path.read_text())
    }
    assert found == {
        "orders/sheets.py",
        "royalties/bank_file.py",
        "web/statements.py",
        "console/parcels.py",
        "console/payouts.py",
    }


def test_control_a_formula_is_seen() -> None:
    assert _formulas('a,=1,-3,"-3.20",- 3\n\t=1,"\n@x"') == ["=1", "- 3", "\t=1", "\n@x"]
