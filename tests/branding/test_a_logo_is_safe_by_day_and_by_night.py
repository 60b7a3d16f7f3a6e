import io
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image, ImageDraw

from ideation.branding import logos
from ideation.core.errors import Invalid
from ideation.core.storage import in_force
from tests.core.images.anatomy import is_bare
from tests.core.images.drawing import with_png_chunk
from tests.core.images.hostile import seeds

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("ink", "vanishes_in"),
    [
        ((20, 20, 20, 255), "dark"),
        ((250, 250, 250, 255), "light"),
        ((200, 50, 27, 255), ""),
        ((120, 120, 120, 255), ""),
    ],
)
def test_it_is_known_where_a_mark_on_nothing_would_vanish(
    app: Flask, tmp_path: Path, ink: tuple[int, int, int, int], vanishes_in: str
) -> None:
    assert logos.make(_saved(tmp_path, _mark(ink))).vanishes_in == vanishes_in


def test_small_words_in_black_beside_a_large_red_dot_count(app: Flask, tmp_path: Path) -> None:
    image = _mark((200, 50, 27, 255))
    ImageDraw.Draw(image).rectangle((300, 60, 390, 90), fill=(10, 10, 10, 255))
    assert logos.make(_saved(tmp_path, image)).vanishes_in == "dark"


def test_a_mark_on_its_own_ground_needs_nothing_behind_it(app: Flask, tmp_path: Path) -> None:
    assert logos.make(_saved(tmp_path, Image.new("RGB", (400, 100), "black"))).vanishes_in == ""


def test_what_is_stored_is_encoded_anew_small_and_bare(app: Flask, tmp_path: Path) -> None:
    image = _mark((20, 20, 20, 255)).resize((2000, 500))
    logo = logos.make(_saved(tmp_path, image, secret=b"made by Ada"))
    stored = in_force.store().open(logo.key).read()
    assert is_bare(stored, "PNG")
    assert b"Ada" not in stored
    with Image.open(io.BytesIO(stored)) as served:
        assert (served.width, served.height) == (logo.width, logo.height) == (640, 160)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%PDF-1.7 not a picture",
        b"",
        seeds()["baseline.jpg"][:200],
    ],
    ids=["svg", "pdf", "empty", "cut"],
)
def test_what_is_no_whole_picture_is_refused_in_words_and_leaves_nothing(
    app: Flask, tmp_path: Path, data: bytes
) -> None:
    file = tmp_path / "logo.png"
    file.write_bytes(data)
    with pytest.raises(Invalid) as refused:
        logos.make(file)
    assert str(refused.value.fields["logo"])
    assert list(in_force.store().list()) == []


def _mark(ink: tuple[int, int, int, int]) -> Image.Image:
    image = Image.new("RGBA", (400, 100), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((10, 10, 90, 90), fill=ink)
    return image


def _saved(folder: Path, image: Image.Image, secret: bytes = b"") -> Path:
    file = folder / "logo.png"
    image.save(file, "PNG")
    if secret:
        file.write_bytes(with_png_chunk(file.read_bytes(), b"tEXt", b"Author\0" + secret))
    return file
