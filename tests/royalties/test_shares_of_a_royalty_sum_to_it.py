import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideation.royalties import shares


@st.composite
def wholes(draw: st.DrawFn) -> list[int]:
    """Shares of 1 to 6 designers that sum to 10,000 basis points."""
    others = draw(st.lists(st.integers(1, 1900), max_size=5))
    return [10_000 - sum(others), *others]


@given(st.integers(0, 10**9), wholes())
def test_the_parts_are_the_whole_and_nobody_is_off_by_more_than_a_unit(
    amount: int, bps: list[int]
) -> None:
    parts = shares.split(amount, bps)
    assert sum(parts) == amount
    assert all(
        amount * share // 10_000 <= part <= amount * share // 10_000 + 1
        for part, share in zip(parts, bps, strict=True)
    )


@given(st.integers(0, 10**6), wholes())
def test_the_order_of_designers_changes_who_gets_an_odd_unit_and_nothing_else(
    amount: int, bps: list[int]
) -> None:
    backwards = shares.split(amount, bps[::-1])[::-1]
    assert all(
        abs(one - other) <= 1
        for one, other in zip(shares.split(amount, bps), backwards, strict=True)
    )
    assert sum(backwards) == amount


def test_of_equals_the_first_named_gets_the_odd_unit() -> None:
    assert shares.split(101, [5000, 5000]) == [51, 50]
    assert shares.split(100, [3334, 3333, 3333]) == [34, 33, 33]
    assert shares.split(1, [2500, 2500, 2500, 2500]) == [1, 0, 0, 0]


@pytest.mark.parametrize(
    "amount,bps", [(-1, [10_000]), (5, [9_999]), (5, []), (5, [11_000, -1000])]
)
def test_what_is_no_whole_is_refused(amount: int, bps: list[int]) -> None:
    with pytest.raises(ValueError, match="10,000"):
        shares.split(amount, bps)
