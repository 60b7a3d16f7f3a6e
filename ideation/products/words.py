"""What products, variants and labels are called, in the language in force."""

from collections.abc import Mapping
from typing import Any

from ideation.accounts.models import Member
from ideation.articles.models import Article
from ideation.contests.terms import likely_currency
from ideation.core import i18n
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy, ngettext
from ideation.products.models import Product, ProductPrice, Variant
from ideation.products.phases import Phase
from ideation.submissions import designers
from ideation.submissions import words as submissions

PHASES: Mapping[Phase, Any] = {
    Phase.UPCOMING: lazy("Opens soon"),
    Phase.OPEN: lazy("Pre-order"),
    Phase.EXTENDED: lazy("Extended"),
    Phase.ENDING: lazy("Counting"),
    Phase.CHARGING: lazy("Cards are being charged"),
    Phase.GO: lazy("Goes to print"),
    Phase.LOCKED: lazy("In production"),
    Phase.DONE: lazy("Printed"),
    Phase.FAILED: lazy("Did not reach its goal"),
}


def designers_of(product: Product) -> list[Member]:
    """Whom to name: who handed it in and those who agreed to be named, but nobody who left us."""
    return designers.named(product.submission)


def names_of(product: Product) -> str:
    """As ``names_of`` its design."""
    return submissions.names_of(product.submission)


def designed_by(product: Product) -> str:
    """``Designed by Lin Mei``."""
    return _("Designed by %(names)s", names=names_of(product))


def chosen_by(product: Product) -> str:
    """``Chosen by 1,204 members``; nothing where nobody's vote was counted."""
    if not product.chosen_by:
        return ""
    return ngettext("Chosen by %(n)s member", "Chosen by %(n)s members", product.chosen_by)


def label(product: Product) -> list[str]:
    """The lines that stand on the product's own label."""
    return [line for line in (product.name, designed_by(product), chosen_by(product)) if line]


def article_name(article: Article) -> str:
    """``T-shirt`` in the language in force."""
    return _own(article.names)


def colour_name(article: Article, key: str) -> str:
    """What the article's colour is called."""
    return next((_own(one["names"]) for one in article.colours if one["key"] == key), key)


def colour_hex(article: Article, key: str) -> str:
    """The colour's ``#rrggbb``."""
    return next((str(one["hex"]) for one in article.colours if one["key"] == key), "#ffffff")


def size_name(size: str) -> str:
    """A size as it is read: sizes are the article's own words, but for the only one."""
    return _("One size") if size == "One size" else size


def variant_name(product: Product, variant: Variant) -> str:
    """``Black, M``; without the colour where there is one only, likewise without the size."""
    colour, size = colour_name(product.article, variant.colour), size_name(variant.size)
    if len(product.colours) == 1:
        return size
    if len({one.size for one in product.variants}) == 1:
        return colour
    return _("%(colour)s, %(size)s", colour=colour, size=size)


def price_for(product: Product, currency: str = "", language: str = "") -> ProductPrice | None:
    """The price in a currency; else in the one that the language's readers likely think in."""
    likely = likely_currency(language or i18n.language())
    for wanted in (currency, likely):
        for price in product.prices:
            if price.currency == wanted:
                return price
    return product.prices[0] if product.prices else None


def _own(names: Mapping[str, str]) -> str:
    return names.get(i18n.language()) or names.get(i18n.DEFAULT) or next(iter(names.values()), "")
