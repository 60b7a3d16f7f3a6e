"""Making a product of a winner, changing it until its first run, and showing it to everyone."""

import itertools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.articles.models import Article
from ideation.audit import trail
from ideation.core import ids, money, text
from ideation.core.db import db, insert_once, lock_row
from ideation.core.errors import Conflict, Invalid, NotFound, Words
from ideation.core.i18n import lazy
from ideation.products import pictures, policies
from ideation.products.floors import FLOORS
from ideation.products.models import Product, ProductPrice, Variant
from ideation.selection import queries as selection
from ideation.selection.models import Agreement, Decision, Outcome
from ideation.submissions import placing
from ideation.submissions.models import Submission
from ideation.voting.models import Tally

LONGEST_NAME = 80
LONGEST_WORDS = 2000
#: No address of a product; the shop's own pages may want them.
_RESERVED = frozenset({"new", "past"})
_MOST_TRIES = 50


@dataclass(frozen=True)
class ProductPlan:
    """What the product manager decides. ``prices``: currency → minor units, at least a floor.

    ``colours`` are keys of the article's, ``sizes`` its sizes; each pair becomes a variant.
    """

    name: str
    prices: Mapping[str, int]
    colours: tuple[str, ...]
    sizes: tuple[str, ...]
    words: str = ""


def make(actor: Member | None, submission_id: int, plan: ProductPlan, *, at: datetime) -> Product:
    """Make a product of an announced winner whose agreement is accepted, and have it drawn.

    Raises NotAllowed, NotFound, Conflict for a design that is no such winner or has a product
    already, Invalid.
    """
    policies.check_may_manage(actor)
    submission = _get_submission(submission_id)
    decision, agreement = _require_winner(submission)
    _check(plan, submission.contest.article)
    placement = placing.of(submission)
    placing.check(placement)
    product = Product(
        submission_id=submission.id,
        agreement_id=agreement.id,
        article_id=submission.contest.article_id,
        placement=placement,
        chosen_by=_count_choosers(decision),
        created_by=actor.id if actor else None,
        created_at=at,
        slug=_free_slug(text.clean_line(plan.name)),
    )
    _write(product, plan, submission)
    insert_once(product, Conflict(lazy("Somebody was faster: a product was made of it just now.")))
    _audit("product.made", actor, product, at)
    pictures.ask(product, at=at)
    return product


def edit(actor: Member | None, product_id: int, plan: ProductPlan, *, at: datetime) -> Product:
    """Change a product none of whose runs was started; its address stays once it is published.

    Raises NotAllowed, NotFound, Conflict, Invalid.
    """
    policies.check_may_manage(actor)
    product = get_locked(product_id)
    if not policies.may_edit(product):
        raise Conflict(lazy("A run was started: buyers rely on what the page says."))
    _check(plan, product.article)
    name = text.clean_line(plan.name)
    if product.published_at is None and name != product.name:
        product.slug = _free_slug(name, product.id)
    # Rows that are replaced must be gone before those that take their place.
    product.prices.clear()
    product.variants.clear()
    db.session.flush()
    _write(product, plan, product.submission)
    db.session.flush()
    _audit("product.edited", actor, product, at)
    pictures.ask(product, at=at)
    return product


def publish(actor: Member | None, product_id: int, *, at: datetime) -> bool:
    """Make its page public; False where it is already.

    Raises NotAllowed, NotFound. While a picture is still being drawn the page shows the art.
    """
    policies.check_may_manage(actor)
    product = get_locked(product_id)
    if product.published_at is not None:
        return False
    product.published_at = at
    db.session.flush()
    _audit("product.published", actor, product, at)
    return True


def get_locked(product_id: int) -> Product:
    """The product, fresh and locked against rivals. Raises NotFound."""
    db.session.execute(lock_row(select(Product.id).where(Product.id == product_id)))
    product = db.session.get(Product, product_id, populate_existing=True)
    if product is None:
        raise NotFound(lazy("There is no such product."))
    return product


def slug_of(name: str) -> str:
    """``Café, nachts!`` → ``cafe-nachts``; empty where an address could not spell the name.

    Letters without a plain Latin base, such as Chinese ones, cannot be typed by everyone: then
    the caller takes a random id, rather than half a name.
    """
    plain = unicodedata.normalize("NFKD", name)
    base = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if any(letter.isalpha() and not letter.isascii() for letter in base):
        return ""
    slug = text.slugify(base)
    return slug if re.search("[a-z]", slug) and slug not in _RESERVED else ""


