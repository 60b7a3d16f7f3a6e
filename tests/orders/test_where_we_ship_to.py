"""Zones and rates: what a parcel costs where, and who may say so."""

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.audit.models import AuditEntry
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid
from ideation.orders import addresses, shipping
from ideation.orders.models import ShippingZone
from ideation.orders.pricing import ParcelRate
from tests import factories
from tests.factories import Browser

pytestmark = pytest.mark.one_engine

CURRENCIES = ["USD", "EUR", "CNY", "TWD", "JPY", "GBP", "KWD"]


def test_a_new_instance_ships_everywhere_in_seven_currencies(app: Flask) -> None:
    assert shipping.countries() == list(addresses.countries())
    for country in ("PT", "US", "TW", "KW", "AQ"):
        assert shipping.currencies_to(country, CURRENCIES) == CURRENCIES
    assert shipping.rate_for("PT", "EUR") == ParcelRate(590, 150)
    assert shipping.rate_for("BR", "EUR") == ParcelRate(1190, 350), "everywhere else"
    assert shipping.rate_for("PT", "SEK") is None


def _save(zone_id: int | None, codes: list[str], **rates: ParcelRate) -> ShippingZone:
    actor = factories.member(roles=(Role.PRODUCT_MANAGER,))
    with transaction():
        actor = db.session.merge(actor)
        return shipping.save_zone(actor, zone_id, {"en": "Nordics"}, codes, rates, at=clock.now())


def test_what_cannot_be_is_refused(app: Flask) -> None:
    with pytest.raises(Invalid) as taken:
        _save(None, ["PT"], EUR=ParcelRate(1, 1))
    assert set(taken.value.fields) == {"countries"}
    with pytest.raises(Invalid):
        _save(None, ["QQ"], EUR=ParcelRate(1, 1))
    with pytest.raises(Invalid):
        _save(None, ["GL"])
    with pytest.raises(Invalid):
        _save(None, ["GL"], XXY=ParcelRate(1, 1))


def test_a_zone_of_its_own_comes_before_everywhere_else(app: Flask) -> None:
    zone = _save(None, ["GL", "FO"], EUR=ParcelRate(700, 0))
    assert shipping.rate_for("GL", "EUR") == ParcelRate(700, 0)
    assert shipping.rate_for("GL", "USD") is None
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.action == "shipping.zone_saved" and entry.subject_id == zone.id


def test_the_last_zone_stays(app: Flask) -> None:
    actor = factories.member(roles=(Role.PRODUCT_MANAGER,))
    zones = [zone.id for zone in shipping.list_zones()]
    for zone_id in zones[:-1]:
        with transaction():
            shipping.remove_zone(db.session.merge(actor), zone_id, at=clock.now())
    with pytest.raises(Conflict), transaction():
        shipping.remove_zone(db.session.merge(actor), zones[-1], at=clock.now())


def test_a_product_manager_changes_rates_on_the_page(app: Flask) -> None:
    browser = Browser(app, factories.member(roles=(Role.PRODUCT_MANAGER,)))
    zone = next(one for one in shipping.list_zones() if "PT" in one.countries)
    path = f"/console/shipping/{zone.id}"
    assert browser.get("/console/shipping").status_code == 200
    page = browser.get(path)
    assert 'value="5.90"' in page.text and "PT" in page.text
    form = {
        "name_en": "Europe",
        "countries": "pt, es",
        "currency_0": "eur",
        "first_0": "6",
        "further_0": "0.50",
        "currency_1": "JPY",
        "first_1": "900",
        "further_1": "",
    }
    assert browser.post(path, form).status_code == 303
    assert shipping.rate_for("PT", "EUR") == ParcelRate(600, 50)
    assert shipping.rate_for("PT", "JPY") == ParcelRate(900, 0)
    assert shipping.rate_for("PT", "USD") is None
    wrong = browser.post(path, form | {"first_1": "9.5"})
    assert wrong.status_code == 422 and 'value="9.5"' in wrong.text
    assert browser.get("/console/shipping/new").status_code == 200
    assert Browser(app, factories.member()).get("/console/shipping").status_code == 404
