"""A part that the house has is made once: a page with its own falls behind at the next change."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = sorted((TEMPLATES / "web").rglob("*.html")) + sorted(
    (TEMPLATES / "console").rglob("*.html")
)
#: What is written by hand → the macro that it is.
BY_HAND = {
    r'<dialog class="dialog\b': "dialogs.html: dialog",
    r"\{\{ *[\w.\[\]()+ ]+\|money\([^)]*\) *\}\}": "money.html: money",
    r'<span class="(badge|stars|avatar)\b': "a macro of that name",
    r'<(nav|ol) class="(tabs|crumbs|pagination)\b': "navigation.html",
    r'class="notice\b': "notices.html: notice",
    r'<div class="empty\b': "notices.html: empty",
}


def made_by_hand(source: str) -> set[str]:
    """The macros that a template builds anew."""
    return {macro for pattern, macro in BY_HAND.items() if re.search(pattern, source)}


@pytest.mark.one_engine
@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_page_builds_a_part_by_hand(path: Path) -> None:
    assert made_by_hand(path.read_text()) == set()


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "source",
    [
        '<dialog class="dialog dialog--wide" data-help>',
        "<dd>{{ order.total_minor|money(order.currency) }}</dd>",
        "<td>{{ (line.a + line.b)|money(order.currency) }}</td>",
        '<span class="badge badge--hot">',
        '<nav class="tabs" aria-label="">',
    ],
)
def test_control_a_part_by_hand_is_found(source: str) -> None:
    assert made_by_hand(source)


@pytest.mark.one_engine
def test_control_an_amount_within_a_sentence_is_none() -> None:
    assert not made_by_hand('{{ _("It pays %(total)s.", total=order.total_minor|money(code)) }}')
