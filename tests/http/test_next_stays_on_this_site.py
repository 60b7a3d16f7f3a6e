import pytest
from flask import Flask

from ideation.http.redirects import safe_next
from tests import factories
from tests.factories.people import PASSWORD, joined

ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/ /evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
    "/" + "a" * 1001,
    "/ok\r\nSet-Cookie: x=1",
    "/a\\@evil.example",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_whatever_leads_elsewhere_is_left_out(target: str) -> None:
    assert safe_next(target, "/home") == "/home"


@pytest.mark.parametrize("target", ["/", "/contests", "/c/小城?page=2#x", "/a?next=//b", "/@ada"])
def test_paths_of_this_site_are_kept(target: str) -> None:
    assert safe_next(target, "/home") == target


@pytest.mark.one_engine
@pytest.mark.parametrize("target", [*ELSEWHERE, "%2f%2fevil.example"])
def test_no_door_redirects_elsewhere(app: Flask, target: str) -> None:
    joined("Ada Lind")
    form = {"email": "ada.lind@example.org", "password": PASSWORD, "next": target}
    browser = factories.Browser(app)
    places = [
        browser.post("/sign-in", form).headers["Location"],
        browser.post("/preferences/theme", {"theme": "dark", "next": target}).headers["Location"],
        browser.post("/preferences/language", {"locale": "zh-Hans", "next": target}).headers[
            "Location"
        ],
    ]
    assert places == ["/", "/", "/"]


@pytest.mark.one_engine
def test_signing_in_goes_on_to_where_one_was_going(app: Flask) -> None:
    joined("Ada Lind")
    browser = factories.Browser(app)
    asked = browser.get("/settings/email").headers["Location"]
    assert asked.endswith("/sign-in?next=/settings/email")
    form = {"email": "ada.lind@example.org", "password": PASSWORD, "next": "/settings/email"}
    assert browser.post("/sign-in", form).headers["Location"] == "/settings/email"
