"""A demo can be filled again: its commits need not wait, and afterwards they do again."""

from flask import Flask
from sqlalchemy import text

from ideation.core.db import db, is_postgresql
from ideation.demo import pacing


def _waiting() -> str:
    question = "SHOW synchronous_commit" if is_postgresql() else "PRAGMA synchronous"
    return str(db.session.execute(text(question)).scalar_one())


def test_commits_wait_for_the_disk_again_once_the_demo_is_there(app: Flask) -> None:
    before = _waiting()
    with pacing.ahead_of_the_disk():
        inside = _waiting()
    assert inside == ("off" if is_postgresql() else "1")
    assert _waiting() == before
