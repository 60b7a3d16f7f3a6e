"""The attacks that are measured do what they say, and no more than the product lets them."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import attacks
from benchmarks.attackers import crowds, decks, plans, ranking
from benchmarks.attackers.crowds import Crowd
from benchmarks.attackers.plans import Scene
from ideation.voting import dealing
from tests.integrity.made_up import crowd

pytestmark = pytest.mark.one_engine

ENTRIES = 60
ACCOUNTS = 20


@pytest.fixture(scope="module")
def honest() -> Crowd:
    rows = crowd(11, voters=120, entries=ENTRIES)
    entry, rater, stars = (np.array(column) for column in list(zip(*rows, strict=True))[:3])
    return Crowd(entry - 1, rater - 1, stars)


@pytest.fixture
def scene(honest: Crowd) -> Scene:
    best = np.argsort(ranking.by_product(honest, ENTRIES))
    others = np.delete(best, 29)[:10]
    return Scene(honest, ENTRIES, int(best[29]), others, ACCOUNTS, 10, np.random.default_rng(1))


@pytest.mark.parametrize("attack", plans.ATTACKS, ids=lambda attack: attack.name)
def test_every_account_marks_an_entry_once_and_the_target_with_5(
    attack: plans.Attack, scene: Scene
) -> None:
    for votes in (attack.ours(scene), attack.chosen(scene)):
        entry, account, stars = votes
        assert len(np.unique(account * ENTRIES + entry)) == len(entry)
        assert set(stars[entry == scene.target].tolist()) <= {5}
        assert (account.min(), account.max()) == (0, ACCOUNTS - 1)
        assert 1 <= stars.min() <= stars.max() <= 5


def test_where_accounts_choose_all_have_their_target_and_where_they_are_dealt_few_do(
    scene: Scene,
) -> None:
    freely, _, _ = plans.thirty(scene)
    dealt, account, _ = plans.thirty_dealt(scene)
    assert (freely == scene.target).sum() == ACCOUNTS
    assert 0 < (dealt == scene.target).sum() < ACCOUNTS
    assert (np.bincount(account) == plans.ANSWERED).all()


def test_pulling_gives_1_to_the_six_best(scene: Scene) -> None:
    entry, _, stars = plans.push_and_pull(scene)
    assert (stars[np.isin(entry, scene.rivals[: plans.TOP])] == 1).all()
    entry, _, stars = plans.everything(scene)
    assert (stars[np.isin(entry, scene.rivals[: plans.TOP])] > 1).any()


def test_whoever_takes_back_is_left_with_all_but_one_and_the_target(scene: Scene) -> None:
    entry, account, stars = plans.taken_back(scene)
    assert (np.bincount(account) == ENTRIES - 1).all()
    assert (stars[entry == scene.target] == 5).sum() == ACCOUNTS


def test_a_fisher_sees_no_more_than_skips_answers_and_open_ballots(scene: Scene) -> None:
    seen = dealing.skips_allowed(plans.FISHED) + plans.FISHED + dealing.OPEN_AT_MOST
    dealt = np.tile(np.arange(ENTRIES), (2, 1))
    assert decks.met_by_fishing(dealt, seen - 1, plans.FISHED).all()
    assert not decks.met_by_fishing(dealt, seen, plans.FISHED).any()
    entry, account, _ = plans.fished(scene)
    assert np.bincount(account).max() <= plans.FISHED + 1
    assert (entry == scene.target).sum() < ACCOUNTS


def test_an_account_is_dealt_different_entries() -> None:
    rows = decks.deal(np.random.default_rng(2), ENTRIES, 30, plans.ANSWERED)
    assert all(len(set(row.tolist())) == plans.ANSWERED for row in rows)
    assert len(np.unique(rows)) == ENTRIES


def test_accounts_that_push_and_pull_gain_by_the_mean_and_nothing_here(scene: Scene) -> None:
    attacked = scene.crowd.joined(*plans.push_and_pull(scene))
    caught = ranking.in_rings(attacked, ENTRIES)
    assert caught == set(range(scene.crowd.raters, scene.crowd.raters + ACCOUNTS))
    assert ranking.by_mean(attacked, ENTRIES)[scene.target] <= 6
    assert ranking.by_product(attacked, ENTRIES)[scene.target] <= 6  # nobody set aside
    assert ranking.by_product(attacked, ENTRIES, caught)[scene.target] == 30


def test_a_file_of_ratings_becomes_figures(tmp_path: Path, honest: Crowd) -> None:
    path = tmp_path / "made-up.csv"
    rows = np.stack((honest.rater, honest.entry, honest.stars), axis=1)
    np.savetxt(path, rows, fmt="%d", delimiter=",", header="rater,entry,stars", comments="")
    read = crowds.read(path)
    assert (read.raters, read.entries, len(read.entry)) == (120, ENTRIES, len(rows))
    figures = list(attacks.measure(["--ratings", str(path), "--entries", "50", "--runs", "2"]))
    names = {figure.name for figure in figures}
    assert "made-up: ring" in names
    for attack in plans.ATTACKS:
        assert {f"5% {attack.name}: {what}" for what in ("ranks", "top6", "caught")} <= names
    again = attacks.measure(["--ratings", str(path), "--entries", "50", "--runs", "2"])
    assert [figure.line() for figure in again] == [figure.line() for figure in figures]


def test_stars_outside_one_to_five_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "tens.csv"
    path.write_text("rater,entry,stars\n1,1,9\n")
    with pytest.raises(ValueError, match="1 to 5"):
        crowds.read(path)
