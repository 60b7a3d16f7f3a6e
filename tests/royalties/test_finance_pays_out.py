"""Owed, drafted, approved, exported, settled on finance's pages; each act stands in the trail."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.audit.models import AuditEntry
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.moderation import claims
from ideation.moderation.claims import Claimant
from ideation.moderation.models import ClaimOutcome
from ideation.notices.models import Notice
from ideation.royalties import balances, obstacles, payout_details, queries, tax_forms, vault
from ideation.royalties.models import BatchState, Payout, PayoutBatch, PayoutState, TaxFormStatus
from ideation.royalties.verify import verify
from ideation.selection.models import Agreement, AgreementParty
from ideation.submissions.drafting import SUBJECT
from tests import factories
from tests.factories import earnings

PAGES = ("/console/owed", "/console/payouts")


@pytest.fixture
def desk(app: Flask) -> tuple[Member, Member, factories.Browser]:
    """A designer who is owed 24.00 US dollars, finance, and finance's browser."""
    designer, actor = factories.member("Ada Lind"), earnings.finance()
    earnings.payable(designer, units=10)
    earnings.ready(designer, actor)
    return designer, actor, factories.Browser(app, actor)


def _pay_on() -> str:
    return (clock.now().date().replace(year=clock.now().year + 1)).isoformat()


def _batch(browser: factories.Browser) -> str:
    answer = browser.post("/console/payouts", {"pay_on": _pay_on()})
    assert answer.status_code == 303
    return str(answer.location)


def test_from_draft_to_paid(desk: tuple[Member, Member, factories.Browser]) -> None:
    designer, _, browser = desk
    assert "24.00" in browser.get("/console/owed").text
    page = _batch(browser)
    assert "24.00 USD" in browser.get(page).text
    assert browser.post(f"{page}/payments").status_code == 409  # nothing to mark before export
    assert browser.post(f"{page}/approval").status_code == 303
    assert balances.of(designer.id)["USD"].on_its_way == 2400
    exported = browser.post(f"{page}/export")
    assert exported.mimetype == "text/csv"
    (row,) = csv.DictReader(io.StringIO(exported.text))
    assert (row["beneficiary_name"], row["iban"]) == ("Ada Lind", earnings.IBAN)
    assert (row["currency"], row["amount"]) == ("USD", "24.00")
    assert browser.post(f"{page}/payments").status_code == 303
    assert balances.of(designer.id)["USD"].paid == 2400
    assert queries.list_payouts(designer.id)[0].batch.state is BatchState.SETTLED
    told = db.session.scalars(select(Notice.kind).where(Notice.member_id == designer.id)).all()
    assert "royalties.paid" in told


def test_what_came_back_needs_the_banks_words_and_is_payable_again(
    desk: tuple[Member, Member, factories.Browser],
) -> None:
    designer, _, browser = desk
    page = _batch(browser)
    for step in ("approval", "export"):
        browser.post(f"{page}/{step}")
    line = f"{page}/lines/{queries.list_payouts(designer.id)[0].public_id}"
    assert browser.post(line, {"outcome": "bounced", "reason": ""}).status_code == 422
    assert browser.post(line, {"outcome": "bounced", "reason": "Closed."}).status_code == 303
    assert balances.of(designer.id)["USD"].payable == 2400
    reasons = [str(one) for one in obstacles.blocked(designer.id, clock.now())]
    assert any("sent the last payout back" in reason for reason in reasons)
    earnings.details(designer)  # confirmed: the same account once more
    assert obstacles.blocked(designer.id, clock.now()) == []


def test_a_draft_thrown_away_moves_nothing_and_makes_room(
    desk: tuple[Member, Member, factories.Browser],
) -> None:
    designer, _, browser = desk
    page = _batch(browser)
    assert browser.post("/console/payouts", {"pay_on": _pay_on()}).status_code == 409
    assert browser.post(f"{page}/removal").status_code == 303
    assert balances.of(designer.id)["USD"].payable == 2400
    assert browser.post(f"{page}/approval").status_code == 409
    _batch(browser)


@pytest.mark.one_engine
def test_a_missing_tax_form_holds_the_payout_until_finance_notes_it(app: Flask) -> None:
    designer, actor = factories.member("Ada Lind"), earnings.finance()
    earnings.payable(designer)
    earnings.details(designer)
    browser = factories.Browser(app, actor)
    assert browser.post("/console/payouts", {"pay_on": _pay_on()}).status_code == 409
    page = f"/console/owed/{designer.handle}"
    assert "The tax form is missing." in browser.get(page).text
    form = {"status": "received", "note": "W-8BEN of March"}
    assert browser.post(f"{page}/tax-form", form).status_code == 303
    assert "W-8BEN of March" in browser.get(page).text
    _batch(browser)


