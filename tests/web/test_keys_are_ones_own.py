"""The keys of the deck: switched off, put elsewhere, kept with the member."""

import json
import re

from flask import Flask
from sqlalchemy import func, select

from ideation.accounts import erasure
from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.voting.keys import DEFAULTS
from ideation.voting.models import DeckKeys
from tests import factories
from tests.factories import Browser

PRESSED = {act.value: key for act, key in DEFAULTS.items()}


def keys_in_the_deck(app: Flask, member: Member, slug: str) -> dict[str, str]:
    """What the page hands the script, on a device of its own."""
    page = Browser(app, member).get(f"/contests/{slug}/score").text
    found = re.search(r'data-keys="([^"]*)"', page)
    assert found
    told: dict[str, str] = json.loads(found[1].replace("&#34;", '"'))
    return told


def test_keys_can_be_put_elsewhere_and_switched_off_on_every_device(app: Flask) -> None:
    contest, member, other = factories.contest(), factories.member(), factories.member()
    factories.submission(contest)
    browser = Browser(app, member)
    assert keys_in_the_deck(app, member, contest.slug) == PRESSED

    mine = PRESSED | {"undo": "J", "skip": "ß"}
    assert browser.post("/settings/keys", mine | {"is_on": "1"}).status_code == 303
    assert keys_in_the_deck(app, member, contest.slug) == PRESSED | {"undo": "j", "skip": "ß"}
    assert keys_in_the_deck(app, other, contest.slug) == PRESSED, "nobody else's"

    assert browser.post("/settings/keys", mine).status_code == 303
    assert keys_in_the_deck(app, member, contest.slug) == {}
    assert "Single keys are switched off." in browser.get(f"/contests/{contest.slug}/score").text
    assert 'value="j"' in browser.get("/settings/keys").text, "the choice is kept"

    browser.post("/settings/keys", mine | {"defaults": "1"})
    assert keys_in_the_deck(app, member, contest.slug) == PRESSED


def test_a_key_that_will_not_do_is_named_and_what_was_typed_stays(app: Flask) -> None:
    browser = Browser(app, factories.member())
    wrong = PRESSED | {"is_on": "1", "undo": "s", "zoom": " ", "help": "ab"}
    answer = browser.post("/settings/keys", wrong)
    assert answer.status_code == 422
    assert answer.text.count("Another act has this key already.") == 2, "above, and at its field"
    assert answer.text.count("Type one letter, digit or sign.") == 4
    assert 'value="ab"' in answer.text
    assert db.session.scalar(select(func.count()).select_from(DeckKeys)) == 0


def test_keys_are_forgotten_with_their_member(app: Flask) -> None:
    member = factories.member()
    Browser(app, member).post("/settings/keys", PRESSED | {"undo": "j"})
    with transaction():
        erasure.erase(member.id, at=clock.now())
    assert db.session.scalar(select(func.count()).select_from(DeckKeys)) == 0
