"""10,000 baskets in four currencies: quote, order, lines and invoice agree to the unit."""

import random

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from ideation.articles.models import Article
from ideation.core import clock
from ideation.core.money import exponent
from ideation.orders import invoices
from ideation.orders.models import Order, OrderLine, OrderState
from ideation.orders.pricing import ParcelRate, Quote, quote, split
from ideation.products.models import Product, Run, Variant
from tests.factories.orders import ADDRESS

pytestmark = pytest.mark.one_engine

BATCHES, A_BATCH = 5, 2000
CURRENCIES = ("USD", "EUR", "JPY", "KWD")
SIZES = ("XS", "S", "M", "L", "XL", "XXL")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_10_000_baskets_cost_the_same_everywhere(app: Flask, batch: int) -> None:
    lot = random.Random(batch)
    product = _product()
    for _ in range(A_BATCH):
        quoted = _quoted(lot)
        order = _order(quoted, product)
        body = invoices.body_of(order)
        totals = {
            quoted.total_minor,
            order.total_minor,
            body["total_minor"],
            sum(line.total_minor for line in order.lines),
            sum(line["total_minor"] for line in body["lines"]),
        }
        assert len(totals) == 1, (quoted, totals)
        assert quoted.shipping_minor == body["shipping_minor"]
        assert quoted.goods_minor == body["goods_minor"]
        assert all(isinstance(total, int) for total in totals)


def test_the_currencies_have_0_2_and_3_digits() -> None:
    assert [exponent(currency) for currency in CURRENCIES] == [2, 2, 0, 3]


@given(
    st.integers(0, 10**12),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=12),
)
def test_parts_sum_to_the_whole_and_none_is_a_unit_off(amount: int, weights: list[int]) -> None:
    parts = split(amount, weights)
    assert sum(parts) == amount
    whole = sum(weights) or len(weights)
    for part, weight in zip(parts, weights if sum(weights) else [1] * len(weights), strict=True):
        assert abs(part * whole - amount * weight) < whole


def test_rounding_each_part_by_itself_loses_units() -> None:
    """Control: what the largest remainder is for."""
    assert sum(round(100 * weight / 3) for weight in (1, 1, 1)) == 99
    assert split(100, [1, 1, 1]) == [34, 33, 33]


def test_the_first_unit_costs_more_than_each_further_one() -> None:
    rate = ParcelRate(590, 150)
    assert [rate.cost(units) for units in range(4)] == [0, 590, 740, 890]


def _quoted(lot: random.Random) -> Quote:
    currency = lot.choice(CURRENCIES)
    basket = {
        variant: lot.randint(1, 20)
        for variant in lot.sample(range(1, 7), lot.randint(1, len(SIZES)))
    }
    prices = {variant: lot.randint(1, 99_999) for variant in basket}
    return quote(basket, prices, ParcelRate(lot.randint(0, 9_999), lot.randint(0, 999)), currency)


def _product() -> Product:
    article = Article(names={"en": "T-shirt"}, colours=[{"key": "black", "names": {"en": "Black"}}])
    variants = [
        Variant(id=number, sku=f"T-{size}", size=size, colour="black")
        for number, size in enumerate(SIZES, start=1)
    ]
    return Product(name="Harbour", article=article, colours=["black"], variants=variants)


def _order(quoted: Quote, product: Product) -> Order:
    variants = {variant.id: variant for variant in product.variants}
    return Order(
        public_id="5k2cqe81zw",
        run=Run(product=product),
        state=OrderState.PAID,
        currency=quoted.currency,
        language="en",
        zone="UTC",
        address=ADDRESS,
        placed_at=clock.now(),
        lines=[
            OrderLine(
                variant=variants[line.variant_id],
                quantity=line.quantity,
                unit_minor=line.unit_minor,
                discount_minor=0,
                tax_minor=0,
                shipping_minor=line.shipping_minor,
            )
            for line in quoted.lines
        ],
    )
