"""Addresses of pictures: what ``<img>`` needs to know of an artwork, without any query."""

from collections.abc import Sequence
from dataclasses import dataclass

from ideation.core.i18n import gettext as _
from ideation.products import words
from ideation.products.models import Product, ProductPicture
from ideation.submissions.models import Artwork, ArtworkState, Rendition

#: Kinds of one and the same picture, smallest first, from which a browser may choose.
_SCALES = ("small", "grid", "large")


@dataclass(frozen=True)
class Picture:
    """One picture in its sizes: ``srcset`` of what every browser reads, ``webp`` of what is better.

    ``avif`` is the address of the small one in half its bytes, or empty: no ``srcset``, so it is
    only for places that need no larger one.
    """

    src: str
    srcset: str
    webp: str
    avif: str
    width: int
    height: int
    alt: str
    placeholder: str | None
    #: Parts of it are see-through, so it is hung on stock and needs no ghost behind it.
    is_clear: bool

    @property
    def middle(self) -> str:
        """The middle one of its files, for where no ``srcset`` can stand.

        It is the one that a phone shows of a design large, so that the two are fetched once.
        """
        files = (self.webp or self.srcset).split(", ")
        return files[len(files) // 2].partition(" ")[0]


def image_of(artwork: Artwork | None, kind: str = "grid") -> Picture | None:
    """The artwork's picture of a kind (small, grid, large); None until a worker has made it.

    Its alt text falls back to the design's title.
    """
    if artwork is None or artwork.state is not ArtworkState.READY:
        return None
    by_format: dict[str, dict[str, Rendition]] = {"avif": {}, "webp": {}, "plain": {}}
    for one in artwork.renditions:
        by_format.get(one.format, by_format["plain"])[one.kind] = one
    plain = by_format["plain"].get(kind) or by_format["webp"].get(kind)
    if plain is None:
        return None
    light = by_format["avif"].get("small")
    return Picture(
        src=media_path(plain.key),
        srcset=_srcset([by_format["plain"].get(size) for size in _SCALES]),
        webp=_srcset([by_format["webp"].get(size) for size in _SCALES]),
        avif=media_path(light.key) if light else "",
        width=plain.width,
        height=plain.height,
        alt=artwork.alt_text or artwork.submission.title,
        placeholder=None if artwork.has_alpha else artwork.placeholder or None,
        is_clear=artwork.has_alpha,
    )


def product_image(product: Product, colour: str, kind: str = "grid") -> Picture | None:
    """The art on the product in a colour; the art alone until a worker has drawn it."""
    made = {
        (one.kind, one.format == "webp"): one for one in product.pictures if one.colour == colour
    }
    plain = made.get((kind, False))
    if plain is None:
        covers = [one for one in product.submission.artworks if one.state is ArtworkState.READY]
        return image_of(next(iter(covers), None), kind)
    return Picture(
        src=media_path(plain.key),
        srcset=_srcset([made.get((size, False)) for size in _SCALES]),
        webp=_srcset([made.get((size, True)) for size in _SCALES]),
        avif="",
        width=plain.width,
        height=plain.height,
        alt=_(
            "%(name)s: %(article)s in %(colour)s",
            name=product.name,
            article=words.article_name(product.article),
            colour=words.colour_name(product.article, colour),
        ),
        placeholder=None,
        is_clear=False,
    )


def media_path(key: str) -> str:
    """Path at which a stored picture is served."""
    return f"/media/{key}"


def _srcset(renditions: Sequence[Rendition | ProductPicture | None]) -> str:
    """``url 400w, url 720w``; each width once, since a small original has no larger one."""
    by_width = {one.width: one for one in reversed(renditions) if one is not None}
    return ", ".join(f"{media_path(one.key)} {width}w" for width, one in sorted(by_width.items()))
