"""Where we ship to and what it costs: zones of countries, a rate for each currency."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotFound
from ideation.core.i18n import lazy, list_words
from ideation.core.money import is_known
from ideation.orders import addresses
from ideation.orders.models import ShippingRate, ShippingZone
from ideation.orders.pricing import ParcelRate

#: In a zone's countries: all that no other zone names.
ELSEWHERE = "*"


def list_zones() -> list[ShippingZone]:
    """All zones as the console orders them."""
    return list(db.session.scalars(select(ShippingZone).order_by(ShippingZone.position)))


def get_zone(zone_id: int) -> ShippingZone:
    """The zone. Raises NotFound."""
    zone = db.session.get(ShippingZone, zone_id)
    if zone is None:
        raise NotFound(lazy("There is no such shipping zone."))
    return zone


def find_zone(country: str) -> ShippingZone | None:
    """The zone that names the country, else the one for everywhere else, if there is one."""
    return _zone_of(country, list_zones())


def rate_for(country: str, currency: str) -> ParcelRate | None:
    """What a parcel there costs in the currency; None where we do not ship or not for it."""
    zone = find_zone(country)
    for rate in zone.rates if zone else ():
        if rate.currency == currency:
            return ParcelRate(rate.first_minor, rate.further_minor)
    return None


def countries() -> list[str]:
    """Every country we ship to: all of them once a zone is for everywhere else."""
    named = {code for zone in list_zones() for code in zone.countries}
    return [code for code in addresses.countries() if code in named or ELSEWHERE in named]


def currencies_to(country: str, priced: Collection[str]) -> list[str]:
    """The currencies of ``priced`` in which a parcel there can be paid, in their order."""
    zone = find_zone(country)
    payable = {rate.currency for rate in zone.rates} if zone else set()
    return [code for code in priced if code in payable]


def save_zone(
    actor: Member,
    zone_id: int | None,
    names: dict[str, str],
    codes: Iterable[str],
    rates: Mapping[str, ParcelRate],
    *,
    at: datetime,
) -> ShippingZone:
    """Change a zone, or make one (``zone_id`` None). Orders keep the shipping they were quoted.

    Raises Invalid for a name that is missing, unknown countries or currencies, and countries
    that another zone names already.
    """
    zone = get_zone(zone_id) if zone_id is not None else None
    listed = sorted(set(codes))
    _check(names, listed, rates, [one for one in list_zones() if one is not zone])
    before = _as_detail(zone) if zone else {}
    if zone is None:
        last = max((one.position for one in list_zones()), default=0)
        zone = ShippingZone(names=names, countries=listed, position=last + 1)
        db.session.add(zone)
    zone.names, zone.countries = names, listed
    kept = {rate.currency: rate for rate in zone.rates}
    zone.rates = [_filled(kept.get(code), code, rate) for code, rate in sorted(rates.items())]
    db.session.flush()
    detail = {"before": before, "after": _as_detail(zone)}
    _record("shipping.zone_saved", actor, zone.id, detail, at)
    return zone


def remove_zone(actor: Member, zone_id: int, *, at: datetime) -> None:
    """Ship there no longer, or by the rates for everywhere else. Raises Conflict for the last."""
    zone = get_zone(zone_id)
    if len(list_zones()) == 1:
        raise Conflict(lazy("Without a zone nobody can order. Change this one instead."))
    detail = {"before": _as_detail(zone)}
    db.session.delete(zone)
    db.session.flush()
    _record("shipping.zone_removed", actor, zone_id, detail, at)


def _zone_of(country: str, zones: list[ShippingZone]) -> ShippingZone | None:
    for wanted in (country, ELSEWHERE):
        for zone in zones:
            if wanted in zone.countries:
                return zone
    return None


def _check(
    names: dict[str, str],
    codes: list[str],
    rates: Mapping[str, ParcelRate],
    others: list[ShippingZone],
) -> None:
    wrong = {}
    if not names.get("en"):
        wrong["name_en"] = lazy("This is needed.")
    unknown = [code for code in codes if code not in {ELSEWHERE, *addresses.countries()}]
    taken = sorted({code for zone in others for code in zone.countries} & set(codes))
    if not codes:
        wrong["countries"] = lazy("Name at least one country.")
    elif unknown:
        wrong["countries"] = lazy("These are no countries: %(codes)s.", codes=list_words(unknown))
    elif taken:
        wrong["countries"] = lazy("Another zone names these: %(codes)s.", codes=list_words(taken))
    if not rates:
        wrong["rates"] = lazy("Write what a parcel costs in at least one currency.")
    elif strange := [code for code in rates if not is_known(code)]:
        wrong["rates"] = lazy("These are no currencies: %(codes)s.", codes=list_words(strange))
    if wrong:
        raise Invalid(fields=wrong)


def _filled(rate: ShippingRate | None, currency: str, cost: ParcelRate) -> ShippingRate:
    rate = rate or ShippingRate(currency=currency)
    rate.first_minor, rate.further_minor = cost.first_minor, cost.further_minor
    return rate


def _as_detail(zone: ShippingZone) -> dict[str, Any]:
    rates = {one.currency: [one.first_minor, one.further_minor] for one in zone.rates}
    return {"countries": zone.countries, "rates": rates}


def _record(action: str, actor: Member, zone_id: int, detail: dict[str, Any], at: datetime) -> None:
    trail.record(
        action,
        actor_id=actor.id,
        subject_kind="shipping_zone",
        subject_id=zone_id,
        at=at,
        detail=detail,
    )
