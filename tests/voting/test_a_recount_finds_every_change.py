"""``ideation results recount``: agrees with an honest database, fails loudly on any other."""

import threading

import numpy as np
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from ideation.cli.results import results
from ideation.contests.models import Contest
from ideation.core import clock, config
from ideation.core.db import db, transaction
from ideation.voting import counting, queries, scoring, tallying, weight_files
from ideation.voting import recount as recounting
from ideation.voting.columns import Ids
from ideation.voting.recount import recount
from tests import factories
from tests.factories import voting


def counted_contest() -> Contest:
    contest = factories.contest(winners=2)
    designs = [factories.submission(contest) for _ in range(4)]
    for offset in range(6):
        marks = [(design, 1 + (offset * 3 + place) % 5) for place, design in enumerate(designs)]
        voting.votes(factories.member(confirmed=offset != 5), marks)
    voter = factories.member()
    voting.votes(voter, [(designs[0], 2)])
    voting.vote(voter, designs[0], 4)
    voting.tallied(contest)
    return contest


def alter(statement: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(statement))


def test_an_honest_count_agrees(app: Flask) -> None:
    counted_contest()
    recounted = recount()
    assert (recounted.tallies, recounted.votes, recounted.mismatches) == (1, 25, ())


def test_a_vote_cast_while_it_recounts_is_no_difference(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission, voter = factories.submission(factories.contest()), factories.member()
    session = voting.session_of(voter)
    read_log = recounting._log

    def vote() -> None:
        with app.app_context():
            voting.vote(voter, submission, 5, session=session)
            db.session.remove()

    def read_log_and_let_vote(contest_id: int) -> object:
        lines = iter([*read_log(contest_id)])
        rival = threading.Thread(target=vote)
        rival.start()
        rival.join(30)
        return lines

    monkeypatch.setattr(recounting, "_log", read_log_and_let_vote)
    assert recount().mismatches == ()
    monkeypatch.undo()
    after = recount()
    assert (after.votes, after.mismatches) == (1, ()), "it was cast"


@pytest.mark.parametrize(
    ("change", "found_in"),
    [
        ("UPDATE votes SET stars = stars % 5 + 1 WHERE {first}", {0, 1}),
        ("DELETE FROM votes WHERE {first}", {0, 1}),
        ("UPDATE votes SET position = position + 1 WHERE {first}", {0}),
    ],
)
def test_one_altered_vote_is_found(app: Flask, change: str, found_in: set[int]) -> None:
    counted_contest()
    first = (
        "submission_id = (SELECT min(submission_id) FROM votes)"
        " AND member_id = (SELECT min(member_id) FROM votes)"
    )
    alter(change.format(first=first))
    assert {mismatch.tally for mismatch in recount().mismatches} == found_in


def test_a_tally_with_a_digest_of_the_first_form_agrees(app: Flask) -> None:
    contest = counted_contest()
    first = weight_files.digest_of_votes(counting.read_votes(contest.id), like="0" * 64)
    on = "" if db.engine.dialect.name == "sqlite" else " ON tallies"
    alter(f"DROP TRIGGER guard_tallies_update{on}")
    alter(f"UPDATE tallies SET votes_digest = '{first}'")
    assert recount().mismatches == ()
    alter("UPDATE votes SET stars = stars % 5 + 1")
    assert "the votes are not those it was counted from" in {
        mismatch.what for mismatch in recount().mismatches
    }


def test_a_design_that_the_contest_does_not_have_is_named(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database would let it in: a tally's rows hold opaque ids."""
    plain = counting._ranked

    def ranked(contest_id: int) -> Ids:
        found = plain(contest_id)
        return np.append(found, found.max() + 1)

    monkeypatch.setattr(counting, "_ranked", ranked)
    contest = counted_contest()
    (found,) = recount().mismatches
    strange = plain(contest.id).max() + 1
    assert (found.tally, found.what) == (1, f"design {strange} is none of this contest's")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tally_rows SET score = score + 1 WHERE rank = 1",
        "UPDATE tally_rows SET rank = 5 - rank",
        "UPDATE tallies SET prior = prior + 1",
        "UPDATE tallies SET digest = 'f' || substr(digest, 2) || 'f'",
        "UPDATE tally_rows SET odds = odds + 51 WHERE rank = 1",
        "UPDATE tally_weight_files SET body = substr(body, 1, length(body) - 1)",
        "DELETE FROM tally_weight_files",
        "UPDATE tallies SET votes_digest = 'f' || substr(votes_digest, 2) || 'f'",
    ],
)
def test_an_altered_tally_is_found_once_its_guard_is_off(app: Flask, change: str) -> None:
    counted_contest()
    verb, table = change.split()[0].lower(), change.replace("FROM ", "").split()[1]
    with pytest.raises(Exception, match="append-only"):
        alter(change)
    on = "" if db.engine.dialect.name == "sqlite" else f" ON {table}"
    alter(f"DROP TRIGGER guard_{table}_{verb}{on}")
    alter(change)
    assert {mismatch.tally for mismatch in recount().mismatches} == {1}


def test_the_command_ends_with_an_error_when_one_star_is_altered(
    app: Flask, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest = counted_contest()
    monkeypatch.setenv("IDEATION_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("IDEATION_HOME", str(settings.home))
    monkeypatch.setenv("IDEATION_REDIS_URL", settings.redis_url)
    honest = CliRunner().invoke(results, ["recount"])
    assert (honest.exit_code, "Every count agrees" in honest.output) == (0, True), honest.output
    shown = CliRunner().invoke(results, ["show", contest.slug])
    assert shown.exit_code == 0 and "tally 1" in shown.output, shown.output
    alter(
        "UPDATE votes SET stars = 6 - stars WHERE stars <> 3 AND"
        " member_id = (SELECT min(member_id) FROM votes)"
    )
    altered = CliRunner().invoke(results, ["recount", contest.slug])
    assert altered.exit_code == 1 and contest.slug in altered.output


def test_a_tally_by_the_rule_before_is_recounted_by_it_and_so_is_the_next(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(scoring, "RULE_VERSION", "fair-1")
        contest = counted_contest()
    first = queries.get_tally(contest.id, 1)
    wide = {row.submission_id: row.high - row.low for row in first.rows}
    with transaction():
        again = tallying.refreeze(contest.id, "test", at=clock.now())
    assert (first.rule_version, again.rule_version) == ("fair-1", "fair-1")
    assert {row.submission_id: row.high - row.low for row in again.rows} == wide
    assert recount().mismatches == ()
    assert counted_wide(counted_contest()) < min(wide.values()), "others are by the rule of today"
    assert recount().mismatches == ()
    monkeypatch.setattr(scoring, "REACHES", {"fair-2": 1_645})
    said = "fair-1, which this version does not know"
    assert [said in found.what for found in recount().mismatches] == [True, True]


def counted_wide(contest: Contest) -> int:
    tally = queries.get_tally(contest.id, 1)
    assert tally.rule_version == scoring.RULE_VERSION
    return max(row.high - row.low for row in tally.rows)
