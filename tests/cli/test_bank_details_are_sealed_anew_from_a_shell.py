"""``ideation payouts reseal``: after it the old key can go, and it may stop anywhere."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from ideation.audit.models import AuditEntry
from ideation.cli import main
from ideation.core import config
from ideation.core.db import db, transaction
from ideation.royalties import payout_details, resealing, vault
from ideation.royalties.models import PayoutDetails
from tests import factories
from tests.factories import earnings

OLD, NEW = "an old key that nobody can ever guess", "a new key that nobody can ever guess"


def _in_force(keys: str) -> None:
    config.use(replace(config.current(), vault_key=keys))


def _sealed_with_old(count: int) -> list[int]:
    _in_force(OLD)
    return [earnings.details(factories.member()).id for _ in range(count)]


def _reseal(settings: config.Settings, keys: str) -> Result:
    Path(settings.home).mkdir(parents=True, exist_ok=True)
    db.session.remove()
    environment = {
        "IDEATION_HOME": str(settings.home),
        "IDEATION_DATABASE_URL": settings.database_url,
        "IDEATION_REDIS_URL": settings.redis_url,
        "IDEATION_SECRET_KEY": settings.secret_key,
        "IDEATION_VAULT_KEY": keys,
    }
    return CliRunner().invoke(main, ["payouts", "reseal"], env=environment)


def test_afterwards_the_new_key_alone_opens_all_and_the_old_none(
    app: Flask, settings: config.Settings
) -> None:
    ids = _sealed_with_old(3)
    payout_details.forget(db.session.get_one(PayoutDetails, ids[2]).member_id)
    db.session.commit()
    before = {one: db.session.get_one(PayoutDetails, one).entered_at for one in ids}
    said = _reseal(settings, f"{NEW},{OLD}")
    assert said.exit_code == 0, said.output
    assert "2 sealed anew, 0 had the first key already." in said.output
    again = _reseal(settings, f"{NEW},{OLD}")
    assert "0 sealed anew, 2 had the first key already." in again.output
    _in_force(NEW)
    for one in ids[:2]:
        assert payout_details.open_details(one).account == earnings.IBAN
        row = db.session.get_one(PayoutDetails, one)
        assert row.held_until is None and row.entered_at == before[one], "no owner changed it"
    assert db.session.get_one(PayoutDetails, ids[2]).sealed == b"", "forgotten is forgotten"
    _in_force(OLD)
    with pytest.raises(vault.Unopened):
        payout_details.open_details(ids[0])
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "vault.resealed"))
    assert entry.detail == {"details": 2, "unopened": 0}


@pytest.mark.one_engine
def test_what_no_key_opens_is_named_and_left(app: Flask, settings: config.Settings) -> None:
    (lost,) = _sealed_with_old(1)
    sealed = db.session.get_one(PayoutDetails, lost).sealed
    said = _reseal(settings, NEW)
    assert said.exit_code == 1
    assert f"(payout_details {lost})" in said.output
    assert "the others can go" not in said.output
    assert db.session.get_one(PayoutDetails, lost).sealed == sealed


@pytest.mark.one_engine
def test_stopped_half_way_it_goes_on_where_it_stopped(app: Flask) -> None:
    ids = _sealed_with_old(3)
    _in_force(f"{NEW},{OLD}")
    with transaction():
        first = resealing.reseal(0, limit=2)
    assert first is not None and (first.last_id, first.changed) == (ids[1], 2)
    with transaction():
        whole = resealing.reseal(0)
    assert whole is not None and (whole.changed, whole.current) == (1, 2)
    with transaction():
        assert resealing.reseal(whole.last_id) is None


@pytest.mark.one_engine
def test_what_its_owner_changed_meanwhile_stays_theirs(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row_id,) = _sealed_with_old(1)
    _in_force(f"{NEW},{OLD}")
    seal = vault.reseal

    def slow(sealed: bytes) -> bytes:
        payout_details.forget(db.session.get_one(PayoutDetails, row_id).member_id)
        return seal(sealed)

    monkeypatch.setattr(vault, "reseal", slow)
    with transaction():
        done = resealing.reseal(0)
    assert done is not None and done.changed == 0
    db.session.expire_all()
    assert db.session.get_one(PayoutDetails, row_id).sealed == b""
