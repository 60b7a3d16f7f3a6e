"""Prospects: how far each entry lies above or below where the sixth best is likely to lie."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from ideation.voting import dealing, fast_weighing, prospects
from ideation.voting.weighing import VOTE, Reason, Vote
from tests.voting.columns import cast_of

ENTRIES = range(100, 200)
#: A prior of sixty votes, and marks that lie one star apart.
M, SIGMA2 = 60, 10_000


def of(votes: list[Vote], entries: range = ENTRIES) -> dict[int, int]:
    cast = cast_of(entries, votes)
    weight = fast_weighing.weigh(cast).weight
    return dict(zip(entries, prospects.of(cast, weight, M, SIGMA2).tolist(), strict=True))


def crowd(stars_of: dict[int, int], voters: int, first: int = 1) -> list[Vote]:
    """So many voters who each give these entries these stars."""
    return [
        Vote(entry, voter, stars)
        for voter in range(first, first + voters)
        for entry, stars in stars_of.items()
    ]


def everybody(stars: int = 3, voters: int = 5) -> list[Vote]:
    """A few marks for each entry, ten entries a voter."""
    return [
        Vote(entry, 10 * turn + entry % 10 + 1, stars)
        for turn in range(voters)
        for entry in ENTRIES
    ]


@pytest.mark.parametrize("marked", [0, 3, 60])
def test_the_chances_to_be_above_the_bar_add_up_to_six(marked: int) -> None:
    votes = everybody() + crowd(dict.fromkeys(range(100, 100 + marked), 5), 20, first=1000)
    chances = [NormalDist().cdf(each / prospects.PARTS) for each in of(votes).values()]
    assert sum(chances) == pytest.approx(6, abs=0.01)


def test_good_marks_help_bad_ones_hurt_and_more_of_them_more() -> None:
    votes = everybody() + crowd({100: 5, 110: 1}, 6, first=1000)
    votes += crowd({101: 5, 111: 1}, 30, first=2000)
    worth = of(votes)
    assert worth[101] > worth[100] > worth[120] > worth[110] > worth[111]


def test_what_few_have_marked_is_not_given_up_for_what_many_found_average() -> None:
    votes = everybody() + crowd(dict.fromkeys(range(100, 106), 4), 30, first=1000)
    votes += crowd({150: 3}, 200, first=2000)
    worth = of(votes)
    assert worth[151] > worth[150]
    assert worth[100] > worth[151]


def test_nobodys_ballots_weigh_more_than_forty() -> None:
    rivals = [100, 101]
    marks = {entry: 1 if entry in rivals else 3 for entry in ENTRIES}
    whole_deck = of(everybody() + crowd(marks, 10, first=1000))
    few = {entry: marks[entry] for entry in range(100, 130)}
    short = of(everybody() + crowd(few, 10, first=1000))
    assert short[100] < whole_deck[100] < whole_deck[150]


@pytest.mark.parametrize("bounded", [True, False])
def test_a_few_accounts_that_answer_everything_push_no_rival_out_of_the_running(
    monkeypatch: pytest.MonkeyPatch, bounded: bool
) -> None:
    rivals, behind = range(100, 106), range(110, 122)
    votes = everybody(voters=10) + crowd(dict.fromkeys(rivals, 4), 10, first=1000)
    votes += crowd(dict.fromkeys(behind, 4), 5, first=2000)
    votes += crowd(dict.fromkeys(behind, 3), 5, first=3000)
    pulling = {entry: 1 if entry in rivals else 3 for entry in ENTRIES}
    votes += crowd(pulling, 4, first=4000)
    if not bounded:
        monkeypatch.setattr(prospects, "_WORTH", np.full(VOTE + 1, VOTE, dtype=np.uint8))
    worth = of(votes)
    running = sorted(worth, key=worth.__getitem__, reverse=True)[: dealing.LAST_SURVIVORS]
    assert set(rivals) <= set(running) if bounded else set(running) == set(behind)


def test_what_does_not_count_does_not_choose() -> None:
    votes = everybody()
    ring = [Vote(100, voter, 5, excluded=Reason.QUARANTINED) for voter in range(900, 990)]
    assert of(votes + ring) == of(votes)


def test_what_left_the_contest_takes_nobodys_place() -> None:
    votes = everybody()
    gone = crowd(dict.fromkeys(range(200, 210), 5), 30, first=1000)
    out = [Vote(v.entry, v.voter, v.stars, excluded=Reason.OUT) for v in gone]
    assert of(votes + out) == of(votes)


def test_without_a_vote_all_are_alike_and_without_an_entry_there_is_nothing() -> None:
    assert len(set(of([]).values())) == 1
    assert of([], range(0)) == {}
