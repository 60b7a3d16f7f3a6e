"""What each signal but the ring rule takes notice of, and what it just does not."""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideation.integrity.signals import ACTS, Evidence, Finding, Rating, find_all, newcomers, pace
from tests.integrity.made_up import best, crowd, ring

pytestmark = pytest.mark.one_engine

OPENED = 1_000_000.0
HOUR = 3600


def _of(signal: str, findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.signal == signal]


def _sharing(accounts: int, entries: int, *, device: int = -1, network: int = -1) -> list[Rating]:
    return [
        Rating(entry, voter, 3 + entry % 2, device=device, network=network)
        for voter in range(1, accounts + 1)
        for entry in range(1, entries + 1)
    ]


@pytest.mark.parametrize(
    ("accounts", "entries", "is_found"), [(4, 3, True), (3, 9, False), (9, 2, False)]
)
@pytest.mark.parametrize("signal", ["device", "network"])
def test_four_accounts_with_three_entries_in_common_make_a_cluster(
    signal: str, accounts: int, entries: int, is_found: bool
) -> None:
    rows = _sharing(accounts, entries, **{signal: 7})
    found = _of(signal, find_all(Evidence.from_rows(rows)))
    assert bool(found) is is_found
    for one in found:
        assert one.members == tuple(range(1, accounts + 1))
        assert one.evidence["figures"]["entries"] == entries


def test_accounts_on_devices_of_their_own_make_none() -> None:
    assert find_all(Evidence.from_rows(_sharing(9, 9))) == []


def test_two_devices_are_two_clusters_and_bystanders_stay_out() -> None:
    rows = [row._replace(device=row.voter % 2) for row in _sharing(8, 4)]
    rows += [Rating(99, 20, 4, device=0), Rating(1, 20, 4, device=0)]
    found = _of("device", find_all(Evidence.from_rows(rows)))
    assert {one.members for one in found} == {(1, 3, 5, 7), (2, 4, 6, 8)}


def _newcomer(stars: str, registered: float) -> list[int]:
    rows = [Rating(entry, 5, int(mark)) for entry, mark in enumerate(stars)]
    late = {5: registered}
    evidence = Evidence.from_rows(rows, opened_at=OPENED, registered_at=late)
    return newcomers.extreme(evidence).tolist()


@pytest.mark.parametrize(
    ("stars", "registered", "is_extreme"),
    [
        ("515", OPENED + 1, True),
        ("515", OPENED, False),  # was here when it opened
        ("51", OPENED + 1, False),  # two votes
        ("5" * 19 + "4", OPENED + 1, False),  # 95 % is not over 95 %
        ("5" * 20 + "4", OPENED + 1, True),
        ("514", OPENED + 1, False),
    ],
)
def test_an_extreme_newcomer(stars: str, registered: float, is_extreme: bool) -> None:
    assert bool(_newcomer(stars, registered)) is is_extreme


def test_newcomers_come_together_by_what_they_lift() -> None:
    rows = ring([1, 2, 3], 10, [20, 30]) + ring([4, 5], 40, [20, 30]) + ring([6], 20, [40, 30])
    rows += [Rating(entry, 7, 1) for entry in (20, 30, 50)]
    late = {voter: OPENED + voter for voter in range(1, 8)}
    found = newcomers.find_all(Evidence.from_rows(rows, opened_at=OPENED, registered_at=late))
    assert [(one.entry, one.members) for one in found] == [
        (10, (1, 2, 3)),
        (40, (4, 5)),
        (20, (6,)),
        (None, (7,)),
    ]
    assert found[0].evidence["figures"]["first_registered"] == 1


def _at_pace(seconds: float, marks: int) -> Evidence:
    return Evidence.from_rows(
        [Rating(entry, 1, 3, OPENED + seconds * entry) for entry in range(marks)]
    )


