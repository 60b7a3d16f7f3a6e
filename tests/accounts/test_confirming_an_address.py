from datetime import timedelta

import pytest
from flask import Flask

from ideation.accounts import confirmation, queries, tokens
from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.audit import queries as audit
from ideation.core import clock, config
from ideation.core.db import db, transaction
from ideation.core.errors import NotAllowed, TooMany
from ideation.submissions.models import State
from tests import factories
from tests.accounts.mails import code_in, last_mail, link_in
from tests.factories.people import PASSWORD, joined


def test_joining_signs_in_and_sends_a_code_that_confirms(app: Flask) -> None:
    browser = factories.Browser(app)
    form = {"name": "林小雨", "email": "Rain@example.org", "password": PASSWORD, "agree": "1"}
    assert browser.post("/join", form).headers["Location"] == "/welcome"
    member = queries.get_by_handle("林小雨")
    assert member.email_confirmed_at is None
    code = code_in(last_mail("Rain@example.org"))
    assert code in browser.get("/confirm").text  # on loopback, where no mail server is set
    assert browser.post("/confirm", {"code": f"{code[:3]} {code[3:]}"}).status_code == 303
    db.session.refresh(member)
    assert member.email_confirmed_at is not None


@pytest.mark.one_engine
@pytest.mark.parametrize("begun", ["a draft", "the deck"])
def test_who_confirms_goes_on_with_what_they_had_begun(app: Flask, begun: str) -> None:
    member = joined("Ada Lind", confirmed=False)
    if begun == "a draft":
        draft = factories.submission(factories.contest("entry"), member, state=State.DRAFT)
        page = f"/designs/{draft.public_id}/edit"
    else:
        contest = factories.contest()
        factories.submission(contest)
        page = f"/contests/{contest.slug}/score"
    browser = factories.Browser(app, member)
    door = f"/confirm?next={page}"
    assert f'href="{door}"' in browser.get(page).text
    assert f'name="next" value="{page}"' in browser.get(door).text
    code = code_in(last_mail("ada.lind@example.org"))
    assert browser.post("/confirm", {"code": code, "next": page}).headers["Location"] == page


def test_opening_the_link_uses_nothing_and_pressing_its_button_confirms_once(app: Flask) -> None:
    member = joined("Ada Lind", confirmed=False)
    link = link_in(last_mail("ada.lind@example.org"))
    robot = factories.Browser(app)
    for _ in range(3):
        assert robot.get(link).status_code == 200
        assert robot.client.head(link).status_code == 200
    assert not _is_confirmed(member)
    assert robot.post(link).status_code == 303
    assert _is_confirmed(member)
    assert robot.post(link).status_code in {404, 409}


def test_the_code_ends_after_five_wrong_guesses_and_the_link_stays_good(app: Flask) -> None:
    member = joined("Ada Lind", confirmed=False)
    mail = last_mail("ada.lind@example.org")
    right = code_in(mail)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(tokens.GUESSES):
        assert not _guess(member, wrong)
    assert not _guess(member, right)
    assert not _is_confirmed(member)
    assert factories.Browser(app).post(link_in(mail)).status_code == 303
    assert _is_confirmed(member)


def test_a_wrong_guess_counts_although_the_page_says_no(app: Flask) -> None:
    member = joined("Ada Lind", confirmed=False)
    browser = factories.Browser(app, member)
    assert browser.post("/confirm", {"code": "not it"}).status_code == 422
    token = confirmation.find_open(queries.get(member.id), at=clock.now())
    assert token is not None
    assert token.guesses == 1


def test_links_and_codes_grow_old(app: Flask) -> None:
    member = joined("Ada Lind", confirmed=False)
    mail = last_mail("ada.lind@example.org")
    clock.move(timedelta(days=1, minutes=1))
    assert not _guess(member, code_in(mail))
    assert factories.Browser(app).get(link_in(mail)).status_code == 404


