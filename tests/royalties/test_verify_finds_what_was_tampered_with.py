"""Somebody with the database in hand changes one row: the proof fails and names it.

The guards refuse such edits; here they are off, as for someone who knows how.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from ideation.core import clock, guards
from ideation.core.db import db, is_postgresql, transaction
from ideation.royalties import accruing
from ideation.royalties.verify import Drift, check, verify
from tests.factories import products, royalties
from tests.factories.members import member

DAY = timedelta(days=1)


def _books() -> None:
    """Two designers, a sale that was refunded in part, matured and paid out."""
    lin, ada, staff, at = member("Lin"), member("Ada"), royalties.finance(), clock.now()
    run = products.run(products.product(products.winner(lin, shares={ada: 4000})))
    order = royalties.sale(run, units={"S": 20, "M": 20}, tax_minor=900, at=at)
    royalties.lock(run, at=at)
    royalties.dispatch(order, royalties.warehouse(), at=at)
    royalties.refund(order, {order.lines[0].id: (2400, 0, 1)}, at=at + DAY)
    with transaction():
        accruing.mature_due(at + 46 * DAY)
    for one in (lin, ada):
        royalties.bank_account(one, staff, at=at)
    royalties.payday(staff, (at + 50 * DAY).date(), at=at + 50 * DAY)


@pytest.fixture
def books(scene: Callable[[Callable[[], None]], None]) -> Iterator[None]:
    """Books with a bit of everything, all in order."""
    scene(_books)
    assert verify().disagreements == ()
    db.session.rollback()  # a look that is left open would hold up whoever drops a trigger
    yield
    db.session.rollback()


def _tamper(statement: str, table: str) -> list[str]:
    with db.engine.connect() as connection:
        if is_postgresql():
            connection.execute(text("SET session_replication_role = replica"))
        else:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
            for trigger in guards.declared().values():
                if trigger.table == table:
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger.name}"))
        assert connection.execute(text(statement)).rowcount >= 1
        if is_postgresql():
            connection.execute(text("SET session_replication_role = DEFAULT"))
        guards.restore(connection)
        connection.commit()
        if not is_postgresql():
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")
    return [str(one) for one in verify().disagreements]


FIRST = "id = (SELECT min(id) FROM {table})"


@pytest.mark.parametrize(
    "table,change,named",
    [
        ("accruals", "amount_minor = amount_minor + 1", "accrual 1"),
        ("accruals", "rate_bp = 1200", "rate is 1200"),
        ("accruals", "base_minor = base_minor - 100", "base is"),
        ("accruals", "share_bp = 5000", "share is 5000"),
        ("accruals", "stage = 'payable'", "never posted|it posts"),
        ("ledger_entries", "amount_minor = amount_minor + 1", "off balance"),
        ("ledger_entries", "currency = 'EUR'", "off balance"),
        ("ledger_accounts", "code = 'cash:elsewhere'", "facts give"),
        ("order_lines", "unit_minor = unit_minor + 100", "the rule gives"),
        ("order_lines", "discount_minor = 50", "the rule gives"),
        ("payments", "amount_minor = amount_minor + 1", "capture:"),
        ("refunds", "amount_minor = amount_minor - 1", "repaid:"),
        ("payouts", "amount_minor = amount_minor - 1", "payout:"),
        ("payouts", "state = 'bounced', bounced_at = paid_at", "returned:"),
        ("payouts", "state = 'draft'", "no fact explains it"),
        ("agreements", "rate_bp = 900", "rate is 1000, the rule gives 900"),
        ("audit_entries", "reason = 'other'", "audit entry 1"),
    ],
)
def test_a_changed_row_is_named(books: None, table: str, change: str, named: str) -> None:
    found = _tamper(f"UPDATE {table} SET {change} WHERE {FIRST.format(table=table)}", table)
    assert any(part in one for one in found for part in named.split("|")), found


@pytest.mark.parametrize(
    "statement,table,named",
    [
        ("DELETE FROM accruals WHERE refund_id IS NOT NULL", "accruals", "never accrued"),
        ("DELETE FROM line_stages", "line_stages", "the line has none"),
        (
            "UPDATE line_stages SET payable_due_at = earned_at",
            "line_stages",
            "the rule gives",
        ),
        ("UPDATE line_stages SET payable_at = NULL", "line_stages", "accruals, prizes and payouts"),
        (
            "DELETE FROM ledger_transactions WHERE kind = 'sale'",
            "ledger_transactions",
            "belongs to no transaction",
        ),
        (
            "UPDATE ledger_transactions SET at = '2020-01-01 00:00:00' WHERE kind = 'payable'",
            "ledger_transactions",
            "it happened at",
        ),
        (
            "UPDATE agreement_parties SET share_bp = 10000 - share_bp",
            "agreement_parties",
            "share is",
        ),
        ("UPDATE orders SET paid_at = NULL", "orders", "instants"),
    ],
)
def test_a_row_that_is_gone_or_moved_is_named(
    books: None, statement: str, table: str, named: str
) -> None:
    assert any(named in one for one in _tamper(statement, table))


def test_a_pair_of_entries_slipped_in_is_a_transaction_without_a_fact(books: None) -> None:
    with db.engine.begin() as connection:  # balanced, so that no guard minds
        for amount, code in ((-5000, "royalties:payable:1"), (5000, "expense:royalties")):
            connection.execute(
                text(
                    "INSERT INTO ledger_entries (transaction_id, account_id, amount_minor,"
                    f" currency) SELECT 77, id, {amount}, 'USD' FROM ledger_accounts"
                    f" WHERE code = '{code}'"
                )
            )
        connection.execute(
            text(
                "INSERT INTO ledger_transactions (id, kind, reference, at)"
                " SELECT 77, 'accrual', 'accrual:made-up', max(at) FROM ledger_transactions"
            )
        )
    found = [str(one) for one in verify().disagreements]
    assert "transaction accrual:made-up: no fact explains it" in found
    with pytest.raises(Drift, match="made-up"):
        check()


def test_a_payout_that_was_not_covered_is_named(books: None) -> None:
    found = _tamper(
        "UPDATE ledger_entries SET amount_minor = amount_minor * 3 WHERE transaction_id IN"
        " (SELECT id FROM ledger_transactions WHERE kind = 'payout')",
        "ledger_entries",
    )
    assert any("it left royalties:payable:" in one for one in found)


def test_a_missing_guard_is_named(books: None) -> None:
    on = " ON ledger_entries" if is_postgresql() else ""
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER guard_ledger_entries_update{on}"))
    (found,) = verify().disagreements
    assert str(found) == "database: the guard guard_ledger_entries_update is missing"
