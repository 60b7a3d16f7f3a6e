import io
import struct
from base64 import b64decode
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from ideation.core.images.limits import Limits
from ideation.core.images.making import make_renditions
from ideation.core.images.plans import STANDARD_PLANS, Rendered
from ideation.core.images.refusal import Refusal, Refused
from ideation.core.images.renditions import render
from ideation.core.images.sandbox import run_limited
from tests.core.images.drawing import (
    CORNERS,
    STORED_AS,
    corners,
    encoded,
    exif,
    see_through,
    swapped_profile,
)


def made(data: bytes, folder: Path) -> Rendered:
    original = folder / "original"
    original.write_bytes(data)
    return make_renditions(original, folder)


def opened(folder: Path, filename: str) -> Image.Image:
    with Image.open(folder / filename) as image:
        image.load()
        return image


def is_close(seen: tuple[int, ...], wanted: tuple[int, ...], by: int = 14) -> bool:
    return all(abs(one - other) <= by for one, other in zip(seen[:3], wanted[:3], strict=True))


def corner_colours(image: Image.Image) -> list[tuple[int, ...]]:
    width, height = image.size
    places = [(1, 1), (3, 1), (3, 3), (1, 3)]
    pixels = [image.convert("RGBA").getpixel((x * width // 4, y * height // 4)) for x, y in places]
    return [pixel for pixel in pixels if isinstance(pixel, tuple)]


def test_each_plan_gives_two_formats_with_true_figures(tmp_path: Path) -> None:
    rendered = made(encoded(corners(2400, 1200), "JPEG", quality=95), tmp_path)
    sizes = {(one.kind, one.format): (one.width, one.height) for one in rendered.renditions}
    assert sizes == {
        ("small", "AVIF"): (400, 200),
        ("small", "WEBP"): (400, 200),
        ("grid", "WEBP"): (720, 360),
        ("grid", "JPEG"): (720, 360),
        ("large", "WEBP"): (1800, 900),
        ("large", "JPEG"): (1800, 900),
    }
    assert (rendered.width, rendered.height, rendered.transparent) == (2400, 1200, False)
    for one in rendered.renditions:
        data = (tmp_path / one.filename).read_bytes()
        image = opened(tmp_path, one.filename)
        assert (image.format, *image.size) == (one.format, one.width, one.height)
        assert (len(data), sha256(data).hexdigest()) == (one.size, one.sha256)
        assert one.content_type == f"image/{one.format.lower()}"
        for seen, colour in zip(corner_colours(image), CORNERS, strict=True):
            assert is_close(seen, colour)


def test_a_small_picture_is_never_enlarged(tmp_path: Path) -> None:
    rendered = made(encoded(corners(300, 200), "PNG"), tmp_path)
    assert {(one.width, one.height) for one in rendered.renditions} == {(300, 200)}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_all_eight_orientations_come_out_upright(
    format_: str, orientation: int, tmp_path: Path
) -> None:
    turn = STORED_AS[orientation]
    stored = corners(400, 240) if turn is None else corners(400, 240).transpose(turn)
    (tmp_path / "original").write_bytes(encoded(stored, format_, exif=exif(orientation)))
    # In this process: the picture is ours, and 24 children would only take time.
    rendered = render(str(tmp_path / "original"), str(tmp_path), *as_json())
    assert (rendered.width, rendered.height) == (400, 240)
    for one in rendered.renditions:
        for seen, colour in zip(
            corner_colours(opened(tmp_path, one.filename)), CORNERS, strict=True
        ):
            assert is_close(seen, colour), (one.filename, orientation)


@pytest.mark.parametrize(
    ("format_", "mode"),
    [
        ("PNG", "1"),
        ("PNG", "L"),
        ("PNG", "P"),
        ("PNG", "I;16"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("WEBP", "P"),
        ("AVIF", "L"),
        ("AVIF", "RGB"),
        ("GIF", "P"),
    ],
)
def test_every_opaque_mode_keeps_its_look(format_: str, mode: str, tmp_path: Path) -> None:
    image = in_mode(corners(400, 240), mode)
    wanted = corner_colours(image.convert("RGB") if mode != "I;16" else corners(400, 240, "L"))
    rendered = made(encoded(image, format_), tmp_path)
    large = next(one for one in rendered.renditions if one.kind == "large")
    seen = corner_colours(opened(tmp_path, large.filename))
    assert not rendered.transparent
    for one, other in zip(seen, wanted, strict=True):
        assert is_close(one, other)


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    """The picture in a mode, without the dots that would make single pixels say nothing."""
    if mode == "P":
        return image.quantize(16)
    if mode == "1":
        return image.convert("1", dither=Image.Dither.NONE)
    if mode == "I;16":
        return image.convert("L").convert("I").point(lambda value: value * 257).convert("I;16")
    return image.convert(mode)


@pytest.mark.parametrize("kind", ["RGBA", "LA", "palette", "colour key", "AVIF", "GIF"])
def test_transparency_of_every_kind_survives(kind: str, tmp_path: Path) -> None:
    rendered = made(_transparent(kind), tmp_path)
    assert rendered.transparent
    assert {one.format for one in rendered.renditions} == {"AVIF", "WEBP", "PNG"}
    for one in rendered.renditions:
        alpha = opened(tmp_path, one.filename).convert("RGBA").getchannel("A")
        assert min(alpha.tobytes()) < 40, one.filename
        assert max(alpha.tobytes()) > 215, one.filename


def _transparent(kind: str) -> bytes:
    if kind in {"RGBA", "LA"}:
        return encoded(see_through().convert(kind), "PNG")
    if kind == "palette":
        return encoded(see_through().quantize(32), "PNG")
    if kind == "AVIF":
        return encoded(see_through(), "AVIF")
    if kind == "GIF":
        return encoded(corners().quantize(8), "GIF", transparency=0)
    return encoded(corners(), "PNG", transparency=CORNERS[0])


def test_of_a_gif_that_moves_the_first_frame_is_made(tmp_path: Path) -> None:
    frames = [corners(400, 240).rotate(180 * n) for n in range(2)]
    moving = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    rendered = made(moving, tmp_path)
    seen = corner_colours(opened(tmp_path, rendered.renditions[0].filename))
    assert all(is_close(one, other) for one, other in zip(seen, CORNERS, strict=True))


def test_around_a_gifs_first_frame_on_a_larger_screen_one_sees_through(tmp_path: Path) -> None:
    frame = encoded(corners(240, 200).quantize(8), "GIF")
    screen = struct.pack("<HH", 480, 400)
    rendered = made(frame[:6] + screen + frame[10:], tmp_path)
    assert (rendered.width, rendered.height, rendered.transparent) == (480, 400, True)
    alpha = opened(tmp_path, "large.webp").getchannel("A")
    assert (alpha.getpixel((120, 100)), alpha.getpixel((360, 300))) == (255, 0)


def test_an_alpha_channel_that_hides_nothing_is_dropped(tmp_path: Path) -> None:
    rendered = made(encoded(corners(mode="RGBA"), "PNG"), tmp_path)
    assert not rendered.transparent
    assert {one.format for one in rendered.renditions} == {"AVIF", "WEBP", "JPEG"}


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_colour_profile_is_applied_and_not_handed_on(format_: str, tmp_path: Path) -> None:
    green = Image.new("RGB", (300, 300), (20, 200, 40))
    rendered = made(encoded(green, format_, icc_profile=swapped_profile()), tmp_path)
    seen = opened(tmp_path, rendered.renditions[0].filename)
    red, green_, _ = seen.convert("RGB").getpixel((150, 150))  # type: ignore[misc]
    assert red > 150 > 100 > green_
    assert "icc_profile" not in seen.info


@pytest.mark.parametrize("profile", [b"", b"not a profile", swapped_profile()[:300]])
def test_a_broken_profile_is_passed_over(profile: bytes, tmp_path: Path) -> None:
    rendered = made(encoded(corners(), "JPEG", icc_profile=profile), tmp_path)
    seen = corner_colours(opened(tmp_path, rendered.renditions[0].filename))
    assert all(is_close(one, other) for one, other in zip(seen, CORNERS, strict=True))


def test_the_placeholder_is_tiny_and_the_colour_the_commonest(tmp_path: Path) -> None:
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    image.paste((200, 40, 60, 255), (50, 50, 250, 200))
    image.paste((20, 40, 200, 255), (50, 200, 250, 250))
    rendered = made(encoded(image, "PNG"), tmp_path)
    assert rendered.colour == "#c8283c"
    head, _, data = rendered.placeholder.partition(",")
    assert head == "data:image/webp;base64"
    assert len(rendered.placeholder) <= 500
    with Image.open(io.BytesIO(b64decode(data))) as tiny:
        assert max(tiny.size) == 16


def test_limits_hold_in_the_child_too(tmp_path: Path) -> None:
    (tmp_path / "original").write_bytes(encoded(corners(), "PNG"))
    with pytest.raises(Refused) as caught:
        make_renditions(tmp_path / "original", tmp_path, limits=Limits(max_pixels=76_799))
    assert caught.value.reason is Refusal.TOO_MANY_PIXELS


def test_a_missing_original_is_no_fault_of_the_picture(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        make_renditions(tmp_path / "none", tmp_path)


def test_the_largest_picture_that_may_come_in_fits_the_child(tmp_path: Path) -> None:
    run_limited(draw_the_largest, str(tmp_path / "original"), memory_bytes=4 << 30, seconds=60)
    rendered = make_renditions(tmp_path / "original", tmp_path)
    assert (rendered.width, rendered.height) == (8660, 5773)
    assert rendered.transparent


def draw_the_largest(path: str) -> None:
    """Just below 50 million pixels with alpha, in a child, so that this process stays small."""
    see_through(8660, 5773).save(path, "PNG", compress_level=1)


def as_json() -> tuple[list[dict[str, object]], dict[str, object]]:
    return [asdict(plan) for plan in STANDARD_PLANS], {}
