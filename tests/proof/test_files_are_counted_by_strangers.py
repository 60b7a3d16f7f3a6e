"""From votes through the worker to the files, and through the checker to the same result."""

import gzip
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts import erasure
from ideation.accounts.models import Member
from ideation.contests import lifecycle
from ideation.contests.models import Contest
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.core.storage import in_force
from ideation.proof import batching, checking, files, writing
from ideation.proof.models import ResultFile
from ideation.submissions.models import Designer, State, Submission
from ideation.voting import ballots, tallying
from ideation.voting.models import Tally, Vote
from ideation.voting.recount import recount
from tests import factories
from tests.factories import checker, voting


def scored() -> tuple[Contest, list[Member]]:
    """Some forty ballots: changed, taken back, a designer's own, for a design that is withdrawn."""
    contest = factories.contest()
    designs = [factories.submission(contest, with_artwork=False) for _ in range(5)]
    voters = [factories.member(confirmed=number != 3) for number in range(9)]
    for number, voter in enumerate(voters):
        marks = [(each, 1 + (number * 3 + at) % 5) for at, each in enumerate(designs)]
        voting.votes(voter, marks[: 2 if number == 4 else 5])
        if number % 3 == 0:
            voting.votes(voter, [(designs[0], 5)])
    with transaction():
        voter = db.session.get_one(Member, voters[1].id)
        ballots.retract(voter, voting.ballot(voter, designs[4], position=4), at=clock.now())
        own = Designer(submission_id=designs[2].id, member_id=voters[2].id, position=1, share_bp=1)
        db.session.add(own)
        db.session.get_one(Submission, designs[3].id).state = State.WITHDRAWN
    return contest, voters


def close(contest: Contest) -> None:
    """As workers do: close, seal, count, freeze, write the files."""
    with transaction():
        db.session.get_one(Contest, contest.id).scoring_closes_at = clock.now()
    with transaction():
        assert lifecycle.close(contest.id, clock.now())
    jobs.run_due()
    db.session.rollback()


def saved(contest: Contest, kind: str, folder: Path, number: int = 1) -> Path:
    path = folder / files.name_of(contest.slug, number, kind)
    return files.copy(files.of_tallies(contest.id)[(number, kind)].storage_key, path)


