"""A link gives one role, once, to whoever holds it, as long as its giver may give roles."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts import invitations, queries, roles
from ideation.accounts.grants import Role
from ideation.accounts.invitations import Invitation
from ideation.accounts.models import Member, Token
from ideation.audit.models import AuditEntry
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from ideation.core.mail.models import Mail
from tests import factories
from tests.factories.people import PASSWORD, newcomer

FORM = {"name": "Noor Haddad", "email": "noor@example.org", "password": PASSWORD, "agree": "1"}


@pytest.fixture
def operator(app: Flask) -> Member:
    """Who invites."""
    return factories.member("Olga Operator", roles=(Role.OPERATOR,))


def _invite(by: Member, role: Role = Role.MODERATOR, email: str = "") -> tuple[Invitation, str]:
    with transaction():
        actor = queries.get(by.id)
        made = invitations.invite(actor, role, email=email, at=clock.now())
        return made, invitations.link_of(made).rpartition("/invitations/")[2]


def test_a_newcomer_joins_with_the_role_and_needs_no_code(app: Flask, operator: Member) -> None:
    _made, secret = _invite(operator, email="Noor@Example.org")
    mail = db.session.scalars(select(Mail).where(Mail.template == "invited")).one()
    assert f"/invitations/{secret}" in mail.text
    visitor = factories.Browser(app)
    assert "Moderator" in visitor.get(f"/invitations/{secret}").text
    assert visitor.post(f"/invitations/{secret}", FORM).headers["Location"] == "/console/"
    assert visitor.get("/console/").status_code == 200
    noor = queries.find_by_email("noor@example.org")
    assert noor is not None
    assert [grant.role for grant in noor.grants] == [Role.MODERATOR]
    assert noor.email_confirmed_at is not None, "the operator vouched for this very address"
    assert factories.Browser(app).get(f"/invitations/{secret}").status_code == 404


def test_whoever_uses_another_address_still_confirms_it(app: Flask, operator: Member) -> None:
    _made, secret = _invite(operator, email="somebody.else@example.org")
    factories.Browser(app).post(f"/invitations/{secret}", FORM)
    noor = queries.find_by_email("noor@example.org")
    assert noor is not None
    assert noor.email_confirmed_at is None


def test_a_member_takes_the_role_with_a_button_and_another_session(
    app: Flask, operator: Member
) -> None:
    _made, secret = _invite(operator, Role.FINANCE)
    member = factories.member("Ana Reis")
    browser = factories.Browser(app, member)
    elsewhere = factories.Browser(app, member)
    assert browser.post(f"/invitations/{secret}").status_code == 303
    assert browser.get("/console/").status_code == 200
    assert elsewhere.get("/notices").status_code == 302, "the older session has ended"


def test_two_take_one_link_and_one_gets_it(app: Flask, operator: Member) -> None:
    _made, secret = _invite(operator)
    with transaction():
        invitations.join(secret, newcomer("First"), at=clock.now())
    with pytest.raises(NotFound), transaction():
        invitations.join(secret, newcomer("Second"), at=clock.now())


def test_a_link_ends_by_time_by_being_taken_back_and_with_its_givers_right(
    app: Flask, operator: Member
) -> None:
    made, secret = _invite(operator)
    with pytest.raises(NotFound):
        invitations.get_link(secret, at=clock.now() + timedelta(days=15))
    with transaction():
        invitations.withdraw(queries.get(operator.id), made.token_id, at=clock.now())
    with pytest.raises(NotFound):
        invitations.get_link(secret, at=clock.now())
    with pytest.raises(Conflict), transaction():
        invitations.withdraw(queries.get(operator.id), made.token_id, at=clock.now())
    _made, secret = _invite(operator)
    other = factories.member("Second operator", roles=(Role.OPERATOR,))
    with transaction():
        roles.revoke(queries.get(other.id), operator.id, Role.OPERATOR, at=clock.now())
    with pytest.raises(Conflict), transaction():
        invitations.join(secret, newcomer("Late"), at=clock.now())


def test_one_invitation_does_not_end_another(app: Flask, operator: Member) -> None:
    first, second = _invite(operator), _invite(operator, Role.FINANCE)
    found = invitations.list_open(at=clock.now())
    assert [one.token_id for one in found] == [second[0].token_id, first[0].token_id]


def test_what_cannot_be_asked_is_refused(app: Flask, operator: Member) -> None:
    manager = factories.member("Manager", roles=(Role.PRODUCT_MANAGER,))
    with pytest.raises(NotAllowed):
        invitations.invite(manager, Role.MODERATOR, at=clock.now())
    with pytest.raises(Invalid):
        invitations.invite(operator, Role.STEWARD, at=clock.now())
    with pytest.raises(Invalid):
        invitations.invite(operator, Role.MODERATOR, email="nowhere", at=clock.now())
    with pytest.raises(Invalid):
        invitations.invite(
            operator, Role.PRODUCT_MANAGER, email=(manager.email or "").upper(), at=clock.now()
        )


def test_the_database_holds_no_secret_and_the_trail_no_address(
    app: Flask, operator: Member
) -> None:
    made, secret = _invite(operator, email="noor@example.org")
    token = db.session.get_one(Token, made.token_id)
    assert secret not in str(token.payload)
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "member.invited")
    ).one()
    assert entry.actor_id == operator.id
    assert "noor" not in str(entry.detail)
