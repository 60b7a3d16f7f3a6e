"""From an original to its renditions with Pillow. Runs in the sandbox's child only.

One decoding serves all plans: a JPEG is decoded at a fraction of its size where that is enough,
everything is shrunk before it is turned and converted, so that a picture of 50 million pixels
fits in 1 GiB, and each rendition is made of the largest. What is written is encoded anew from
bare pixels. ``python -m benchmarks thumbnails`` holds it against plain Pillow.
"""

import base64
import contextlib
import hashlib
import io
import math
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

# By name, since asking Pillow to write them would otherwise import each of its forty formats.
from PIL import AvifImagePlugin, Image, ImageFile, PngImagePlugin, WebPImagePlugin  # noqa: F401

from ideation.core.images.colour import dominant_colour, resizable, to_srgb
from ideation.core.images.inspect import CONTENT_TYPES, EXTENSIONS, Facts, inspect
from ideation.core.images.limits import Limits
from ideation.core.images.plans import Fit, Plan, Rendered, Rendition
from ideation.core.images.refusal import Refusal, Refused
from ideation.core.images.shrinking import GAP, shrink

#: Turning back what each EXIF orientation says the camera did.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
#: WebP method 2 takes 0.45 of the time of 4 and writes 4 % more, measured on transparent art.
_ENCODERS: dict[str, dict[str, Any]] = {
    # As good to the eye as the WebP below. Speed 9 takes a third of the time of 8 and writes twice
    # as much; 6 takes three times it and writes 4 % less.
    "AVIF": {"quality": 50, "speed": 8, "max_threads": 1},
    "WEBP": {"quality": 78, "method": 2},
    "JPEG": {"quality": 85, "progressive": True, "optimize": True, "subsampling": "4:4:4"},
    # Level 4 takes 0.75 of the time of 6 and writes 7 % more, of what few browsers ask for.
    "PNG": {"compress_level": 4},
}
_PLACEHOLDER_SIDE = 16
#: What a colour and a placeholder are made of.
_GIST_SIDE = 64
#: A large honest profile (a scanner's table) inflates to 2 or 3 MiB; Pillow's own bound is 1.
_MAX_INFLATED = 4 << 20


def render(
    original: str, out_dir: str, plans: Sequence[dict[str, Any]], limits: dict[str, Any]
) -> Rendered:
    """Make the planned renditions of ``original`` in ``out_dir``; arguments as JSON carries them.

    Raises ``Refused`` where the picture cannot be used, ``OSError`` where the disk is to blame.
    """
    bounds = Limits(**limits)
    wanted = [Plan(**{**one, "fit": Fit(one["fit"])}) for one in plans]
    path = Path(original)
    facts = inspect(path, bounds)
    width, height = facts.upright
    scale = max(plan.scale(width, height) for plan in wanted)
    with _decoding(bounds):
        image = _decode(path, facts, scale)
    files = _make_files(image, wanted, facts.upright, Path(out_dir))
    gist = shrink(image, _within(image.size, _GIST_SIDE))
    return Rendered(
        width=width,
        height=height,
        transparent=image.mode == "RGBA",
        colour=dominant_colour(gist),
        placeholder=_placeholder(gist),
        renditions=tuple(files),
    )


def _make_files(
    image: Image.Image, plans: Sequence[Plan], source: tuple[int, int], folder: Path
) -> list[Rendition]:
    """Each plan in its two formats; what looks the same in two plans is coded once."""
    files: list[Rendition] = []
    coded: dict[tuple[str, bool, tuple[int, int]], bytes] = {}
    fallback = "PNG" if image.mode == "RGBA" else "JPEG"
    for plan in plans:
        fitted = _fit(image, plan, *source)
        for format_ in ("AVIF", "WEBP") if plan.is_light else ("WEBP", fallback):
            same = format_, plan.fit is Fit.COVER, fitted.size
            if same not in coded:
                coded[same] = _encode(fitted, format_, **_ENCODERS[format_])
            files.append(_write(coded[same], fitted.size, plan.kind, format_, folder))
    return files


@contextlib.contextmanager
def _decoding(limits: Limits) -> Iterator[None]:
    """Whatever Pillow raises over a stranger's bytes becomes ``Refused``.

    On its own corpus of broken files it raises UnidentifiedImageError, OSError, ValueError,
    NotImplementedError, SyntaxError and more, hence the broad net; a true fault of the disk has
    an ``errno`` and passes through.
    """
    Image.MAX_IMAGE_PIXELS = limits.max_pixels
    PngImagePlugin.MAX_TEXT_CHUNK = _MAX_INFLATED
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Refusal.TOO_MANY_PIXELS, str(error)) from error
    except (Refused, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        reason = Refusal.TRUNCATED if "truncated" in str(error) else Refusal.UNREADABLE
        raise Refused(reason, f"{type(error).__name__}: {error}") from error


def _decode(path: Path, facts: Facts, scale: float) -> Image.Image:
    """The picture shrunk by ``scale``, upright, RGB or RGBA in sRGB, without metadata."""
    size = max(1, round(facts.width * scale)), max(1, round(facts.height * scale))
    with path.open("rb") as file, Image.open(file, formats=[facts.format]) as image:
        if image.size != (facts.width, facts.height):
            raise Refused(Refusal.UNREADABLE, f"header and decoder differ: {image.size}")
        image.draft(None, (math.ceil(size[0] * GAP), math.ceil(size[1] * GAP)))
        if facts.format == "AVIF" and getattr(image, "n_frames", 1) > 1:
            raise Refused(Refusal.ANIMATED, "the decoder finds several frames")
        image.load()
        icc = image.info.get("icc_profile")
        small = shrink(_whole(resizable(image), image), size)
    if facts.orientation in _UPRIGHT:
        small = small.transpose(_UPRIGHT[facts.orientation])
    return to_srgb(small, icc if isinstance(icc, bytes) else None)


def _whole(decoded: Image.Image, source: ImageFile.ImageFile) -> Image.Image:
    """What was decoded; around a GIF's first frame on a larger screen one sees through."""
    frame = getattr(source, "dispose_extent", None)
    if frame is None or frame == (0, 0, *decoded.size):
        return decoded
    whole = Image.new("RGBA", decoded.size)
    whole.paste(decoded.crop(frame), frame[:2])
    return whole


def _fit(image: Image.Image, plan: Plan, width: int, height: int) -> Image.Image:
    """``image``, made from a source of these sides, as the plan wants it."""
    if plan.fit is Fit.COVER:
        side = min(plan.pixels, *image.size)
        short = min(image.size)
        left, top = (image.width - short) / 2, (image.height - short) / 2
        box = left, top, left + short, top + short
        return shrink(image, (side, side), box)
    scale = plan.scale(width, height)
    return shrink(image, (max(1, round(width * scale)), max(1, round(height * scale))))


def _within(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Sides of the same proportion, the longer one ``side`` at most."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _write(data: bytes, size: tuple[int, int], kind: str, format_: str, folder: Path) -> Rendition:
    filename = f"{kind}.{EXTENSIONS[format_]}"
    (folder / filename).write_bytes(data)
    return Rendition(
        kind=kind,
        format=format_,
        content_type=CONTENT_TYPES[format_],
        width=size[0],
        height=size[1],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        filename=filename,
    )


def _encode(image: Image.Image, format_: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def _placeholder(image: Image.Image) -> str:
    tiny = shrink(image, _within(image.size, _PLACEHOLDER_SIDE))
    data = _encode(tiny, "WEBP", quality=25, method=6, alpha_quality=40)
    return "data:image/webp;base64," + base64.b64encode(data).decode("ascii")
