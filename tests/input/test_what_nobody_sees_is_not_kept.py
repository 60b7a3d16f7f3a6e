"""No form brings a character into a table that nobody sees or that turns the order of words."""

import re

import pytest

from ideation.core import text
from tests.input.house import House, Request

pytestmark = pytest.mark.one_engine

UNSEEN = "\x00\x07\x1b\x7f\x9b\u200b\u200f\u202a\u202e\u2066\u2069\ufeff\u3164\u2800\r\n\u2028"
#: Where line ends belong they stay; lines are counted, not hidden.
KEPT = {"\n"}


def test_no_form_keeps_what_nobody_sees(house: House, asked: list[Request]) -> None:
    kept, changed, before = [], 0, _unseen(house)
    for one in asked:
        words = {name: _laced(one.values.get(name)) for name in one.texts}
        if not words:
            continue
        answer = house.post(one.viewer, one.action, {**one.values, **words})
        assert answer.status_code < 500, one.rule
        changed += answer.status_code < 400
        if found := _unseen(house) - before:
            kept.append(f"{one.rule}: {sorted(found)}")
    assert kept == []
    assert changed > 15, "many are taken, cleaned"


@pytest.mark.parametrize("blank", ["\u3164", "\u2800\u115f", "\u200b \ufeff", "\uffa0\u180e\u061c"])
def test_a_name_of_nothing_is_empty(blank: str) -> None:
    assert text.clean_line(blank) == text.clean_text(blank) == ""


def test_letters_that_need_their_joiners_keep_them() -> None:
    for line in ("می‌خواهم", "क्‍ष", "👩‍🎨", "각"):
        assert text.clean_line(line) == line


def test_control_a_mark_in_a_table_is_seen(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"name": _laced("Ada"), "bio": "", "zone": "UTC", "language": "en"}
    monkeypatch.setattr(text, "_INVISIBLE", re.compile("[\x00]"))
    house.post("owner", "/settings/profile", words)
    assert "members.name" in _unseen(house)


def _laced(value: object) -> str:
    """The value with something unseen in its middle."""
    first = value[0] if isinstance(value, list) and value else value
    word = str(first or "Words")
    return f"{word[:1]}{UNSEEN}{word[1:]}"


def _unseen(house: House) -> set[str]:
    """Columns that hold some of it."""
    unseen = set(UNSEEN) - KEPT
    return {f"{table}.{column}" for table, column, value in house.texts() if unseen & set(value)}
