"""What the script sends while one types: kept in a draft, never past a moderator."""

from collections.abc import Mapping

import pytest
from flask import Flask

from ideation.core.db import db
from ideation.submissions.models import State, Submission
from tests import factories

TYPED = {"title": "Night bus", "story": "The last one home.", "tags": "Night", "share_own": "no"}


def _send(app: Flask, state: State, typed: Mapping[str, str] = TYPED) -> tuple[int, str, State]:
    member = factories.member()
    design = factories.submission(factories.contest("entry"), member, state=state, title="Before")
    answer = factories.Browser(app, member).post_json(
        f"/designs/{design.public_id}/words", dict(typed)
    )
    kept = db.session.get_one(Submission, design.id)
    return answer.status_code, kept.title, kept.state


@pytest.mark.parametrize("state", [State.DRAFT, State.DECLINED])
def test_words_are_kept_whatever_else_is_still_wrong(app: Flask, state: State) -> None:
    assert _send(app, state) == (204, "Night bus", state)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.APPROVED])
def test_what_was_handed_in_changes_by_its_designers_own_act_alone(
    app: Flask, state: State
) -> None:
    assert _send(app, state) == (409, "Before", state)


@pytest.mark.one_engine
def test_words_that_cannot_be_kept_say_so(app: Flask) -> None:
    assert _send(app, State.DRAFT, TYPED | {"title": "x" * 81}) == (422, "Before", State.DRAFT)


@pytest.mark.one_engine
@pytest.mark.parametrize("path", ["/words", ""])
def test_what_is_wrong_is_named_and_the_rest_is_kept(app: Flask, path: str) -> None:
    member = factories.member()
    design = factories.submission(
        factories.contest("entry"), member, state=State.DRAFT, title="Before", tags=["before"]
    )
    picture = f"alt_{design.artworks[0].public_id}"
    typed = TYPED | {"share_own": "100", picture: "y" * 251, "tags": ",".join("abcdefghijk")}
    answer = factories.Browser(app, member).post_json(f"/designs/{design.public_id}{path}", typed)
    assert answer.status_code == 422
    if path:
        assert answer.get_json()["fields"] == {
            "tags": "At most 8 tags.",
            picture: "At most 250 characters; these are 251.",
        }
    kept = db.session.get_one(Submission, design.id)
    assert (kept.title, kept.story) == ("Night bus", "The last one home.")
    assert (kept.tags, kept.artworks[0].alt_text[:7]) == (["before"], "Picture")


@pytest.mark.one_engine
def test_what_was_handed_in_changes_wholly_or_not_at_all(app: Flask) -> None:
    member = factories.member()
    design = factories.submission(factories.contest("entry"), member, title="Before")
    typed = TYPED | {"share_own": "100", "tags": ",".join("abcdefghijk")}
    answer = factories.Browser(app, member).post(f"/designs/{design.public_id}", typed)
    assert answer.status_code == 422
    kept = db.session.get_one(Submission, design.id)
    assert (kept.title, kept.state) == ("Before", State.APPROVED)
