import pytest
from flask import Flask

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.audit.models import AuditEntry
from ideation.core import clock, instance
from ideation.core.db import db, transaction
from tests import factories
from tests.factories import Browser

pytestmark = pytest.mark.one_engine


def _cast(name: str, *, domain: str = instance.DEMO_DOMAIN, language: str = "en") -> Member:
    person = factories.member(name, roles=(Role.FINANCE,), language=language)
    with transaction():
        db.session.get_one(Member, person.id).email = f"{name.lower()}@{domain}"
    return person


def _mark() -> None:
    with transaction():
        instance.establish(instance.DEMO, clock.now(), "1")


def test_the_operator_becomes_one_of_the_cast_and_the_trail_says_so(app: Flask) -> None:
    _mark()
    operator = factories.member("Olga", roles=(Role.OPERATOR,))
    person = _cast("Fanny")
    browser = Browser(app, operator)
    assert "Become Fanny" in browser.get("/console/demo").text
    answer = browser.post(f"/console/demo/visits/{person.handle}")
    assert answer.status_code == 303
    assert "You are Fanny now" in browser.get(answer.location).text
    entry = db.session.query(AuditEntry).filter_by(action="demo.visited_as").one()
    assert (entry.actor_id, entry.subject_id) == (operator.id, person.id)


def test_whoever_one_becomes_speaks_ones_own_language(app: Flask) -> None:
    _mark()
    browser = Browser(app, factories.member("Olga", roles=(Role.OPERATOR,)))
    person = _cast("芬妮", language="zh-Hans")
    browser.post(f"/console/demo/visits/{person.handle}")
    assert '<html lang="en"' in browser.get("/").text


def test_an_instance_that_is_no_demo_has_no_such_page(app: Flask) -> None:
    browser = Browser(app, factories.member("Olga", roles=(Role.OPERATOR,)))
    person = _cast("Fanny")
    assert browser.get("/console/demo").status_code == 404
    assert browser.post(f"/console/demo/visits/{person.handle}").status_code == 404


def test_people_with_an_address_of_their_own_are_never_lent(app: Flask) -> None:
    _mark()
    browser = Browser(app, factories.member("Olga", roles=(Role.OPERATOR,)))
    real = _cast("Rosa", domain="example.org")
    assert browser.post(f"/console/demo/visits/{real.handle}").status_code == 404
