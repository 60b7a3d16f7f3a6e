import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts import queries, roles, suspension
from ideation.accounts.grants import Role
from ideation.audit import queries as audit
from ideation.audit import trail
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.moderation.policies import moderated_spaces
from ideation.spaces.models import Space
from tests import factories
from tests.accounts.mails import last_mail


@pytest.mark.parametrize(
    ("path", "form", "action"),
    [
        ("roles", {"role": "moderator"}, "member.role_granted"),
        ("roles/removals", {"role": "finance"}, "member.role_revoked"),
        ("suspension", {"reason": "Bought votes."}, "member.suspended"),
        ("sessions/endings", {"reason": "Lost laptop."}, "member.signed_out"),
    ],
)
def test_each_act_ends_the_members_sessions_and_writes_one_entry(
    app: Flask, path: str, form: dict[str, str], action: str
) -> None:
    operator = factories.member("Ops", roles=(Role.OPERATOR,))
    member = factories.member("Ada Lind", roles=(Role.FINANCE,))
    theirs = factories.Browser(app, member)
    answer = factories.Browser(app, operator).post(f"/console/members/{member.handle}/{path}", form)
    assert answer.status_code == 303, answer.text
    entries = audit.list_about("member", member.id)
    assert [(entry.action, entry.actor_id) for entry in entries] == [(action, operator.id)]
    assert entries[0].reason == form.get("reason", "")
    assert trail.verify() is None
    assert theirs.get("/settings/profile").status_code == 302


def test_the_suspended_read_the_reason_and_come_back_when_restored(app: Flask) -> None:
    operator = factories.member("Ops", roles=(Role.OPERATOR,))
    member = factories.member("Ada Lind")
    ops = factories.Browser(app, operator)
    silent = ops.post(f"/console/members/{member.handle}/suspension", {"reason": " "})
    assert silent.status_code == 422
    ops.post(f"/console/members/{member.handle}/suspension", {"reason": "Bought votes."})
    mail = last_mail(member.email or "")
    assert "Bought votes." in mail.text
    assert "Bought votes." in mail.html
    assert factories.Browser(app, member).get("/settings/profile").status_code == 302
    ops.post(f"/console/members/{member.handle}/restoration", {"reason": "They paid back."})
    assert factories.Browser(app, member).get("/settings/profile").status_code == 200
    actions = [entry.action for entry in audit.list_about("member", member.id)]
    assert actions == ["member.restored", "member.suspended"]


def test_a_steward_is_given_for_one_space_and_decides_nothing_in_another(app: Flask) -> None:
    ops = factories.Browser(app, factories.member("Ops", roles=(Role.OPERATOR,)))
    first, second = factories.member("Ada Lind"), factories.member("Bo Ek")
    here = db.session.scalars(select(Space.id)).one()
    assert (
        ops.post(f"/console/members/{first.handle}/roles", {"role": "steward"}).status_code == 303
    )
    with transaction():
        space = Space(slug="elsewhere", names={"en": "Elsewhere"}, created_at=clock.now())
        db.session.add(space)
    elsewhere = space.id
    unsaid = ops.post(f"/console/members/{second.handle}/roles", {"role": "steward"})
    assert unsaid.status_code == 422
    form = {"role": "steward", "space_id": str(elsewhere)}
    assert ops.post(f"/console/members/{second.handle}/roles", form).status_code == 303
    assert "Elsewhere" in ops.get(f"/console/members/{second.handle}").text
    assert moderated_spaces(queries.get(first.id)) == {here}
    assert moderated_spaces(queries.get(second.id)) == {elsewhere}


def test_nobody_is_steward_of_everything(app: Flask) -> None:
    member = factories.member("Ada Lind")
    with pytest.raises(Invalid), transaction():
        roles.grant(None, member.id, Role.STEWARD, at=clock.now())


def test_the_last_operator_can_neither_lose_the_role_nor_be_suspended(app: Flask) -> None:
    operator = factories.member("Ops", roles=(Role.OPERATOR,))
    ops = factories.Browser(app, operator)
    refused = ops.post(f"/console/members/{operator.handle}/roles/removals", {"role": "operator"})
    assert refused.status_code == 409
    assert "last operator" in refused.text
    assert queries.count_operators() == 1
    factories.member("Ops two", roles=(Role.OPERATOR,))
    suspended = ops.post(f"/console/members/{operator.handle}/suspension", {"reason": "Myself"})
    assert suspended.status_code == 409
    allowed = ops.post(f"/console/members/{operator.handle}/roles/removals", {"role": "operator"})
    assert allowed.status_code == 303
    assert ops.get("/settings/profile").status_code == 200  # a new session, the same person
    assert ops.get("/console/members").status_code == 404


def test_of_two_operators_who_remove_each_other_one_stays(app: Flask) -> None:
    assert _remove_each_other(app) == 1


@pytest.mark.only("postgresql")
def test_control_without_the_lock_nobody_stays(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite the transaction itself holds the only lock, so there is nothing to switch off."""
    meet = threading.Barrier(2)
    count = queries.count_operators

    def count_together() -> int:
        found = count()
        meet.wait(10)  # both have looked before either writes
        return found

    monkeypatch.setattr(roles, "lock_operators", lambda: None)
    monkeypatch.setattr(queries, "count_operators", count_together)
    assert _remove_each_other(app, count) == 0


def _remove_each_other(app: Flask, count: object = None) -> int:
    one = factories.member("One", roles=(Role.OPERATOR,)).id
    two = factories.member("Two", roles=(Role.OPERATOR,)).id
    ready = threading.Barrier(2)

    def remove(pair: tuple[int, int]) -> None:
        with app.app_context():
            ready.wait()
            try:
                with transaction():
                    actor = queries.get(pair[0])
                    roles.revoke(actor, pair[1], Role.OPERATOR, at=clock.now())
            except (Conflict, NotAllowed):
                pass
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(remove, [(one, two), (two, one)]))
    db.session.rollback()
    return (count or queries.count_operators)()  # type: ignore[operator]


def test_only_operators_may(app: Flask) -> None:
    manager = factories.member("Manager", roles=(Role.PRODUCT_MANAGER,))
    member = factories.member("Ada Lind")
    for path in ("roles", "roles/removals", "suspension", "restoration", "approval"):
        answer = factories.Browser(app, manager).post(
            f"/console/members/{member.handle}/{path}", {"role": "operator", "reason": "x"}
        )
        assert answer.status_code == 403
    for rule in (suspension.suspend, suspension.restore, suspension.sign_out):
        with pytest.raises(NotAllowed), transaction():
            rule(queries.get(manager.id), member.id, reason="x", at=clock.now())
    with pytest.raises(NotAllowed), transaction():
        roles.grant(queries.get(manager.id), manager.id, Role.OPERATOR, at=clock.now())
