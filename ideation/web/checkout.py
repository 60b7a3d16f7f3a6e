"""Ordering: what, where to and in which currency on one page; then a look at it, then the card.

The first form (a GET, so that nothing is stored and a reload asks nothing) chooses pieces, country
and currency, and with them the fields and the price. The second places the order and holds its
pieces. Who gives the card, and what happens to it, is on the order's own pages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from babel.numbers import get_currency_name, get_territory_currencies
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.core import clock, i18n, idempotency, ids
from ideation.core.errors import Conflict, Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http import order_links
from ideation.http.guards import Who, who
from ideation.http.limits import CHECKOUTS
from ideation.http.pictures import Picture, product_image
from ideation.http.places import likely_country
from ideation.http.session import current_member
from ideation.orders import addresses, placing, shipping
from ideation.orders import queries as orders
from ideation.orders.placing import Buyer
from ideation.orders.pricing import Quote
from ideation.products import queries as products
from ideation.products import stock
from ideation.products.models import Product, Run
from ideation.products.policies import is_open
from ideation.products.stock import SoldOut
from ideation.products.words import variant_name
from ideation.web.blueprint import blueprint

#: A field of the basket: ``v`` and the variant's id.
_PIECE = re.compile(r"v(\d{1,18})")


@dataclass
class _Choice:
    """What somebody is about to order."""

    product: Product
    run: Run
    basket: dict[int, int]
    country: str
    currency: str
    currencies: list[str]
    quote: Quote | None = None
    errors: dict[str, Words] = field(default_factory=dict)


@blueprint.get("/products/<slug>/checkout")
@who(Who.ANYONE)
def checkout(slug: str) -> Response | str:
    """The page on which everything is filled in; the basket is in the address."""
    at = clock.now()
    choice = _choice(slug, request.args, at)
    if isinstance(choice, Response):
        return choice
    return _page(choice, _first_values(choice))


@blueprint.post("/products/<slug>/checkout")
@CHECKOUTS
@who(Who.ANYONE)
def checkout_place(slug: str) -> Response | tuple[str, int]:
    """Hold the pieces for half an hour; a form that is sent twice orders once.

    The rule looks at everything itself, so the page is put together only where it says no.
    """
    at = clock.now()
    try:
        placed = _place(products.get_run_id(slug), at)
    except SoldOut:
        return _sold_out(slug, at)
    except Invalid as error:
        choice = _choice(slug, request.form, at)
        if isinstance(choice, Response):
            return choice
        choice.errors |= error.fields or {"": error.message}
        return _page(choice, request.form), 422
    except Conflict as error:
        flash(str(error), "warn")
        return redirect(url_for("web.product", slug=slug), 303)
    if current_member() is None:
        order_links.remember(placed["public_id"], placed["link_hash"])
    return redirect(url_for("web.order_review", public_id=placed["public_id"]), 303)


def _choice(slug: str, values: Mapping[str, str], at: datetime) -> _Choice | Response:
    """What the address or form says, as far as it can be; the product's page where it cannot."""
    product = products.get_published(slug)
    run = products.current_run(product, at)
    basket, wrong = _basket(values)
    back = redirect(url_for("web.product", slug=slug), 303)
    if run is None or not is_open(run, at):
        flash(_("Pre-ordering is not open now. What this page shows is how it stands."), "warn")
        return back
    if not basket and not wrong:
        return redirect(_back_to_sizes(slug, values), 303)
    country = _country(values)
    currencies = shipping.currencies_to(country, [price.currency for price in product.prices])
    currency = _currency(values, country, currencies)
    choice = _Choice(product, run, basket, country, currency, currencies, errors=dict(wrong))
    if not wrong:
        try:
            choice.quote = placing.quote_for(run, basket, country, currency)
        except Invalid as error:
            choice.errors |= error.fields
    return choice


def _back_to_sizes(slug: str, values: Mapping[str, str]) -> str:
    """The product as it was looked at, at its sizes, which say what lacks."""
    return url_for(
        "web.product",
        slug=slug,
        basket="empty",
        colour=values.get("colour") or None,
        currency=values.get("currency") or None,
        _anchor="f-basket",
    )


def _basket(values: Mapping[str, str]) -> tuple[dict[int, int], dict[str, Words]]:
    """Variant → how many, and what is wrong with it; what is empty or 0 is not wanted."""
    basket: dict[int, int] = {}
    for name, typed in values.items():
        match = _PIECE.fullmatch(name)
        typed = typed.strip()
        if not match or not typed:
            continue
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 4):
            most = placing.MOST_OF_ONE
            return basket, {"basket": lazy("From 1 to %(most)s pieces of a size.", most=most)}
        if int(typed):
            basket[int(match[1])] = int(typed)
    return basket, {}


def _country(values: Mapping[str, str]) -> str:
    """The one chosen, else where the last parcel went, else where the visitor seems to be."""
    known = shipping.countries()
    chosen = values.get("country_code", "")
    last = _last_address().get("country_code", "") if not chosen else ""
    return next((one for one in (chosen, last, likely_country()) if one in known), known[0])


