"""Every state × every viewer × what they try, through real requests."""

import pytest
from flask import Flask

from ideation.accounts.grants import Role
from ideation.accounts.models import Member, Standing
from ideation.core.db import db, transaction
from ideation.submissions import drafting, queries
from ideation.submissions.models import Designer, State, Submission
from tests import factories

VIEWERS = ("owner", "co-designer", "stranger", "visitor", "moderator", "manager")
#: State → who sees the page.
SEES = {
    State.DRAFT: {"owner", "co-designer"},
    State.SUBMITTED: {"owner", "co-designer", "moderator"},
    State.DECLINED: {"owner", "co-designer", "moderator"},
    State.WITHDRAWN: {"owner", "co-designer", "moderator"},
    State.DISQUALIFIED: {"owner", "co-designer", "moderator"},
    State.APPROVED: set(VIEWERS),
}
_ROLES = {"moderator": (Role.MODERATOR,), "manager": (Role.PRODUCT_MANAGER,)}
#: Path → who gets past the door, in a contest that takes entries; nobody else but by a page that
#: says no.
ACTS = {
    "": {"owner"},
    "/words": {"owner"},
    "/entry": {"owner"},
    "/withdrawal": {"owner"},
    "/removal": {"owner"},
    "/move": {"owner"},
    "/agreement": {"co-designer"},
    "/departure": {"co-designer"},
    "/pictures": {"owner"},
}


@pytest.fixture
def stage(app: Flask) -> dict[str, Member | None]:
    people: dict[str, Member | None] = {
        name: factories.member(roles=_ROLES.get(name, ())) for name in VIEWERS if name != "visitor"
    }
    return people | {"visitor": None}


def _design(state: State, stage: dict[str, Member | None]) -> Submission:
    owner, other = stage["owner"], stage["co-designer"]
    assert owner
    assert other
    return factories.submission(
        factories.contest("entry"),
        owner,
        state=state,
        designers=[
            Designer(member_id=owner.id, position=0, share_bp=6000),
            Designer(member_id=other.id, position=1, share_bp=4000),
        ],
    )


@pytest.mark.parametrize("state", list(State))
def test_who_sees_it(app: Flask, stage: dict[str, Member | None], state: State) -> None:
    public_id = _design(state, stage).public_id
    for viewer in VIEWERS:
        answer = factories.Browser(app, stage[viewer]).get(f"/designs/{public_id}")
        assert answer.status_code == (200 if viewer in SEES[state] else 404), viewer


@pytest.mark.one_engine
@pytest.mark.parametrize("act", list(ACTS))
@pytest.mark.parametrize("state", list(State))
def test_who_changes_it(
    app: Flask, stage: dict[str, Member | None], state: State, act: str
) -> None:
    submission = _design(state, stage)
    before = _facts(submission.id)
    path = f"/designs/{submission.public_id}{act}"
    for viewer in VIEWERS:
        if viewer in ACTS[act]:
            continue
        answer = factories.Browser(app, stage[viewer]).post(path, {"title": "Mine now"})
        assert answer.status_code in {302, 303, 403, 404}, (viewer, answer.status_code)
        if viewer != "visitor":
            assert answer.status_code in {403, 404}, (viewer, answer.status_code)
        assert _facts(submission.id) == before, viewer


def _facts(submission_id: int) -> tuple[object, ...]:
    one = db.session.get_one(Submission, submission_id)
    shares = [(row.member_id, row.share_bp, row.agreed_at) for row in one.designers]
    return one.state, one.title, one.contest_id, len(one.artworks), shares


def test_the_owner_gets_through(app: Flask, stage: dict[str, Member | None]) -> None:
    """The control of the test above."""
    submission = _design(State.APPROVED, stage)
    path = f"/designs/{submission.public_id}"
    owner = factories.Browser(app, stage["owner"])
    form = {"title": "Mine still", "colour": "black", "share_own": "100"}
    assert owner.post(path, form).status_code == 303
    assert _facts(submission.id)[:2] == (State.SUBMITTED, "Mine still")
    assert owner.post(f"{path}/withdrawal").status_code == 303
    assert _facts(submission.id)[0] is State.WITHDRAWN


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "member,status",
    [
        ({}, 303),
        ({"confirmed": False}, 303),
        ({"standing": Standing.SUSPENDED}, 302),
        ({"roles": (Role.PRODUCT_MANAGER,)}, 403),
        ({"roles": (Role.MODERATOR,)}, 303),
    ],
    ids=["member", "unconfirmed", "suspended", "sees scores", "moderator"],
)
def test_who_may_begin(app: Flask, member: dict[str, object], status: int) -> None:
    contest = factories.contest("entry")
    person = factories.member(**member)  # type: ignore[arg-type]
    browser = factories.Browser(app, person)
    for _ in range(2):  # the same form sent twice begins one draft
        answer = browser.post(f"/contests/{contest.slug}/submissions", {"form_key": "k" * 20})
        assert answer.status_code == status
    assert len(queries.list_mine(person.id)) == (status == 303)


def test_a_moderator_never_decides_on_their_own(app: Flask) -> None:
    moderator = factories.member(roles=(Role.MODERATOR,))
    submission = factories.submission(factories.contest("entry"), moderator, state=State.SUBMITTED)
    with transaction():
        drafting.open_case(queries.get_locked(submission.id), submission.updated_at)
    path = f"/console/moderation/designs/{submission.public_id}"
    browser = factories.Browser(app, moderator)
    assert "somebody else has to decide" in browser.get(path).text
    seen = db.session.get_one(Submission, submission.id).updated_at.isoformat()
    answer = browser.post(f"{path}/decision", {"verdict": "approved", "seen": seen})
    assert answer.status_code == 403
    assert db.session.get_one(Submission, submission.id).state is State.SUBMITTED