def lines_of(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode("ascii").splitlines()


def test_the_checker_comes_to_the_frozen_result_from_either_file(
    app: Flask, tmp_path: Path
) -> None:
    contest, _ = scored()
    batching.seal(contest.id, at=clock.now())
    close(contest)
    tally = db.session.scalars(select(Tally)).one()
    assert tally.log_head == batching.head(contest.id) != ""
    names = {each.id: each.public_id for each in db.session.scalars(select(Submission))}
    for kind in files.KINDS:
        ran = checker.run(saved(contest, kind, tmp_path))
        assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
        digest = files.of_tallies(contest.id)[(1, kind)].digest
        for line in (
            f"digest       {tally.digest}",
            f"log head     {tally.log_head}",
            f"file         {digest}",
            f"tie seed     sealed before opening as {contest.tie_seed_hash}",
        ):
            assert line in ran.stdout
        assert [line.split()[0] for line in ran.stdout.splitlines()[-4:]] == [
            "tie",
            "log",
            "digest",
            "file",
        ]
        for row in tally.rows:
            listed = rf"{row.rank}\.  .*  /designs/{names[row.submission_id]}\n"
            assert re.search(listed, ran.stdout)
        assert ("against the console" in ran.stdout) is (kind == files.AUDITORS)
    assert checking.verify(contest).differences == () and recount().mismatches == ()


def test_everybodys_file_names_nobody(app: Flask, tmp_path: Path) -> None:
    contest, voters = scored()
    close(contest)
    lines = lines_of(saved(contest, files.PUBLIC, tmp_path))
    text = "\n".join(lines)
    for _, line in batching.lines(contest.id, 0):
        assert line.pseudonym.hex() not in text and line.leaf.hex() not in text
    given = [line.split()[1:] for line in lines if line.startswith("ballot ")]
    assert given == sorted(given, key=lambda one: (int(one[0]), int(one[1].replace("-", "0"))))
    counted = {voter for _, voter, _, weight in given if weight != "0"}
    assert len(counted) == 8, "all but the one who never confirmed"
    assert {voter for _, voter, _, weight in given if weight == "0"} == {"-"}
    own = db.session.scalars(select(Designer.submission_id).where(Designer.position == 1)).one()
    assert sum(entry == str(own) and voter == "-" for entry, voter, *_ in given) == 2
    assert not any(word in text for word in (":", "slot", "position", "own", "unconfirmed"))
    withdrawn = db.session.scalars(select(Submission.id).where(Submission.state == "withdrawn"))
    assert str(withdrawn.one()) not in {entry for entry, *_ in given}
    numbers = writing._Numbers(contest.id, writing._key(contest.id))
    drawn = [numbers(voter.id) for voter in voters]
    assert sorted(drawn) == list(range(1, 10)) and drawn != sorted(drawn)


def test_a_second_contest_draws_other_numbers(app: Flask) -> None:
    first, voters = scored()
    second = factories.contest()
    design = factories.submission(second, with_artwork=False)
    for voter in voters:
        voting.votes(voter, [(design, 4)])
    drawn = [
        [writing._Numbers(one.id, writing._key(one.id))(voter.id) for voter in voters]
        for one in (first, second)
    ]
    assert drawn[0] != drawn[1]


def test_the_worker_makes_each_file_once_and_again_byte_for_byte(app: Flask) -> None:
    contest, _ = scored()
    close(contest)
    made = files.of_tallies(contest.id)
    assert set(made) == {(1, files.PUBLIC), (1, files.AUDITORS)}
    store = in_force.store()
    kept = {kind: store.open(file.storage_key).read() for (_, kind), file in made.items()}
    for (_, kind), file in made.items():
        text = gzip.decompress(kept[kind])
        body, _, last = text.rstrip(b"\n").rpartition(b"\n")
        assert last.decode() == f"end {file.digest}"
        assert sha256(body + b"\n").hexdigest() == file.digest
        assert file.size == len(kept[kind])
        store.delete(file.storage_key)
        assert writing.rebuild(contest.id, 1, kind)
        assert store.open(file.storage_key).read() == kept[kind]
    writing.make(contest.id, 1, at=clock.now())
    assert len(db.session.scalars(select(ResultFile)).all()) == 2


def test_erasing_a_member_leaves_tally_log_and_files_valid(app: Flask, tmp_path: Path) -> None:
    contest, voters = scored()
    close(contest)
    before = {kind: saved(contest, kind, tmp_path).read_bytes() for kind in files.KINDS}
    for voter in (voters[0], voters[2], voters[4]):
        with transaction():
            erasure.erase(voter.id, at=clock.now())
    assert recount().mismatches == () and checking.verify(contest).differences == ()
    for kind in files.KINDS:
        assert writing.rebuild(contest.id, 1, kind)
        assert saved(contest, kind, tmp_path).read_bytes() == before[kind]
    with transaction():
        tallying.refreeze(contest.id, "check:2", at=clock.now())
    jobs.run_due()
    db.session.rollback()
    for kind in files.KINDS:
        ran = checker.run(saved(contest, kind, tmp_path, 2))
        assert ran.returncode == 0, ran.stdout
    one, two = db.session.scalars(select(Tally).order_by(Tally.number))
    assert (one.digest, one.log_head) == (two.digest, two.log_head)


def test_control_without_matching_erased_members_their_ballots_have_no_weight(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest, voters = scored()
    with transaction():
        erasure.erase(voters[0].id, at=clock.now())
    monkeypatch.setattr(writing.erased, "pseudonyms", lambda _contest_id: {})
    close(contest)
    ran = checker.run(saved(contest, files.AUDITORS, tmp_path))
    assert ran.returncode == 1 and "has no weight" in ran.stdout


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("start", "old", "new", "said"),
    [
        ("ballot ", "stars=1", "stars=2", "batch 1: its lines do not have its root"),
        ("ballot ", "voter=", "", "this line means nothing"),
        ("batch 1 ", "batch 1", "batch 2", "batch 1 of the ballot log is missing"),
        ("weight ", " 120 counted", " 119 counted", "the ballots give"),
        ("weight ", " 120 counted", " 120 own", "own weighs 120"),
        ("log-head ", "log-head ", "log-head 00", "not the one it was counted under"),
    ],
)
def test_an_auditors_file_that_was_tampered_with_says_where(
    app: Flask, tmp_path: Path, start: str, old: str, new: str, said: str
) -> None:
    contest, _ = scored()
    close(contest)
    lines = lines_of(saved(contest, files.AUDITORS, tmp_path))[:-1]
    at = next(n for n, line in enumerate(lines) if line.startswith(start) and old in line)
    lines[at] = lines[at].replace(old, new, 1)
    ran = checker.run(checker.write(tmp_path / "forged.txt.gz", lines))
    assert ran.returncode != 0 and said in ran.stdout + ran.stderr, ran.stdout + ran.stderr


@pytest.mark.one_engine
def test_a_tally_from_before_its_log_was_sealed_agrees_and_says_so(
    app: Flask, tmp_path: Path
) -> None:
    contest, _ = scored()
    close(contest)
    lines = lines_of(saved(contest, files.AUDITORS, tmp_path))[:-1]
    at = next(n for n, line in enumerate(lines) if line.startswith("log-head "))
    lines[at] = "log-head -"
    ran = checker.run(checker.write(tmp_path / "early.txt.gz", lines))
    assert ran.returncode == 0 and "log head     - (none yet" in ran.stdout, ran.stdout


@pytest.mark.one_engine
@pytest.mark.parametrize("at", ["before the first batch", "after the last"])
def test_a_line_that_no_batch_seals_is_said(app: Flask, tmp_path: Path, at: str) -> None:
    """A ballot of somebody who never was, with a weight of its own."""
    contest, _ = scored()
    close(contest)
    lines = lines_of(saved(contest, files.AUDITORS, tmp_path))[:-1]
    first = next(n for n, line in enumerate(lines) if line.startswith("ballot "))
    made_up = re.sub("voter=[0-9a-f]{64}", f"voter={'ab' * 32}", lines[first])
    last = max(n for n, line in enumerate(lines) if line.startswith("ballot "))
    lines.insert(first - 1 if at.startswith("before") else last + 1, made_up)
    lines.append(f"weight {sha256(made_up.encode()).hexdigest()} 40 light")
    ran = checker.run(checker.write(tmp_path / "forged.txt.gz", lines))
    assert ran.returncode == 1 and f"no batch seals this line: {made_up}" in ran.stdout


@pytest.mark.one_engine
def test_a_ballot_that_is_weighed_twice_is_said(app: Flask, tmp_path: Path) -> None:
    contest, _ = scored()
    close(contest)
    lines = lines_of(saved(contest, files.AUDITORS, tmp_path))[:-1]
    ran = checker.run(checker.write(tmp_path / "forged.txt.gz", [*lines, lines[-1]]))
    assert ran.returncode == 1 and "is there twice" in ran.stdout


@pytest.mark.one_engine
def test_a_weight_taken_out_or_put_in_is_said(app: Flask, tmp_path: Path) -> None:
    contest, _ = scored()
    close(contest)
    lines = lines_of(saved(contest, files.AUDITORS, tmp_path))[:-1]
    less = checker.run(checker.write(tmp_path / "less.txt.gz", lines[:-1]))
    assert less.returncode == 1 and "has no weight" in less.stdout
    lines.append(f"weight {'ab' * 32} 120 counted")
    more = checker.run(checker.write(tmp_path / "more.txt.gz", lines))
    assert more.returncode == 1 and "belongs to no ballot" in more.stdout


def test_each_vote_has_one_leaf_in_the_auditors_file(app: Flask, tmp_path: Path) -> None:
    contest, _ = scored()
    close(contest)
    lines = lines_of(saved(contest, files.AUDITORS, tmp_path))
    weighed = Counter(line.split()[1] for line in lines if line.startswith("weight "))
    leaves = {sha256(line.encode()).hexdigest() for line in lines if line.startswith("ballot ")}
    assert set(weighed.values()) == {1} and set(weighed) <= leaves
    assert len(weighed) == len(db.session.scalars(select(Vote.stars)).all())