def test_ten_marks_under_a_second_and_a_half_each_are_hurried() -> None:
    [one] = pace.find_all(_at_pace(1.49, 10))
    assert (one.signal, one.members, one.key) == ("pace", (1,), "pace:1")
    assert one.evidence["figures"]["seconds"] == pytest.approx(1.49)
    assert one.evidence["figures"]["usual"] == pytest.approx(1.49), "alone it is the usual pace"
    assert pace.find_all(_at_pace(1.5, 10)) == []
    assert pace.find_all(_at_pace(0.1, 9)) == []


def test_a_hurried_stretch_between_slow_ones_is_seen_and_two_voters_are_not_one() -> None:
    slow = [Rating(entry, 1, 3, OPENED + 60 * entry) for entry in range(20)]
    fast = [Rating(100 + entry, 1, 3, OPENED + 500 + entry) for entry in range(10)]
    shared = [Rating(entry, 2 + entry % 2, 3, OPENED + entry) for entry in range(18)]
    found = pace.find_all(Evidence.from_rows(slow + fast + shared))
    assert [one.members for one in found] == [(1,)]


def test_the_usual_pace_of_a_contest_can_be_read() -> None:
    rows = [
        Rating(entry, voter, 3, OPENED + voter * entry)
        for voter in range(1, 101)
        for entry in range(12)
    ]
    usual = pace.usual_pace(Evidence.from_rows(rows))
    assert usual["voters"] == 100
    assert usual["median"] == pytest.approx(50.5, abs=1)
    assert usual["p01"] <= usual["p05"] <= usual["median"]
    assert pace.usual_pace(Evidence.from_rows([])) == {"voters": 0}


@pytest.mark.parametrize(
    ("answered", "skips", "is_found"), [(2, 9, True), (2, 8, False), (1, 4, False), (0, 9, False)]
)
def test_who_skips_more_than_four_of_five(answered: int, skips: int, is_found: bool) -> None:
    rows = [Rating(entry, 1, 3, OPENED + 60 * entry) for entry in range(answered)]
    rows += [Rating(entry, 2, 3, OPENED + 60 * entry) for entry in range(9)]
    found = _of("skips", pace.find_all(Evidence.from_rows(rows, skips={1: skips})))
    assert bool(found) is is_found


def _week(burst: int, *, spread: float = 60.0, mark: int = 5) -> Evidence:
    usual = [Rating(1, voter, 2 + voter % 3, OPENED + 1800 * voter) for voter in range(1, 200)]
    usual += [Rating(2, voter, 3, OPENED + 900 * voter) for voter in range(1, 200)]
    sudden = [
        Rating(1, 500 + place, mark, OPENED + 90_000 + spread * place) for place in range(burst)
    ]
    return Evidence.from_rows(usual + sudden)


@pytest.mark.parametrize("mark", [1, 5])
def test_many_equal_extremes_within_the_hour_are_a_burst(mark: int) -> None:
    [one] = pace.find_all(_week(20, mark=mark))
    assert (one.signal, one.entry) == ("burst", 1)
    assert one.members == tuple(range(500, 520))
    assert one.evidence["figures"]["stars"] == mark


def test_the_same_votes_over_days_or_few_of_them_are_none() -> None:
    assert pace.find_all(_week(20, spread=20_000)) == []
    assert pace.find_all(_week(9)) == []
    assert pace.find_all(_week(20, mark=3)) == []


def test_an_entry_that_everybody_likes_has_no_burst() -> None:
    rows = [Rating(1, voter, 5, OPENED + 10 * voter) for voter in range(1, 31)]
    rows += [Rating(1, 300 + voter, 4, OPENED + 9000 * voter) for voter in range(1, 9)]
    early = [Rating(1, 900 + voter, 5, OPENED + 9000 * voter) for voter in range(1, 90)]
    assert _of("burst", pace.find_all(Evidence.from_rows(rows + early))) == []


