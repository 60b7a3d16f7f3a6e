from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from ideation.audit import trail
from ideation.core import clock
from ideation.core.db import db, is_postgresql, transaction

EDITS = {
    "a reason reworded": "UPDATE audit_entries SET reason = 'better' WHERE id = 3",
    "an actor swapped": "UPDATE audit_entries SET actor_id = 99 WHERE id = 3",
    "a time moved": "UPDATE audit_entries SET at = '2020-01-01 00:00:00' WHERE id = 3",
    "an entry removed": "DELETE FROM audit_entries WHERE id = 3",
    "a hash forged": "UPDATE audit_entries SET hash = 'f' WHERE id = 3",
    "a subject swapped": "UPDATE audit_entries SET subject_id = 5 WHERE id = 3",
}


@pytest.fixture(autouse=True)
def five_acts(app: Flask) -> Iterator[None]:
    with transaction():
        for number in range(1, 6):
            trail.record(
                "member.suspended",
                actor_id=1,
                subject_kind="member",
                subject_id=number,
                at=clock.now(),
                reason="spam — 广告",
                detail={"until": None, "days": number},
            )
    yield


def _edit(statement: str) -> None:
    """As somebody with the database's password would, guards taken off."""
    on = " ON audit_entries" if is_postgresql() else ""
    with db.engine.begin() as connection:
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER guard_audit_entries_{verb}{on}"))
        connection.execute(text(statement))
    db.session.expire_all()
    db.session.rollback()


def test_an_untouched_trail_holds() -> None:
    assert trail.verify() is None


@pytest.mark.parametrize("statement", EDITS.values(), ids=EDITS)
def test_an_edit_shows_at_its_entry(statement: str) -> None:
    _edit(statement)
    assert trail.verify() == 3


def test_entries_written_after_the_edit_do_not_hide_it() -> None:
    _edit(EDITS["a reason reworded"])
    with transaction():
        trail.record("job.retried", actor_id=1, subject_kind="job", subject_id=1, at=clock.now())
    assert trail.verify() == 3


def test_what_is_rolled_back_leaves_no_gap() -> None:
    with pytest.raises(KeyError), transaction():
        trail.record("x.done", actor_id=1, subject_kind="x", subject_id=1, at=clock.now())
        raise KeyError
    with transaction():
        entry = trail.record("x.done", actor_id=1, subject_kind="x", subject_id=1, at=clock.now())
        assert entry.id == 6
    assert trail.verify() is None
