"""The whole way through real pages, without JavaScript."""

import io
import re

from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.accounts.models import Consent, ConsentKind
from ideation.core import jobs
from ideation.core.db import db
from ideation.notices.models import Notice
from ideation.submissions.models import ArtworkState, State, Submission
from tests import factories
from tests.factories import pictures


def _begin(browser: factories.Browser, slug: str) -> str:
    page = browser.get(f"/contests/{slug}/submissions/new").text
    key = re.search(r'name="form_key" value="(\w+)"', page)
    assert key
    answer = browser.post(f"/contests/{slug}/submissions", {"form_key": key[1]})
    assert answer.status_code == 303
    return answer.location.removesuffix("/edit")


def _form(browser: factories.Browser, path: str) -> dict[str, str]:
    page = browser.get(f"{path}/edit").text
    names = re.findall(r'name="(alt_\w+|form_key)"[^>]*?value="([^"]*)"', page)
    return dict(names) | {"title": "Night bus", "colour": "navy", "share_own": "100"}


def test_from_an_empty_draft_to_the_wall(app: Flask) -> None:
    contest = factories.contest("entry")
    designer = factories.Browser(app, factories.member("Lin"))
    path = _begin(designer, contest.slug)

    first = designer.post(
        path,
        {"title": "Night bus", "pictures": (io.BytesIO(pictures.png()), "../../été <b>.png")},
        content_type="multipart/form-data",
    )
    assert first.status_code == 303
    submission = db.session.scalars(select(Submission)).one()
    assert [one.state for one in submission.artworks] == [ArtworkState.PROCESSING]

    form = _form(designer, path)
    alt = next(name for name in form if name.startswith("alt_"))
    form |= {alt: "A bus under the moon", "tags": "Night, #bus", "original": "1", "licence": "1"}
    entered = designer.post(f"{path}/entry", form)
    assert entered.status_code == 303, entered.text
    assert "With the moderators" in designer.get(path).text
    assert factories.Browser(app).get(path).status_code == 404

    assert jobs.run_due() > 0
    moderator = factories.Browser(app, factories.member(roles=(Role.MODERATOR,)))
    assert "Night bus" in moderator.get("/console/moderation").text
    case = moderator.get(f"/console/moderation{path}").text
    seen = re.search(r'name="seen" value="([^"]+)"', case)
    assert seen
    assert "A bus under the moon" in case
    decided = moderator.post(
        f"/console/moderation{path}/decision", {"verdict": "approved", "seen": seen[1]}
    )
    assert decided.status_code == 303

    stranger = factories.Browser(app)
    page = stranger.get(path)
    assert page.status_code == 200
    assert "Lin" in page.text
    assert "Night bus" in stranger.get(f"/contests/{contest.slug}/entries").text
    picture = re.search(r'src="(/media/renditions/[^"]+)"', page.text)
    assert picture
    assert stranger.get(picture[1]).status_code == 200

    submission = db.session.scalars(select(Submission)).one()
    assert submission.state is State.APPROVED
    assert submission.tags == ["night", "bus"]
    kinds = set(db.session.scalars(select(Consent.kind)))
    assert kinds == {ConsentKind.ORIGINALITY, ConsentKind.DISPLAY_LICENCE}
    assert "submission.approved" in set(db.session.scalars(select(Notice.kind)))


def test_declined_with_a_reason_then_put_right(app: Flask) -> None:
    contest = factories.contest("entry")
    member = factories.member()
    submission = pictures.submitted(contest, member)
    path = f"/designs/{submission.public_id}"
    jobs.run_due()
    moderator = factories.Browser(app, factories.member(roles=(Role.MODERATOR,)))

    def decide(**form: str) -> int:
        page = moderator.get(f"/console/moderation{path}").text
        seen = re.search(r'name="seen" value="([^"]+)"', page)
        assert seen
        url = f"/console/moderation{path}/decision"
        return moderator.post(url, {"seen": seen[1], **form}).status_code

    assert decide(verdict="declined") == 422
    assert decide(verdict="declined", rule="off_brief", reason="Where is the town?") == 303

    designer = factories.Browser(app, member)
    assert "Where is the town?" in designer.get(path).text
    notice = db.session.scalars(select(Notice).where(Notice.kind == "submission.declined")).one()
    assert notice.params["reason"] == "Where is the town?"
    log = factories.Browser(app).get("/moderation").text
    assert "Where is the town?" in log
    assert "Night bus" not in log

    form = _form(designer, path)
    alt = next(name for name in form if name.startswith("alt_"))
    again = designer.post(f"{path}/entry", form | {alt: "A bus", "original": "1", "licence": "1"})
    assert again.status_code == 303, again.text
    assert decide(verdict="approved") == 303
    assert factories.Browser(app).get(path).status_code == 200


def test_what_changed_under_a_moderators_eyes_is_not_decided(app: Flask) -> None:
    contest = factories.contest("entry")
    member = factories.member()
    submission = pictures.submitted(contest, member)
    jobs.run_due()
    path = f"/designs/{submission.public_id}"
    moderator = factories.Browser(app, factories.member(roles=(Role.MODERATOR,)))
    page = moderator.get(f"/console/moderation{path}").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen

    designer = factories.Browser(app, member)
    assert designer.post(path, {"title": "Something else", "colour": "navy"}).status_code == 303
    late = moderator.post(
        f"/console/moderation{path}/decision", {"verdict": "approved", "seen": seen[1]}
    )
    assert late.status_code == 409
    assert db.session.scalars(select(Submission.state)).one() is State.SUBMITTED
