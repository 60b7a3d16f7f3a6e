"""Anybody may claim a public design; operators decide, with a reason for both sides."""

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.audit.models import AuditEntry
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.core.mail.models import Mail
from ideation.moderation import claims
from ideation.moderation.models import Claim, ClaimOutcome
from ideation.notices.models import Notice
from ideation.submissions.drafting import SUBJECT
from ideation.submissions.models import State, Submission
from tests import factories

FORM = {
    "name": "Zoe Hart",
    "email": "zoe@example.org",
    "words": "This is my poster of 2019.",
    "true": "1",
}


def _claimed(app: Flask, submission: Submission) -> Claim:
    answer = factories.Browser(app).post(f"/designs/{submission.public_id}/claim", FORM)
    assert answer.status_code == 303
    return db.session.scalars(select(Claim)).one()


def _decide(actor: Member, claim: Claim, outcome: ClaimOutcome, reason: str = "Sketches.") -> None:
    with transaction():
        claims.decide(
            db.session.get_one(Member, actor.id), claim.id, outcome, reason, at=clock.now()
        )


def _told(member_id: int) -> list[str]:
    query = select(Notice.kind).where(Notice.member_id == member_id).order_by(Notice.id)
    return list(db.session.scalars(query))


def test_somebody_without_an_account_claims_and_everyone_concerned_hears(app: Flask) -> None:
    operator = factories.member(roles=(Role.OPERATOR,))
    submission = factories.submission(factories.contest("results"))
    claim = _claimed(app, submission)
    assert claims.has_open(SUBJECT, submission.id)
    assert (claim.member_id, claim.language) == (None, "en")
    (mail,) = db.session.scalars(select(Mail).where(Mail.to == "zoe@example.org"))
    assert "This is my poster of 2019." in mail.text
    assert _told(submission.member_id) == ["royalties.claim_opened"]
    assert _told(operator.id) == ["moderation.claim"]
    said = db.session.scalars(select(Notice).where(Notice.member_id == submission.member_id)).one()
    assert "Zoe" not in str(said.params)


@pytest.mark.one_engine
def test_a_stranger_cannot_have_us_mail_their_own_letter(app: Flask) -> None:
    submission = factories.submission(factories.contest("results"))
    name, link = "Click https://evil.example/now", "www.evil.example or evil@evil.example/pay"
    words = f"You have won: {link} https://evil.example. " + "Read on, it gets better. " * 150
    form = FORM | {"name": name, "words": words}
    assert (
        factories.Browser(app).post(f"/designs/{submission.public_id}/claim", form).status_code
        == 303
    )
    claim = db.session.scalars(select(Claim)).one()
    assert claim.words == words.strip(), "whoever decides reads all of it"
    _decide(factories.member(roles=(Role.OPERATOR,)), claim, ClaimOutcome.REJECTED)
    mails = db.session.scalars(select(Mail).where(Mail.to == "zoe@example.org")).all()
    assert {mail.template for mail in mails} == {"claim_received", "claim_decided"}
    for mail in mails:
        assert "evil" not in mail.text + mail.html
        assert len(mail.text) < 1000
        assert "You have won: … or … … Read on" in mail.text


def test_what_the_same_person_adds_is_part_of_the_same_claim(app: Flask) -> None:
    submission = factories.submission(factories.contest("results"))
    _claimed(app, submission)
    more = FORM | {"email": "ZOE@example.org", "words": "And here is the sketch."}
    factories.Browser(app).post(f"/designs/{submission.public_id}/claim", more)
    claim = db.session.scalars(select(Claim)).one()
    assert "2019" in claim.words
    assert "sketch" in claim.words


@pytest.mark.one_engine
@pytest.mark.parametrize("missing", FORM)
def test_each_field_is_needed_and_what_was_typed_is_kept(app: Flask, missing: str) -> None:
    submission = factories.submission(factories.contest("results"))
    form = {name: value for name, value in FORM.items() if name != missing}
    answer = factories.Browser(app).post(f"/designs/{submission.public_id}/claim", form)
    assert answer.status_code == 422
    assert all(value in answer.text for name, value in form.items() if name != "true")
    assert db.session.scalars(select(Claim)).all() == []


