"""A notice about another member says their name of today, and none once they are gone."""

from flask import Flask
from sqlalchemy import event, select

from ideation.accounts import erasure, queries
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.notices.models import Notice
from ideation.submissions import designers
from ideation.submissions import queries as submissions
from tests import factories
from tests.factories import pictures


def _name_as_co_designers(owner_id: int, *others: str) -> None:
    owner = queries.get(owner_id)
    submission = pictures.draft(factories.contest("entry"), owner)
    with transaction():
        owner = queries.get(owner_id)
        shares = {owner.handle: 9000, **dict.fromkeys(others, 1000 // len(others))}
        designers.divide(owner, submissions.get_locked(submission.id), shares, at=clock.now())


def test_a_name_is_todays_and_goes_with_the_account(app: Flask) -> None:
    owner, friend = factories.member("Zylka"), factories.member("Ada")
    _name_as_co_designers(owner.id, friend.handle)
    reader = factories.Browser(app, friend)
    assert "Zylka names you as a co-designer" in reader.get("/notices").text
    with transaction():
        queries.get(owner.id).name = "Zyl Moor"
    assert "Zyl Moor names you" in reader.get("/notices").text
    with transaction():
        erasure.erase(owner.id, at=clock.now())
    assert "Erased member names you as a co-designer" in reader.get("/notices").text
    assert "Zyl" not in str(db.session.scalars(select(Notice.params)).all())


def test_many_names_are_looked_up_at_once(app: Flask) -> None:
    reader = factories.member("Ada")
    counts = []
    for _ in range(2):
        _name_as_co_designers(factories.member().id, reader.handle)
        browser = factories.Browser(app, reader)
        counts.append(_statements_of(browser))
    assert counts[0] == counts[1]


def _statements_of(browser: factories.Browser) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert "names you as a co-designer" in browser.get("/notices").text
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len([one for one in seen if one.startswith("SELECT")])
