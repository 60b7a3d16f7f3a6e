"""A claim holds pay, so whoever makes one confirms their address; made-up ones end after a week."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.core.mail.models import Mail
from ideation.moderation import claims
from ideation.moderation.models import Claim, ClaimOutcome
from ideation.notices.models import Notice
from ideation.royalties import obstacles
from ideation.submissions.drafting import SUBJECT
from ideation.submissions.models import Submission
from tests import factories
from tests.factories import Browser, selection
from workers.submissions import lapse_claims

HELD = "A claim on a design is not settled."
WEEK = claims.CONFIRM_WITHIN


def _claim(app: Flask, submission: Submission, email: str = "zoe@example.org") -> Claim:
    form = {"name": "Zoe Hart", "email": email, "words": "My poster.", "true": "1"}
    answer = Browser(app).post(f"/designs/{submission.public_id}/claim", form)
    assert answer.status_code == 303
    return db.session.scalars(select(Claim).order_by(Claim.id.desc())).first()  # type: ignore[return-value]


def _link(email: str) -> str:
    (mail,) = db.session.scalars(
        select(Mail).where(Mail.to == email, Mail.template == "claim_received")
    )
    found = re.search(r"http://[^/\s]+(/claims/\S+/confirmation/\S+)", mail.text)
    assert found is not None
    return found[1]


def _is_held(member_id: int) -> bool:
    return HELD in [str(one) for one in obstacles.blocked(member_id, clock.now())]


def _run(after: timedelta) -> None:
    clock.move(after)
    lapse_claims()
    db.session.expire_all()


def test_unconfirmed_it_holds_payouts_for_a_week_and_no_longer(app: Flask) -> None:
    submission = selection.announced_winner().submission
    designer_id = submission.member_id
    claim = _claim(app, submission)
    assert _is_held(designer_id)
    _run(WEEK - timedelta(minutes=1))
    assert claim.outcome is None and _is_held(designer_id)
    _run(timedelta(minutes=1))
    lapse_claims()
    assert claim.outcome is ClaimOutcome.LAPSED and not _is_held(designer_id)
    told = select(Notice.kind).where(Notice.member_id == designer_id)
    assert db.session.scalars(told).all().count("royalties.claim_lapsed") == 1
    late = Browser(app).get(_link("zoe@example.org"))
    assert late.status_code == 200 and "It has lapsed" in late.text
    with pytest.raises(Conflict, match="lapsed"), transaction():
        claims.confirm(claim.public_id, at=clock.now())


def test_a_second_stranger_holds_nothing_before_they_confirm(app: Flask) -> None:
    submission = selection.announced_winner().submission
    designer_id = submission.member_id
    _claim(app, submission)
    _run(WEEK)
    _claim(app, submission, "made-up@example.org")
    assert not _is_held(designer_id)
    assert Browser(app).post(_link("made-up@example.org")).status_code == 303
    assert _is_held(designer_id)


def test_confirmed_it_stays_until_a_person_decides(app: Flask) -> None:
    submission = selection.announced_winner().submission
    designer_id = submission.member_id
    claim = _claim(app, submission)
    path, browser = _link("zoe@example.org"), Browser(app)
    page = browser.get(path)
    assert page.headers["Cache-Control"] == "no-store" and f'action="{path}"' in page.text
    assert claim.confirmed_at is None, "mail programs open links"
    assert browser.get(path[:-4] + "xxxx").status_code == 404
    assert browser.post(path[:-4] + "xxxx").status_code == 404
    for _ in range(2):
        assert browser.post(path).status_code == 303
    db.session.refresh(claim)
    assert claim.confirmed_at is not None
    assert "It is confirmed." in browser.get(path).text
    _run(10 * WEEK)
    assert claim.outcome is None and _is_held(designer_id)


@pytest.mark.one_engine
def test_a_member_with_a_confirmed_address_need_not_confirm_again(app: Flask) -> None:
    submission = factories.submission(factories.contest("results"))
    member = factories.member("Zoe")
    form = {"name": "Zoe", "email": member.email or "", "words": "Mine.", "true": "1"}
    Browser(app, member).post(f"/designs/{submission.public_id}/claim", form)
    assert db.session.scalars(select(Claim)).one().confirmed_at is not None
    other = form | {"email": "somebody.else@example.org"}
    Browser(app, db.session.merge(member)).post(f"/designs/{submission.public_id}/claim", other)
    unconfirmed = select(Claim).where(Claim.confirmed_at.is_(None))
    assert db.session.scalars(unconfirmed).one().email == "somebody.else@example.org"


@pytest.mark.one_engine
def test_operators_see_what_is_unconfirmed_and_what_lapsed(app: Flask) -> None:
    operator = factories.member(roles=(Role.OPERATOR,))
    claim = _claim(app, factories.submission(factories.contest("results")))
    browser, page = Browser(app, operator), f"/console/claims/{claim.public_id}"
    assert "address not confirmed" in browser.get("/console/claims").text
    assert "Address not confirmed yet: it lapses on" in browser.get(page).text
    forged = {"outcome": "lapsed", "reason": "Gone."}
    assert browser.post(f"{page}/decision", forged).status_code == 422
    _run(WEEK)
    assert claims.holding(SUBJECT, [claim.subject_id]) == set()
    assert "Lapsed" in browser.get("/console/claims?which=decided").text
    decided = browser.get(page).text
    assert "Nobody confirmed the mail address" in decided and "Uphold the claim" not in decided
