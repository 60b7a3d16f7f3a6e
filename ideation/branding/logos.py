"""A logo: a stranger's picture like any other until the sandbox has encoded it anew.

A mark in black on nothing is lost on dark paper, and one in white on light paper. Which of the two
it would be is measured, and there it stands on a plate of the other theme's paper.
"""

import secrets
import tempfile
from pathlib import Path

from PIL import Image

from ideation.branding.accents import NIGHT, PAPER, contrast
from ideation.core.errors import Invalid
from ideation.core.identity import Logo
from ideation.core.images.limits import Limits
from ideation.core.images.making import make_renditions
from ideation.core.images.messages import explain
from ideation.core.images.plans import Fit, Plan, Rendition
from ideation.core.images.refusal import Refused
from ideation.core.storage import in_force

LIMITS = Limits(max_bytes=5 * 1024 * 1024, max_pixels=25_000_000, min_side=48)
_PLAN = Plan("logo", Fit.LONG_SIDE, 640)
#: Below this contrast a part of the mark is not seen; more of it than this share may not be lost.
_SEEN = 1.6
_MOST_LOST = 0.05
_SAMPLE = 64
_OPAQUE = 128


def make(picture: Path) -> Logo:
    """Encode an uploaded picture anew and store it.

    Takes about half a second, so call it before the transaction. Raises Invalid with the field
    ``logo``, in the words of what is wrong with the picture.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            rendered = make_renditions(picture, Path(folder), [_PLAN], LIMITS)
        except Refused as refused:
            raise Invalid(fields={"logo": explain(refused.reason, LIMITS)}) from refused
        made = _for_every_reader(rendered.renditions)
        vanishes_in = _vanishes_in(Path(folder) / made.filename) if rendered.transparent else ""
        key = f"logos/{secrets.token_hex(12)}.{made.filename.rpartition('.')[2]}"
        in_force.store().put(key, Path(folder) / made.filename)
    return Logo(key, made.width, made.height, vanishes_in)


def discard(logo: Logo) -> None:
    """Throw away a logo that was made and then not used. One that was in force stays for good:
    mail that is already out shows it.
    """
    in_force.store().delete(logo.key)


def _for_every_reader(made: tuple[Rendition, ...]) -> Rendition:
    """PNG or JPEG: mail programs show it too, and not all of them read WebP."""
    return next(one for one in made if one.format != "WEBP")


def _vanishes_in(picture: Path) -> str:
    """The theme on whose paper more of the mark is lost, of what our own encoder wrote."""
    with Image.open(picture) as image:
        small = image.convert("RGBA")
    small.thumbnail((_SAMPLE, _SAMPLE))
    data = small.tobytes()
    pixels = [data[place : place + 4] for place in range(0, len(data), 4)]
    seen = [f"#{pixel[:3].hex()}" for pixel in pixels if pixel[3] >= _OPAQUE]
    lost = {
        theme: sum(contrast(colour, ground) < _SEEN for colour in seen)
        for theme, ground in (("light", PAPER), ("dark", NIGHT))
    }
    theme = max(lost, key=lambda name: lost[name])
    return theme if lost[theme] > _MOST_LOST * len(seen) else ""
