import re
from pathlib import Path

import pytest
from flask import Flask

from ideation.accounts.grants import Role
from ideation.http.assets import STATIC
from ideation.web import styleguide
from tests import factories

pytestmark = pytest.mark.one_engine

COMPONENTS = Path(__file__).resolve().parents[2] / "templates" / "components"
PARTS = COMPONENTS.parent / "web" / "styleguide" / "_parts.html"
#: Macros that other macros are made of, that need data of their own page, or that letters use.
ELSEWHERE = {
    "actions.html": {"post_button"},
    "forms.html": {"csrf", "hidden"},
    "prints.html": {"picture", "on_first_screen"},
}
NOT_SHOWN = {
    "drawing.html",
    "hero.html",
    "icons.html",
    "mail.html",
    "run_rules.html",
    "sharing.html",
    "time.html",
}


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_it_renders_by_day_and_by_night_in_each_language(app: Flask, language: str) -> None:
    page = _guide(app, language)
    assert page.count('class="guide__sheet" data-theme="light"') == 2
    assert page.count('class="guide__sheet" data-theme="dark"') == 2
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_every_token_and_every_icon_is_on_it(app: Flask) -> None:
    page = _guide(app)
    sheet = (STATIC / "css" / "tokens.css").read_text()
    root = sheet[sheet.index(":root {") : sheet.index("\n}\n", sheet.index(":root {"))]
    colours = [name for name in re.findall(r"^  (--[\w-]+):", root, re.M) if "shadow" not in name]
    assert [name for name in colours if f"<code>{name}</code>" not in page] == []
    assert len(styleguide.icons()) > 50
    assert [name for name in styleguide.icons() if f"<code>{name}</code>" not in page] == []


def test_a_new_part_must_be_shown() -> None:
    shown = PARTS.read_text()
    missing = [
        f"{file.name}: {name}"
        for file in sorted(COMPONENTS.glob("*.html"))
        if file.name not in NOT_SHOWN
        for name in _parts_of(file)
        if not re.search(rf"\b{name}\(", shown)
    ]
    assert missing == []


def _parts_of(file: Path) -> set[str]:
    """The file's macros but for those that only serve the others."""
    text = file.read_text()
    macros = set(re.findall(r"{%-? macro (\w+)\(", text))
    inside = {name for name in macros if len(re.findall(rf"\b{name}\(", text)) > 1}
    return macros - inside - ELSEWHERE.get(file.name, set())


def _guide(app: Flask, language: str = "en") -> str:
    ops = factories.member("Ops", roles=(Role.OPERATOR,), language=language)
    answer = factories.Browser(app, ops).get("/styleguide")
    assert answer.status_code == 200
    return answer.text
