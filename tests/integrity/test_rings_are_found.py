"""The ring rule finds accounts that act together, and leaves honest voters alone."""

from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideation.integrity.signals import Evidence, Rating, rings
from ideation.integrity.signals.rings import Rule
from tests.integrity.made_up import best, crowd, ring

pytestmark = pytest.mark.one_engine

MEMBERS = (901, 902, 903, 904, 905, 906)


def _found(rows: list[Rating], rule: Rule = rings.RULE) -> list[tuple[int, ...]]:
    return [group.members for group in rings.find(Evidence.from_rows(rows), rule)]


def _marks(voter: int, stars: str) -> list[Rating]:
    """Entry 1 gets the first mark, and so on; "-" is none."""
    return [
        Rating(entry, voter, int(mark)) for entry, mark in enumerate(stars, start=1) if mark != "-"
    ]


def _all_alike(*voters: str) -> list[Rating]:
    return [row for number, stars in enumerate(voters, start=1) for row in _marks(number, stars)]


def test_a_planted_ring_is_found_to_the_last_account_and_with_its_links() -> None:
    honest = crowd(1)
    top = best(honest, 12)
    [group] = rings.find(Evidence.from_rows(honest + ring(MEMBERS, top[10], top[:5])))
    assert group.members == MEMBERS
    assert {(a, b) for a, b, _, _ in group.links} == set(combinations(MEMBERS, 2))
    assert all((agreed, both) == (6, 6) for _, _, agreed, both in group.links)


def test_two_rings_are_two_groups() -> None:
    honest = crowd(2)
    top = best(honest, 12)
    others = tuple(range(951, 959))
    rows = honest + ring(MEMBERS, top[8], top[:4]) + ring(others, top[0], top[4:8])
    assert _found(rows) == [others, MEMBERS]


@pytest.mark.parametrize("taste", [0.0, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_an_honest_crowd_has_no_ring(seed: int, taste: float) -> None:
    assert _found(crowd(seed, taste=taste)) == []


def test_strangers_of_one_taste_are_no_ring_though_every_other_condition_holds() -> None:
    many = crowd(5, voters=3000, entries=40, each=12, taste=1.0)
    assert _found(many) == []
    assert _found(many, Rule(is_chance_asked=False)) != []
    top = best(many, 12)
    accounts = tuple(range(9001, 9041))
    assert _found(many + ring(accounts, top[10], top[:6])) == [accounts]


@settings(max_examples=8)
@given(st.integers(0, 10**6))
def test_the_order_of_votes_does_not_matter(seed: int) -> None:
    honest = crowd(3, voters=60, entries=30, each=12)
    top = best(honest, 8)
    rows = honest + ring(MEMBERS, top[7], top[:4])
    shuffled = Random(seed).sample(rows, len(rows))
    one, other = Evidence.from_rows(rows), Evidence.from_rows(shuffled)
    assert rings.find_all(one) == rings.find_all(other)
    assert _found(rows) == [MEMBERS]


def test_voters_who_oppose_each_other_are_not_linked() -> None:
    """Six fans of six designs who agree on all the rest: they contradict each other twice."""
    fans = [
        "".join("5" if fan == entry else "1" for entry in range(6)) + "5222" for fan in range(6)
    ]
    honest = [
        Rating(entry, voter, 3 + (voter + entry) % 2)
        for voter in range(50, 80)
        for entry in range(1, 11)
    ]
    rows = _all_alike(*fans) + honest
    assert _found(rows) == []
    assert _found(rows, Rule(is_opposition_a_bar=False)) == [(1, 2, 3, 4, 5, 6)]


@pytest.mark.parametrize(
    ("marks", "is_ring"),
    [
        ("5112", True),  # four agreements, 1 and 2 both low
        ("511", True),  # three, if low is 1
        ("512", False),  # three with a 2 are too few
        ("1111", False),  # nothing is lifted
        ("5555", False),  # nothing is held down
        ("5551", False),  # one low mark is not two
    ],
)
def test_what_links(marks: str, is_ring: bool) -> None:
    honest = [
        Rating(entry, voter, 3 + (voter + entry) % 2)
        for voter in range(50, 80)
        for entry in range(1, 9)
    ]
    assert bool(_found(_all_alike(*[marks] * 5) + honest)) is is_ring


@pytest.mark.parametrize(
    ("one", "other", "is_linked"),
    [
        ("5111--", "5111--", True),
        ("511234", "511143", False),  # 3 of 6, where three of five were asked
        ("51123-", "51144-", True),  # 3 of 5 with low as 1
        ("522234", "522243", False),  # 4 of 6 are no three quarters
        ("52223-", "52224-", True),  # 4 of 5
        ("5211--", "5121--", True),  # 1 and 2 are both low
        ("5111--", "1111--", False),  # opposed
        ("51111-", "51115-", False),  # agreed on four, opposed on one
        ("511115", "511111", False),  # four common 1s
        ("5111115", "5111111", True),  # five of them, and opposed on another
        ("5111115555", "5111112233", True),  # and little else in common
        ("1111115", "1111112", False),  # nothing is lifted
    ],
)
def test_how_far_two_must_agree(one: str, other: str, is_linked: bool) -> None:
    rule = Rule(common_partners=0, smallest=2, is_chance_asked=False)
    assert bool(_found(_all_alike(one, other), rule)) is is_linked


def test_four_accounts_are_no_ring_and_five_are() -> None:
    honest = crowd(1)
    top = best(honest, 12)
    assert _found(honest + ring(MEMBERS[:4], top[10], top[:5])) == []
    assert _found(honest + ring(MEMBERS[:5], top[10], top[:5])) == [MEMBERS[:5]]


def test_a_chain_of_acquaintances_is_no_ring() -> None:
    """Each agrees with the next two alone: no link has three common partners."""
    chain = ["-" * n + "51115111"[n % 4 : n % 4 + 4] + "-" * (20 - n) for n in range(0, 20, 2)]
    assert _found(_all_alike(*chain)) == []


def test_hundreds_of_equal_accounts_are_all_found() -> None:
    honest = crowd(4, voters=400)
    top = best(honest, 12)
    accounts = tuple(range(5001, 5181))
    [group] = rings.find(Evidence.from_rows(honest + ring(accounts, top[10], top[:5])))
    assert group.members == accounts


def test_accounts_that_pull_rivals_of_their_own_choice_are_found() -> None:
    honest = crowd(6, voters=400)
    top = best(honest, 20)
    rng = np.random.default_rng(0)
    accounts = tuple(range(5001, 5031))
    rows = honest + [
        row
        for account in accounts
        for row in ring([account], top[12], rng.choice(top[:8], 5, replace=False).tolist())
    ]
    found = {member for members in _found(rows) for member in members}
    assert len(found & set(accounts)) >= 27
    assert not found - set(accounts)


def test_accounts_that_mark_everything_as_others_do_but_for_their_plan_are_found() -> None:
    honest = crowd(8, voters=200, entries=50, each=30)
    top = best(honest, 30)
    others = crowd(9, voters=12, entries=50, each=50)
    plan = {top[20]: 5, **dict.fromkeys(top[:6], 1)}
    fakes = [row._replace(voter=900 + row.voter) for row in others]
    fakes = [row._replace(stars=plan.get(row.entry, row.stars)) for row in fakes]
    assert _found(honest + fakes) == [tuple(range(901, 913))]
    assert _found(honest + fakes, Rule(heavily=0)) == []


def test_no_votes_have_no_ring() -> None:
    assert _found([]) == []
    assert rings.find_all(Evidence.from_rows([])) == []