def _get_submission(submission_id: int) -> Submission:
    submission = db.session.get(Submission, submission_id)
    if submission is None:
        raise NotFound(lazy("There is no such design."))
    return submission


def _require_winner(submission: Submission) -> tuple[Decision, Agreement]:
    decision = selection.find_decision(submission.id)
    if decision is None or decision.outcome is not Outcome.WINNER:
        raise Conflict(lazy("This design did not win: only winners become products."))
    agreement = selection.find_accepted(submission.id)
    if agreement is None:
        raise Conflict(lazy("Its designers have not accepted the agreement."))
    if submission.contest.announced_at is None:
        raise Conflict(lazy("Announce the winners first: then make products of them."))
    return decision, agreement


def _count_choosers(decision: Decision) -> int:
    """Members with a vote that counted in the tally that the decision was taken from."""
    tally = db.session.get(Tally, decision.tally_id) if decision.tally_id else None
    return tally.voters if tally else 0


def _check(plan: ProductPlan, article: Article) -> None:
    wrong: dict[str, Words] = _wrong_prices(plan)
    name = text.clean_line(plan.name)
    if not name:
        wrong["name"] = lazy("This is needed.")
    elif len(name) > LONGEST_NAME:
        wrong["name"] = _too_long(LONGEST_NAME, name)
    words = text.clean_text(plan.words)
    if len(words) > LONGEST_WORDS:
        wrong["words"] = _too_long(LONGEST_WORDS, words)
    offered = {"colours": {one["key"] for one in article.colours}, "sizes": set(article.sizes)}
    for field, chosen in (("colours", plan.colours), ("sizes", plan.sizes)):
        if not chosen:
            wrong[field] = lazy("Choose at least one.")
        elif not set(chosen) <= offered[field]:
            wrong[field] = lazy("Choose one of the options.")
    if wrong:
        raise Invalid(fields=wrong)


def _wrong_prices(plan: ProductPlan) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    for currency, minor in plan.prices.items():
        floor = FLOORS.get(currency)
        if floor is None:
            wrong[f"price-{currency}"] = lazy("Nothing is sold in this currency here.")
        elif minor < floor:
            least = money.words(floor, currency)
            wrong[f"price-{currency}"] = lazy("At least %(least)s.", least=least)
    if not plan.prices:
        wrong["prices"] = lazy("Set a price in at least one currency.")
    return wrong


def _write(product: Product, plan: ProductPlan, submission: Submission) -> None:
    article = submission.contest.article
    own = submission.colour
    shop_order = [one["key"] for one in article.colours if one["key"] in plan.colours]
    # The designer's choice comes first: it is what the art was made for.
    colours = sorted(shop_order, key=lambda key: key != own)
    sizes = [size for size in article.sizes if size in plan.sizes]
    product.name = text.clean_line(plan.name)
    product.words = text.clean_text(plan.words)
    product.colours = colours
    product.prices = [
        ProductPrice(currency=currency, price_minor=minor)
        for currency, minor in sorted(plan.prices.items())
    ]
    product.variants = [
        Variant(sku=_sku(product.slug, colour, size), size=size, colour=colour, position=position)
        for position, (colour, size) in enumerate(itertools.product(colours, sizes))
    ]


def _sku(slug: str, colour: str, size: str) -> str:
    """``HARBOUR-BLACK-M``: unique, since the slug is."""
    parts = (slug, colour, text.slugify(size.replace("×", "x")))
    return "-".join(parts).upper()


def _free_slug(name: str, own_id: int = 0) -> str:
    """The name's slug, or the next free one after it; a random id for what has no Latin."""
    base = slug_of(name)
    if not base:
        return ids.public_id()
    taken = set(
        db.session.scalars(
            select(Product.slug).where(Product.slug.startswith(base), Product.id != own_id)
        )
    )
    numbered = (f"{base}-{n}" for n in range(2, _MOST_TRIES))
    return next((slug for slug in (base, *numbered) if slug not in taken), ids.public_id())


def _too_long(most: int, value: str) -> Words:
    return lazy("At most %(most)s characters; these are %(n)s.", most=most, n=len(value))


def _audit(action: str, actor: Member | None, product: Product, at: datetime) -> None:
    detail: dict[str, Any] = {"submission": product.submission_id, "slug": product.slug}
    detail["prices"] = {price.currency: price.price_minor for price in product.prices}
    trail.record(
        action,
        actor_id=actor.id if actor else None,
        subject_kind="product",
        subject_id=product.id,
        at=at,
        detail=detail,
    )
