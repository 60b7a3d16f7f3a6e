"""One file holds the measurements; the document shows that table, and the page those figures."""

from pathlib import Path

import pytest
from flask import Flask
from markupsafe import escape

from ideation.core import i18n
from ideation.voting import measured
from tests.factories import Browser

SCORING = Path(__file__).resolve().parents[2] / "docs" / "scoring.md"


def test_the_document_holds_the_table_and_its_date() -> None:
    text = SCORING.read_text()
    assert measured.as_markdown() in text, "run `python -m ideation.voting.measured`, paste it"
    assert measured.MEASURED_ON.isoformat() in text


@pytest.mark.one_engine
def test_the_page_shows_every_figure_beside_what_it_is_held_against(app: Flask) -> None:
    page = Browser(app).get("/how-winners-are-found").text
    with i18n.speaking("en"):
        for one in measured.FIGURES:
            for words in (one.what, one.ours, one.other, one.beside):
                assert str(escape(str(words))) in page, words
