"""Roles × routes × methods: each cell is declared in routes.txt and holds in a real request."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ideation.accounts.grants import Permission, Role
from ideation.accounts.models import Standing
from ideation.app import create_app
from ideation.core import config
from ideation.core.db import transaction
from ideation.http import guards
from ideation.http.guards import Who, who
from tests import factories
from tests.factories import Browser
from tests.http import who_may
from tests.http.addresses import fill, routes

ROLES: tuple[Role | str, ...] = ("anonymous", "suspended", "member", *Role)

pytestmark = pytest.mark.one_engine


@pytest.fixture
def doors(app: Flask, no_limits: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The house with an empty room behind every door: what answers 204 was let in."""
    for endpoint in app.view_functions:
        needs = guards.declared(app, endpoint)
        assert needs is not None

        @who(needs)
        def room(**_names: object) -> tuple[str, int]:
            return "", 204

        monkeypatch.setitem(app.view_functions, endpoint, room)
    yield app


def _browser(app: Flask, role: Role | str) -> Browser:
    if role == "anonymous":
        return Browser(app)
    roles = (role,) if isinstance(role, Role) else ()
    member = factories.member("Visitor", roles=roles)
    browser = Browser(app, member)
    if role == "suspended":
        with transaction() as session:
            session.merge(member).standing = Standing.SUSPENDED
    return browser


def _outcome(response: TestResponse) -> str:
    if response.status_code in {302, 303} and "/sign-in" in response.headers["Location"]:
        return "sign in"
    return {204: "reached", 403: "forbidden", 404: "hidden"}.get(
        response.status_code, response.status
    )


def test_every_route_is_in_the_table_as_it_declares_itself(app: Flask) -> None:
    assert who_may.table_of(app) == who_may.written(), (
        "a door was added, removed or changed: run `python -m tests.http.who_may`, read the diff"
    )


@pytest.mark.parametrize("role", ROLES)
def test_each_role_finds_the_doors_the_table_says(doors: Flask, role: Role | str) -> None:
    table = who_may.needs_by_route()
    browser = _browser(doors, role)
    wrong = []
    for method, rule in routes(doors):
        address = fill(rule, {})
        response = browser.get(address) if method == "GET" else browser.post(address)
        should = who_may.expected(table[method, rule.rule], role)
        if _outcome(response) != should:
            wrong.append(f"{method} {address}: {_outcome(response)}, not {should}")
    assert wrong == []


def test_scripts_are_told_to_sign_in_by_status(app: Flask) -> None:
    response = Browser(app).get("/notices", headers={"Accept": "application/json"})
    assert response.status_code == 401


def test_a_steward_of_one_space_enters_the_console(doors: Flask) -> None:
    assert _browser(doors, Role.STEWARD).get("/console/").status_code == 204


def test_a_route_that_does_not_say_who_may_stops_the_build(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: an open door is found before anybody walks through it."""
    undeclared = create_app(settings)
    undeclared.add_url_rule("/back-door", "back_door", lambda: "welcome")
    with pytest.raises(RuntimeError, match="back_door"):
        guards.refuse_undeclared(undeclared)

    monkeypatch.delattr(undeclared.view_functions["console.audit"], "ideation_who")
    with pytest.raises(RuntimeError, match=r"console\.audit"):
        create_app(settings)


def test_a_weaker_declaration_is_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: the table notices a door that was opened wider."""
    monkeypatch.setattr(
        app.view_functions["console.audit"], "ideation_who", Who.ANYONE, raising=False
    )
    assert who_may.table_of(app) != who_may.written()


def test_a_post_without_its_token_reaches_nobody(doors: Flask) -> None:
    client = doors.test_client()
    passed = [
        rule.rule
        for method, rule in routes(doors)
        if method == "POST" and client.post(fill(rule, {})).status_code == 204
    ]
    assert passed == []


def test_roles_differ() -> None:
    """Control: the expectation is no constant."""
    cells = {who_may.expected(Permission.SEE_AUDIT, role) for role in ROLES}
    assert cells == {"sign in", "hidden", "forbidden", "reached"}
