"""``verify()``: whether every unit of money is where the facts say, each told a second way.

ledger      balances per currency, equals its replay, its guards are in place
postings    each fact has its transaction, to the unit, and no transaction is without a fact
royalties   each line's sum done again from the line and the agreement; prizes likewise
balances    what designers are owed, from accruals, prizes and payouts alone
payouts     nothing left that was not payable
orders      agree with their payments, refunds and documents; the audit trail is whole
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from ideation.audit import trail
from ideation.core import jobs
from ideation.core.db import db, look_at_one_moment
from ideation.ledger import balances as ledger_balances
from ideation.ledger import verify as ledger
from ideation.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction
from ideation.ledger.verify import Disagreement
from ideation.orders import checks
from ideation.royalties import balances, chart, redoing, replay
from ideation.royalties.balances import Balance
from ideation.royalties.facts import Fact, all_facts, chunked

#: Looks for disagreements once a day; fails, for an operator to see, where there is one.
CHECK = jobs.declare("royalties.verify", attempts=1)

#: Append-only tables that the ledger is derived from.
FACTS = ("accruals", "prizes", "order_refunds", "invoices")


class Drift(Exception):
    """A scheduled check found disagreements."""


@dataclass(frozen=True)
class Report:
    """What was looked at, what it adds up to, and what is off; nothing should be."""

    ledger: ledger.Report
    #: Facts that posted something, and order lines whose royalty was computed again.
    facts: int
    lines: int
    #: Currency → what all designers together are owed.
    owed: dict[str, Balance]
    disagreements: tuple[Disagreement, ...]


def verify() -> Report:
    """Prove the books, or name the rows that are off. Reads all of them as of one moment.

    Takes no lock; needs no transaction open.
    """
    look_at_one_moment()
    book = ledger.verify()
    facts, unposted = _compare_facts()
    redone = redoing.redo_lines()
    found = [
        *book.disagreements,
        *ledger.missing_guards(FACTS),
        *unposted,
        *redone.disagreements,
        *redoing.redo_prizes(),
        *_compare_balances(),
        *_overdrawn(),
        *_elsewhere(),
    ]
    owed = balances.totals(balances.of_everybody())
    return Report(book, facts, redone.lines, owed, tuple(found))


def check() -> None:
    """Raise Drift, naming the first disagreements, where there are any."""
    found = verify().disagreements
    if found:
        raise Drift(f"{len(found)} disagreements: " + "; ".join(str(one) for one in found[:10]))


def _compare_facts() -> tuple[int, list[Disagreement]]:
    found: list[Disagreement] = []
    expected: set[str] = set()
    for chunk in chunked(all_facts()):
        posted = _posted([fact.posting.reference for fact in chunk])
        for fact in chunk:
            expected.add(fact.posting.reference)
            found += _compare(fact, posted.get(fact.posting.reference))
    for reference in db.session.scalars(select(LedgerTransaction.reference)):
        if reference not in expected:
            found.append(Disagreement(f"transaction {reference}", "no fact explains it"))
    return len(expected), found


def _posted(references: list[str]) -> dict[str, tuple[LedgerTransaction, Counter[tuple[str, str]]]]:
    """Reference → its header, and what its entries add to each (code, currency)."""
    query = (
        select(LedgerTransaction, LedgerAccount.code, LedgerEntry)
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerEntry.account_id)
        .where(LedgerTransaction.reference.in_(references))
    )
    found: dict[str, tuple[LedgerTransaction, Counter[tuple[str, str]]]] = {}
    for header, code, entry in db.session.execute(query):
        _, sums = found.setdefault(header.reference, (header, Counter()))
        sums[code, entry.currency] += entry.amount_minor
    return found


def _compare(
    fact: Fact, posted: tuple[LedgerTransaction, Counter[tuple[str, str]]] | None
) -> Iterator[Disagreement]:
    posting = fact.posting
    subject = f"transaction {posting.reference}"
    if posted is None:
        yield Disagreement(subject, "it happened and was never posted")
        return
    header, sums = posted
    wanted = {
        (account.code, posting.currency): amount for account, amount in posting.amounts.items()
    }
    if header.kind != posting.kind:
        yield Disagreement(subject, f"it is called {header.kind}")
    if fact.at is not None and header.at != fact.at:
        yield Disagreement(subject, f"it says {header.at}, it happened at {fact.at}")
    for code, currency in sorted(sums.keys() | wanted.keys()):
        said, right = sums[code, currency], wanted.get((code, currency), 0)
        if said != right:
            what = f"it posts {said} {currency} to {code}, the facts give {right}"
            yield Disagreement(subject, what)


def _compare_balances() -> Iterator[Disagreement]:
    posted, replayed = balances.of_everybody(), replay.of_everybody()
    for member_id in sorted(posted.keys() | replayed.keys()):
        one, other = posted.get(member_id, {}), replayed.get(member_id, {})
        for currency in sorted(one.keys() | other.keys()):
            said, right = one.get(currency, Balance()), other.get(currency, Balance())
            if said != right:
                what = f"the ledger has {said}, accruals, prizes and payouts give {right}"
                yield Disagreement(f"balance of member {member_id} in {currency}", what)


def _overdrawn() -> Iterator[Disagreement]:
    """Payouts in the order in which they were approved: each was covered by what was payable.

    Refunds after a payday may leave less than nothing; a payout may not.
    """
    running: Counter[tuple[str, str]] = Counter()
    for one in ledger_balances.movements():
        if not one.code.startswith((chart.PAYABLE, chart.ON_ITS_WAY)):
            continue
        running[one.code, one.currency] -= one.amount_minor
        left = running[one.code, one.currency]
        if left < 0 and (one.kind == "payout" or one.code.startswith(chart.ON_ITS_WAY)):
            what = f"it left {one.code} at {left} {one.currency}"
            yield Disagreement(f"transaction {one.reference}", what)


def _elsewhere() -> Iterator[Disagreement]:
    for one in checks.find_disagreements():
        yield Disagreement(one.subject, one.what)
    broken = trail.verify()
    if broken is not None:
        yield Disagreement(f"audit entry {broken}", "it does not fit the chain")