def test_a_new_mail_ends_the_one_before_and_six_an_hour_are_too_many(app: Flask) -> None:
    member = joined("Ada Lind", confirmed=False)
    first = code_in(last_mail("ada.lind@example.org"))
    for _ in range(tokens.MOST_AN_HOUR - 1):
        with transaction():
            confirmation.ask(queries.get(member.id), at=clock.now())
    if first != code_in(last_mail("ada.lind@example.org")):
        assert not _guess(member, first)
    with pytest.raises(TooMany), transaction():
        confirmation.ask(queries.get(member.id), at=clock.now())


def test_the_code_is_on_the_page_only_where_nobody_else_can_see_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = joined("Ada Lind", confirmed=False)
    token = confirmation.find_open(member, at=clock.now())
    assert confirmation.code_to_show(token) is not None
    assert not confirmation.needs_operator()
    monkeypatch.setattr(config.Settings, "is_loopback", False)
    assert confirmation.code_to_show(token) is None
    assert confirmation.needs_operator()
    page = factories.Browser(app, member).get("/confirm").text
    assert tokens.code_of(token) not in page  # type: ignore[arg-type]
    assert "approves your address by hand" in page


def test_an_operator_approves_by_hand_and_the_trail_says_so(app: Flask) -> None:
    member = joined("Ada Lind", confirmed=False)
    operator = factories.member("Ops", roles=(Role.OPERATOR,))
    with pytest.raises(NotAllowed), transaction():
        confirmation.approve(queries.get(member.id), member.id, reason="", at=clock.now())
    answer = factories.Browser(app, operator).post(
        f"/console/members/{member.handle}/approval", {"reason": "Met her"}
    )
    assert answer.status_code == 303
    assert _is_confirmed(member)
    entry = audit.list_about("member", member.id)[0]
    assert (entry.action, entry.actor_id, entry.reason) == (
        "member.address_approved",
        operator.id,
        "Met her",
    )


def test_an_address_changes_when_the_new_one_answers_and_the_old_one_is_told(app: Flask) -> None:
    member = joined("Ada Lind")
    browser = factories.Browser(app, member)
    wrong = browser.post("/settings/email", {"email": "new@example.org", "password": "not mine"})
    assert wrong.status_code == 422
    browser.post("/settings/email", {"email": "new@example.org", "password": PASSWORD})
    db.session.refresh(member)
    assert member.email == "ada.lind@example.org"
    browser.post("/confirm", {"code": code_in(last_mail("new@example.org"))})
    db.session.refresh(member)
    assert member.email == "new@example.org"
    assert member.email_confirmed_at is not None
    assert last_mail("ada.lind@example.org").template == "address_changed"


def test_who_joined_with_a_mistyped_address_corrects_it_before_confirming(app: Flask) -> None:
    member = joined("Ada Lind", confirmed=False)
    browser = factories.Browser(app, member)
    browser.post("/settings/email", {"email": "ada@example.org", "password": PASSWORD})
    assert "ada@example.org" in browser.get("/settings/email").text
    page = browser.get("/confirm").text
    assert "ada@example.org" in page
    assert code_in(last_mail("ada@example.org")) in page
    first = last_mail("ada@example.org").id
    browser.post("/confirm/mails")
    again = last_mail("ada@example.org")
    assert again.id > first  # and not to the address that is wrong
    assert browser.post("/confirm", {"code": code_in(again)}).status_code == 303
    assert _is_confirmed(member)
    assert member.email == "ada@example.org"


def test_who_changes_a_confirmed_address_is_confirmed_since_before(app: Flask) -> None:
    member = joined("Ada Lind")
    since = member.email_confirmed_at
    clock.move(timedelta(days=90))
    browser = factories.Browser(app, member)
    browser.post("/settings/email", {"email": "new@example.org", "password": PASSWORD})
    browser.post("/confirm", {"code": code_in(last_mail("new@example.org"))})
    db.session.refresh(member)
    assert (member.email, member.email_confirmed_at) == ("new@example.org", since)


def _guess(member: Member, code: str) -> bool:
    with transaction():
        return confirmation.by_code(queries.get(member.id), code, at=clock.now())


def _is_confirmed(member: Member) -> bool:
    db.session.refresh(member)
    return member.email_confirmed_at is not None
