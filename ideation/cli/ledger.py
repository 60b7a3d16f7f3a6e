"""``ideation ledger``: prove the books, and print what they add up to."""

from collections import Counter
from decimal import Decimal

import click

from ideation.cli.context import fail, with_app
from ideation.core import money
from ideation.core.db import db
from ideation.royalties import chart
from ideation.royalties import verify as proving
from ideation.royalties.verify import Report

#: What is printed, in order: label, beginning of the accounts' codes, sign that makes it read well.
_ROWS = (
    ("cash at providers", "cash:", 1),
    ("left the bank", chart.BANK.code, -1),
    ("held for buyers", chart.BUYERS.code, -1),
    ("sales", chart.SALES.code, -1),
    ("shipping", chart.SHIPPING.code, -1),
    ("discounts", chart.DISCOUNTS.code, 1),
    ("given back", chart.REFUNDS.code, 1),
    ("tax owed", chart.TAX.code, -1),
    ("royalties, as an expense", chart.ROYALTIES.code, 1),
    ("prizes, as an expense", chart.PRIZES.code, 1),
    ("royalties pending", chart.PENDING, -1),
    ("royalties earned", chart.EARNED, -1),
    ("royalties payable", chart.PAYABLE, -1),
    ("payouts on their way", chart.ON_ITS_WAY, -1),
    ("store credit owed", chart.CREDIT, -1),
)
_MOST_NAMED = 100


@click.group()
def ledger() -> None:
    """Prove that every unit of money is where the facts say."""


@ledger.command()
@with_app
def verify() -> None:
    """Add everything up again; exit 1, naming the row, where anything differs.

    Proves that every transaction balances, that balances equal a replay, that each royalty
    follows from its line and its agreement, that shares and postings agree, that what is payable
    covers what is paid, and that orders agree with their payments.
    """
    report = proving.verify()
    db.session.rollback()
    _print_sums(report)
    looked_at = (
        f"transactions: {report.ledger.transactions}, entries: {report.ledger.entries}, "
        f"facts: {report.facts}, order lines: {report.lines}"
    )
    for one in report.disagreements[:_MOST_NAMED]:
        click.echo(str(one), err=True)
    if report.disagreements:
        fail(f"{len(report.disagreements)} disagreements ({looked_at}). Pay nobody by these books.")
    click.echo(f"Everything agrees ({looked_at}).")


def _print_sums(report: Report) -> None:
    sums: dict[str, Counter[str]] = {}
    for (code, currency), amount in report.ledger.balances.items():
        for label, begins, sign in _ROWS:
            if code.startswith(begins):
                sums.setdefault(currency, Counter())[label] += sign * amount
    for currency, by_label in sorted(sums.items()):
        click.echo(currency)
        for label, _, _ in _ROWS:
            if label in by_label:
                click.echo(f"  {label:<26}{_amount(by_label[label], currency):>20}")
    click.echo(f"digest {report.ledger.digest}")


def _amount(minor: int, currency: str) -> str:
    return f"{Decimal(minor).scaleb(-money.exponent(currency)):,}"
