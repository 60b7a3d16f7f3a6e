"""Bank details are sealed; only the key opens them, and keys can be changed."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from ideation.core import config
from ideation.core.db import db
from ideation.royalties import payout_details, vault
from tests import factories
from tests.factories import earnings

pytestmark = pytest.mark.one_engine

OLD, NEW = "an old key that nobody can guess, ever", "a new key that nobody can guess, ever"


def _in_force(keys: str) -> None:
    config.use(replace(config.current(), vault_key=keys))


def test_what_is_sealed_opens_with_the_same_key_alone(app: Flask) -> None:
    _in_force(OLD)
    sealed = vault.seal(b"DE89")
    assert b"DE89" not in sealed
    assert vault.unseal(sealed) == b"DE89"
    _in_force(NEW)
    with pytest.raises(vault.Unopened, match="IDEATION_VAULT_KEY"):
        vault.unseal(sealed)


def test_a_new_key_before_the_old_seals_and_both_open(app: Flask) -> None:
    _in_force(OLD)
    sealed_before = vault.seal(b"DE89")
    _in_force(f"{NEW},{OLD}")
    sealed_after = vault.seal(b"GB82")
    assert vault.unseal(sealed_before) == b"DE89"
    _in_force(NEW)
    assert vault.unseal(sealed_after) == b"GB82"


def test_who_lost_the_key_cannot_keep_a_designer_from_a_new_account(app: Flask) -> None:
    _in_force(OLD)
    designer = factories.member()
    lost = earnings.details(designer)
    _in_force(NEW)
    with pytest.raises(vault.Unopened):
        payout_details.open_details(lost.id)
    again = earnings.details(designer)
    assert again.id != lost.id and again.held_until is not None
    assert payout_details.open_details(again.id).account == earnings.IBAN


def test_a_changed_byte_is_noticed(app: Flask) -> None:
    sealed = bytearray(vault.seal(b"DE89"))
    sealed[20] ^= 1
    with pytest.raises(vault.Unopened):
        vault.unseal(bytes(sealed))


def test_no_table_holds_name_or_account_in_the_clear(app: Flask) -> None:
    """The whole database is read. The control finds the hint, which does stand there."""
    row = earnings.details(factories.member(), name="Zylka Moor")
    assert payout_details.open_details(row.id).account == earnings.IBAN
    assert _places_that_say("Zylka Moor") == _places_that_say(earnings.ACCOUNT) == []
    assert "payout_details" in _places_that_say(row.hint)


def _places_that_say(word: str) -> list[str]:
    return [
        table
        for table in inspect(db.engine).get_table_names()
        if any(word in repr(row) for row in db.session.execute(text(f'SELECT * FROM "{table}"')))
    ]