@pytest.mark.one_engine
def test_a_design_that_is_not_public_cannot_be_claimed(app: Flask) -> None:
    hidden = factories.submission(factories.contest("entry"), state=State.SUBMITTED)
    page, browser = f"/designs/{hidden.public_id}/claim", factories.Browser(app)
    assert browser.get(page).status_code == 404
    assert browser.post(page, FORM).status_code == 404


@pytest.mark.one_engine
def test_five_claims_an_hour_and_no_more(app: Flask) -> None:
    contest = factories.contest("results")
    browser = factories.Browser(app)
    statuses = [
        browser.post(f"/designs/{factories.submission(contest).public_id}/claim", FORM).status_code
        for _ in range(6)
    ]
    assert statuses == [303] * 5 + [429]


def test_a_decision_needs_the_permission_and_a_reason_and_is_audited_once(app: Flask) -> None:
    operator = factories.member(roles=(Role.OPERATOR,))
    manager = factories.member(roles=(Role.PRODUCT_MANAGER,))
    claim = _claimed(app, factories.submission(factories.contest("results")))
    with pytest.raises(NotAllowed):
        _decide(manager, claim, ClaimOutcome.UPHELD)
    with pytest.raises(Invalid):
        _decide(operator, claim, ClaimOutcome.UPHELD, "")
    _decide(operator, claim, ClaimOutcome.UPHELD, "The poster is older.")
    with pytest.raises(Conflict):
        _decide(operator, claim, ClaimOutcome.UPHELD)
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action.like("claim.%"))).all()
    assert [(one.action, one.actor_id, one.reason) for one in entries] == [
        ("claim.upheld", operator.id, "The poster is older.")
    ]


@pytest.mark.parametrize("outcome", [ClaimOutcome.UPHELD, ClaimOutcome.REJECTED])
def test_both_sides_read_the_reason(app: Flask, outcome: ClaimOutcome) -> None:
    operator = factories.member(roles=(Role.OPERATOR,))
    contest = factories.contest("results", tallied_at=clock.now())
    submission = factories.submission(contest)
    claim = _claimed(app, submission)
    page = f"/console/claims/{claim.public_id}"
    browser = factories.Browser(app, operator)
    assert FORM["words"] in browser.get(page).text
    form = {"outcome": outcome.value, "reason": "The sketches are dated 2018."}
    assert browser.post(f"{page}/decision", form).status_code == 303
    mails = db.session.scalars(select(Mail).where(Mail.template == "claim_decided")).all()
    assert [mail.to for mail in mails] == ["zoe@example.org"]
    assert "dated 2018" in mails[0].text
    leads_on = "/disqualification" in browser.get(page).text
    assert leads_on == (outcome is ClaimOutcome.UPHELD), "a copy is taken out of the result next"
    assert _told(submission.member_id)[-1] == f"royalties.claim_{outcome.value}"


def test_an_upheld_claim_may_still_be_rejected_a_rejected_one_is_final(app: Flask) -> None:
    operator = factories.member(roles=(Role.OPERATOR,))
    claim = _claimed(app, submission := factories.submission(factories.contest("results")))
    _decide(operator, claim, ClaimOutcome.UPHELD)
    assert claims.holding(SUBJECT, [submission.id]) == {submission.id}
    _decide(operator, claim, ClaimOutcome.REJECTED)
    assert claims.holding(SUBJECT, [submission.id]) == set()
    with pytest.raises(Conflict):
        _decide(operator, claim, ClaimOutcome.UPHELD)


@pytest.mark.one_engine
def test_nobody_decides_on_their_own_design(app: Flask) -> None:
    operator = factories.member(roles=(Role.OPERATOR,))
    submission = factories.submission(factories.contest("results"), operator)
    claim = _claimed(app, submission)
    browser = factories.Browser(app, operator)
    form = {"outcome": "rejected", "reason": "It is mine."}
    answer = browser.post(f"/console/claims/{claim.public_id}/decision", form)
    assert answer.status_code == 409
    assert claims.has_open(SUBJECT, submission.id)
