"""The decision in the console: by hand, from the ranking to the announcement."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from ideation.accounts.grants import Role
from ideation.contests.models import PickRule
from ideation.core import clock
from ideation.core.db import db
from ideation.selection import queries
from ideation.selection.models import Decision, Ground
from tests import factories
from tests.factories import Browser, selection
from tests.factories.voting import tallied, votes
from tests.selection.conftest import Stage, ranked, two_places
from tests.statements import asked
from workers import selection as worker


@pytest.fixture
def stage(scene: Callable[[Callable[[], Stage]], Stage]) -> Stage:
    """Five designs for two places."""
    return scene(two_places)


def path(stage: Stage, rest: str = "") -> str:
    return f"/console/contests/{stage.contest.slug}/decision{rest}"


def chosen(stage: Stage, rank: int, place: int, **values: str) -> dict[str, str]:
    public_id = stage.design(rank).public_id
    return {
        "design": public_id,
        f"place-{public_id}": str(place),
        f"ground-{public_id}": "members" if rank <= 2 else "editors",
        f"note-{public_id}": "It stays with you.",
        **values,
    }


def test_a_manager_decides_the_whole_contest(app: Flask, stage: Stage) -> None:
    browser = Browser(app, stage.manager)
    page = browser.get(path(stage)).text
    assert "No winner is chosen yet." in page
    assert "Announce the winners" not in page
    for rank, place in ((1, 1), (4, 2)):
        assert browser.post(path(stage, "/winners"), chosen(stage, rank, place)).status_code == 303
    answer = browser.post(
        path(stage, "/reasons"),
        {"scope": "missing", "ground": "range", "note": "Two dark shirts were enough."},
    )
    assert answer.status_code == 303
    assert browser.post(path(stage, "/agreements")).status_code == 303
    page = browser.get(path(stage)).text
    assert "not by rank" in page
    assert "waits for an answer" in page
    for agreement in queries.list_agreements(stage.contest_id):
        selection.accepted(agreement)
    assert "Announce the winners" in browser.get(path(stage)).text
    assert browser.post(path(stage, "/announcement")).status_code == 303
    assert stage.contest.announced_at is not None
    page = browser.get(path(stage)).text
    assert "It is public" in page
    assert "<textarea" not in page
    assert db.session.get_one(Decision, stage.designs[2]).ground is Ground.RANGE


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(app: Flask, stage: Stage) -> None:
    browser = Browser(app, stage.manager)
    public_id = stage.design(4).public_id
    wrong = chosen(stage, 4, 1, **{f"ground-{public_id}": "members", "compare": public_id})
    answer = browser.post(path(stage, "/winners"), wrong)
    assert answer.status_code == 422
    assert "say that the editors chose it" in answer.text
    assert "It stays with you.</textarea>" in answer.text
    answer = browser.post(
        path(stage, "/reasons"),
        {"scope": "missing", "ground": "others_scored_higher", "note": "Thanks to all."},
    )
    assert answer.status_code == 422
    assert "Thanks to all." in answer.text
    assert queries.decisions_of(stage.contest_id) == {}


def test_only_the_ticked_get_the_reason(app: Flask, stage: Stage) -> None:
    browser = Browser(app, stage.manager)
    ticked = [stage.design(rank).public_id for rank in (3, 5)]
    data = {"scope": "ticked", "ground": "print", "note": "", "design": ticked}
    assert browser.post(path(stage, "/reasons"), data).status_code == 303
    assert set(queries.decisions_of(stage.contest_id)) == {stage.designs[2], stage.designs[4]}
    nothing = browser.post(path(stage, "/reasons"), {"scope": "ticked", "ground": "print"})
    assert nothing.status_code == 422


def test_up_to_four_stand_side_by_side(app: Flask, stage: Stage) -> None:
    browser = Browser(app, stage.manager)
    ids = [stage.design(rank).public_id for rank in range(1, 6)]
    page = browser.get(path(stage, "?compare=" + "&compare=".join([*ids, "nonsense"]))).text
    assert page.count('<article class="compare">') == 4


def test_a_choice_and_an_offer_can_be_taken_back(app: Flask, stage: Stage) -> None:
    browser = Browser(app, stage.manager)
    browser.post(path(stage, "/winners"), chosen(stage, 1, 1))
    browser.post(path(stage, "/agreements"))
    (agreement,) = queries.list_agreements(stage.contest_id)
    withdrawal = path(stage, f"/agreements/{agreement.public_id}/withdrawal")
    assert browser.post(withdrawal, {}).status_code == 422
    reason = {f"reason-{agreement.public_id}": "A wrong click."}
    assert browser.post(withdrawal, reason).status_code == 303
    removal = path(stage, f"/winners/{stage.design(1).public_id}/removal")
    assert browser.post(removal).status_code == 303
    assert queries.list_winners(stage.contest_id) == []


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.STEWARD, Role.FINANCE, None])
def test_nobody_else_gets_in(app: Flask, stage: Stage, role: Role | None) -> None:
    browser = Browser(app, factories.member("Other", roles=(role,) if role else ()))
    refused = 403 if role else 404
    assert browser.get(path(stage)).status_code == refused
    assert browser.post(path(stage, "/announcement")).status_code == refused


def test_a_design_or_an_agreement_of_another_contest_is_not_found(app: Flask, stage: Stage) -> None:
    agreement = selection.announced_winner()
    browser = Browser(app, stage.manager)
    foreign = agreement.submission.public_id
    data = {"design": foreign, f"place-{foreign}": "1"}
    assert browser.post(path(stage, "/winners"), data).status_code == 404
    withdrawal = path(stage, f"/agreements/{agreement.public_id}/withdrawal")
    assert browser.post(withdrawal, {}).status_code == 404


def test_before_the_close_scores_are_for_those_who_may_see_them_and_names_for_nobody(
    app: Flask,
) -> None:
    contest = factories.contest("scoring")
    design = factories.submission(contest, factories.member("Secret Name"), title="Fog over town")
    votes(factories.member("Voter"), [(design, 5)])
    url = f"/console/contests/{contest.slug}/decision"
    seen = Browser(app, selection.manager()).get(url).text
    assert "Fog over town" in seen
    assert "Not a result" in seen
    assert "Secret Name" not in seen
    unseen = Browser(app, factories.member("Op", roles=(Role.OPERATOR,))).get(url).text
    assert "Fog over town" not in unseen
    assert "Too early" in unseen


def test_where_stars_alone_decide_nothing_can_be_chosen(app: Flask) -> None:
    stage = ranked(3, winners=2, pick_rule=PickRule.VOTES)
    browser = Browser(app, stage.manager)
    page = browser.get(path(stage, f"?compare={stage.design(3).public_id}")).text
    assert "Stars alone decide" in page
    assert "Choose it" not in page
    assert browser.post(path(stage, "/winners"), chosen(stage, 3, 1)).status_code == 409


@pytest.mark.one_engine
def test_it_needs_no_more_statements_for_thirty_designs_than_for_six(app: Flask) -> None:
    counts = []
    manager = selection.manager()
    for many in (6, 30):
        contest = factories.contest("decision", winners=3)
        designs = selection.entries(contest, many)
        selection.decided(contest, designs[:3])
        browser = Browser(app, db.session.merge(manager))
        url = f"/console/contests/{contest.slug}/decision"
        browser.get(url)
        with asked() as statements:
            assert browser.get(url).status_code == 200
        counts.append(len([one for one in statements if not one.startswith(("PRAGMA", "BEGIN"))]))
    assert counts[0] == counts[1] <= 65


@pytest.mark.one_engine
def test_one_winner_that_another_count_has_otherwise_is_said_here_and_in_public(
    app: Flask,
) -> None:
    """Eight strict voters met the design that all think best, nine lenient ones the other."""
    contest = factories.contest("scoring", winners=1)
    best, lucky, *others = (factories.submission(contest) for _ in range(12))
    for voter in range(17):
        strict = voter < 8
        given = [(one, 2 if strict else 4) for one in others]
        votes(factories.member(), [*given, (best, 3) if strict else (lucky, 4)])
    tally = tallied(contest)
    assert tally.checks["raw"] == {"first": [lucky.id], "differ": 1}
    page = Browser(app, selection.manager()).get(f"/console/contests/{contest.slug}/decision").text
    assert "Another count has another winner" in page
    assert "By the plain mean of all stars, another design would have won." in page
    assert f"/console/contests/{contest.slug}/replay" in page
    public = Browser(app).get(f"/contests/{contest.slug}/results").text
    assert "The winner depends on how stars are counted." in public


def test_once_everybody_has_a_reason_only_another_one_is_offered(app: Flask, stage: Stage) -> None:
    browser = Browser(app, stage.manager)
    assert "Give this reason to the 5 designs without one" in browser.get(path(stage)).text
    selection.decided(stage.contest, [stage.design(1)])
    page = browser.get(path(stage)).text
    assert "Give this reason to" not in page
    assert "Tick above those that should have another one." in page
    form = {"scope": "ticked", "design": stage.design(3).public_id, "ground": "print"}
    answer = browser.post(path(stage, "/reasons"), form)
    assert answer.headers["Location"].endswith("/decision#ranking"), "where it stands and changes"
    assert "Until you announce, tick it to give it another." in browser.get(path(stage)).text
    db.session.expire_all()
    assert db.session.get_one(Decision, stage.designs[2]).ground is Ground.PRINT
    due = stage.contest.decision_due_at
    assert due is not None
    clock.move(due - clock.now() + timedelta(minutes=1))
    worker.release_overdue()
    assert "Give it to those ticked" not in browser.get(path(stage)).text, "every receipt is out"


def test_today_lists_decisions_that_are_due(app: Flask, stage: Stage) -> None:
    browser = Browser(app, stage.manager)
    assert path(stage) in browser.get("/console/").text
    assert path(stage) in browser.get(f"/console/contests/{stage.contest.slug}").text
    selection.announced(stage.contest, [stage.design(1)])
    assert path(stage) not in browser.get("/console/").text
