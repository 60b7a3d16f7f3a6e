"""What a card says: facts that anyone may read on the page, in the language in force.

Nothing here depends on a vote before the contest's scores are public, and no designer is named
before then: a card is kept by other sites long after a page has changed.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ideation.contests import briefs
from ideation.contests import words as contest_words
from ideation.contests.models import Contest
from ideation.contests.phases import shows_results
from ideation.core import identity
from ideation.core.db import db
from ideation.core.i18n import language
from ideation.core.text import excerpt
from ideation.products import words as product_words
from ideation.products.models import Product, ProductPicture
from ideation.selection import honours
from ideation.selection import queries as selection
from ideation.sharing.models import Kind
from ideation.submissions import policies, queries, wall
from ideation.submissions import words as submission_words
from ideation.submissions.models import ArtworkState, Submission
from ideation.voting import queries as voting

_PRINTS = 3
#: What loses least first; the card is encoded once more.
_FORMATS = ("png", "jpeg", "webp")


@dataclass(frozen=True)
class Facts:
    """A card's words and the storage keys of its pictures. Texts may be empty."""

    form: Kind
    tongue: str
    kicker: str
    title: str
    line: str
    stars: str
    brand: str
    pictures: tuple[str, ...]


def find(kind: Kind, subject_id: int, at: datetime) -> Facts | None:
    """The facts as they are; None where there is no public page, or no picture of it yet."""
    return _FIND[kind](subject_id, at)


def _of_design(submission_id: int, at: datetime) -> Facts | None:
    one = queries.by_ids([submission_id]).get(submission_id)
    if one is None or not policies.is_public(one):
        return None
    pictures = _prints([one])
    if not pictures:
        return None
    is_open = shows_results(one.contest, at)
    return Facts(
        form=Kind.DESIGN,
        tongue=language(),
        kicker=contest_words.full_name(one.contest),
        title=one.title,
        line=submission_words.names_of(one) if is_open else "",
        stars=_stars(one) if is_open else "",
        brand=identity.current().name,
        pictures=pictures,
    )


def _of_contest(contest_id: int, _at: datetime) -> Facts | None:
    contest = db.session.get(Contest, contest_id)
    if contest is None or not contest.is_whole or contest.cancelled_at is not None:
        return None
    reading = briefs.read(contest, language())
    is_edition = contest.week is not None
    return Facts(
        form=Kind.CONTEST,
        tongue=reading.language,
        kicker=contest_words.name(contest) if is_edition else "",
        title=reading.title,
        line=excerpt(reading.summary, 80),
        stars="",
        brand=identity.current().name,
        pictures=_prints(_winners(contest) or _drawn_by_lot(contest)),
    )


def _of_product(product_id: int, _at: datetime) -> Facts | None:
    product = db.session.get(Product, product_id)
    if product is None or product.published_at is None:
        return None
    pictures = _pictures_of(product)
    if not pictures:
        return None
    return Facts(
        form=Kind.PRODUCT,
        tongue=language(),
        kicker=product_words.article_name(product.article),
        title=product.name,
        line=product_words.designed_by(product),
        stars="",
        brand=identity.current().name,
        pictures=pictures,
    )


_FIND: Mapping[Kind, Callable[[int, datetime], Facts | None]] = {
    Kind.DESIGN: _of_design,
    Kind.CONTEST: _of_contest,
    Kind.PRODUCT: _of_product,
}


def _stars(submission: Submission) -> str:
    """A winner's score with two decimals; who did not win is not followed around by a figure."""
    contest_id = submission.contest_id
    winners = selection.announced_winners([contest_id]).get(contest_id, [])
    is_winner = any(one.submission_id == submission.id for one in winners)
    tally = voting.find_tally(contest_id) if is_winner else None
    row = voting.rows_by_id(tally, [submission.id]).get(submission.id) if tally else None
    if row is None:
        return ""
    whole, rest = divmod((row.score + 50) // 100, 100)
    return f"{whole}.{rest:02d}"


def _winners(contest: Contest) -> list[Submission]:
    if contest.announced_at is None:
        return []
    placed = honours.best([contest.id], _PRINTS).get(contest.id, [])
    return [one.submission for one in placed]


def _drawn_by_lot(contest: Contest) -> list[Submission]:
    """A few of its designs, the same for everyone, whatever anybody thinks of them."""
    lot = int.from_bytes(hashlib.sha256(f"share card:{contest.slug}".encode()).digest()[:8]) >> 2
    return wall.draw([contest.id], _PRINTS, lot).get(contest.id, [])


def _prints(designs: list[Submission]) -> tuple[str, ...]:
    """The large rendition of each design's cover, where it has one."""
    keys = []
    for design in designs:
        ready = [one for one in design.artworks if one.state is ArtworkState.READY]
        made = ready[0].renditions if ready else []
        large = {one.format: one.key for one in made if one.kind == "large"}
        keys += [large[name] for name in _FORMATS if name in large][:1]
    return tuple(keys)


def _pictures_of(product: Product) -> tuple[str, ...]:
    """The product in its first colour."""
    query = select(ProductPicture.format, ProductPicture.key).where(
        ProductPicture.product_id == product.id,
        ProductPicture.kind == "large",
        ProductPicture.colour == product.colours[0],
    )
    made = {row.format: row.key for row in db.session.execute(query)}
    return tuple(made[name] for name in _FORMATS if name in made)[:1]
