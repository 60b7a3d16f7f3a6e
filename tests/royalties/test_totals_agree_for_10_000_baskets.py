"""One total in order, invoice, ledger and statement; every share to the unit; four currencies.

10,000 baskets through the pure parts, a sample of them through the database.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db
from ideation.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction
from ideation.orders import invoices, pricing
from ideation.orders.models import Order, OrderLine
from ideation.orders.pricing import ParcelRate, Quote
from ideation.products.models import ProductPrice, Run
from ideation.royalties import balances, chart, movements, postings, rates, sums
from ideation.royalties.sums import Back, LineSum
from ideation.royalties.verify import verify
from ideation.selection import minimums
from ideation.selection.models import Agreement, AgreementParty
from tests.factories import products, royalties
from tests.factories.members import member

BASKETS = 10_000
#: Currency → prices from the cheapest pin to the dearest print, in minor units.
CURRENCIES = {"USD": (300, 9999), "EUR": (300, 9999), "JPY": (400, 15_000), "KWD": (900, 29_999)}


@dataclass(frozen=True)
class Basket:
    quote: Quote
    order: Order
    agreement: Agreement


def _basket(dice: random.Random) -> Basket:
    currency = dice.choice(sorted(CURRENCIES))
    low, high = CURRENCIES[currency]
    variants = {number: dice.randint(1, 20) for number in range(1, dice.randint(2, 6))}
    prices = {number: dice.randint(low, high) for number in variants}
    rate = ParcelRate(dice.randint(0, 3000), dice.randint(0, 900))
    quote = pricing.quote(variants, prices, rate, currency)
    lines = []
    for number, quoted in enumerate(quote.lines, start=1):
        discount = dice.choice((0, 0, dice.randint(0, quoted.goods_minor)))
        paid = quoted.goods_minor - discount
        lines.append(
            OrderLine(
                id=number,
                quantity=quoted.quantity,
                unit_minor=quoted.unit_minor,
                discount_minor=discount,
                tax_minor=dice.choice((0, paid * 23 // 123)),
                shipping_minor=quoted.shipping_minor,
            )
        )
    order = Order(public_id="basket", currency=currency, lines=lines)
    return Basket(quote, order, _agreement(dice))


def _agreement(dice: random.Random) -> Agreement:
    others = [dice.randint(1, 2400) for _ in range(dice.randint(0, 4))]
    bps = [10_000 - sum(others), *others]
    return Agreement(
        rate_bp=dice.choice((100, 777, 1000, 1250)),
        minimums=minimums.frozen(),
        parties=[
            AgreementParty(member_id=number, position=number, share_bp=share)
            for number, share in enumerate(bps)
        ],
    )


def _sums(basket: Basket) -> Iterator[tuple[OrderLine, LineSum]]:
    for line in basket.order.lines:
        yield line, sums.of_line(line, basket.agreement, basket.order.currency, Back())


def test_10_000_baskets_in_four_currencies() -> None:
    dice = random.Random(20261121)
    seen: dict[str, int] = dict.fromkeys(CURRENCIES, 0)
    odd = 0
    for _ in range(BASKETS):
        basket = _basket(dice)
        order = basket.order
        seen[order.currency] += 1
        discount = sum(line.discount_minor for line in order.lines)
        assert order.total_minor == basket.quote.total_minor - discount

        posted = postings.sale(order)
        assert sum(posted.amounts.values()) == 0
        assert posted.amounts.get(chart.BUYERS, 0) == order.total_minor

        stated = sum(
            one.base_minor + line.tax_minor + line.shipping_minor for line, one in _sums(basket)
        )
        assert stated == order.total_minor
        for line, one in _sums(basket):
            assert sum(one.parts.values()) == one.whole_minor <= one.base_minor
            by_rate = rates.half_even(one.base_minor * one.rate_bp, 10_000)
            least = one.minimum_minor * line.quantity
            assert one.whole_minor == min(one.base_minor, max(by_rate, least))
            odd += len(one.parts) > 1 and one.whole_minor % len(one.parts) != 0
    assert min(seen.values()) > 2000
    assert odd > 1000, "enough royalties that do not divide evenly"


@pytest.fixture
def designers(app: Flask) -> list[Member]:
    return [member("Lin"), member("Ada"), member("Mo")]


def test_a_sample_goes_through_the_database(app: Flask, designers: list[Member]) -> None:
    dice = random.Random(7)
    first, *others = designers
    prices = {code: dice.randint(*span) for code, span in CURRENCIES.items()}
    submission = products.winner(first, shares={others[0]: 3333, others[1]: 1234})
    run = products.run(products.product(submission, prices=prices))
    at = clock.now()
    orders = [_sold(run, currency, dice) for currency in sorted(CURRENCIES) for _ in range(2)]
    for order in orders:
        order = db.session.get_one(Order, order.id)
        invoice = invoices.find_invoice(order.id)
        assert invoice is not None
        assert invoice.total_minor == order.total_minor == _posted(f"sale:{order.public_id}")
        assert sum(row["total_minor"] for row in invoice.body["lines"]) == order.total_minor
        assert _stated(order, designers[0]) == order.total_minor
    for currency in CURRENCIES:
        pending = {one.id: balances.of(one.id)[currency].pending for one in designers}
        stated = {
            one.id: sum(
                line.amount_minor
                for line in movements.royalties(one.id, currency, at, at + timedelta(days=1))
            )
            for one in designers
        }
        assert pending == stated and min(stated.values()) > 0
    assert verify().disagreements == ()


def _sold(run: Run, currency: str, dice: random.Random) -> Order:
    price = db.session.get_one(ProductPrice, (run.product_id, currency)).price_minor
    units = {size: dice.randint(1, 9) for size in dice.sample("SML", dice.randint(1, 3))}
    discount = dice.choice((0, price // 7))
    return royalties.sale(
        run, units=units, currency=currency, discount_minor=discount, tax_minor=price // 11
    )


def _posted(reference: str) -> int:
    """What the order's transaction takes from what is held for buyers."""
    query = (
        db.session.query(LedgerEntry.amount_minor)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == LedgerEntry.account_id)
        .filter(LedgerTransaction.reference == reference, LedgerAccount.code == chart.BUYERS.code)
    )
    return int(query.scalar())


def _stated(order: Order, designer: Member) -> int:
    """Base and tax of the lines as a designer's statement has them, and the shipping."""
    shown = movements.royalties(
        designer.id, order.currency, clock.now() - timedelta(days=1), clock.now()
    )
    ours = {line.id for line in order.lines}
    lines = [line for line in shown if line.line_id in ours]
    assert len(lines) == len(ours)
    goods = sum(line.base_minor + line.tax_minor for line in lines)
    return goods + sum(line.shipping_minor for line in order.lines)
