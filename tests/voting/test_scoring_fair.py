"""The fair score: its arithmetic, what it corrects, and that order and machine do not matter."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideation.voting.scoring import RULE_VERSION, Result, tally
from ideation.voting.weighing import Reason, Vote, Weight, weights

SEED = b"tie seed"
# Voter 10 is generous, 12 strict, 11 between; all agree that 1 is better than 2, and 2 than 3.
AGREED = [
    Vote(entry, voter, stars)
    for voter, marks in {10: (5, 4, 3), 11: (4, 3, 2), 12: (3, 2, 1)}.items()
    for entry, stars in enumerate(marks, start=1)
]


def count(
    entries: list[int], votes: list[Vote], m: int | None = None, rule: str = RULE_VERSION
) -> Result:
    return tally(entries, votes, weights(votes), SEED, m=m, rule=rule)


def test_a_small_contest_worked_by_hand() -> None:
    """m is 20, so M = 2,400; every vote weighs 120; C = 27 stars / 9 = 30,000.

    Pass 1: s_1 = (72,000,000 + 120 * 120,000) // 2,760 = 31,304; s_2 = 30,000; s_3 = 28,695
            o_10 = 120 * (18,696 + 10,000 + 1,305) // 1,080 = 3,333
            o_11 = 120 * (8,696 + 0 - 8,695) // 1,080 = 0
            o_12 = 120 * (-1,304 - 10,000 - 18,695) // 1,080 = -3,334, rounded down
    Passes 2 and 3: the leanings sum to -1, which moves no level and no leaning.
    Score:  entry 1 = (72,000,000 + 120 * (46,667 + 40,000 + 33,334)) // 2,760 = 31,304
    W = 3 * 10,000 * 6 // 3 = 60,000; sigma2 = (60,000 + 400,000) // (9 - 3 + 20) = 17,692
    half = isqrt(1645**2 * 17,692 * (288,000 + 43,200) // (100 * 2,760**2)) = 4,562
    """
    result = count([1, 2, 3], AGREED)
    assert (result.c, result.m, result.sigma2) == (30_000, 20, 17_692)
    assert (result.counted, result.uncounted) == (9, 0)
    assert [row.entry for row in result.rows] == [1, 2, 3]
    assert [row.rank for row in result.rows] == [1, 2, 3]
    assert [row.score for row in result.rows] == [31_304, 30_000, 28_695]
    assert [row.raw_mean for row in result.rows] == [40_000, 30_000, 20_000]
    first = result.rows[0]
    assert (first.low, first.high) == (31_304 - 4_562, 31_304 + 4_562)
    assert first.histogram == (0, 0, 1, 1, 1)
    assert (first.counted, first.uncounted, first.weight_120) == (3, 0, 360)
    assert first.spread == 10_000
    assert first.few


def test_the_canonical_form_of_the_small_contest_is_what_checkers_rely_on() -> None:
    """Whoever has to change these bytes changes the rule, and its version."""
    result = count([1, 2, 3], AGREED)
    assert RULE_VERSION == "fair-2"
    assert result.canonical().decode() == (
        "ideation-tally fair-2 m=20 c=30000 sigma2=17692 counted=9 uncounted=0"
        f" tie={sha256(SEED).hexdigest()}\n"
        "1 1 31304 26742 35866 40000 0 0 1 1 1 3 0 360 10000\n"
        "2 2 30000 25438 34562 30000 0 1 1 1 0 3 0 360 10000\n"
        "3 3 28695 24133 33257 20000 1 1 1 0 0 3 0 360 10000\n"
    )
    assert result.digest == sha256(result.canonical()).hexdigest()


def test_what_was_counted_by_the_rule_before_comes_to_the_same_bytes() -> None:
    """Tallies are frozen by their digest: these are the bytes that "fair-1" froze."""
    assert count([1, 2, 3], AGREED, rule="fair-1").canonical().decode() == (
        "ideation-tally fair-1 m=20 c=30000 sigma2=17692 counted=9 uncounted=0"
        f" tie={sha256(SEED).hexdigest()}\n"
        "1 1 31304 25830 36778 40000 0 0 1 1 1 3 0 360 10000\n"
        "2 2 30000 24526 35474 30000 0 1 1 1 0 3 0 360 10000\n"
        "3 3 28695 23221 34169 20000 1 1 1 0 0 3 0 360 10000\n"
    )
    with pytest.raises(ValueError, match="fair-0, which this version does not know"):
        count([1, 2, 3], AGREED, rule="fair-0")


def test_a_larger_contest_keeps_its_pinned_digest() -> None:
    """795 votes, every kind of weight among them; a second program written from the docstrings
    alone came to the same digest."""
    votes = [
        Vote(
            entry,
            voter,
            stars=1 + (noise(entry, voter) + 12 * (entry % 6) + 9 * (voter % 5)) * 5 // 352,
            cluster=b"shared" if voter % 6 == 0 else None,
            excluded=Reason.UNCONFIRMED if voter == 13 else None,
        )
        for voter in range(1, 32)
        for entry in range(1, 41)
        if (entry * 7 + voter * voter) % 32 < 6 + voter and (voter < 31 or entry < 3)
    ]
    kinds = {reason for _, reason in weights(votes)}
    assert kinds == {reason for reason in Reason if reason.counts} | {Reason.UNCONFIRMED}
    result, before = (count(list(range(1, 41)), votes, rule=rule) for rule in ("fair-2", "fair-1"))
    assert (result.m, result.c, result.counted, result.uncounted) == (14, 29_203, 772, 23)
    assert result.digest == "87dd6cbb78f206634bdc14d8d8707773b59d36917b5cef03847b6d5cb5371544"
    assert before.digest == "6342e0dc9c75fcc9a9c39ef554579185141adc59bf1f5f72fe8acc01b436eec6"


def noise(entry: int, voter: int) -> int:
    return sha256(b"%d %d" % (entry, voter)).digest()[0]


def contests(least_votes: int = 0) -> st.SearchStrategy[list[Vote]]:
    return st.lists(
        st.builds(
            Vote,
            st.integers(1, 12),
            st.integers(1, 40),
            st.integers(1, 5),
            st.sampled_from([None, None, b"a"]),
            st.sampled_from([None, None, None, Reason.UNCONFIRMED]),
        ),
        min_size=least_votes,
        max_size=150,
        unique_by=lambda vote: (vote.entry, vote.voter),
    )


@given(contests(), st.randoms())
def test_no_order_of_votes_or_entries_changes_a_bit(
    votes: list[Vote], chance: random.Random
) -> None:
    entries = list(range(1, 13))
    result = count(entries, votes)
    chance.shuffle(entries)
    shuffled = chance.sample(votes, len(votes))
    again = count(entries, shuffled)
    assert again == result
    assert again.digest == result.digest


@given(contests(1), st.data())
def test_one_altered_star_changes_the_digest(votes: list[Vote], data: st.DataObject) -> None:
    votes = [vote._replace(excluded=None) for vote in votes]
    frozen = weights(votes)
    result = tally(range(1, 13), votes, frozen, SEED)
    assert tally(range(1, 13), list(votes), list(frozen), SEED).digest == result.digest
    place = data.draw(st.integers(0, len(votes) - 1))
    stars = data.draw(st.integers(1, 5).filter(lambda stars: stars != votes[place].stars))
    votes[place] = votes[place]._replace(stars=stars)
    assert tally(range(1, 13), votes, frozen, SEED).digest != result.digest


@given(contests(), st.integers(5, 70))
def test_the_integers_follow_the_formula_in_real_numbers(votes: list[Vote], m: int) -> None:
    frozen = weights(votes)
    result = tally(range(1, 13), votes, frozen, SEED, m=m)
    expected = in_real_numbers(votes, [w.weight_120 / 120 for w in frozen], m)
    for row in result.rows:
        assert abs(row.score / 10_000 - expected[row.entry]) < 0.0005
        assert 10_000 <= row.low <= row.score <= row.high <= 50_000


def in_real_numbers(votes: list[Vote], frozen: list[float], m: int) -> dict[int, float]:
    cast = [(v.entry, v.voter, v.stars, w) for v, w in zip(votes, frozen, strict=True) if w]
    all_weight = sum(w for *_, w in cast)
    c = sum(w * x for _, _, x, w in cast) / all_weight if cast else 3.0
    lean = {u: 0.0 for _, u, _, _ in cast}

    def level(entry: int, least: float, most: float) -> float:
        mine = [(min(most, max(least, x - lean[u])), w) for e, u, x, w in cast if e == entry]
        return (m * c + sum(x * w for x, w in mine)) / (m + sum(w for _, w in mine))

    for _ in range(3):
        s = {entry: level(entry, -9, 9) for entry in range(1, 13)}
        for voter in lean:
            mine = [(x - s[e], w) for e, u, x, w in cast if u == voter]
            pull = sum(d * w for d, w in mine) / (6 + sum(w for _, w in mine))
            lean[voter] = min(1.0, max(-1.0, pull))
    return {entry: level(entry, 1, 5) for entry in range(1, 13)}


def test_an_entry_that_only_met_strict_voters_is_not_punished_for_it() -> None:
    # Entries 3 to 12 are common ground of even quality, on which ten voters prove to be strict
    # and ten generous. Only the strict met entry 1 and only the generous entry 2.
    votes = []
    for voter in range(20):
        strict = voter < 10
        votes += [Vote(entry, voter, 2 if strict else 4) for entry in range(3, 13)]
        votes.append(Vote(1, voter, 3) if strict else Vote(2, voter, 4))
    result = count(list(range(1, 13)), votes)
    rows = {row.entry: row for row in result.rows}
    assert (rows[1].raw_mean, rows[2].raw_mean) == (30_000, 40_000)
    assert rows[1].rank == 1
    assert rows[1].score > rows[2].score + 500


def test_a_leaning_moves_a_mark_by_one_star_at_most_and_never_past_the_scale() -> None:
    # Thirty spoilers give 1 to thirty designs, thirty fans 5: without a bound they would lean by
    # 1.6 stars. Then the spoilers love design 31, and the fans find 32 so-so.
    votes = [Vote(entry, u, 1 if u < 30 else 5) for u in range(60) for entry in range(1, 31)]
    votes += [Vote(31, u, 5) for u in range(30)]
    votes += [Vote(32, u, 3) for u in range(30, 60)]
    result = count(list(range(1, 33)), votes, m=5)
    rows = {row.entry: row for row in result.rows}
    assert rows[31].score == pulled(result, rows[31].weight_120, 50_000)  # 5 + 1 is still 5
    assert rows[32].score == pulled(result, rows[32].weight_120, 20_000)  # 3 - 1 is 2


def pulled(result: Result, weight: int, level: int) -> int:
    """The score of an entry whose every mark comes out at `level`."""
    prior = result.m * 120
    return (prior * result.c + weight * level) // (prior + weight)


def test_few_votes_are_drawn_to_the_mean_and_many_are_not() -> None:
    votes = [Vote(1, voter, 5) for voter in range(100)]
    votes += [Vote(2, voter, 5) for voter in range(2)]
    votes += [Vote(entry, voter, 3) for voter in range(100) for entry in (3, 4, 5)]
    rows = {row.entry: row for row in count([1, 2, 3, 4, 5], votes, m=20).rows}
    assert rows[1].raw_mean == rows[2].raw_mean == 50_000
    assert rows[1].rank == 1 and rows[1].score > rows[2].score + 5_000
    assert rows[2].few and not rows[1].few
    assert rows[2].high - rows[2].low > rows[1].high - rows[1].low


def test_without_votes_everything_stands_at_three_stars() -> None:
    result = count([5, 6, 7], [])
    assert (result.c, result.m, result.counted) == (30_000, 20, 0)
    assert {row.score for row in result.rows} == {30_000}
    assert sorted(row.rank for row in result.rows) == [1, 2, 3]
    assert {row.raw_mean for row in result.rows} == {row.spread for row in result.rows} == {None}
    assert all(row.low < row.score < row.high for row in result.rows)
    assert count([], []).rows == ()


def test_uncounted_votes_are_numbered_and_change_nothing_else() -> None:
    doubted = [Vote(3, voter, 5, excluded=Reason.QUARANTINED) for voter in range(50, 60)]
    gone = [Vote(99, 10, 5, excluded=Reason.OUT)]
    plain, result = count([1, 2, 3], AGREED), count([1, 2, 3], AGREED + doubted + gone)
    assert result.uncounted == 10
    assert [row._replace(uncounted=0) for row in result.rows] == list(plain.rows)
    assert [row.uncounted for row in result.rows] == [0, 0, 10]
    assert result.digest != plain.digest


def test_a_recount_with_frozen_weights_and_prior_needs_no_devices() -> None:
    votes = [Vote(e, u, 1 + (e * u) % 5, b"tablet") for u in range(9) for e in (1, 2, 3)]
    frozen = weights(votes)
    bare = [vote._replace(cluster=None) for vote in votes]
    result = tally([1, 2, 3], votes, frozen, SEED, m=33)
    assert result.m == 33
    assert tally([1, 2, 3], bare, frozen, SEED, m=33).digest == result.digest
    assert tally([1, 2, 3], bare, weights(bare), SEED, m=33).digest != result.digest
    assert tally([1, 2, 3], bare, frozen, SEED, m=34).digest != result.digest


def test_ninety_percent_intervals_hold_the_truth_in_simulated_contests() -> None:
    chance = random.Random(90)
    held = tried = 0
    for _ in range(4):
        truth = {entry: 1 + 4 * chance.betavariate(9, 9) for entry in range(120)}
        votes = [
            Vote(entry, voter, 1 + sum(chance.random() < (truth[entry] - 1) / 4 for _ in range(4)))
            for voter in range(120)
            for entry in chance.sample(range(120), 20)
        ]
        for row in count(list(truth), votes).rows:
            held += row.low <= truth[row.entry] * 10_000 <= row.high
            tried += 1
    assert 0.88 < held / tried < 0.92


@pytest.mark.parametrize(
    ("entries", "votes", "frozen", "message"),
    [
        ([1, 1], [], [], "twice"),
        ([1], [Vote(1, 1, 6)], [Weight(120, Reason.COUNTED)], "stars"),
        ([1], [Vote(1, 1, 0)], [Weight(0, Reason.OWN)], "stars"),
        ([1], [Vote(2, 1, 3)], [Weight(120, Reason.COUNTED)], "not ranked"),
        ([1], [Vote(1, 1, 3)], [], "zip"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    entries: list[int], votes: list[Vote], frozen: list[Weight], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        tally(entries, votes, frozen, SEED)
    with pytest.raises(ValueError, match="prior"):
        tally([1], [], [], SEED, m=0)
