"""The replay's shortcut deals, ballot for ballot, what the product's pure code deals."""

from itertools import accumulate, chain, islice
from pathlib import Path

import numpy as np
import pytest

from benchmarks import dealing as benchmark
from benchmarks.replay import contests, crowd, walks
from benchmarks.replay.box import Box
from ideation.voting import dealing, prospects, scoring, weighing

SEED = dealing.slot_seed(b"secret", 31)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A contest of ninety entries on three marks; the first are the best by far."""
    rows = ["entry,unfunny,somewhat_funny,funny"]
    rows += [f"{n},{20 + n},20,{max(2, 90 - 6 * n)}" for n in range(90)]
    path = tmp_path / "contest.csv"
    path.write_text("\n".join(rows))
    return path


@pytest.mark.one_engine
@pytest.mark.parametrize("choosing", [True, False])
def test_the_same_ballots_in_the_same_order(choosing: bool) -> None:
    dice = np.random.default_rng(5)
    entries, voters = 100, np.arange(40)
    counts = dice.integers(7, 20, entries)
    hopes = dice.integers(0, 1000, entries) if choosing else None
    plan = dealing.plan(SEED, 31, np.arange(entries), counts, hopes)
    assert bool(plan.survivors) is choosing
    seen = dice.random((40, entries)) < 0.3
    wanted, positions = dice.integers(0, 110, 40), dice.integers(0, 50, 40)
    voter, entry = walks.deal(plan, SEED, voters, wanted, positions, seen)

    listed = tuple(chain.from_iterable(plan.bands))
    ends = tuple(accumulate(map(len, plan.bands)))
    best = tuple(chain.from_iterable(plan.tiers))
    tiers = tuple(accumulate(map(len, plan.tiers)))
    for each in voters.tolist():
        others = [dealing.candidate(listed, ends, SEED, each, k) for k in range(entries)]
        running = [dealing.runner(best, tiers, SEED, each, k) for k in range(len(best))]
        streams = [[e for e in way if not seen[each, e]] for way in (running, others)]
        drawn = dealing.draw(SEED, each, int(positions[each]), (), *streams)
        assert entry[voter == each].tolist() == list(islice(drawn, int(wanted[each])))


@pytest.mark.one_engine
def test_the_box_scores_as_the_reference(file: Path) -> None:
    contest = contests.read(file)
    dice = np.random.default_rng(1)
    box = Box(contest, 30, 600, dice)
    for voter in range(30):
        box.put(np.full(20, voter), dice.permutation(contest.size)[:20])
    cast, weight = box.count()
    votes = [
        weighing.Vote(int(entry), int(voter), int(stars))
        for entry, voter, stars in zip(cast.entry, cast.voter, cast.stars, strict=True)
    ]
    result = scoring.tally(range(contest.size), votes, weighing.weights(votes), b"")
    assert {row.entry: row.score for row in result.rows} == dict(enumerate(box.score().tolist()))
    worth = prospects.of(cast, weight, result.m, result.sigma2)
    assert box.prospects().tolist() == worth.tolist()


@pytest.mark.one_engine
def test_a_file_becomes_dice_that_are_shrunk_by_its_own_prior(file: Path) -> None:
    contest, raw = contests.read(file), contests.read(file, raw=True)
    assert 5 <= contest.prior <= 70 and raw.prior == 0
    assert np.allclose(contest.chances.sum(axis=1), 1)
    assert contest.best.tolist() == raw.best.tolist() == list(range(6))
    means = contest.chances @ contests.STARS, raw.chances @ contests.STARS
    assert means[0].std() < means[1].std()
    file.write_text("entry,a,b\n0,50,50\n")
    with pytest.raises(ValueError, match="3 or 5"):
        contests.read(file)


@pytest.mark.one_engine
def test_visits_answer_exactly_what_was_asked_for() -> None:
    visits = crowd.gather(5000, np.random.default_rng(3))
    assert visits.ballots.sum() == 5000
    assert visits.ballots.min() >= 1 and visits.ballots.max() == crowd.SITTING
    assert sum(int(ballots.sum()) for _, _, ballots in visits.by_slot()) == 5000
    assert len(set(visits.voter.tolist())) == visits.voters < len(visits.voter)


@pytest.mark.one_engine
def test_every_way_is_played_and_the_same_seed_plays_it_again(file: Path) -> None:
    figures = list(benchmark.measure(["--contest", str(file), "--runs", "2", "--average", "8"]))
    again = list(benchmark.measure(["--contest", str(file), "--runs", "2", "--average", "8"]))
    assert [each.line() for each in figures] == [each.line() for each in again]
    names = {each.name.split(".")[1] for each in figures if not each.name.startswith("raw")}
    assert names == set(benchmark.WAYS)
    assert list(benchmark.measure([])) == []
