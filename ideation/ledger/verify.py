"""Whether the ledger is one: added up entry by entry, beside what the database sums."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import select

from ideation.core import guards
from ideation.core.db import db
from ideation.ledger import balances
from ideation.ledger.balances import Movement
from ideation.ledger.models import LedgerTransaction

TABLES = ("ledger_accounts", "ledger_transactions", "ledger_entries")


@dataclass(frozen=True)
class Disagreement:
    """Something that is not as it must be, and which row it is about."""

    subject: str
    what: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.what}"


@dataclass(frozen=True)
class Report:
    """What was looked at, what it adds up to, and what is off; nothing should be."""

    transactions: int
    entries: int
    #: (code, currency) → minor units, debits positive; replayed entry by entry.
    balances: Counter[tuple[str, str]]
    #: SHA-256 over every entry in order: two copies of a ledger are the same where it is.
    digest: str
    disagreements: tuple[Disagreement, ...]


def verify() -> Report:
    """Replay the ledger. Reads as of one moment where the caller called ``look_at_one_moment``."""
    replayed: Counter[tuple[str, str]] = Counter()
    by_transaction: Counter[tuple[int, str]] = Counter()
    seen: set[int] = set()
    digest = hashlib.sha256()
    entries = 0
    found = [*missing_guards(TABLES)]
    for movement in balances.movements():
        entries += 1
        seen.add(movement.transaction_id)
        replayed[movement.code, movement.currency] += movement.amount_minor
        key = (movement.transaction_id, movement.currency)
        by_transaction[key] += movement.amount_minor
        if not by_transaction[key]:
            del by_transaction[key]
        digest.update(_canonical(movement))
        if movement.reference is None:
            found.append(_entry(movement, "belongs to no transaction"))
    found += _unbalanced(by_transaction)
    headers = set(db.session.scalars(select(LedgerTransaction.id)))
    found += _without_entries(headers - seen)
    found += _drift(replayed, balances.sums())
    return Report(len(headers), entries, replayed, digest.hexdigest(), tuple(found))


def missing_guards(tables: Collection[str]) -> Iterator[Disagreement]:
    """Each guard of these tables that the database lacks: what was refused may have happened."""
    missing = set(guards.missing(db.session.connection()))
    for trigger in guards.declared().values():
        if trigger.table in tables and trigger.name in missing:
            yield Disagreement("database", f"the guard {trigger.name} is missing")


def _unbalanced(left: Counter[tuple[int, str]]) -> Iterator[Disagreement]:
    ids = {transaction_id for transaction_id, _ in left}
    query = select(LedgerTransaction.id, LedgerTransaction.reference)
    names = dict(db.session.execute(query.where(LedgerTransaction.id.in_(ids))).all())
    for (transaction_id, currency), amount in sorted(left.items()):
        subject = f"transaction {names.get(transaction_id, transaction_id)}"
        yield Disagreement(subject, f"its entries are {amount:+} {currency} off balance")


def _without_entries(ids: set[int]) -> Iterator[Disagreement]:
    query = select(LedgerTransaction.reference).where(LedgerTransaction.id.in_(ids))
    for reference in db.session.scalars(query.order_by(LedgerTransaction.reference)):
        yield Disagreement(f"transaction {reference}", "it has no entries")


def _drift(
    replayed: Counter[tuple[str, str]], summed: Counter[tuple[str, str]]
) -> Iterator[Disagreement]:
    for code, currency in sorted(replayed.keys() | summed.keys()):
        one, other = replayed[code, currency], summed[code, currency]
        if one != other:
            what = f"the replay gives {one} {currency}, the sum is {other}"
            yield Disagreement(f"account {code}", what)


def _entry(movement: Movement, what: str) -> Disagreement:
    return Disagreement(f"entry {movement.entry_id} of {movement.code}", what)


def _canonical(movement: Movement) -> bytes:
    at = movement.at.astimezone(UTC).isoformat(timespec="microseconds") if movement.at else ""
    parts = (movement.reference, at, movement.code, movement.currency, movement.amount_minor)
    return "\x1f".join(str(part) for part in parts).encode() + b"\n"
