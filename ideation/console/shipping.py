"""Where we ship to and what it costs: zones of countries, with a rate for each currency."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts.grants import Permission
from ideation.console.blueprint import blueprint
from ideation.core import clock, money
from ideation.core.db import transaction
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import LOCALES, lazy
from ideation.core.i18n import gettext as _
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.orders import addresses, shipping
from ideation.orders.models import ShippingZone
from ideation.orders.pricing import ParcelRate

_MOST_NAME = 80
_MOST_CODES = 2000
#: Currencies to begin with; one more row is for another.
_USUAL = ("USD", "EUR", "GBP", "CNY", "TWD", "JPY", "KWD")


@blueprint.get("/shipping", endpoint="shipping")
@who(Permission.MANAGE_PRODUCTS)
def shipping_zones() -> str:
    """All zones with their countries and rates."""
    zones = shipping.list_zones()
    codes = sorted({rate.currency for zone in zones for rate in zone.rates})
    return render_template(
        "console/shipping/index.html",
        zones=zones,
        currencies=codes,
        rates={zone.id: {rate.currency: rate for rate in zone.rates} for zone in zones},
        country_name=addresses.country_name,
        elsewhere=shipping.ELSEWHERE,
    )


@blueprint.get("/shipping/new")
@who(Permission.MANAGE_PRODUCTS)
def shipping_new() -> str:
    """The form of a zone."""
    return _form(None, _values(None), {})


@blueprint.get("/shipping/<int:zone_id>")
@who(Permission.MANAGE_PRODUCTS)
def shipping_zone(zone_id: int) -> str:
    """The form of a zone as it stands."""
    zone = shipping.get_zone(zone_id)
    return _form(zone, _values(zone), {})


@blueprint.post("/shipping")
@WRITES
@who(Permission.MANAGE_PRODUCTS)
def shipping_add() -> Response | tuple[str, int]:
    """Make a zone."""
    return _save(None)


@blueprint.post("/shipping/<int:zone_id>")
@WRITES
@who(Permission.MANAGE_PRODUCTS)
def shipping_save(zone_id: int) -> Response | tuple[str, int]:
    """Change a zone. Orders keep the shipping they were quoted."""
    return _save(zone_id)


@blueprint.post("/shipping/<int:zone_id>/removal")
@WRITES
@who(Permission.MANAGE_PRODUCTS)
def shipping_remove(zone_id: int) -> Response:
    """Ship there no longer, or by the rates for everywhere else."""
    with transaction():
        shipping.remove_zone(signed_in(), zone_id, at=clock.now())
    flash(_("The zone is gone. Orders keep the shipping they were quoted."), "good")
    return redirect(url_for("console.shipping"), 303)


def _save(zone_id: int | None) -> Response | tuple[str, int]:
    form = Form(request.form)
    try:
        names = {tag: form.line(f"name_{tag}", most=_MOST_NAME) for tag in LOCALES}
        codes = _codes(form)
        rates = _rates(form)
        form.check()
        with transaction():
            shipping.save_zone(signed_in(), zone_id, names, codes, rates, at=clock.now())
    except Invalid as error:
        zone = shipping.get_zone(zone_id) if zone_id is not None else None
        return _form(zone, request.form, error.fields), 422
    flash(_("Saved. It holds for orders from now on."), "good")
    return redirect(url_for("console.shipping"), 303)


def _codes(form: Form) -> list[str]:
    """ISO codes apart by spaces or commas, in either case."""
    typed = form.paragraphs("countries", most=_MOST_CODES)
    return [code.upper() for code in typed.replace(",", " ").split()]


def _rates(form: Form) -> dict[str, ParcelRate]:
    """Currency → rate; a row whose first amount is empty is no rate."""
    rates: dict[str, ParcelRate] = {}
    for row in range(_count(form.values)):
        code = form.values.get(f"currency_{row}", "").strip().upper()
        first_name, further_name = f"first_{row}", f"further_{row}"
        if not code or not form.values.get(first_name, "").strip():
            continue
        if not money.is_known(code):
            form.errors[f"currency_{row}"] = lazy("Write a currency's code, such as SEK.")
            continue
        first, further = form.amount(first_name, code), form.amount(further_name, code)
        rates[code] = ParcelRate(first or 0, further or 0)
    return rates


def _count(values: Mapping[str, str]) -> int:
    return min(sum(name.startswith("currency_") for name in values), 60)


def _values(zone: ShippingZone | None) -> dict[str, str]:
    """The form's fields as they stand; the usual currencies for a new zone."""
    values = {f"name_{tag}": zone.names.get(tag, "") if zone else "" for tag in LOCALES}
    values["countries"] = " ".join(zone.countries) if zone else ""
    rates = {rate.currency: rate for rate in zone.rates} if zone else {}
    for row, code in enumerate([*rates, *(one for one in _USUAL if one not in rates), ""]):
        values[f"currency_{row}"] = code
        rate = rates.get(code)
        if rate is not None:
            values[f"first_{row}"] = money.typed(rate.first_minor, code)
            values[f"further_{row}"] = money.typed(rate.further_minor, code)
    return values


def _form(zone: ShippingZone | None, values: Mapping[str, Any], errors: Mapping[str, Words]) -> str:
    return render_template(
        "console/shipping/zone.html",
        zone=zone,
        values=values,
        errors=errors,
        rows=range(_count(values)),
        countries=addresses.country_options(addresses.countries()),
    )
