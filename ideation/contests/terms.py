"""What a contest promises its entrants: how many win, how they are picked, what they get."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from ideation.articles.models import Article
from ideation.contests.models import Contest, ContestPrize, PickRule, Series, SeriesPrize
from ideation.core import money
from ideation.core.db import db
from ideation.core.errors import Words
from ideation.core.i18n import lazy

Row = TypeVar("Row", ContestPrize, SeriesPrize)

MOST_WINNERS = 100
_LIKELY_CURRENCIES = {"en": "USD", "zh-Hans": "CNY", "zh-Hant": "TWD"}
WHOLE_BP = 10_000


@dataclass(frozen=True)
class Prize:
    """What each winner gets in one currency, in minor units."""

    currency: str
    cash_minor: int
    credit_minor: int = 0


@dataclass(frozen=True)
class Terms:
    """The promise. ``rate_bp`` is the royalty in basis points of net receipts."""

    winners: int
    pick_rule: PickRule
    rate_bp: int
    article_id: int
    prizes: tuple[Prize, ...]


def wrong_fields(terms: Terms) -> dict[str, Words]:
    """Field → what to do about it, for everything in the terms that cannot stand."""
    wrong: dict[str, Words] = {}
    if not 1 <= terms.winners <= MOST_WINNERS:
        wrong["winners"] = lazy("From 1 to %(most)s designs can win.", most=MOST_WINNERS)
    if not 0 <= terms.rate_bp <= WHOLE_BP:
        wrong["rate"] = lazy("The royalty is between 0 and 100 percent.")
    article = db.session.get(Article, terms.article_id)
    if article is None or not article.is_active:
        wrong["article_id"] = lazy("Choose what the designs are printed on.")
    codes = [prize.currency for prize in terms.prizes]
    if not all(money.is_known(code) for code in codes) or len(set(codes)) < len(codes):
        wrong["prizes"] = lazy("Name each currency once, by its code, such as USD.")
    elif any(prize.cash_minor < 0 or prize.credit_minor < 0 for prize in terms.prizes):
        wrong["prizes"] = lazy("A prize cannot be less than nothing.")
    return wrong


def of(thing: Contest | Series) -> Terms:
    """The terms of a contest, or those that a series gives its next edition."""
    return Terms(
        winners=thing.winners,
        pick_rule=thing.pick_rule,
        rate_bp=thing.rate_bp,
        article_id=thing.article_id,
        prizes=tuple(_prizes(thing.prizes)),
    )


def prize_for(thing: Contest | Series, language: str) -> Prize | None:
    """The prize in the currency that the language's readers think in, else in the first."""
    prizes = _prizes(thing.prizes)
    likely = likely_currency(language)
    return next((prize for prize in prizes if prize.currency == likely), next(iter(prizes), None))


def likely_currency(language: str) -> str | None:
    """The currency that the language's readers most likely think in."""
    return _LIKELY_CURRENCIES.get(language)


def put(terms: Terms, thing: Contest | Series) -> None:
    """Write the terms to a contest or a series."""
    thing.winners = terms.winners
    thing.pick_rule = terms.pick_rule
    thing.rate_bp = terms.rate_bp
    thing.article_id = terms.article_id
    if isinstance(thing, Contest):
        _put_prizes(terms, thing.prizes, ContestPrize)
    else:
        _put_prizes(terms, thing.prizes, SeriesPrize)


def _prizes(rows: Iterable[ContestPrize | SeriesPrize]) -> list[Prize]:
    return [Prize(row.currency, row.cash_minor, row.credit_minor) for row in rows]


def _put_prizes(terms: Terms, rows: list[Row], kind: type[Row]) -> None:
    """Change rows in place: a row replaced by another of its key is inserted before it is gone."""
    wanted = {prize.currency: prize for prize in terms.prizes}
    for row in list(rows):
        prize = wanted.pop(row.currency, None)
        if prize is None:
            rows.remove(row)
        else:
            row.cash_minor, row.credit_minor = prize.cash_minor, prize.credit_minor
    rows.extend(
        kind(currency=prize.currency, cash_minor=prize.cash_minor, credit_minor=prize.credit_minor)
        for prize in wanted.values()
    )
