"""Any of Pillow's modes and any profile to plain sRGB, and the colour a picture is remembered by.

Runs in the child only.
"""

import io
from collections import Counter

from PIL import Image, ImageCms

_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
#: Mode → the colour space its profile must be for.
_SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}
_VISIBLE = 128


def resizable(image: Image.Image) -> Image.Image:
    """``image`` in a mode that can be scaled smoothly: L, LA, RGB, RGBA or CMYK.

    A palette or a single transparent colour cannot: neighbours must be mixed before colours are.
    """
    if image.mode == "I;16":
        # Sixteen bits of grey: convert() would clip at 255, so scale first.
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in {"P", "PA"} or (image.mode in {"1", "L", "RGB"} and _has_key(image)):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode in {"L", "LA", "RGB", "RGBA", "CMYK"}:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _has_key(image: Image.Image) -> bool:
    return "transparency" in image.info


def to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """A resizable image as RGB, or RGBA where something shows through, and nothing besides.

    A profile that is broken, or belongs to another colour space, is passed over as browsers do.
    """
    alpha = None
    if image.mode in {"LA", "RGBA"}:
        alpha = image.getchannel("A")
        image = image.convert("L" if image.mode == "LA" else "RGB")
    image = _through_profile(image, icc) if icc else image
    image = image if image.mode == "RGB" else image.convert("RGB")
    if alpha is not None and alpha.getextrema() != (255, 255):
        image.putalpha(alpha)
    image.info.clear()
    return image


def _through_profile(image: Image.Image, icc: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        if source.profile.xcolor_space.strip() != _SPACES[image.mode]:
            return image
        converted = ImageCms.profileToProfile(
            image,
            source,
            _SRGB,
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except MemoryError:
        raise
    except Exception:
        # Pillow says PyCMSError, OSError, ValueError, TypeError: all mean an unusable profile.
        return image
    return converted if converted is not None else image


def dominant_colour(image: Image.Image) -> str:
    """``#rrggbb`` of the fullest of 4,096 boxes of colour among visible pixels, on average.

    Every pixel is looked at: let it be of a small version.
    """
    data = image.convert("RGBA").tobytes()
    pixels = zip(data[0::4], data[1::4], data[2::4], data[3::4], strict=True)
    boxes: dict[tuple[int, int, int], Counter[str]] = {}
    for red, green, blue, alpha in pixels:
        if alpha >= _VISIBLE:
            box = boxes.setdefault((red >> 4, green >> 4, blue >> 4), Counter())
            box.update(n=1, red=red, green=green, blue=blue)
    if not boxes:
        return "#ffffff"
    fullest = max(boxes.values(), key=lambda box: box["n"])
    mean = [round(fullest[part] / fullest["n"]) for part in ("red", "green", "blue")]
    return "#{:02x}{:02x}{:02x}".format(*mean)
