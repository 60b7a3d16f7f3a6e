from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, inspect, select, text

from ideation.accounts import erasure, profiles, queries
from ideation.accounts.events import AccountErased
from ideation.accounts.grants import Role
from ideation.accounts.models import Consent, DeviceUse, Member, Standing, Token
from ideation.core import clock, events
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.core.mail.models import Mail
from ideation.core.storage import in_force
from tests import factories
from tests.accounts.mails import code_in, last_mail
from tests.factories.people import PASSWORD, joined


def test_erasing_asks_for_the_password_and_that_one_means_it(app: Flask) -> None:
    member = joined("Zylka Moor")
    browser = factories.Browser(app, member)
    for form in ({"password": "wrong", "sure": "1"}, {"password": PASSWORD}):
        assert browser.post("/settings/privacy/erasure", form).status_code == 422
    db.session.refresh(member)
    assert member.standing is Standing.ACTIVE


def test_mail_to_former_and_never_confirmed_addresses_goes_too(app: Flask) -> None:
    member = joined("Zylka Moor")
    joined("Ada Lind")
    browser = factories.Browser(app, member)
    browser.post("/settings/email", {"email": "second@example.org", "password": PASSWORD})
    browser.post("/confirm", {"code": code_in(last_mail("second@example.org"))})
    browser.post("/settings/email", {"email": "third@example.org", "password": PASSWORD})
    mails = set(db.session.scalars(select(Mail.to)))
    assert mails >= {"zylka.moor@example.org", "second@example.org", "third@example.org"}
    with transaction():
        erasure.erase(member.id, at=clock.now())
    assert set(db.session.scalars(select(Mail.to))) == {"ada.lind@example.org"}


def test_erasing_empties_what_names_the_member_and_keeps_what_counts(
    app: Flask, tmp_path: Path
) -> None:
    member = joined("Zylka Moor")
    picture = tmp_path / "portrait.png"
    Image.new("RGB", (300, 300), "#c8321b").save(picture)
    key = profiles.make_portrait(picture)
    with transaction():
        person = queries.get(member.id)
        profiles.change(
            person,
            profiles.Profile(
                "Zylka Moor", "Zylka was here", ["https://zylka.example"], "en", "UTC"
            ),
            portrait_key=key,
        )
    told: list[AccountErased] = []
    events.subscribe(AccountErased)(told.append)
    browser = factories.Browser(app, member)
    answer = browser.post("/settings/privacy/erasure", {"password": PASSWORD, "sure": "1"})
    assert answer.status_code == 303
    db.session.refresh(member)
    assert member.standing is Standing.ERASED
    assert member.handle.startswith("erased-")
    assert member.pseudonym_secret is None
    assert member.password_hash is None
    assert not in_force.store().exists(key)
    assert [event.member_id for event in told] == [member.id]
    assert _count(Token) == _count(DeviceUse) == _count(Mail) == 0
    assert _count(Consent) == 2
    assert _places_that_say("zylka") == []
    assert browser.get("/settings/profile").status_code == 302
    assert factories.Browser(app).get("/members/zylka-moor").status_code == 404
    form = {"email": "zylka.moor@example.org", "password": PASSWORD}
    assert factories.Browser(app).post("/sign-in", form).status_code == 422
    assert joined("Zylka Moor").handle == "zylka-moor"  # the address and name are free again


def test_the_last_operator_cannot_be_erased(app: Flask) -> None:
    operator = factories.member("Ops", roles=(Role.OPERATOR,))
    with pytest.raises(Conflict), transaction():
        erasure.erase(operator.id, at=clock.now())


def _count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def _places_that_say(word: str) -> list[str]:
    """Every table whose rows hold the word anywhere: the whole database is read."""
    found = []
    for table in inspect(db.engine).get_table_names():
        rows = db.session.execute(text(f'SELECT * FROM "{table}"'))
        if any(word in repr(row).lower() for row in rows):
            found.append(table)
    return found


def test_control_the_search_finds_a_member_who_is_still_here(app: Flask) -> None:
    joined("Zylka Moor")
    assert {"members", "mails"} <= set(_places_that_say("zylka"))
    assert Member.__tablename__ == "members"