@pytest.mark.one_engine
@pytest.mark.parametrize("role", [*Role, None])
def test_only_finance_sees_what_is_owed(app: Flask, role: Role | None) -> None:
    browser = factories.Browser(app, factories.member(roles=(role,) if role else ()))
    statuses = {browser.get(page).status_code for page in PAGES}
    assert statuses == {200} if role is Role.FINANCE else statuses <= {403, 404}


@pytest.mark.parametrize("outcome", [ClaimOutcome.UPHELD, ClaimOutcome.REJECTED])
def test_a_claim_holds_payouts_and_a_rejection_releases_them(
    desk: tuple[Member, Member, factories.Browser], outcome: ClaimOutcome
) -> None:
    designer, _, browser = desk
    operator = factories.member(roles=(Role.OPERATOR,))
    submission_id = db.session.scalars(select(Agreement.submission_id)).one()
    with transaction():
        claimant = Claimant("Zoe", "zoe@example.org", "It is mine.", "en")
        claim_id = claims.open(SUBJECT, submission_id, claimant, at=clock.now()).id
    assert obstacles.blocked(designer.id, clock.now()) != []
    assert browser.post("/console/payouts", {"pay_on": _pay_on()}).status_code == 409
    with transaction():
        actor = db.session.get_one(Member, operator.id)
        claims.decide(actor, claim_id, outcome, "We looked.", at=clock.now())
    expected = 303 if outcome is ClaimOutcome.REJECTED else 409
    assert browser.post("/console/payouts", {"pay_on": _pay_on()}).status_code == expected


def test_a_claim_on_a_drafted_payout_stops_its_approval(
    desk: tuple[Member, Member, factories.Browser],
) -> None:
    _, _, browser = desk
    page = _batch(browser)
    submission_id = db.session.scalars(select(Agreement.submission_id)).one()
    with transaction():
        claimant = Claimant("Zoe", "zoe@example.org", "It is mine.", "en")
        claims.open(SUBJECT, submission_id, claimant, at=clock.now())
    answer = browser.post(f"{page}/approval")
    assert answer.status_code == 409
    assert "Ada Lind" in answer.text


HELD = {
    "a claim": "A claim on a design is not settled.",
    "another account": "The payout details were changed.",
    "a lost key": "The payout details can no longer be read.",
}


