"""A newcomer's page brings its sheets along; whoever has them is given their address."""

import re
from pathlib import Path

import pytest
from flask import Flask

from ideation.branding import stylesheet
from ideation.branding.letters import STACKS
from ideation.http import sheets
from ideation.http.assets import STATIC, fingerprint, static_url

PAGE = "/how-winners-are-found"
ADDRESS = f'<link rel="stylesheet" href="{static_url(sheets.HOUSE)}">'

pytestmark = pytest.mark.one_engine


def _styles(page: str) -> list[str]:
    return re.findall(r"<style>(.*?)</style>", page, re.DOTALL)


def test_a_newcomers_page_waits_for_no_sheet(app: Flask) -> None:
    page = app.test_client().get(PAGE).text
    assert 'rel="stylesheet"' not in page
    house, own = _styles(page)
    assert "@layer reset, base, components, pages, utilities;" in house
    assert (STATIC / "css/pages/how.css").read_text() in own
    assert f'data-later="{static_url(sheets.HOUSE)}"' in page


def test_the_next_page_asks_for_what_the_browser_has_and_brings_its_own(app: Flask) -> None:
    visitor = app.test_client()
    visitor.get(PAGE)
    page = visitor.get("/sign-in").text
    assert ADDRESS in page
    assert "data-later" not in page
    assert [(STATIC / "css/pages/auth.css").read_text()] == _styles(page)


def test_sheets_of_another_edition_do_not_count(app: Flask) -> None:
    visitor = app.test_client()
    visitor.set_cookie(sheets.COOKIE, "0" * 12, domain="localhost")
    answer = visitor.get(PAGE)
    assert ADDRESS not in answer.text
    assert f"{sheets.COOKIE}={fingerprint()}" in answer.headers["Set-Cookie"]


def test_nothing_is_noted_where_no_page_brought_them(app: Flask) -> None:
    visitor = app.test_client()
    for path in ("/contests.atom", static_url("css/base.css"), "/no/such/page"):
        assert sheets.COOKIE not in str(visitor.get(path).headers.getlist("Set-Cookie")), path


def test_addresses_in_a_sheet_lead_somewhere_from_any_page(app: Flask) -> None:
    (house, *_) = _styles(app.test_client().get(PAGE).text)
    addresses = [found for found in re.findall(r'url\("([^"]+)"\)', house) if "data:" not in found]
    assert addresses
    for address in addresses:
        assert app.test_client().get(address).status_code == 200, address


def test_the_letters_asked_for_early_are_those_that_the_sheets_name(app: Flask) -> None:
    """Another address would bring them twice."""
    visitor = app.test_client()
    (house, *_) = _styles(visitor.get(PAGE).text)
    (named,) = re.findall(r'url\("([^"]+\.woff2)"\)', house)
    early = re.findall(r'<link rel="preload" href="([^"]+)" as="font"', visitor.get(PAGE).text)
    assert early == [named]


def test_no_sheet_can_end_the_element_that_it_stands_in() -> None:
    files: list[Path] = [*STATIC.glob("css/**/*.css")]
    assert len(files) > 30
    own = [stylesheet.write("#0b6bb8", "#6db4f5", letters) for letters in STACKS]
    for rules in [*(file.read_text() for file in files), *own]:
        assert "</" not in rules
