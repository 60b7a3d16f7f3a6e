import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.ledger import posting
from ideation.ledger.models import Kind, LedgerEntry, LedgerTransaction
from ideation.ledger.posting import Line


def _sale(reference: str, cash: int = 2400, revenue: int = -2400) -> LedgerTransaction:
    at = clock.now()
    lines = [
        Line(posting.account("cash", Kind.ASSET, at), cash, "USD"),
        Line(posting.account("revenue", Kind.INCOME, at), revenue, "USD"),
    ]
    return posting.post("sale", reference, lines, at)


def test_entries_that_balance_are_kept(app: Flask) -> None:
    with transaction():
        header = _sale("order:1")
        assert sum(entry.amount_minor for entry in header.entries) == 0


def test_the_same_reference_is_posted_once(app: Flask) -> None:
    with transaction():
        assert _sale("order:1").id == _sale("order:1").id
    assert db.session.query(LedgerEntry).count() == 2


def test_unbalanced_entries_are_refused_by_the_rule(app: Flask) -> None:
    with pytest.raises(posting.Unbalanced), transaction():
        _sale("order:1", cash=2400, revenue=-2399)


def test_the_database_itself_refuses_what_does_not_balance(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "_refuse_unbalanced", lambda lines: None)
    with pytest.raises(DatabaseError, match="do not balance"), transaction():
        _sale("order:1", cash=2400, revenue=-2399)


def test_without_the_guard_an_unbalanced_transaction_would_pass(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "_refuse_unbalanced", lambda lines: None)
    on = "" if db.engine.dialect.name == "sqlite" else " ON ledger_transactions"
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER guard_ledger_transactions_balance{on}"))
    with transaction():
        assert _sale("order:1", cash=2400, revenue=-2399).id


def test_no_entry_follows_its_header(app: Flask) -> None:
    with transaction():
        header = _sale("order:1")
        transaction_id, account_id = header.id, header.entries[0].account_id
    with pytest.raises(DatabaseError, match="closed"), transaction() as session:
        session.add(
            LedgerEntry(
                transaction_id=transaction_id,
                account_id=account_id,
                amount_minor=5,
                currency="USD",
            )
        )


def test_entries_without_a_header_do_not_survive_the_commit(app: Flask) -> None:
    with pytest.raises(DatabaseError), transaction() as session:
        account = posting.account("cash", Kind.ASSET, clock.now())
        session.add(
            LedgerEntry(transaction_id=12345, account_id=account.id, amount_minor=5, currency="USD")
        )
