"""What a vote weighs: light, whole, capped, shared or nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideation.voting.weighing import Reason, Vote, Weight, weights


def ballots_of(voter: int, number: int) -> list[Vote]:
    return [Vote(entry, voter, 3) for entry in range(number)]


@pytest.mark.parametrize(
    ("number", "weight", "reason"),
    [
        (1, 40, Reason.LIGHT),
        (2, 80, Reason.LIGHT),
        (3, 120, Reason.COUNTED),
        (30, 120, Reason.COUNTED),
        (31, 116, Reason.BUSY),
        (60, 60, Reason.BUSY),
        (400, 9, Reason.BUSY),
    ],
)
def test_a_vote_weighs_by_how_many_its_voter_cast(number: int, weight: int, reason: Reason) -> None:
    assert weights(ballots_of(1, number)) == [Weight(weight, reason)] * number


@pytest.mark.parametrize("number", [*range(1, 200), 719, 1200, 3599, 3600])
def test_nobodys_ballots_weigh_more_than_thirty(number: int) -> None:
    assert sum(weight for weight, _ in weights(ballots_of(1, number))) <= 30 * 120


def test_beyond_3600_ballots_the_least_weight_takes_over() -> None:
    assert {weight for weight, _ in weights(ballots_of(1, 5000))} == {1}


@pytest.mark.parametrize(("accounts", "each"), [(1, 120), (2, 120), (3, 80), (7, 34), (500, 1)])
def test_one_device_shares_the_weight_of_two_on_an_entry(accounts: int, each: int) -> None:
    votes = [
        Vote(entry, voter, 5, cluster=b"phone" if entry == 0 else None)
        for voter in range(accounts)
        for entry in range(3)
    ]
    weighed = weights(votes)
    on_the_entry = [w for v, w in zip(votes, weighed, strict=True) if v.entry == 0]
    assert {w.weight_120 for w in on_the_entry} == {each}
    assert {w.reason for w in on_the_entry} == {Reason.CLUSTER if accounts > 2 else Reason.COUNTED}
    assert {w for v, w in zip(votes, weighed, strict=True) if v.entry} == {
        Weight(120, Reason.COUNTED)
    }


def test_votes_without_a_device_are_no_cluster() -> None:
    votes = [Vote(entry, voter, 5) for voter in range(9) for entry in range(3)]
    assert set(weights(votes)) == {Weight(120, Reason.COUNTED)}


def test_what_does_not_count_weighs_nothing_and_makes_nobody_busy_or_clustered() -> None:
    own = Vote(99, 1, 5, cluster=b"phone", excluded=Reason.OWN)
    rivals = [Vote(99, voter, 5, b"phone", Reason.UNCONFIRMED) for voter in range(2, 9)]
    votes = [*ballots_of(1, 30), own, *rivals, Vote(99, 50, 5, b"phone")]
    weighed = weights(votes)
    assert weighed[:30] == [Weight(120, Reason.COUNTED)] * 30
    assert weighed[30] == Weight(0, Reason.OWN)
    assert weighed[31:38] == [Weight(0, Reason.UNCONFIRMED)] * 7
    assert weighed[38] == Weight(40, Reason.LIGHT)


@given(
    st.lists(
        st.builds(
            Vote,
            st.integers(1, 40),
            st.integers(1, 12),
            st.integers(1, 5),
            st.sampled_from([None, b"a", b"b"]),
            st.sampled_from([None, None, None, Reason.QUARANTINED]),
        ),
        unique_by=lambda vote: (vote.entry, vote.voter),
    )
)
def test_weights_follow_the_stated_product_rounded_down_once(votes: list[Vote]) -> None:
    counted = [vote for vote in votes if vote.counted]
    for vote, (weight, reason) in zip(votes, weights(votes), strict=True):
        n = sum(other.voter == vote.voter for other in counted)
        c = sum((other.entry, other.cluster) == (vote.entry, vote.cluster) for other in counted)
        if not vote.counted:
            assert (weight, reason) == (0, Reason.QUARANTINED)
            continue
        share = Fraction(1) if vote.cluster is None else min(Fraction(1), Fraction(2, c))
        product = 120 * min(Fraction(1), Fraction(n, 3)) * min(Fraction(1), Fraction(30, n)) * share
        assert weight == max(1, int(product))


def test_two_votes_of_one_voter_for_one_entry_are_refused() -> None:
    with pytest.raises(ValueError, match="one vote"):
        weights([Vote(1, 1, 3), Vote(1, 1, 4)])


def test_a_reason_that_counts_is_no_reason_to_exclude() -> None:
    with pytest.raises(ValueError, match="no reason"):
        weights([Vote(1, 1, 3, excluded=Reason.BUSY)])


def test_every_counted_vote_of_a_jury_weighs_one() -> None:
    shared = [Vote(0, voter, 5, b"a browser") for voter in range(4)]
    busy = [Vote(entry, 9, 3) for entry in range(40)]
    assert set(weights([*shared, *busy], jury=True)) == {Weight(120, Reason.COUNTED)}
    out = Vote(0, 1, 5, excluded=Reason.QUARANTINED)
    assert weights([out], jury=True) == [Weight(0, Reason.QUARANTINED)]
    with pytest.raises(ValueError, match="no reason"):
        weights([Vote(0, 1, 5, excluded=Reason.LIGHT)], jury=True)
