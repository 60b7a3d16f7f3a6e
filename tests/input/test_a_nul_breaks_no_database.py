"""A NUL, which PostgreSQL holds in no text, is refused or left out wherever it stands."""

from urllib.parse import quote

import pytest
from flask import Flask, Request
from werkzeug.routing import Rule

from ideation.accounts.grants import Role
from ideation.core.db import is_postgresql
from ideation.http import nothing
from tests import factories
from tests.http.addresses import routes
from tests.input import extras

pytestmark = pytest.mark.usefixtures("no_limits")

NUL = "a\0b"
ASKED = "q tag next ref colour currency kind show order compare stub state search language by"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_nul_is_never_an_error_of_ours(app: Flask, method: str) -> None:
    member = factories.member("Ada", roles=tuple(Role))
    browsers = (factories.Browser(app), factories.Browser(app, member))
    fields = dict.fromkeys(extras.columns(member.id), NUL) | dict.fromkeys(ASKED.split(), NUL)
    broken = []
    for known, rule in routes(app):
        if known != method:
            continue
        for browser in browsers:
            if method == "GET":
                answer = browser.get(_filled(rule), query_string=dict.fromkeys(ASKED.split(), NUL))
            else:
                answer = browser.post(_filled(rule), fields)
            if answer.status_code >= 500:
                broken.append(f"{rule.rule}: {answer.status}")
    assert broken == []


def test_control_without_the_door_a_database_refuses_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_postgresql():
        pytest.skip("SQLite keeps a NUL")
    monkeypatch.setattr(app, "request_class", Request)
    monkeypatch.setattr(nothing, "NUL", "\0\0")
    browser = factories.Browser(app)
    assert browser.get(f"/members/{quote(NUL)}").status_code == 500


def _filled(rule: Rule) -> str:
    """Its address, a NUL in every name that it holds."""
    parts = (
        part if "<" not in part else "1" if "int:" in part else quote(NUL)
        for part in rule.rule.split("/")
    )
    return "/".join(parts)
