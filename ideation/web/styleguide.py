"""The style guide: every token and every part of the house, alive, in the look that is in force.

Tokens and icons are read from the very files that pages use, so the guide cannot fall behind.
"""

import functools
import re
from datetime import timedelta
from itertools import islice

from flask import render_template

from ideation.accounts.grants import Permission
from ideation.core import clock
from ideation.core.i18n import LOCALES
from ideation.http.assets import STATIC, static_url
from ideation.http.guards import who
from ideation.http.pictures import Picture
from ideation.http.session import signed_in
from ideation.web.blueprint import blueprint

_ROOT = re.compile(r"^:root \{\n(.*?)^\}", re.DOTALL | re.MULTILINE)
_GROUP = re.compile(r"/\* (\w+) \*/")
_TOKEN = re.compile(r"(--[\w-]+):\s*([^;]+);")
_SYMBOL = re.compile(r'<symbol id="([\w-]+)"')
#: A headline, a brief and a line of text, each written in its language.
_SPECIMENS = {
    "en": (
        "Week 47",
        "The last bus home",
        "Art is the colour; the chrome is paper and ink. Few words, set well.",
    ),
    "zh-Hans": ("第 47 周", "末班车上的人", "色彩来自作品，界面只有纸和墨。字少而精。"),
    "zh-Hant": ("第 47 週", "末班車上的人", "色彩來自作品，介面只有紙和墨。字少而精。"),
}
#: Grey on grey: what a picture shows before it has arrived.
_PLACEHOLDER = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFUlEQVR4nGOcMWMGAwMDEwMD"
    "AwMDAAsmARQ7WfBGAAAAAElFTkSuQmCC"
)


@blueprint.get("/styleguide")
@who(Permission.OPERATE)
def styleguide() -> str:
    """Parts by day and by night, side by side; the reader's own language, and all three in type."""
    now = clock.now()
    return render_template(
        "web/styleguide/styleguide.html",
        groups=tokens(),
        icons=icons(),
        tongues=tuple(LOCALES),
        specimens=_SPECIMENS,
        someone=signed_in(),
        picture=_picture(),
        soon=now + timedelta(days=2, hours=14),
        lately=now - timedelta(hours=3),
        counts=[3, 8, 21, 44, 31],
    )


@functools.cache
def tokens() -> dict[str, list[tuple[str, str]]]:
    """Group (Palette, Meaning, Type, Measure) → name and value of each of its tokens."""
    root = _ROOT.search((STATIC / "css" / "tokens.css").read_text())
    assert root is not None
    parts = _GROUP.split(root[1])
    named = zip(islice(parts, 1, None, 2), islice(parts, 2, None, 2), strict=True)
    return {group: _TOKEN.findall(text) for group, text in named}


@functools.cache
def icons() -> tuple[str, ...]:
    """Names of the icons in the sprite."""
    (sprite,) = (STATIC / "vendor" / "lucide").glob("*/sprite.svg")
    return tuple(_SYMBOL.findall(sprite.read_text()))


def _picture() -> Picture:
    """Our own postcard, as a design's picture."""
    address = static_url("img/mail/prints.png")
    return Picture(
        src=address,
        srcset="",
        webp="",
        avif="",
        width=1120,
        height=420,
        alt="",
        placeholder=_PLACEHOLDER,
        is_clear=False,
    )
