"""The stand-alone checker against the rule's reference, on contests of all shapes."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ideation.voting import scoring, weighing
from ideation.voting.scoring import Result
from ideation.voting.weighing import Reason, Vote, Weight
from tests.factories.checker import load, run, write

SEED = bytes(range(32))


@st.composite
def contests(draw: st.DrawFn) -> tuple[list[int], list[Vote]]:
    entries = sorted(draw(st.sets(st.integers(1, 10**6), min_size=1, max_size=12)))
    pairs = draw(st.sets(st.tuples(st.sampled_from(entries), st.integers(1, 40)), max_size=120))
    grounds = st.sampled_from([None, None, None, None, Reason.SUSPENDED, Reason.OWN])
    clusters = st.sampled_from([None, None, b"one", b"two"])
    votes = [
        Vote(entry, voter, draw(st.integers(1, 5)), draw(clusters), draw(grounds))
        for entry, voter in sorted(pairs)
    ]
    return entries, votes


def file_of(
    entries: Sequence[int], votes: Sequence[Vote], weights: Sequence[Weight], result: Result
) -> list[str]:
    """Everybody's file, as the format says; written apart from the code that writes ours."""
    counting = {vote.voter for vote, weight in zip(votes, weights, strict=True) if weight[0]}
    head = {
        "contest": "small-cities",
        "contest-id": 12,
        "format": "dealt",
        "tally": 1,
        "cause": "close",
        "rule": result.rule_version,
        "mean": result.c,
        "prior": result.m,
        "sigma2": result.sigma2,
        "voters": len(counting),
        "counted": result.counted,
        "uncounted": result.uncounted,
        "entries": len(entries),
        "tie-seed": SEED.hex(),
        "tie-commitment": sha256(SEED).hexdigest(),
        "log-head": "-",
        "digest": result.digest,
    }
    cells = sorted(
        (vote.entry, vote.voter if weight[0] else 0, vote.stars, weight[0])
        for vote, weight in zip(votes, weights, strict=True)
    )
    by_id = sorted(result.rows, key=lambda row: row.entry)
    return [
        "ideation-results 1",
        *(f"{name} {value}" for name, value in head.items()),
        "",
        *(f"entry {r.entry} abc {r.rank} {r.score} {r.low} {r.high}" for r in by_id),
        *(f"ballot {entry} {voter or '-'} {stars} {w}" for entry, voter, stars, w in cells),
    ]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contests(), st.sampled_from(sorted(scoring.REACHES)))
def test_it_comes_to_the_same_numbers_and_digest(
    tmp_path: Path, contest: tuple[list[int], list[Vote]], rule: str
) -> None:
    entries, votes = contest
    weights = weighing.weights(votes)
    result = scoring.tally(entries, votes, weights, SEED, rule=rule)
    path = write(tmp_path / "file.txt.gz", file_of(entries, votes, weights, result))
    page = load()
    file = page.read(str(path))
    again = page.Result(file)
    assert (again.mean, again.prior, again.sigma2) == (result.c, result.m, result.sigma2)
    assert again.digest(result.rule_version) == result.digest
    assert file.problems + page.wrong_ballots(file) + page.differences(file, again) == []


def crowded() -> tuple[list[int], list[Vote]]:
    """Enough votes for a prior of the contest's own, and voters with more than thirty."""
    entries = list(range(1, 61))
    votes = [
        Vote(entry, voter, 1 + (entry * 7 + voter * (1 + entry % 3)) % 5)
        for voter in range(1, 26)
        for entry in entries
        if voter % 3 or entry <= 20
    ]
    return entries, votes


def test_a_contest_with_a_prior_of_its_own_agrees_as_well(tmp_path: Path) -> None:
    entries, votes = crowded()
    weights = weighing.weights(votes)
    result = scoring.tally(entries, votes, weights, SEED)
    assert result.m != scoring.DEFAULT_PRIOR and {weight[0] for weight in weights} > {60}
    ran = run(write(tmp_path / "file.txt.gz", file_of(entries, votes, weights, result)))
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert f"digest       {result.digest}" in ran.stdout and "The count agrees" in ran.stdout


def swap(lines: list[str], start: str, change: str) -> list[str]:
    at = next(number for number, line in enumerate(lines) if line.startswith(start))
    return [*lines[:at], change, *lines[at + 1 :]]


@pytest.mark.parametrize(
    ("start", "change", "said"),
    [
        ("ballot 1 1 ", "ballot 1 1 5 60", "the ballots give rank"),
        ("ballot 1 2 ", "ballot 1 99 4 60", "voter 99, 1 ballots, weighs 60"),
        ("ballot 1 2 ", "ballot 1 1 4 60", "a second ballot of a voter"),
        ("ballot 1 4 ", "ballot 1 4 2 120", "weighs 120 on design 1: 60 at most"),
        ("ballot 1 3 ", "ballot 1 - 2 60", "counts and names no voter"),
        ("ballot 1 3 ", "ballot 1 - 2 0", "out of order, or a second ballot of a voter"),
        ("entry 1 ", "entry 1 abc 9 1 1 1\nentry 1 abc 9 1 1 1", "design 1 is ranked twice"),
        ("prior ", "mean 30000", "its head says mean twice"),
        ("format ", "format jury", "weighs 60 on design 1: jurors weigh 120"),
        (
            "entry 1 ",
            "entry 1 abc 1 50000 49000 50000",
            "the file says rank 1 and 5.0000",
        ),
        ("mean ", "mean 30000", "mean: the file says 30000"),
        ("prior ", "prior 6", "prior: the file says 6"),
        ("counted ", "counted 1", "counted: the file says 1"),
        ("voters ", "voters 3", "voters: the file says 3"),
        ("tie-seed ", "tie-seed " + "00" * 32, "tie-commitment: the file says"),
        ("digest ", "digest " + "00" * 32, "digest: the file says 0000"),
    ],
)
def test_what_was_tampered_with_is_said(tmp_path: Path, start: str, change: str, said: str) -> None:
    entries, votes = crowded()
    votes = [
        vote._replace(stars=3) if (vote.entry, vote.voter) == (1, 1) else vote for vote in votes
    ]
    weights = weighing.weights(votes)
    result = scoring.tally(entries, votes, weights, SEED)
    lines = swap(file_of(entries, votes, weights, result), start, change)
    ran = run(write(tmp_path / "file.txt.gz", lines))
    assert ran.returncode == 1 and said in ran.stdout, ran.stdout