@pytest.mark.parametrize("what", HELD)
def test_what_holds_an_approved_payout_keeps_it_from_the_bank_until_it_is_taken_out(
    desk: tuple[Member, Member, factories.Browser], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    designer, actor, browser = desk
    other = factories.member("Bo Fried")
    earnings.payable(other, units=10)
    earnings.ready(other, actor)
    page = _batch(browser)
    assert browser.post(f"{page}/approval").status_code == 303
    _hold(designer.id, what, monkeypatch)
    refused = browser.post(f"{page}/export")
    assert refused.status_code == 409
    assert f"These cannot be paid now: Ada Lind – {HELD[what]}" in refused.text
    assert "Bo Fried –" not in refused.text
    assert HELD[what] in browser.get(page).text, "beside the line"
    lines = dict(db.session.execute(select(Payout.member_id, Payout.public_id)).all())
    for _ in range(2):
        out = browser.post(f"{page}/lines/{lines[designer.id]}", {"outcome": "withheld"})
        assert out.status_code == 303
    taken = queries.get_payout(lines[designer.id])
    of_it = (AuditEntry.subject_kind == "payout", AuditEntry.subject_id == taken.id)
    entry = db.session.scalars(select(AuditEntry).where(*of_it)).one()
    assert entry.action == "payout.withheld"
    assert HELD[what] in taken.reason and HELD[what] in entry.reason
    exported = browser.post(f"{page}/export")
    rows = list(csv.DictReader(io.StringIO(exported.text)))
    assert [row["reference"] for row in rows] == [f"ROYALTIES {lines[other.id]}".upper()]
    assert balances.of(designer.id)["USD"].payable == 2400
    assert not [one for one in verify().disagreements if "payout" in one.subject + one.what]
    assert not [one for one in verify().disagreements if "bounced" in one.subject + one.what]
    late = browser.post(f"{page}/lines/{lines[other.id]}", {"outcome": "withheld"})
    assert late.status_code == 409, "the bank has it"
    browser.post(f"{page}/payments")
    assert db.session.scalars(select(PayoutBatch.state)).one() is BatchState.SETTLED


def test_all_that_is_held_is_taken_out_at_once(
    desk: tuple[Member, Member, factories.Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    designer, _, browser = desk
    earnings.payable(designer, units=10, currency="JPY")
    page = _batch(browser)
    browser.post(f"{page}/approval")
    assert browser.post(f"{page}/withheld").status_code == 303, "nothing is held: nothing happens"
    assert balances.of(designer.id)["USD"].on_its_way == 2400
    _hold(designer.id, "a lost key", monkeypatch)
    assert "Take out what is held" in browser.get(page).text
    assert browser.post(f"{page}/withheld").status_code == 303
    assert {one.on_its_way for one in balances.of(designer.id).values()} == {0}
    assert set(db.session.scalars(select(Payout.state))) == {PayoutState.WITHHELD}
    assert db.session.scalars(select(PayoutBatch.state)).one() is BatchState.SETTLED
    assert browser.post(f"{page}/withheld").status_code == 409
    assert browser.post("/console/payouts", {"pay_on": _pay_on()}).status_code == 409, "still held"


def test_a_second_copy_leaves_out_what_is_held_by_then(
    desk: tuple[Member, Member, factories.Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    designer, _, browser = desk
    page = _batch(browser)
    for step in ("approval", "export"):
        browser.post(f"{page}/{step}")
    _hold(designer.id, "a lost key", monkeypatch)
    copy = browser.post(f"{page}/export")
    assert copy.status_code == 200
    assert list(csv.DictReader(io.StringIO(copy.text))) == []
    assert HELD["a lost key"] in browser.get(page).text
    assert browser.post(f"{page}/payments").status_code == 303, "the bank had the first"
    assert balances.of(designer.id)["USD"].paid == 2400


def _hold(member_id: int, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    designer = db.session.get_one(Member, member_id)
    details = payout_details.find_current(member_id)
    assert details is not None
    if what == "a lost key":
        sealed, unseal = details.sealed, vault.unseal

        def unseal_others(words: bytes) -> bytes:
            if words == sealed:
                raise vault.Unopened("lost")
            return unseal(words)

        monkeypatch.setattr(vault, "unseal", unseal_others)
        return
    opened = payout_details.open_details(details.id)
    submission_id = db.session.scalars(
        select(Agreement.submission_id)
        .join(AgreementParty, AgreementParty.agreement_id == Agreement.id)
        .where(AgreementParty.member_id == member_id)
    ).one()
    with transaction():
        if what == "a claim":
            claimant = Claimant("Zoe", "zoe@example.org", "It is mine.", "en")
            claims.open(SUBJECT, submission_id, claimant, at=clock.now())
        else:
            changed = replace(opened, account="GB82WEST12345698765432", country="GB")
            payout_details.change(db.session.merge(designer), changed, at=clock.now())


ACTS: dict[str, Callable[[factories.Browser, str, str], object]] = {
    "payouts.drafted": lambda _browser, _page, _line: None,
    "payouts.approved": lambda browser, page, _line: browser.post(f"{page}/approval"),
    "payouts.exported": lambda browser, page, _line: browser.post(f"{page}/export"),
    "payout.paid": lambda browser, page, line: browser.post(
        f"{page}/lines/{line}", {"outcome": "paid"}
    ),
    "payout.bounced": lambda browser, page, line: browser.post(
        f"{page}/lines/{line}", {"outcome": "bounced", "reason": "Closed."}
    ),
}


def test_each_act_writes_one_entry_and_a_repeated_one_none(
    desk: tuple[Member, Member, factories.Browser],
) -> None:
    designer, actor, browser = desk
    page = _batch(browser)
    line = db.session.scalars(select(Payout.public_id)).one()
    for act in ACTS.values():
        act(browser, page, line)
    ACTS["payouts.approved"](browser, page, line)
    ACTS["payout.bounced"](browser, page, line)
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action.like("payout%")).order_by(AuditEntry.id)
    ).all()
    assert [entry.action for entry in entries] == list(ACTS)
    assert {entry.actor_id for entry in entries} == {actor.id}
    assert not any(re.search(designer.name, str(entry.detail)) for entry in entries)
    tax = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "tax_form.set")).all()
    assert [entry.detail for entry in tax] == [{"before": "missing", "after": "received"}]


@pytest.mark.one_engine
def test_a_name_that_a_spreadsheet_would_run_is_only_a_name_in_the_file(app: Flask) -> None:
    designer, actor = factories.member(), earnings.finance()
    earnings.payable(designer)
    earnings.details(designer, name="=HYPERLINK(1)")
    with transaction():
        who = db.session.get_one(Member, actor.id)
        tax_forms.set_status(who, designer.id, TaxFormStatus.NOT_NEEDED, "", at=clock.now())
    browser = factories.Browser(app, actor)
    page = _batch(browser)
    browser.post(f"{page}/approval")
    (row,) = csv.DictReader(io.StringIO(browser.post(f"{page}/export").text))
    assert row["beneficiary_name"] == "HYPERLINK(1)"
