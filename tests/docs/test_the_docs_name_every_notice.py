"""docs/notices.md lists every kind that the house declares, and every letter it writes."""

import dataclasses
from pathlib import Path

import pytest

from ideation.notices import kinds
from ideation.notices.ways import Way
from tests.docs import notices_table

LETTERS = Path(__file__).resolve().parents[2] / "templates/mail"


def test_the_table_is_the_catalogue() -> None:
    assert notices_table.written() == notices_table.table()
    assert len(kinds.all_kinds()) > 40


def test_control_another_default_makes_another_table(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = kinds.all_kinds()[0]
    other = dataclasses.replace(kind, way=Way.DIGEST)
    monkeypatch.setitem(kinds._kinds, kind.name, other)
    assert notices_table.written() != notices_table.table()


def test_every_letter_is_named() -> None:
    page = notices_table.DOC.read_text()
    letters = {path.stem for path in LETTERS.glob("*.html")}
    assert [name for name in sorted(letters) if f"`{name}`" not in page] == []


def test_every_letter_is_whole_as_text() -> None:
    names = [{path.stem for path in LETTERS.glob(f"*.{kind}")} for kind in ("txt", "html")]
    assert names[0] == names[1]
