"""One design after the other, or several at once: by hand and by script, each decided once."""

import html
import json
import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.audit.models import AuditEntry
from ideation.contests.models import Contest
from ideation.contests.phases import approval_deadline
from ideation.core import clock, i18n
from ideation.core.db import db, transaction
from ideation.moderation import queue, rules
from ideation.moderation.models import ModerationDecision, Rule
from ideation.submissions.drafting import SUBJECT
from ideation.submissions.models import State, Submission
from tests import factories

pytestmark = pytest.mark.one_engine


@pytest.fixture
def moderator(app: Flask) -> factories.Browser:
    return factories.Browser(app, factories.member("Mo", roles=(Role.MODERATOR,)))


def waiting(contest: Contest, member: Member | None = None) -> Submission:
    """A design in the queue."""
    one = factories.submission(contest, member, state=State.SUBMITTED)
    with transaction():
        space, at = one.contest.space_id, clock.now()
        queue.open_case(SUBJECT, one.id, space_id=space, at=at, due_at=None)
    return one


def choices(browser: factories.Browser) -> list[str]:
    """What the queue's boxes send."""
    return re.findall(r'name="design" value="([^"]+)"', browser.get("/console/moderation").text)


def states() -> list[State]:
    return list(db.session.scalars(select(Submission.state).order_by(Submission.id)))


def test_what_is_selected_is_approved_each_with_a_line_in_the_trail(
    moderator: factories.Browser,
) -> None:
    contest = factories.contest("entry")
    for _ in range(3):
        waiting(contest)
    chosen = choices(moderator)
    answer = moderator.post("/console/moderation/approvals", {"design": chosen[:2] + chosen[:1]})
    assert (answer.status_code, answer.location) == (303, "/console/moderation")
    assert "2 designs approved." in moderator.get("/console/moderation").text
    assert states().count(State.APPROVED) == 2
    entries = select(func.count()).where(AuditEntry.action == "moderation.approved")
    assert db.session.scalar(entries) == 2


def test_a_design_says_by_when_on_the_contests_clock_and_why(moderator: factories.Browser) -> None:
    contest = factories.contest("entry", zone="Asia/Tokyo")
    one = factories.submission(contest, state=State.SUBMITTED)
    due = approval_deadline(contest)
    assert due is not None
    with transaction():
        space, at = contest.space_id, clock.now()
        queue.open_case(SUBJECT, one.id, space_id=space, at=at, due_at=due)
    page = moderator.get(f"/console/moderation/designs/{one.public_id}").text
    assert i18n.datetime_words(due, "Asia/Tokyo") in page
    assert "Half of scoring: approved later, a design cannot join." in page


def test_what_cannot_be_approved_waits_on_and_says_why(app: Flask) -> None:
    contest = factories.contest("entry")
    person = factories.member("Mo", roles=(Role.MODERATOR,))
    moderator = factories.Browser(app, person)
    own, changed, fine = waiting(contest, person), waiting(contest), waiting(contest)
    chosen = choices(moderator)
    assert own.public_id not in str(chosen), "one's own is for somebody else"
    with transaction():
        db.session.get_one(Submission, changed.id).updated_at = clock.now()
    chosen += [f"{own.public_id}|{own.updated_at.isoformat()}", "nobody|x", f"{fine.public_id}|"]
    moderator.post("/console/moderation/approvals", {"design": chosen})
    page = moderator.get("/console/moderation").text
    assert "1 design approved." in page
    assert "The designer changed this while you looked at it." in page
    assert "This is your own design" in page
    assert sorted(states()) == [State.APPROVED, State.SUBMITTED, State.SUBMITTED]
    moderator.post("/console/moderation/approvals", {})
    assert "Select the designs first." in moderator.get("/console/moderation").text


def test_a_script_hears_how_many_are_left_or_why_not(moderator: factories.Browser) -> None:
    contest = factories.contest("entry")
    one, _other = waiting(contest), waiting(contest)
    path = f"/console/moderation/designs/{one.public_id}"
    seen = {"seen": one.updated_at.isoformat()}
    short = moderator.post_json(f"{path}/decision", {**seen, "verdict": "declined"})
    assert short.status_code == 422
    full = {**seen, "verdict": "declined", "rule": "off_brief", "reason": "Read it again."}
    assert moderator.post_json(f"{path}/decision", full).json == {"left": 1}
    late = moderator.post_json(f"{path}/decision", full)
    assert (late.status_code, late.json["detail"]) == (409, "Somebody else has just decided this.")
    assert db.session.scalars(select(ModerationDecision.reason)).all() == ["Read it again."]


def test_the_usual_advice_is_in_the_designers_language(moderator: factories.Browser) -> None:
    contest = factories.contest("entry")
    one = waiting(contest, factories.member(language="zh-Hant"))
    page = moderator.get(f"/console/moderation/designs/{one.public_id}").text
    given = re.search(r'data-advice="([^"]+)"', page)
    assert given
    with i18n.speaking("zh-Hant"):
        expected = {rule.value: str(rules.advice(rule)) for rule in Rule}
    assert json.loads(html.unescape(given[1])) == expected


def test_a_page_of_the_queue_costs_the_same_however_many_wait(
    app: Flask, moderator: factories.Browser
) -> None:
    contest = factories.contest("entry")
    for _ in range(3):
        waiting(contest)
    few = moderator.get("/console/moderation").data
    for _ in range(30):
        waiting(contest)
    many = moderator.get("/console/moderation").data
    assert many.count(b'name="design"') == 33
    assert len(many) - len(few) < 30 * 3000


@pytest.mark.parametrize("role", [None, Role.FINANCE])
def test_who_does_not_moderate_approves_nothing(app: Flask, role: Role | None) -> None:
    one = waiting(factories.contest("entry"))
    browser = factories.Browser(app, factories.member(roles=(role,) if role else ()))
    answer = browser.post(
        "/console/moderation/approvals",
        {"design": f"{one.public_id}|{one.updated_at.isoformat()}"},
    )
    assert answer.status_code in {403, 404}
    assert states() == [State.SUBMITTED]
