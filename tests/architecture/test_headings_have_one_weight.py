"""One file of letters is served, at one weight: a heading that asks for another gets this one."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
SHEETS = sorted(CSS.rglob("*.css"))

_WITH_LETTERS = re.compile(r"[^{}]*\{[^{}]*font(?:-family)?:[^{};]*--font-display\)[^{}]*\}")

pytestmark = pytest.mark.one_engine


def strays(rules: str) -> list[str]:
    """Rules that set the letters of headings at a weight of their own."""
    blocks: list[str] = _WITH_LETTERS.findall(rules)
    return [block.strip() for block in blocks if "var(--weight-display)" not in block]


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: str(path.relative_to(CSS)))
def test_letters_of_headings_come_at_their_one_weight(path: Path) -> None:
    assert strays(path.read_text()) == []


@pytest.mark.parametrize(
    "rules",
    [
        ".ordered { font: 700 1.25rem/1.2 var(--font-display); }",
        ".a { color: red; } .b { font-family: var(--font-display); font-weight: 650; }",
    ],
)
def test_control_a_weight_of_its_own_is_found(rules: str) -> None:
    assert strays(rules)


def test_control_most_sheets_with_headings_are_seen() -> None:
    assert sum("var(--font-display)" in path.read_text() for path in SHEETS) > 15
