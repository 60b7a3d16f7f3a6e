import math
from dataclasses import asdict
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from benchmarks.thumbnails import picture
from ideation.core.images import shrinking
from ideation.core.images.plans import Fit, Plan
from ideation.core.images.renditions import render
from ideation.core.images.shrinking import shrink

LANCZOS = Image.Resampling.LANCZOS


def likeness(one: Image.Image, other: Image.Image) -> float:
    """Peak signal to noise in dB; beyond 40 hardly anybody can tell the two apart."""
    rms = ImageStat.Stat(ImageChops.difference(one, other)).rms
    error = sum(value**2 for value in rms) / len(rms)
    return 10 * math.log10(255**2 / error) if error else math.inf


def most(one: Image.Image, other: Image.Image) -> float:
    """By how much the two differ where they do most, in steps of 256."""
    return max(high for _, high in ImageStat.Stat(ImageChops.difference(one, other)).extrema)


@pytest.mark.parametrize("side", [100, 360, 599, 900])
def test_averaging_blocks_first_looks_like_lanczos_all_the_way(side: int) -> None:
    original = picture(1200)
    slow = original.resize((side, side), LANCZOS)
    assert likeness(shrink(original, (side, side)), slow) > 44
    # The control: a smaller picture made without care does not pass.
    careless = original.resize((side, side), Image.Resampling.NEAREST)
    assert likeness(careless, slow) < 40


def test_bands_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    original = picture(1200)
    banded = shrink(original, (700, 700))
    monkeypatch.setattr(shrinking, "_BAND", 100)
    assert most(banded, shrink(original, (700, 700))) <= 1
    # The control: bands that know nothing of their neighbours show where they meet.
    apart = Image.new("RGB", (700, 700))
    for top in range(0, 700, 140):
        cut = original.crop((0, top * 12 // 7, 1200, (top + 140) * 12 // 7))
        apart.paste(shrink(cut, (700, 140)), (0, top))
    assert most(banded, apart) > 4


def test_a_part_is_shrunk_as_if_it_had_been_cut_out() -> None:
    original = picture(1200)
    part = shrink(original, (300, 300), (150, 0, 1050, 900))
    assert likeness(part, original.crop((150, 0, 1050, 900)).resize((300, 300), LANCZOS)) > 44


def test_what_is_hidden_does_not_colour_the_edge() -> None:
    image = Image.new("RGBA", (900, 900), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((100, 100, 800, 800), fill=(255, 255, 255, 255))
    small = shrink(image, (150, 150))
    data = small.tobytes()
    edge = {red for red, alpha in zip(data[0::4], data[3::4], strict=True) if alpha > 24}
    assert small.mode == "RGBA"
    assert min(edge) >= 248, "a white disc on see-through black has no grey rim"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_rendition_is_like_what_plain_pillow_makes(kind: str, tmp_path: Path) -> None:
    original = picture(1500)
    original.save(tmp_path / "original", kind, quality=95)
    plans = [Plan("large", Fit.LONG_SIDE, 700), Plan("grid", Fit.WIDTH, 250)]
    rendered = render(str(tmp_path / "original"), str(tmp_path), [asdict(x) for x in plans], {})
    assert len(rendered.renditions) == 4
    for one in rendered.renditions:
        slow = original.resize((one.width, one.height), LANCZOS)
        slow.save(tmp_path / "plain", one.format, quality=78 if one.format == "WEBP" else 85)
        with Image.open(tmp_path / one.filename) as ours, Image.open(tmp_path / "plain") as plain:
            assert likeness(ours.convert("RGB"), slow) > likeness(plain.convert("RGB"), slow) - 1
