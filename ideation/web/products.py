"""The shop, and the page of one product: what it is, what it costs, how its run stands."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for

from ideation.cards.products import product_card, product_cards
from ideation.cards.sharing import share_of
from ideation.contests import words as contest_words
from ideation.contests.phases import is_blind
from ideation.core import clock
from ideation.core.errors import NotFound
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http.guards import Who, who
from ideation.http.pictures import product_image
from ideation.http.session import current_member
from ideation.orders.placing import MOST_OF_ONE
from ideation.products import policies, queries, stock, words
from ideation.products.models import Product, Run, Variant
from ideation.sharing.models import Kind
from ideation.submissions import queries as submissions
from ideation.submissions.models import Submission
from ideation.web.blueprint import blueprint

_OTHER_DESIGNS = 5
#: So many left are worth a word.
_FEW = 10


@blueprint.get("/products")
@who(Who.ANYONE)
def products() -> str:
    """What can be pre-ordered now, soon, what goes to print, and what was."""
    at = clock.now()
    shop = queries.list_shop(at, request.args.get("page", 1, type=int))
    return render_template(
        "web/products/index.html",
        now_open=product_cards(shop.now, at) if shop.past.number == 1 else [],
        soon=product_cards(shop.soon, at) if shop.past.number == 1 else [],
        printing=product_cards(shop.printing, at) if shop.past.number == 1 else [],
        past=product_cards(shop.past_shelves, at),
        page=shop.past,
    )


@blueprint.get("/products/<slug>")
@who(Who.ANYONE)
def product(slug: str) -> str:
    """One product. Before it is published its managers alone see it."""
    at, viewer, args = clock.now(), current_member(), request.args
    shown = queries.get_by_slug(slug)
    if shown.published_at is None and not policies.may_manage(viewer):
        raise NotFound(lazy("There is no such product."))
    (shelf,) = queries.shelves([shown], at)
    others = queries.list_others(shown, at)
    colour = args.get("colour", "")
    colour = colour if colour in shown.colours else shown.colours[0]
    card = product_card(shelf, at, colour=colour, currency=args.get("currency", ""))
    return render_template(
        "web/products/product.html",
        card=card,
        share=share_of(
            Kind.PRODUCT,
            shown.id,
            name=slug,
            title=shown.name,
            path=url_for("web.product", slug=slug),
        ),
        product=shown,
        run=shelf.run,
        colour=colour,
        image=product_image(shown, colour, "large"),
        swatches=_swatches(shown),
        choices=_choices(shown, shelf.run, colour),
        lacks=_("Choose a size and how many first.") if args.get("basket") == "empty" else "",
        designers=words.designers_of(shown),
        label=words.label(shown),
        article_name=words.article_name(shown.article),
        contest_name=contest_words.full_name(shown.submission.contest),
        counts=_counts(shown, shelf.run),
        others=product_cards(others, at),
        designs=_other_designs([shown, *(one.product for one in others)], at),
        may_manage=policies.may_manage(viewer),
    )


@dataclass(frozen=True)
class Choice:
    """A size in the chosen colour. ``most`` is how many may be ordered at once; 0 when sold out."""

    variant: Variant
    name: str
    most: int
    is_last: bool


def _choices(product: Product, run: Run | None, colour: str) -> list[Choice]:
    left = stock.left(run) if run is not None else {}
    found = []
    for variant in product.variants:
        if variant.colour != colour:
            continue
        there = left.get(variant.id)
        most = MOST_OF_ONE if there is None else min(there, MOST_OF_ONE)
        few = there is not None and 0 < there <= _FEW
        found.append(Choice(variant, words.size_name(variant.size), most, few))
    return found


def _swatches(product: Product) -> list[tuple[str, str, str]]:
    """(key, name, ``#rrggbb``) of each colour it comes in."""
    article = product.article
    return [
        (key, words.colour_name(article, key), words.colour_hex(article, key))
        for key in product.colours
    ]


def _counts(product: Product, run: Run | None) -> list[tuple[str, list[tuple[str, int]]]]:
    """Colour → what was pledged so far in each size, those with any, in shop order."""
    counts: dict[str, list[tuple[str, int]]] = {}
    rows = run.stock if run is not None else []
    for row in sorted(rows, key=lambda row: row.variant.position):
        if row.pledged:
            name = words.colour_name(product.article, row.variant.colour)
            size = words.size_name(row.variant.size)
            counts.setdefault(name, []).append((size, row.pledged))
    return list(counts.items())


def _other_designs(products: list[Product], at: datetime) -> list[Submission]:
    """What else the first product's designer entered, as far as it is public who made it."""
    owner, made = products[0].submission.member_id, {one.submission_id for one in products}
    return [
        one
        for one in submissions.list_public_by_member(owner, _OTHER_DESIGNS * 3)
        if one.id not in made and not is_blind(one.contest, at)
    ][:_OTHER_DESIGNS]
