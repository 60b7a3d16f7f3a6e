"""A contest or a product as a small page for other sites' frames.

The only pages that may be framed. They are the same for everyone: no session, no cookie, no form
and no script, so that nothing can be clicked in a member's name. What they link opens anew.
"""

import hashlib

from flask import Response, make_response, render_template

from ideation.cards.contests import posters
from ideation.cards.products import product_card
from ideation.contests import queries as contests
from ideation.core import clock
from ideation.http.guards import Who, who
from ideation.http.headers import let_frame
from ideation.http.pictures import product_image
from ideation.products import queries as products
from ideation.web.blueprint import blueprint

_MINUTES = 5
_PRINTS = 3


@blueprint.get("/embed/contests/<slug>")
@who(Who.FEED)
def embedded_contest(slug: str) -> Response:
    """Its name, three prints by the lot of the day, and what can be done now."""
    at, contest = clock.now(), contests.get_by_slug(slug)
    lot = hashlib.sha256(f"{slug}:{at:%Y-%m-%d}".encode()).digest()
    (card,) = posters([contest], at, each=_PRINTS, lot=int.from_bytes(lot[:8]) >> 2)
    return _framable(render_template("web/embed/contest.html", card=card, contest=contest))


@blueprint.get("/embed/products/<slug>")
@who(Who.FEED)
def embedded_product(slug: str) -> Response:
    """Its picture and price, and how far its pre-order is."""
    at, product = clock.now(), products.get_published(slug)
    (shelf,) = products.shelves([product], at)
    page = render_template(
        "web/embed/product.html",
        card=product_card(shelf, at),
        product=product,
        run=shelf.run,
        image=product_image(product, product.colours[0]),
    )
    return _framable(page)


def _framable(page: str) -> Response:
    response = make_response(page)
    let_frame(response)
    response.headers["Cache-Control"] = f"public, max-age={_MINUTES * 60}"
    return response
