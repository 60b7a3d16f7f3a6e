"""Disqualifying by hand: the console's two steps, the public result, the receipt and its appeal."""

from collections.abc import Callable

import pytest
from flask import Flask

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.core.db import db
from ideation.submissions.models import State
from tests import factories
from tests.factories import Browser, selection
from tests.selection.conftest import Stage, two_places

WHY = "The moth is a print of 2019."


@pytest.fixture
def stage(scene: Callable[[Callable[[], Stage]], Stage]) -> Stage:
    """Five designs for two places."""
    return scene(two_places)


def test_from_the_ranking_to_an_upheld_appeal(app: Flask, stage: Stage) -> None:
    design = stage.design(2)
    public_id, title = design.public_id, design.title
    designer = Browser(app, db.session.get_one(Member, design.member_id))
    manager, visitor = Browser(app, stage.manager), Browser(app)
    base = f"/console/contests/{stage.contest.slug}"
    path, out = f"{base}/designs/{public_id}/disqualification", f"{base}/disqualifications"
    results, receipt = f"/contests/{stage.contest.slug}/results", f"/designs/{public_id}/receipt"

    assert path in manager.get(f"{base}/decision?compare={public_id}").text
    assert "Nothing was disqualified" in manager.get(out).text
    asked = manager.get(path).text
    assert "tally no. 2 is frozen without it" in asked
    wrong = manager.post(path, {"fault": "", "note": WHY})
    assert wrong.status_code == 422 and f"{WHY}</textarea>" in wrong.text
    assert visitor.get(f"/designs/{public_id}").status_code == 200
    assert manager.post(path, {"fault": "copied", "note": WHY}).status_code == 303
    assert manager.post(path, {"fault": "copied", "note": WHY}).status_code == 404
    assert "Disqualified" in manager.get(f"{base}/decision").text

    public = visitor.get(results).text
    assert "1 design is out of this result." in public and title not in public
    assert "Disqualified since" in visitor.get(f"{results}?tally=1").text
    assert visitor.get(f"/designs/{public_id}").status_code == 404
    assert visitor.get(receipt).status_code in {302, 303}
    assert Browser(app, factories.member("Other")).get(receipt).status_code == 404

    assert "Disqualified" in designer.get("/my/designs").text
    slip = designer.get(receipt).text
    assert WHY in slip and f'action="/designs/{public_id}/appeal"' in slip
    assert 'name="appeal"' not in manager.get(receipt).text, "only its designers appeal"
    assert designer.post(f"/designs/{public_id}/appeal", {"appeal": ""}).status_code == 422
    words = {"appeal": "See my sketchbook of 2018."}
    assert designer.post(f"/designs/{public_id}/appeal", words).status_code == 303
    assert designer.post(f"/designs/{public_id}/appeal", words).status_code == 409
    assert "It waits for an answer." in designer.get(receipt).text

    desk = manager.get(out).text
    assert "Appeal waits" in desk and "See my sketchbook of 2018." in desk
    (answer,) = {one for one in desk.split('"') if one.startswith(f"{out}/") and "answer" in one}
    field = f"answer-{answer.split('/')[-2]}"
    assert manager.post(answer, {"verdict": "reinstate", field: ""}).status_code == 422
    said = {"verdict": "reinstate", field: "We were wrong."}
    assert manager.post(answer, said).status_code == 303
    assert manager.post(answer, said).status_code == 409
    assert db.session.merge(design).state is State.APPROVED
    assert title in visitor.get(results).text
    assert "We were wrong." in designer.get(receipt).text
    assert visitor.get(f"/designs/{public_id}").status_code == 200


@pytest.mark.one_engine
@pytest.mark.parametrize("role", [Role.MODERATOR, Role.FINANCE, None])
def test_nobody_else_takes_a_design_out(app: Flask, stage: Stage, role: Role | None) -> None:
    browser = Browser(app, factories.member("Other", roles=(role,) if role else ()))
    base = f"/console/contests/{stage.contest.slug}"
    path = f"{base}/designs/{stage.design(1).public_id}/disqualification"
    refused = 403 if role else 404
    assert browser.get(path).status_code == refused
    assert browser.get(f"{base}/disqualifications").status_code == refused
    assert browser.post(path, {"fault": "copied", "note": WHY}).status_code == refused


@pytest.mark.one_engine
def test_an_announced_winner_stays_and_the_page_says_what_to_do(app: Flask, stage: Stage) -> None:
    selection.announced(stage.contest, [stage.design(1), stage.design(2)])
    public_id = stage.design(1).public_id
    path = f"/console/contests/{stage.contest.slug}/designs/{public_id}/disqualification"
    manager = Browser(app, stage.manager)
    page = manager.get(path).text
    assert "It stays in the result" in page and f"/designs/{public_id}/claim" in page
    assert "<textarea" not in page
    assert manager.post(path, {"fault": "copied", "note": WHY}).status_code == 409
