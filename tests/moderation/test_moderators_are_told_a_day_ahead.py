from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.accounts.models import Grant, Standing
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.moderation import alarms, queue
from ideation.notices.models import Notice
from ideation.spaces.models import Space
from tests import factories


def test_once_for_each_case_and_only_whoever_may_decide(app: Flask) -> None:
    at = clock.now()
    space_id = db.session.scalars(select(Space.id)).one()
    moderator = factories.member(roles=(Role.MODERATOR,))
    operator = factories.member(roles=(Role.OPERATOR,))
    steward = factories.member()
    elsewhere = factories.member()
    factories.member(roles=(Role.MODERATOR,), standing=Standing.SUSPENDED)
    factories.member(roles=(Role.FINANCE,))
    with transaction():
        for who, scope in ((steward, space_id), (elsewhere, space_id + 1)):
            db.session.add(Grant(member_id=who.id, role=Role.STEWARD, scope=scope, granted_at=at))
        for key, hours in ((1, 23), (2, 24), (3, 25)):
            queue.open_case(
                "thing", key, space_id=space_id, at=at, due_at=at + timedelta(hours=hours)
            )
        queue.open_case("thing", 4, space_id=space_id, at=at, due_at=None)

    def run(after: timedelta) -> int:
        with transaction():
            return alarms.alarm(at + after)

    assert [run(timedelta()), run(timedelta(minutes=10))] == [2, 0]
    told = {row.member_id: row.params["n"] for row in db.session.scalars(select(Notice))}
    assert told == {moderator.id: 2, operator.id: 2, steward.id: 2}
    assert run(timedelta(hours=1)) == 1
