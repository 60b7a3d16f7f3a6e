"""A product's pictures: the art on the article, in every colour, drawn by a worker.

Drawing takes half a second a colour and holds no transaction; recording is one short one. A key
follows from all that is to be seen, so that a picture drawn twice is stored once, and one that
looks otherwise has an address of its own: browsers keep what they once loaded for good.
"""

import hashlib
import io
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image
from sqlalchemy import select

from ideation.core import events, jobs
from ideation.core.db import db, lock_row
from ideation.core.storage import in_force
from ideation.products import mockup
from ideation.products.events import PicturesDrawn
from ideation.products.models import Product, ProductPicture
from ideation.submissions import leftovers, placing
from ideation.submissions.models import Artwork, ArtworkState, Rendition

DRAW = jobs.declare("products.draw", queue="images")

#: Kind → width in pixels.
KINDS = {"large": round(1000 * mockup.SCALE), "grid": 720}
_ENCODERS: dict[str, dict[str, Any]] = {
    "webp": {"quality": 78, "method": 2},
    "jpeg": {"quality": 85, "progressive": True, "optimize": True},
}

leftovers.watch("products", ProductPicture.key)


@dataclass(frozen=True)
class Drawn:
    """One stored file, and whose picture it is."""

    colour: str
    kind: str
    format: str
    key: str
    width: int
    height: int


@dataclass(frozen=True)
class _Source:
    """What a product's pictures are drawn from, read before anything is drawn."""

    artwork: str
    art_key: str
    article: str
    area: Any
    colours: tuple[tuple[str, str], ...]
    there: frozenset[str]


def ask(product: Product, *, at: datetime) -> None:
    """Have the pictures drawn that are missing, in the open transaction."""
    jobs.enqueue(DRAW, at=at, product_id=product.id)


def are_ready(product: Product) -> bool:
    """Whether every colour has its picture as the product is now."""
    there = {picture.key for picture in product.pictures}
    return _wanted(product) <= there and bool(product.colours)


def make(product_id: int) -> list[Drawn]:
    """Draw and store what is missing, holding no transaction; nothing where all is there.

    Raises ``OSError`` and ``StorageFull`` where another try may help.
    """
    product = db.session.get(Product, product_id)
    source = _source(product) if product is not None else None
    db.session.rollback()  # nothing is held while we draw
    if source is None:
        return []
    drawn: list[Drawn] = []
    art: Image.Image | None = None
    for colour, shade in source.colours:
        keys = _keys(source, shade)
        if set(keys.values()) <= source.there:
            continue
        art = art or _read(source.art_key)
        picture = mockup.draw(art, mockup.Look(source.article, shade, source.area))
        drawn += _store(picture, colour, keys)
    return drawn


def record(product_id: int, drawn: list[Drawn], *, at: datetime) -> int:
    """Write down what was drawn and is still wanted; let go of what is not. Returns how many.

    A product that was changed meanwhile has asked for other pictures: those come.
    """
    db.session.execute(lock_row(select(Product.id).where(Product.id == product_id)))
    product = db.session.get(Product, product_id, populate_existing=True)
    if product is None:
        return 0
    wanted = _wanted(product)
    outdated = [picture for picture in product.pictures if picture.key not in wanted]
    leftovers.clear([picture.key for picture in outdated], at=at)
    for picture in outdated:
        product.pictures.remove(picture)
    db.session.flush()
    there = {picture.key for picture in product.pictures}
    added = [one for one in drawn if one.key in wanted - there]
    product.pictures += [
        ProductPicture(
            colour=one.colour,
            kind=one.kind,
            format=one.format,
            key=one.key,
            width=one.width,
            height=one.height,
            made_at=at,
        )
        for one in added
    ]
    db.session.flush()
    if added:
        events.publish(PicturesDrawn(product_id, at))
    return len(added)


def _source(product: Product) -> _Source | None:
    art = _art(product)
    if art is None:
        return None
    artwork, rendition = art
    ratio = rendition.height / rendition.width
    shades = {one["key"]: one["hex"] for one in product.article.colours}
    return _Source(
        artwork=artwork.public_id,
        art_key=rendition.key,
        article=product.article.slug,
        area=placing.box(product.placement, product.article, ratio),
        colours=tuple((key, shades[key]) for key in product.colours if key in shades),
        there=frozenset(picture.key for picture in product.pictures),
    )


def _art(product: Product) -> tuple[Artwork, Rendition] | None:
    """The design's cover and its large rendition, in the format that loses least."""
    for artwork in product.submission.artworks:
        if artwork.state is not ArtworkState.READY:
            continue
        large = {one.format: one for one in artwork.renditions if one.kind == "large"}
        for file_format in ("png", "jpeg", "webp"):
            if file_format in large:
                return artwork, large[file_format]
    return None


def _wanted(product: Product) -> set[str]:
    source = _source(product)
    if source is None:
        return set()
    return {key for _, shade in source.colours for key in _keys(source, shade).values()}


def _keys(source: _Source, shade: str) -> dict[tuple[str, str], str]:
    """(kind, format) → key. The artwork's random id in it keeps it from being guessed."""
    area = source.area
    seen = [mockup.VERSION, source.artwork, source.article, shade]
    seen += [round(side, 3) for side in (area.left, area.top, area.width, area.height)]
    digest = hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:32]
    return {
        (kind, file_format): f"products/{digest}/{kind}.{file_format}"
        for kind in KINDS
        for file_format in _ENCODERS
    }


def _read(key: str) -> Image.Image:
    """Our own re-encoded rendition, never anybody's original."""
    with in_force.store().open(key) as file:
        image = Image.open(file, formats=["PNG", "JPEG", "WEBP"])
        image.load()
    return image


def _store(picture: Image.Image, colour: str, keys: dict[tuple[str, str], str]) -> list[Drawn]:
    drawn: list[Drawn] = []
    for kind, width in KINDS.items():
        size = width, round(picture.height * width / picture.width)
        sized = picture.resize(size, Image.Resampling.LANCZOS) if size != picture.size else picture
        for file_format, options in _ENCODERS.items():
            buffer = io.BytesIO()
            sized.save(buffer, file_format.upper(), **options)
            key = keys[kind, file_format]
            in_force.store().put(key, buffer.getvalue())
            drawn.append(Drawn(colour, kind, file_format, key, *size))
    return drawn
