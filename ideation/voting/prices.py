"""The price that stands beside "I'd buy it"."""

from ideation.articles.models import Article, ArticlePrice
from ideation.contests.terms import likely_currency


def price_for(article: Article, language: str) -> ArticlePrice | None:
    """The article's price in the currency that the language's readers most likely think in."""
    likely = likely_currency(language)
    first = article.prices[0] if article.prices else None
    return next((price for price in article.prices if price.currency == likely), first)
