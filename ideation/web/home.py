"""The first page: the week as its hero, what can be pre-ordered, what else is on."""

from flask import render_template, url_for

from ideation.accounts.grants import Permission
from ideation.cards.contests import posters
from ideation.cards.products import product_cards
from ideation.cards.sharing import share_of
from ideation.contests import queries
from ideation.core import clock, identity
from ideation.http import viewer
from ideation.http.guards import Who, who
from ideation.http.session import current_member, may
from ideation.products import queries as products
from ideation.sharing.models import Kind
from ideation.submissions.policies import is_invited
from ideation.web.blueprint import blueprint

_PODIUM = 6
_OTHERS = 4
_FOR_SALE = 5


@blueprint.get("/")
@who(Who.ANYONE)
def home() -> str:
    """The week, or on an empty instance what the operator does first."""
    at = clock.now()
    shown = {
        contest.id: contest
        for contest in (
            *queries.list_running(at),
            *queries.list_upcoming(at, limit=1),
            *queries.list_tallied(at),
        )
    }
    if not shown:
        return _empty()
    member = current_member()
    cards = posters(list(shown.values()), at, each=_PODIUM, lot=viewer.lot())
    hero = min(cards, key=lambda card: card.rank)
    latest = next((card for card in cards if card.placed), None)
    return render_template(
        "web/home/index.html",
        hero=hero,
        share=share_of(
            Kind.CONTEST,
            hero.contest.id,
            name=hero.slug,
            title=identity.current().name,
            path=url_for("web.home"),
        ),
        entering=next((card for card in cards if is_invited(member, card.contest, at)), None),
        others=[card for card in cards if card not in (hero, latest)][:_OTHERS],
        latest=latest,
        for_sale=product_cards(products.list_now(at, limit=_FOR_SALE), at),
    )


def _empty() -> str:
    return render_template(
        "web/home/empty.html",
        has_series=bool(queries.list_series()),
        may_begin=may(Permission.MANAGE_CONTESTS),
    )
