"""Any sequence of balanced postings: sums, replay and a plain count agree, on any day."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ideation.core.db import db, is_postgresql, transaction
from ideation.ledger import balances, posting
from ideation.ledger.models import Kind
from ideation.ledger.posting import Line
from ideation.ledger.verify import verify

CODES = ("bank", "cash:sandbox", "revenue:sales", "royalties:payable:7")
START = datetime(2026, 1, 1, tzinfo=UTC)

moves = st.tuples(
    st.sampled_from(CODES),
    st.sampled_from(CODES),
    st.integers(1, 10**12),
    st.sampled_from(("USD", "JPY", "KWD")),
    st.integers(0, 400),
).filter(lambda move: move[0] != move[1])


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(moves, min_size=1, max_size=12))
def test_sums_replay_and_count_agree(
    app: Flask, sequence: list[tuple[str, str, int, str, int]]
) -> None:
    before = balances.sums()
    counted = Counter(before)
    first = verify().transactions
    for number, (debit, credit, amount, currency, day) in enumerate(sequence):
        at = START + timedelta(days=day)
        with transaction():
            accounts = posting.open_accounts({debit: Kind.ASSET, credit: Kind.ASSET}, at)
            lines = [
                Line(accounts[debit], amount, currency),
                Line(accounts[credit], -amount, currency),
            ]
            posting.post("move", f"move:{first}:{number}", lines, at)
        counted[debit, currency] += amount
        counted[credit, currency] -= amount
    report = verify()
    assert report.disagreements == ()
    assert report.transactions == first + len(sequence)
    assert report.balances == balances.sums() == counted
    assert (
        sum(amount for (_, currency), amount in report.balances.items() if currency == "USD") == 0
    )


def test_any_past_day_can_be_told(app: Flask) -> None:
    told: list[tuple[datetime, Counter[tuple[str, str]]]] = []
    for day in range(5):
        at = START + timedelta(days=day)
        told.append((at, balances.sums()))
        with transaction():
            accounts = posting.open_accounts({"a": Kind.ASSET, "b": Kind.INCOME}, at)
            lines = [Line(accounts["a"], day + 1, "USD"), Line(accounts["b"], -day - 1, "USD")]
            posting.post("move", f"move:{day}", lines, at)
    assert [balances.sums(before=at) for at, _ in told] == [then for _, then in told]


def test_two_copies_have_one_digest_and_any_edit_another(app: Flask) -> None:
    at = START
    with transaction():
        accounts = posting.open_accounts({"a": Kind.ASSET, "b": Kind.INCOME}, at)
        posting.post(
            "m", "m:1", [Line(accounts["a"], 9, "USD"), Line(accounts["b"], -9, "USD")], at
        )
    digest = verify().digest
    assert digest == verify().digest
    db.session.rollback()
    on = " ON ledger_transactions" if is_postgresql() else ""
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER guard_ledger_transactions_update{on}"))
        connection.execute(text("UPDATE ledger_transactions SET at = '2026-01-02 00:00:00'"))
    assert verify().digest != digest
