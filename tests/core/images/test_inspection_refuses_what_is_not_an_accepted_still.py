import io

import pytest
from PIL import Image

from ideation.core.images.inspect import inspect
from ideation.core.images.limits import Limits
from ideation.core.images.refusal import Refusal, Refused
from tests.core.images.drawing import (
    corners,
    encoded,
    exif,
    png_chunk,
    see_through,
    with_png_chunk,
)


def refusal_of(data: bytes, limits: Limits | None = None) -> Refusal:
    with pytest.raises(Refused) as caught:
        inspect(io.BytesIO(data), limits or Limits())
    return caught.value.reason


@pytest.mark.parametrize(
    ("format_", "mode"),
    [
        *(("JPEG", mode) for mode in ("1", "L", "RGB", "CMYK")),
        *(("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
        *(("WEBP", mode) for mode in ("L", "P", "RGB", "RGBA")),
        *(("AVIF", mode) for mode in ("L", "P", "RGB", "LA", "RGBA")),
        *(("GIF", mode) for mode in ("P", "RGB", "RGBA")),
    ],
)
def test_it_says_what_pillow_says_of_every_mode(format_: str, mode: str) -> None:
    image = see_through() if mode in {"LA", "RGBA"} else corners()
    data = encoded(image.convert(mode), format_)
    facts = inspect(io.BytesIO(data))
    with Image.open(io.BytesIO(data)) as opened:
        assert (facts.format, facts.width, facts.height) == (opened.format, *opened.size)
        assert facts.has_alpha == opened.has_transparency_data
        assert facts.mode == opened.mode


def test_a_stream_is_left_at_its_start() -> None:
    stream = io.BytesIO(encoded(corners(), "PNG"))
    inspect(stream)
    assert stream.tell() == 0


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_the_orientation_is_found_in_each_format(format_: str, orientation: int) -> None:
    facts = inspect(io.BytesIO(encoded(corners(), format_, exif=exif(orientation))))
    assert facts.orientation == orientation
    assert facts.upright == ((240, 320) if orientation >= 5 else (320, 240))


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b"GIF89a", Refusal.TRUNCATED),
        (b"GIF87a/*=1;alert(1)//", Refusal.UNREADABLE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Refusal.SVG),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a -->\n<svg >", Refusal.SVG),
        ("\ufeff<?xml version='1.0'?><svg/>".encode("utf-16-le"), Refusal.NOT_A_PICTURE),
        ("\ufeff<?xml version='1.0'?><svg xmlns='a'/>".encode("utf-16-le"), Refusal.SVG),
        (b"%!PS-Adobe-3.0 EPSF-3.0", Refusal.PRINT_FILE),
        (b"%PDF-1.7", Refusal.PRINT_FILE),
        (b"II*\0", Refusal.TIFF),
        (b"BM", Refusal.BMP),
        (b"8BPS", Refusal.LAYERED),
        (b"\0\0\0\x20ftypavif", Refusal.TRUNCATED),
        (b"\0\0\0\x20ftypavis", Refusal.ANIMATED),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", Refusal.TRUNCATED),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heicmiaf", Refusal.HEIC),
        (b"\0\0\0\x20ftypheic", Refusal.HEIC),
        (b"\0\0\0\x20ftypmp42", Refusal.NOT_A_PICTURE),
        (b"\0\0\0\x0cJXL \r\n\x87\n", Refusal.OTHER_FORMAT),
        (b"<!doctype html><script>alert(1)</script>", Refusal.NOT_A_PICTURE),
        (b"PK\3\4", Refusal.NOT_A_PICTURE),
        (b"just words", Refusal.NOT_A_PICTURE),
    ],
)
def test_other_formats_are_refused_by_name(start: bytes, reason: Refusal) -> None:
    assert refusal_of(start) is reason


def test_a_picture_that_moves_is_refused_in_each_format() -> None:
    frames = [corners(), corners().rotate(90), corners().rotate(180)]
    for format_ in ("PNG", "WEBP", "AVIF"):
        data = encoded(frames[0], format_, save_all=True, append_images=frames[1:])
        assert refusal_of(data) is Refusal.ANIMATED


def test_of_a_gif_that_moves_the_first_frame_comes_in() -> None:
    frames = [corners(), corners().rotate(90), corners().rotate(180)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert (inspect(io.BytesIO(data)).width, inspect(io.BytesIO(data)).frames) == (320, 1)
    second = data.rindex(b"\x21\xf9")
    assert inspect(io.BytesIO(data[:second])).frames == 1, "later frames may be missing"


def test_an_animation_of_one_frame_is_a_still() -> None:
    one = png_chunk(b"acTL", b"\0\0\0\1\0\0\0\0")[8:16]
    data = with_png_chunk(encoded(corners(), "PNG"), b"acTL", one)
    assert inspect(io.BytesIO(data)).frames == 1


def test_bytes_pixels_and_sides_are_bounded_on_both_sides_of_each_bound() -> None:
    data = encoded(corners(400, 300), "PNG")
    inspect(io.BytesIO(data), Limits(max_bytes=len(data)))
    assert refusal_of(data, Limits(max_bytes=len(data) - 1)) is Refusal.TOO_HEAVY
    inspect(io.BytesIO(data), Limits(max_pixels=120_000))
    assert refusal_of(data, Limits(max_pixels=119_999)) is Refusal.TOO_MANY_PIXELS
    inspect(io.BytesIO(data), Limits(min_side=300))
    assert refusal_of(data, Limits(min_side=301)) is Refusal.TOO_SMALL
    inspect(io.BytesIO(encoded(corners(1600, 200), "PNG")))
    assert refusal_of(encoded(corners(1601, 200), "PNG")) is Refusal.TOO_LONG


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_file_cut_anywhere_is_told_to_end_too_early_before_any_decoding(format_: str) -> None:
    data = encoded(corners(), format_, exif=exif(6))
    for keep in range(16, len(data) - 1, max(1, len(data) // 200)):
        assert refusal_of(data[:keep]) in {Refusal.TRUNCATED, Refusal.NOT_A_PICTURE}


@pytest.mark.parametrize("fill", [b"\xff\xe5\x00\x02", b"\x00\x00\x00\x00teXt\x00\x00\x00\x00"])
def test_a_file_of_countless_tiny_parts_is_not_walked_to_its_end(fill: bytes) -> None:
    start = b"\xff\xd8" if fill[0] == 0xFF else encoded(corners(), "PNG")[:33]
    data = start + fill * ((20_000_000 - 64) // len(fill))
    assert refusal_of(data) is Refusal.TOO_COMPLEX
