"""The prior m: how many votes of the contest's mean stand behind every entry."""

from __future__ import annotations

import random
from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from ideation.voting.scoring import estimate_prior, tally
from ideation.voting.weighing import Vote, weights

histograms = st.lists(st.lists(st.integers(0, 60), min_size=5, max_size=5), max_size=30)


def test_until_500_counted_votes_it_is_twenty() -> None:
    apart = [[0, 0, 0, 0, 250], [249, 0, 0, 0, 0]]
    assert estimate_prior(apart) == 20
    assert estimate_prior([[0, 0, 0, 0, 250], [250, 0, 0, 0, 0]]) == 5
    assert estimate_prior([]) == estimate_prior([[0] * 5]) == 20


def test_uncounted_votes_do_not_help_to_reach_500() -> None:
    votes = [Vote(e, u, 5 if e == 1 else 1) for e in (1, 2) for u in range(250)]
    frozen = weights(votes)
    assert tally([1, 2], votes, frozen, b"").m == 5
    frozen[0] = frozen[0]._replace(weight_120=0)
    assert tally([1, 2], votes, frozen, b"").m == 20


def test_it_is_clipped_to_five_and_seventy() -> None:
    assert estimate_prior([[0, 0, 0, 40, 60], [60, 40, 0, 0, 0], [0, 0, 500, 0, 0]]) == 5
    assert estimate_prior([[100, 90, 80, 90, 100], [100, 100, 80, 90, 110]]) == 70


def test_where_entries_do_not_differ_or_cannot_it_is_seventy() -> None:
    assert estimate_prior([[20, 20, 20, 20, 20]] * 6) == 70
    assert estimate_prior([[100, 100, 100, 100, 100]]) == 70
    assert estimate_prior([[0, 0, 1, 0, 0]] * 300 + [[0, 0, 0, 1, 0]] * 300) == 70


@given(histograms)
def test_it_is_the_textbook_estimate_to_the_nearest_vote(table: list[list[int]]) -> None:
    voted = [row for row in table if any(row)]
    if sum(map(sum, voted)) < 500:
        assert estimate_prior(table) == 20
        return
    exact = by_the_textbook(voted)
    if exact is None:
        assert estimate_prior(table) == 70
        return
    # Flooring entry by entry moves it by far less than the thousandth allowed for here.
    around = {exact * Fraction(999, 1000), exact, exact * Fraction(1001, 1000)}
    nearest = {max(5, min(70, floor(each + Fraction(1, 2)))) for each in around}
    assert estimate_prior(table) in nearest


def by_the_textbook(table: list[list[int]]) -> Fraction | None:
    """Mean squares within and between, and n0 for unequal groups, in exact fractions."""
    stars = [[x for x, n in enumerate(row, start=1) for _ in range(n)] for row in table]
    k, n = len(stars), sum(map(len, stars))
    if k < 2 or n == k:
        return None
    grand = Fraction(sum(map(sum, stars)), n)
    means = [Fraction(sum(marks), len(marks)) for marks in stars]
    within = sum(
        (sum((x - mean) ** 2 for x in marks) for marks, mean in zip(stars, means, strict=True)),
        start=Fraction(0),
    ) / (n - k)
    between = sum(
        (len(marks) * (mean - grand) ** 2 for marks, mean in zip(stars, means, strict=True)),
        start=Fraction(0),
    ) / (k - 1)
    n0 = (n - Fraction(sum(len(marks) ** 2 for marks in stars), n)) / (k - 1)
    variance_between = (between - within) / n0
    return Fraction(within / variance_between) if variance_between > 0 else None


def test_it_finds_the_ratio_that_a_simulated_contest_was_made_with() -> None:
    chance = random.Random(20)
    table = []
    for _ in range(1500):
        # Marks 1 + Binomial(4, p), p from Beta(30, 30): their variance within an entry is
        # 4 E[p(1-p)] = 60/61, between entries 16 Var p = 4/61, a ratio of 15.
        p = chance.betavariate(30, 30)
        row = [0] * 5
        for _ in range(chance.randint(5, 35)):
            row[sum(chance.random() < p for _ in range(4))] += 1
        table.append(row)
    assert 13 <= estimate_prior(table) <= 17
