"""One click ends mail of a kind, without signing in; a look at the link changes nothing."""

import dataclasses
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ideation.accounts.models import Member
from ideation.core import clock, config, jobs
from ideation.core.db import db, transaction
from ideation.core.mail.models import Mail
from ideation.notices import digests, preferences, queries
from ideation.notices.ways import Way
from tests import factories
from tests.notices.told import BOUNCED, DECLINED, PRIZE, choose, mails_to, tell
from tests.servers import mailing

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def reader(app: Flask) -> Member:
    return factories.member("Ada", zone="UTC")


def _mail(reader: Member) -> Mail:
    tell(reader, DECLINED, at=clock.now())
    return mails_to(reader)[-1]


def _path(mail: Mail) -> str:
    return urlsplit(mail.unsubscribe_url).path


def _way(reader: Member) -> Way:
    db.session.rollback()
    return preferences.way_of(reader.id, DECLINED)


def _post_as_a_mail_program(app: Flask, path: str) -> TestResponse:
    """No cookie, no token of a session, as RFC 8058 says."""
    return app.test_client().post(path, data=ONE_CLICK)


def test_a_mail_program_ends_it_with_one_post(app: Flask, reader: Member) -> None:
    path = _path(_mail(reader))
    for _ in range(2):
        assert _post_as_a_mail_program(app, path).status_code == 200, "it follows no redirect"
    assert _way(reader) is Way.HERE
    assert tell(reader, DECLINED, at=clock.now()) == ""
    assert tell(reader, PRIZE, at=clock.now()) == reader.email, "of other kinds it goes on"
    assert queries.count_unread(reader.id) == 3, "on the site it is all told"


def test_looking_at_the_link_changes_nothing(app: Flask, reader: Member) -> None:
    path = _path(_mail(reader))
    page = app.test_client().get(path)
    assert "A design of mine was declined" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert _way(reader) is Way.MAIL


def test_a_person_finds_a_button_and_the_other_ways(app: Flask, reader: Member) -> None:
    path, browser = _path(_mail(reader)), app.test_client()
    for choice, way in (("stop", Way.HERE), ("digest", Way.DIGEST), ("none", Way.NONE)):
        assert browser.post(path, data={"choice": choice}).status_code == 303
        assert _way(reader) is way
    assert "You are not told of this kind any more" in browser.get(path).text
    assert browser.post(path, data={"choice": "mail"}).status_code == 303
    assert browser.post(path, data={"choice": "stop-all"}).status_code == 303
    chosen = preferences.ways_of(reader.id)
    assert {chosen[DECLINED.name], chosen[PRIZE.name]} == {Way.HERE}
    assert chosen[BOUNCED.name] is Way.MAIL


@pytest.mark.parametrize("form", [{}, {"choice": "everything"}, {"List-Unsubscribe": "no"}])
@pytest.mark.one_engine
def test_what_is_no_choice_changes_nothing(
    app: Flask, reader: Member, form: dict[str, str]
) -> None:
    path = _path(_mail(reader))
    assert app.test_client().post(path, data=form).status_code == 422
    assert _way(reader) is Way.MAIL


@pytest.mark.one_engine
def test_nobody_makes_up_a_link(app: Flask, reader: Member) -> None:
    mail = _mail(reader)
    _, _, code, what, secret = _path(mail).split("/")
    other = factories.member("Ben")
    made_up = [
        f"/unsubscribe/{code}/{what}/{secret[:-1]}{'A' if secret[-1] != 'A' else 'B'}",
        f"/unsubscribe/{code}/{PRIZE.name}/{secret}",
        f"/unsubscribe/{code}/digest/{secret}",
        f"/unsubscribe/{other.share_code}/{what}/{secret}",
        f"/unsubscribe/nobody/{what}/{secret}",
        f"/unsubscribe/{code}/{what}/%C3%BC",
    ]
    for path in made_up:
        assert app.test_client().get(path).status_code == 404
        assert _post_as_a_mail_program(app, path).status_code == 404
    assert set(preferences.ways_of(reader.id).values()) & {Way.NONE} == set()
    assert _way(reader) is Way.MAIL


@pytest.mark.one_engine
def test_who_reads_an_address_that_was_ends_nothing(app: Flask, reader: Member) -> None:
    path = _path(_mail(reader))
    with transaction():
        db.session.get_one(Member, reader.id).email_key = "new@example.org"
    assert _post_as_a_mail_program(app, path).status_code == 404
    assert _way(reader) is Way.MAIL


def test_the_link_of_a_digest_ends_digests(app: Flask, reader: Member) -> None:
    choose(reader, Way.DIGEST, DECLINED)
    at = clock.now().replace(hour=9)
    tell(reader, DECLINED, at=at - timedelta(hours=9))
    with transaction():
        mail = digests.write(reader.id, at=at)
    assert mail is not None
    assert _post_as_a_mail_program(app, _path(mails_to(reader)[-1])).status_code == 200
    assert _way(reader) is Way.HERE
    assert preferences.way_of(reader.id, PRIZE) is Way.MAIL


@pytest.mark.one_engine
def test_what_goes_out_carries_the_headers_and_what_always_comes_says_why(
    app: Flask, settings: config.Settings, reader: Member
) -> None:
    with mailing.running() as mailbox:
        live = dataclasses.replace(
            settings, mail_url=mailbox.url, base_url="https://prints.example.org"
        )
        config.use(live)
        tell(reader, DECLINED, at=clock.now())
        tell(reader, BOUNCED, at=clock.now())
        jobs.run_due()
    first, second = mailbox.messages
    link = str(first["List-Unsubscribe"]).strip("<>")
    assert link.startswith("https://prints.example.org/unsubscribe/")
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in first.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    assert second["List-Unsubscribe"] is None
    assert second["List-Unsubscribe-Post"] is None
    for kind in ("plain", "html"):
        body = second.get_body((kind,)).get_content()  # type: ignore[attr-defined]
        assert "It is about money of yours, so it always comes by mail." in body
        assert "/unsubscribe/" not in body