def _currency(values: Mapping[str, str], country: str, currencies: list[str]) -> str:
    """The one chosen where it can be paid there, else the country's own, else the first."""
    wanted = [values.get("currency", ""), *get_territory_currencies(country), "USD"]
    return next((one for one in wanted if one in currencies), next(iter(currencies), ""))


def _last_address() -> addresses.Address:
    member = current_member()
    return (orders.find_last_address(member.id) if member else None) or {}


def _first_values(choice: _Choice) -> dict[str, str]:
    """Where the member's last order went, if it is the country now chosen."""
    last = _last_address()
    values = last if last.get("country_code") == choice.country else {}
    return {**values, "key": ids.public_id(20)}


def _place(run_id: int, at: datetime) -> dict[str, Any]:
    """The public id of the order and the hash of its link; a copy of the request gets them too."""
    buyer = _buyer()
    basket, wrong = _basket(request.form)
    if wrong:
        raise Invalid(fields=wrong)
    address = {name: request.form.get(name, "") for name in addresses.NAMES}
    currency = request.form.get("currency", "")

    def act() -> dict[str, Any]:
        order = placing.place(buyer, run_id, basket, address, currency, at=at)
        return {"public_id": order.public_id, "link_hash": order.link_hash}

    asked = {
        "run": run_id,
        "basket": {str(key): value for key, value in basket.items()},
        "address": address,
        "currency": currency,
        "email": buyer.email,
    }
    scope = f"checkout:{buyer.member_id or 'guest'}"
    return idempotency.answered_once(scope, request.form.get("key", ""), asked, act, at)


def _buyer() -> Buyer:
    member = current_member()
    typed = request.form.get("email", "")
    return Buyer(
        email=member.email or typed if member else typed,
        language=i18n.language(),
        zone=i18n.zone_name(),
        member_id=member.id if member else None,
    )


def _page(choice: _Choice, values: Mapping[str, str]) -> str:
    countries = addresses.country_options(shipping.countries())
    return render_template(
        "web/checkout/checkout.html",
        choice=choice,
        product=choice.product,
        run=choice.run,
        counted=stock.pledged(choice.run.id),
        pieces=_pieces(choice),
        picture=_picture(choice.product, choice.run, choice.basket),
        countries=countries,
        quoted=_quoted(choice),
        currencies=[(code, _currency_name(code)) for code in choice.currencies],
        rows=addresses.rows(choice.country),
        labels={**addresses.labels(choice.country), "email": _("Mail address")},
        values=values,
        errors=choice.errors,
        key=values.get("key") or ids.public_id(20),
    )


def _pieces(choice: _Choice) -> list[tuple[int, str, int, int]]:
    """(variant, name, how many, the most that may be) of what is in the basket, in shop order."""
    left = stock.left(choice.run)
    rows = sorted(choice.run.stock, key=lambda row: row.variant.position)
    return [
        (
            row.variant_id,
            variant_name(choice.product, row.variant),
            choice.basket[row.variant_id],
            min(placing.MOST_OF_ONE, _unless_none(left[row.variant_id])),
        )
        for row in rows
        if row.variant_id in choice.basket
    ]


def _quoted(choice: _Choice) -> list[tuple[str, int, int]]:
    """(name, how many, amount) of the lines of the quote."""
    names = {variant_id: name for variant_id, name, _units, _most in _pieces(choice)}
    lines = choice.quote.lines if choice.quote else ()
    return [(names[line.variant_id], line.quantity, line.goods_minor) for line in lines]


def _unless_none(most: int | None) -> int:
    return placing.MOST_OF_ONE if most is None else most


def _picture(product: Product, run: Run, basket: Mapping[int, int]) -> Picture | None:
    """The product in the colour of the first piece that was chosen."""
    colours = [row.variant.colour for row in run.stock if row.variant_id in basket]
    return product_image(product, next(iter(colours or product.colours), ""))


def _currency_name(code: str) -> str:
    return f"{code} – {get_currency_name(code, locale=i18n.locale())}"


def _sold_out(slug: str, at: datetime) -> tuple[str, int]:
    """Somebody was faster: what is left of what was wanted, and how to go on with it."""
    product = products.get_published(slug)
    run = products.current_run(product, at)
    wanted, _wrong = _basket(request.form)
    left = stock.left(run) if run else {}
    rows = [
        (variant_name(product, row.variant), wanted.get(row.variant_id, 0), left[row.variant_id])
        for row in sorted(run.stock if run else (), key=lambda row: row.variant.position)
    ]
    page = render_template(
        "web/checkout/sold_out.html",
        product=product,
        rows=rows,
        possible=_possible(wanted, left),
        country=request.form.get("country_code", ""),
        currency=request.form.get("currency", ""),
    )
    return page, 409


def _possible(wanted: Mapping[int, int], left: Mapping[int, int | None]) -> dict[str, int]:
    """As much of the basket as is left, as it stands in an address."""
    possible = {}
    for variant_id, units in wanted.items():
        most = left.get(variant_id, 0)
        if fitting := units if most is None else min(units, most):
            possible[f"v{variant_id}"] = fitting
    return possible
