"""Every hint stands on a page, and what it leads to is there."""

import re
from pathlib import Path

import pytest
from flask import Flask

from ideation.http.hints import HINTS
from tests.factories import Browser

TEMPLATES = Path(__file__).parents[2] / "templates"


def test_every_hint_is_asked_for_and_every_one_asked_for_exists() -> None:
    used = {
        key
        for path in TEMPLATES.rglob("*.html")
        for key in re.findall(r'\bhint\("(\w+)"\)', path.read_text())
    }
    assert used == HINTS.keys()


@pytest.mark.one_engine
def test_each_anchor_is_on_the_page_that_explains(app: Flask) -> None:
    page = Browser(app).get("/how-winners-are-found").text
    for key, hint in HINTS.items():
        assert not hint.anchor or f'id="{hint.anchor}"' in page, key


@pytest.mark.one_engine
def test_a_hint_opens_without_a_script_and_has_a_name(app: Flask) -> None:
    macro = app.jinja_env.get_template("components/hints.html").module
    with app.test_request_context():
        html = str(macro.hint("score"))  # type: ignore[attr-defined]
    assert html.startswith("<details")
    assert '<span class="visually-hidden">What is the score?</span>' in html
    assert "/how-winners-are-found#formula" in html
