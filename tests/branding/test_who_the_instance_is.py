import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from ideation.accounts.grants import Role
from ideation.audit.models import AuditEntry
from ideation.branding import changing
from ideation.core import clock, identity
from ideation.core.db import db, transaction
from ideation.core.errors import Invalid
from ideation.core.mail import compose
from ideation.sharing.models import Kind, ShareCard
from tests import factories


def test_what_nobody_chose_comes_from_the_house(app: Flask) -> None:
    ours = identity.current()
    assert (ours.name, ours.accent, ours.logo) == ("Ideation", identity.ACCENT, None)
    assert not ours.is_themed


def test_a_change_is_in_force_at_once_and_the_trail_says_from_what_to_what(app: Flask) -> None:
    actor = factories.member("Ops", roles=(Role.OPERATOR,))
    _save(actor, name="  Print  Room ", accent="#0b6bb8")
    ours = identity.current()
    assert (ours.name, ours.accent) == ("Print Room", "#0b6bb8")
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor_id) == ("instance.identity_changed", actor.id)
    assert entry.detail["name"] == ["Ideation", "Print Room"]
    assert set(entry.detail) == {"name", "accent", "accent_dark"}


def test_what_is_left_out_stays_and_a_save_that_changes_nothing_writes_nothing(app: Flask) -> None:
    _save(None, name="Print Room", zone="Asia/Taipei")
    _save(None, language="zh-Hant")
    entries = _entries()
    _save(None, name="Print Room", language="zh-Hant")
    ours = identity.current()
    assert (ours.name, ours.zone, ours.language) == ("Print Room", "Asia/Taipei", "zh-Hant")
    assert _entries() == entries


def test_all_that_is_wrong_is_said_at_once_and_nothing_of_it_is_kept(app: Flask) -> None:
    with pytest.raises(Invalid) as refused:
        _save(None, name=" ", accent="#ffd400", letters="comic", language="fr", zone="Mars/Olympus")
    assert set(refused.value.fields) == {"name", "accent", "letters", "language", "zone"}
    assert identity.current().name == "Ideation"
    with pytest.raises(Invalid):
        _save(None, name="x" * (changing.NAME_LONGEST + 1))


def test_what_is_read_in_a_transaction_that_fails_is_not_remembered(app: Flask) -> None:
    with pytest.raises(RuntimeError), transaction():
        changing.save(None, name="Print Room", at=clock.now())
        assert identity.current().name == "Print Room"
        raise RuntimeError
    assert identity.current().name == "Ideation"


def test_two_operators_at_once_each_keep_what_they_changed(app: Flask) -> None:
    _save(None, name="Print Room")
    begun, done = threading.Event(), threading.Event()

    def other() -> None:
        with app.app_context():
            begun.set()
            _save(None, letters="book")
            done.set()

    with transaction():
        changing.save(None, accent="#0b6bb8", at=clock.now())
        thread = threading.Thread(target=other)
        thread.start()
        begun.wait(5)
        assert not done.wait(0.2)  # it waits for this one
    thread.join(10)
    ours = identity.current()
    assert (ours.name, ours.accent, ours.letters) == ("Print Room", "#0b6bb8", "book")


def test_it_costs_a_page_no_statement_of_its_own(app: Flask) -> None:
    browser = factories.Browser(app)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    _save(None, name="Print Room", accent="#0b6bb8")
    statements.clear()
    page = browser.get("/how-winners-are-found").text
    assert "Print Room" in page
    assert len([one for one in statements if "instance_facts" in one]) == 1


def test_mail_feeds_and_calendars_bear_the_name(app: Flask) -> None:
    _save(None, name="Print Room", accent="#0b6bb8")
    with transaction():
        reader = compose.Reader("ada@example.org", "en")
        mail = compose.send(
            "password_changed", reader, at=clock.now(), name="Ada", url="/", changed_at=clock.now()
        )
    assert "Print Room" in mail.text
    assert "Print Room" in mail.html and "#0b6bb8" in mail.html
    assert "Ideation" not in mail.html
    browser = factories.Browser(app)
    assert "Print Room" in browser.get("/contests.atom").text
    assert "Print Room" in browser.get("/calendar.ics").text


def test_a_new_name_asks_for_every_share_card_anew_and_another_colour_for_none(app: Flask) -> None:
    at = clock.now() - timedelta(days=1)
    with transaction():
        db.session.add(
            ShareCard(kind=Kind.CONTEST, subject_id=1, language="en", key="cards/x", drawn_at=at)
        )
    _save(None, accent="#0b6bb8")
    assert _asked() == [None]
    _save(None, name="Print Room")
    assert None not in _asked()


def _save(actor: object, **wanted: str) -> None:
    with transaction():
        changing.save(actor, **wanted, at=clock.now())  # type: ignore[arg-type]


def _entries() -> int:
    return len(db.session.scalars(select(AuditEntry.id)).all())


def _asked() -> list[object]:
    db.session.rollback()
    return list(db.session.scalars(select(ShareCard.asked_at)))
