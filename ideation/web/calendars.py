"""Contests' dates and pre-order windows for calendars, to be downloaded or subscribed to."""

import hashlib

from flask import make_response, request
from werkzeug.wrappers import Response

from ideation.contests import queries as contests
from ideation.contests import words
from ideation.core import clock, identity
from ideation.core.i18n import gettext as _
from ideation.http.guards import Who, who
from ideation.products import queries as products
from ideation.sharing import calendars
from ideation.web.blueprint import blueprint

_MINUTES = 15


@blueprint.get("/calendar.ics")
@who(Who.FEED)
def calendar() -> Response:
    """Everything: contests on now, to come and lately over, and what can be pre-ordered."""
    at = clock.now()
    found = [
        *contests.list_running(at),
        *contests.list_upcoming(at),
        *contests.list_archive(at).items,
    ]
    shelves = products.list_shop(at)
    shown = [one.product for one in (*shelves.now, *shelves.soon, *shelves.printing)]
    events = [*calendars.of_contests(found), *calendars.of_products(shown)]
    return _answer("calendar", calendars.calendar(identity.current().name, iter(events)))


@blueprint.get("/contests/<slug>/calendar.ics")
@who(Who.FEED)
def contest_calendar(slug: str) -> Response:
    """One contest's dates; called off, they stay and say so."""
    contest = contests.get_by_slug(slug)
    name = words.full_name(contest)
    return _answer(slug, calendars.calendar(name, calendars.of_contests([contest])))


@blueprint.get("/products/<slug>/calendar.ics")
@who(Who.FEED)
def product_calendar(slug: str) -> Response:
    """When a product can be pre-ordered."""
    product = products.get_published(slug)
    name = _("Pre-order: %(product)s", product=product.name)
    return _answer(slug, calendars.calendar(name, calendars.of_products([product])))


def _answer(name: str, body: bytes) -> Response:
    response = make_response(body)
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.ics"'
    response.headers["Cache-Control"] = f"public, max-age={_MINUTES * 60}"
    response.set_etag(hashlib.sha256(body).hexdigest()[:20])
    return response.make_conditional(request)
