"""The rule of MONEY, held against a second one written with Decimal; no database."""

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideation.royalties import rates

amounts = st.integers(0, 10**9)
bps = st.integers(0, 10_000)


@given(amounts, bps)
def test_a_rate_is_rounded_once_half_to_even(base: int, rate_bp: int) -> None:
    exact = Decimal(base) * rate_bp / 10_000
    assert rates.royalty(base, 0, rate_bp, 0) == int(exact.quantize(Decimal(1), ROUND_HALF_EVEN))


@given(amounts, st.integers(0, 60), bps, st.integers(0, 5000))
def test_it_is_the_larger_one_and_never_more_than_the_base(
    base: int, units: int, rate_bp: int, minimum: int
) -> None:
    paid = rates.royalty(base, units, rate_bp, minimum)
    by_rate = rates.half_even(base * rate_bp, 10_000)
    assert paid == min(base, max(by_rate, minimum * units))
    assert 0 <= paid <= base


@pytest.mark.parametrize(
    "base,units,rate_bp,minimum,paid",
    [
        (7200, 3, 1000, 0, 720),  # 10 % × 24.00 × 3
        (1500, 1, 1000, 100, 150),
        (900, 1, 1000, 0, 90),  # below 10.00 no minimum is frozen
        (2850, 3, 1000, 100, 300),  # 9.50 a unit after a coupon: 1.00 a unit
        (250, 3, 1000, 100, 250),  # a refund left 2.50: no more than that
        (0, 0, 1000, 100, 0),
        (5, 1, 1000, 0, 0),  # half a cent goes to the even neighbour
        (15, 1, 1000, 0, 2),
        (25, 1, 1000, 0, 2),
    ],
)
def test_by_hand(base: int, units: int, rate_bp: int, minimum: int, paid: int) -> None:
    assert rates.royalty(base, units, rate_bp, minimum) == paid


@pytest.mark.parametrize("unit,least", [(999, 0), (1000, 100), (2400, 100)])
def test_the_minimum_begins_at_its_price(unit: int, least: int) -> None:
    minimums = [
        {"currency": "JPY", "minimum_minor": 150, "from_minor": 1},
        {"currency": "USD", "minimum_minor": 100, "from_minor": 1000},
    ]
    assert rates.minimum_for(minimums, "USD", unit) == least
    assert rates.minimum_for(minimums, "KWD", unit) == 0


@given(st.integers(0, 10**7), st.integers(0, 10_000), st.data())
def test_many_refunds_end_where_one_does(gross: int, tax_bp: int, data: st.DataObject) -> None:
    tax = gross * tax_bp // 10_000
    cuts = sorted(data.draw(st.lists(st.integers(0, gross), min_size=1, max_size=5)))
    taken = [
        rates.tax_left(gross, tax, before) - rates.tax_left(gross, tax, after)
        for before, after in zip([0, *cuts], [*cuts, gross], strict=True)
    ]
    assert sum(taken) == tax and min(taken) >= 0
    assert rates.net(gross, tax, gross) == 0
    assert rates.net(gross, tax, 0) == gross - tax