def _everything(extra: int = 0) -> tuple[list[Rating], dict[int, float]]:
    """A contest that every signal has something to say about."""
    honest = [
        row._replace(cast_at=OPENED + 500 * row.voter + 40 * place)
        for place, row in enumerate(crowd(1, each=12))
    ]
    top = best(honest, 12)
    accounts = range(901, 907 + extra)
    rows = honest + [
        row._replace(device=3, network=4, cast_at=OPENED + 7 * place)
        for place, row in enumerate(ring(accounts, top[10], top[:5]))
    ]
    return rows, dict.fromkeys(accounts, OPENED + 5)


def _found(extra: int = 0) -> list[Finding]:
    rows, late = _everything(extra)
    return find_all(Evidence.from_rows(rows, opened_at=OPENED, registered_at=late))


def test_what_acts_comes_first_and_a_groups_key_stays_while_it_grows() -> None:
    small, large = _found(), _found(extra=3)
    assert {"ring", "device", "network", "newcomers"} <= {one.signal for one in small}
    assert small[0].signal in ACTS
    assert all(one.signal not in ACTS for one in small[1:])
    keys = {one.signal: one.key for one in small if one.signal != "pace"}
    for one in large:
        if one.signal in keys and one.signal != "pace":
            assert one.key == keys[one.signal]
            assert len(one.members) == 9
    assert len({one.key for one in large}) == len(large)


def test_the_evidence_is_plain_json_and_names_the_shared_marks() -> None:
    first = _found()[0]
    assert json.loads(json.dumps(first.evidence)) == first.evidence
    assert first.evidence["figures"]["members"] == 6
    assert len(first.evidence["links"]) == 15
    _, stars, who = first.evidence["shared"][0]
    assert sum(stars) == len(who) == 6
    assert sum(first.evidence["timing"]["parts"]) == first.evidence["figures"]["votes"] == 36
    assert first.entry in [entry for entry, *_ in first.evidence["shared"]]


def test_accounts_that_mark_alike_move_up_the_list() -> None:
    alike, unlike = [_of("device", find_all(each))[0] for each in (_cluster(0), _cluster(1))]
    assert alike.evidence["figures"]["overlap"] > 0.9
    assert unlike.evidence["figures"]["overlap"] < 0.4
    assert alike.severity > unlike.severity
    assert alike.members == unlike.members


def _cluster(differ: int) -> Evidence:
    honest = crowd(7)
    shared = [
        Rating(entry, voter, 1 + (entry * 7 + differ * voter * entry) % 5, device=1)
        for voter in range(901, 907)
        for entry in range(1, 21)
    ]
    return Evidence.from_rows(honest + shared)


@settings(max_examples=5)
@given(st.integers(0, 10**6))
def test_no_finding_depends_on_the_order_of_the_votes(seed: int) -> None:
    rows, late = _everything()
    shuffled = Random(seed).sample(rows, len(rows))
    one, other = (
        find_all(Evidence.from_rows(each, opened_at=OPENED, registered_at=late))
        for each in (rows, shuffled)
    )
    assert one == other


@settings(max_examples=60)
@given(
    st.lists(
        st.builds(
            Rating,
            st.integers(1, 12),
            st.integers(1, 25),
            st.integers(1, 5),
            st.floats(0, 1e6),
            st.integers(-1, 2),
            st.integers(-1, 2),
        ),
        max_size=120,
        unique_by=lambda row: (row.entry, row.voter),
    )
)
def test_whatever_the_votes_every_finding_is_whole(rows: list[Rating]) -> None:
    voters, entries = {row.voter for row in rows}, {row.entry for row in rows}
    found = find_all(Evidence.from_rows(rows, registered_at=dict.fromkeys(voters, 1)))
    assert len({one.key for one in found}) == len(found)
    for one in found:
        assert set(one.members) <= voters and one.members == tuple(sorted(set(one.members)))
        assert one.entry is None or one.entry in entries
        assert 0 <= one.severity <= 100
        json.dumps(one.evidence)


def test_columns_of_unequal_length_are_refused() -> None:
    good = Evidence.from_rows([Rating(1, 1, 5), Rating(2, 1, 4)])
    with pytest.raises(ValueError, match="every column"):
        Evidence.of(good.entry, good.voter[:1], good.stars)
