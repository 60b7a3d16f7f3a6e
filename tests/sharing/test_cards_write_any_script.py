"""A card writes what some font can write, and shows the picture alone rather than empty boxes."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFont

from ideation.sharing.press import composing, drawing, faces
from ideation.sharing.press.faces import Face

pytestmark = pytest.mark.one_engine

OURS: tuple[str, ...] = ()
EVERY = faces.FOLDERS


def _compose(words: str, folders: tuple[str, ...] = OURS) -> composing.Text | None:
    return composing.compose(words, heavy=True, tongue="en", folders=folders)


def _shown(text: composing.Text) -> str:
    return "".join(character for character, _ in text.pieces)


def test_latin_needs_no_font_but_ours() -> None:
    text = _compose("Café à l’Été: 100 %!")
    assert text is not None
    assert {face.path for _, face in text.pieces} == {faces.own(heavy=True).path}


@pytest.mark.parametrize("words", ["小城", "Ωκεανός", "Привет", "نص", "नमस्ते"])
def test_what_no_font_has_is_not_written_at_all(words: str) -> None:
    assert _compose(words) is None
    assert _compose(f"Town {words}") is None, "not half of it either"


def test_what_only_decorates_is_left_out() -> None:
    text = _compose("Cats 🐱 and \U0001f469‍\U0001f680 dogs")
    assert text is not None
    assert _shown(text) == "Cats and dogs"


def test_a_box_is_told_from_a_letter() -> None:
    """Control: the font draws something for what it lacks; that is what must not be shown."""
    own = faces.own(heavy=True)
    missing = own.at(32).getmask("城")
    assert missing.size != (0, 0)
    assert not own.has("城")
    assert own.has("é")


def _cjk() -> Face:
    face = faces.find("小城", EVERY, heavy=True, tongue="zh-Hans")
    if face is None:
        pytest.skip("this machine has no font for Chinese: apt install fonts-noto-cjk")
    return face


def test_chinese_is_written_where_there_is_a_font_and_one_script_has_one_face() -> None:
    _cjk()
    text = _compose("Week 47：小城，灯 2026", EVERY)
    assert text is not None
    by_face = {face: set() for _, face in text.pieces}
    for character, face in text.pieces:
        by_face[face].add(character)
    assert len(by_face) == 2
    assert {"小", "城", "，"} <= next(own for own in by_face.values() if "小" in own)


def test_chinese_breaks_anywhere_but_before_a_comma() -> None:
    _cjk()
    text = _compose("在雾上醒来的小镇，灯还亮着", EVERY)
    assert text is not None
    for width in range(120, 700, 30):
        lines = [_shown(one) for one in composing.lines_of(text, 60, width)]
        assert "".join(lines) == _shown(text)
        assert not any(line.startswith("，") for line in lines)


def test_words_are_not_broken_and_what_is_too_long_is_cut() -> None:
    text = _compose("A title that is far too long for any wall")
    assert text is not None
    lines = [_shown(one) for one in composing.lines_of(text, 60, 400)]
    assert " ".join(lines) == _shown(text)
    assert len(lines) > 2
    cut = composing.shortened(text, 60, 400)
    assert _shown(cut).endswith("…")
    assert cut.width(60) <= 400
    kept = _shown(cut).removesuffix("…")
    assert _shown(text).startswith(kept) and _shown(text)[len(kept)] in " ,", "within a word"


def _card(tmp_path: Path, **words: str) -> Image.Image:
    art = tmp_path / "art.png"
    Image.new("RGBA", (400, 500), "#2446c7").save(art)
    out = tmp_path / "card.jpeg"
    texts = {"kicker": "", "title": "", "line": "", "stars": "", "brand": "Ideation"}
    card = {"form": "design", "tongue": "en", "out": str(out), **texts, **words}
    drawing.draw([card], [str(art)], OURS)
    with Image.open(out) as image:
        image.load()
        return image.copy()


def test_the_card_has_the_size_that_sites_ask_for_and_nothing_but_pixels(tmp_path: Path) -> None:
    card = _card(tmp_path, title="Small cities")
    assert (card.size, card.format or "JPEG") == ((1200, 630), "JPEG")
    assert not card.getexif()


def test_a_title_that_cannot_be_written_leaves_picture_and_brand(tmp_path: Path) -> None:
    bare, foreign = _card(tmp_path), _card(tmp_path, title="小城")
    assert ImageChops.difference(bare, foreign).getbbox() is None
    written = _card(tmp_path, title="Small cities")
    changed = ImageChops.difference(bare, written).getbbox()
    assert changed is not None, "control: one that can be is"
    assert changed[2] < 740, "and it stays beside the print"


def test_a_title_of_any_length_stays_above_the_rule(tmp_path: Path) -> None:
    bare, long = _card(tmp_path), _card(tmp_path, title="Tall words " * 40, kicker="Week 47")
    changed = ImageChops.difference(bare, long).getbbox()
    assert changed is not None
    assert changed[3] <= 630 - 64 - 56
    assert changed[2] < 740


def test_many_fonts_do_not_hold_many_files_open() -> None:
    for size in range(10, 110):
        faces.own(heavy=True).at(size)
    assert len(list(Path("/proc/self/fd").iterdir())) < 64 + 40
    assert isinstance(faces.own(heavy=True).at(30), ImageFont.FreeTypeFont)