def test_a_second_ballot_hides_behind_no_uncounted_one(tmp_path: Path) -> None:
    entries, votes = crowded()
    weights = weighing.weights(votes)
    lines = file_of(entries, votes, weights, scoring.tally(entries, votes, weights, SEED))
    first = next(number for number, line in enumerate(lines) if line.startswith("ballot 1 1 "))
    lines[first + 1 : first + 1] = ["ballot 1 - 3 0", lines[first]]
    ran = run(write(tmp_path / "file.txt.gz", lines))
    assert ran.returncode == 1 and "a second ballot of a voter: ballot 1 - 3 0" in ran.stdout


def test_several_ballots_that_do_not_count_name_nobody_and_are_no_second_ones(
    tmp_path: Path,
) -> None:
    entries, votes = crowded()
    votes = [
        vote._replace(excluded=Reason.SUSPENDED) if vote.voter in (1, 2, 4) else vote
        for vote in votes
    ]
    weights = weighing.weights(votes)
    lines = file_of(entries, votes, weights, scoring.tally(entries, votes, weights, SEED))
    assert sum(line.startswith("ballot 1 - ") for line in lines) == 3
    assert run(write(tmp_path / "file.txt.gz", lines)).returncode == 0


def test_jurors_weigh_one_each_and_the_format_is_said(tmp_path: Path) -> None:
    entries, votes = crowded()
    weights = [Weight(weighing.VOTE, Reason.COUNTED) for _ in votes]
    lines = file_of(entries, votes, weights, scoring.tally(entries, votes, weights, SEED))
    open_to_all = run(write(tmp_path / "dealt.txt.gz", lines))
    assert (
        open_to_all.returncode == 1 and "weighs 120 on design 1: 60 at most" in open_to_all.stdout
    )
    jury = run(write(tmp_path / "jury.txt.gz", swap(lines, "format ", "format jury")))
    assert (jury.returncode, "format       jury" in jury.stdout) == (0, True), jury.stdout


def test_text_after_the_end_is_said(tmp_path: Path) -> None:
    entries, votes = crowded()
    weights = weighing.weights(votes)
    lines = file_of(entries, votes, weights, scoring.tally(entries, votes, weights, SEED))
    whole = sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    ran = run(write(tmp_path / "f.txt.gz", [*lines, f"end {whole}", "more"], sealed=False))
    assert ran.returncode == 1 and "there is text after the last line" in ran.stdout


def test_a_ballot_taken_out_is_said(tmp_path: Path) -> None:
    entries, votes = crowded()
    weights = weighing.weights(votes)
    lines = file_of(entries, votes, weights, scoring.tally(entries, votes, weights, SEED))
    ran = run(write(tmp_path / "file.txt.gz", lines[:-1]))
    assert ran.returncode == 1 and "counted: the file says" in ran.stdout


def test_a_changed_byte_is_said_even_where_the_result_is_the_same(tmp_path: Path) -> None:
    entries, votes = crowded()
    weights = weighing.weights(votes)
    lines = file_of(entries, votes, weights, scoring.tally(entries, votes, weights, SEED))
    whole = sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    lines = [*swap(lines, "contest small", "contest large-cities"), f"end {whole}"]
    ran = run(write(tmp_path / "file.txt.gz", lines, sealed=False))
    assert ran.returncode == 1 and "the text is not the one" in ran.stdout


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["hello"], "its first line is neither"),
        (["ideation-results 1", "contest a"], "cut off within its head"),
        (["ideation-results 1", "rule fair-2", ""], "cut off: the last line is missing"),
        (
            ["ideation-results 1", "rule fair-9", "", "end 00"],
            "by rule fair-9: this page counts by fair-1 or fair-2",
        ),
        (["ideation-results 1", "rule fair-2", "tie-seed x", "", "end 0"], "cannot be counted"),
        (["ideation-results 1", "rule fair-2", "", "ballot 1 x 5 120", "end 0"], "means nothing"),
        (
            ["ideation-results 1", "rule fair-2", "", "ballot 1 1 9 120", "end 0"],
            "cannot be a ball",
        ),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(
    tmp_path: Path, lines: list[str], said: str
) -> None:
    ran = run(write(tmp_path / "file.txt.gz", lines, sealed=False))
    assert (ran.returncode, said in ran.stderr) == (2, True), ran.stderr


def test_a_file_cut_off_in_the_middle_is_no_file(tmp_path: Path) -> None:
    entries, votes = crowded()
    weights = weighing.weights(votes)
    lines = file_of(entries, votes, weights, scoring.tally(entries, votes, weights, SEED))
    path = write(tmp_path / "file.txt.gz", lines)
    path.write_bytes(path.read_bytes()[:2000])
    assert run(path).returncode == 2
    missing = run(tmp_path / "nothing.txt.gz")
    assert missing.returncode == 2 and "cannot be counted" in missing.stderr
