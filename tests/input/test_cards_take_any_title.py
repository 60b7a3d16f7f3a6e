"""A share card takes any title: it is drawn within its place, or left out, and nothing breaks."""

import time
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from ideation.sharing.press import composing, drawing, faces
from tests.input import payloads

pytestmark = pytest.mark.one_engine

TITLES = {
    "five hundred letters": "W" * 500,
    "five hundred letters of words": "Tall words " * 46,
    "five hundred ideographs": "城" * 500,
    "from right to left": "العربية " * 60,
    "both ways": "Small مدينة cities שלום",
    "emoji alone": "🐱" * 200,
    "emoji of several": "👩\u200d🎨🏳️\u200d🌈 at work",
    "marks upon marks": "e" + "\u0301" * 400,
    "lines": payloads.LINES,
    "controls": "a\x00\x07\x1b[2J\n\r\tb\x85c",
    "turned around": "\u202eseitic llamS\u202c \u2066x\u2069",
    "half a character": "a\ud800b",
    "spaces alone": " \u00a0\u3000" * 100,
    "nothing to see": "\u200b\u3164\ufeff",
    "markup": payloads.MARKUP[2],
    "sums": payloads.SUMS[0] + payloads.SUMS[6],
    "every script": "Small 小城 العربية नमस्ते Ωκεανός Привет ไทย",
}
#: Where words may stand on a card with one print: beside it, above the rule.
ROOM = (50, 24, 740, 512)


@pytest.mark.parametrize("name", TITLES)
def test_any_title_stays_in_its_place(tmp_path: Path, name: str) -> None:
    title, began = TITLES[name], time.process_time()
    bare, card = _card(tmp_path), _card(tmp_path, title=title)
    assert card.size == (drawing.WIDTH, drawing.HEIGHT)
    changed = ImageChops.difference(bare, card).point(lambda one: 255 * (one > 24)).getbbox()
    assert changed is None or _within(changed), changed
    assert time.process_time() - began < 8


@pytest.mark.parametrize("field", ["kicker", "line", "brand"])
@pytest.mark.parametrize("form", ["design", "contest", "product"])
def test_any_words_leave_the_print_alone(tmp_path: Path, form: str, field: str) -> None:
    for words in (TITLES["lines"], TITLES["controls"], TITLES["marks upon marks"], "W" * 500):
        bare = _card(tmp_path, form=form, **{field: ""})
        card = _card(tmp_path, form=form, **{field: words})
        print_ = (800, 60, 1130, 560)
        same = ImageChops.difference(bare.crop(print_), card.crop(print_))
        assert same.point(lambda one: 255 * (one > 24)).getbbox() is None, words[:20]


def test_control_lines_break_what_lays_out_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composing, "_seen", str)
    with pytest.raises(RuntimeError):
        _card(tmp_path, title=TITLES["controls"])


def test_control_words_that_leave_their_place_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composing, "shortened", lambda text, _size, _width: text)
    bare, card = _card(tmp_path), _card(tmp_path, title="W" * 500)
    changed = ImageChops.difference(bare, card).getbbox()
    assert changed is not None and not _within(changed)


def _within(box: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = ROOM
    return left <= box[0] and top <= box[1] and box[2] <= right and box[3] <= bottom


def _card(tmp_path: Path, *, form: str = "design", **words: str) -> Image.Image:
    art, out = tmp_path / "art.png", tmp_path / "card.jpeg"
    if not art.exists():
        Image.new("RGB", (400, 500), "#2446c7").save(art)
    texts = {"kicker": "", "title": "", "line": "", "stars": "", "brand": "Ideation"}
    card = {"form": form, "tongue": "en", "out": str(out), **texts, **words}
    drawing.draw([card], [str(art)], faces.FOLDERS)
    with Image.open(out) as image:
        return image.convert("L")
