"""The balance triggers are there after every way up and down, and are what refuses."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from ideation.core import clock, guards
from ideation.core.db import db, is_postgresql, transaction
from ideation.ledger import posting
from ideation.ledger.models import Kind
from ideation.ledger.verify import verify
from ideation.migrations import runner

GUARD = "guard_ledger_transactions_balance"


def _slip_in(amount: int, currency: str = "USD") -> None:
    """One entry and a header, past every rule of ours."""
    at = clock.now()
    with transaction() as session:
        account = posting.account("cash", Kind.ASSET, at)
        entry = {"t": amount, "a": account.id, "m": amount, "c": currency}
        session.execute(
            text(
                "INSERT INTO ledger_entries (transaction_id, account_id, amount_minor, currency)"
                " VALUES (:t, :a, :m, :c)"
            ),
            entry,
        )
        session.execute(
            text(
                "INSERT INTO ledger_transactions (id, kind, reference, at)"
                " VALUES (:t, 'made up', :r, '2026-01-01 00:00:00')"
            ),
            {"t": amount, "r": f"made up:{amount}"},
        )


def _drop() -> None:
    on = " ON ledger_transactions" if is_postgresql() else ""
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER {GUARD}{on}"))


def _missing() -> list[str]:
    with db.engine.connect() as connection:
        return guards.missing(connection)


def test_up_down_up(app: Flask) -> None:
    for revision in ("0001", "head", "0001", "head"):
        db.session.remove()
        if revision == "head":
            runner.upgrade(db.engine)
        else:
            runner.downgrade(db.engine, revision)
        assert [name for name in _missing() if name.startswith("guard_ledger")] == []
        with pytest.raises(DatabaseError, match="do not balance"):
            _slip_in(5)
    assert _missing() == []
    assert verify().disagreements == ()


def test_without_the_guard_the_same_row_passes_and_is_found(app: Flask) -> None:
    """Control: it is the trigger that refuses, and the proof that sees what came in meanwhile."""
    _drop()
    assert _missing() == [GUARD]
    assert [str(one) for one in verify().disagreements] == [
        f"database: the guard {GUARD} is missing"
    ]
    _slip_in(5)
    with db.engine.begin() as connection:
        assert guards.restore(connection) == [GUARD]
    assert [str(one) for one in verify().disagreements] == [
        "transaction made up:5: its entries are +5 USD off balance"
    ]
    with pytest.raises(DatabaseError, match="do not balance"):
        _slip_in(7)


def test_the_next_migration_puts_a_lost_guard_back(app: Flask) -> None:
    _drop()
    db.session.remove()
    runner.upgrade(db.engine)
    assert _missing() == []
