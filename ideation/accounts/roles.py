"""Giving roles and taking them away, by operators, with a trail.

Who wears another hat gets another session: the old ones end. The last operator stays one.
"""

from datetime import datetime

from sqlalchemy import delete, select

from ideation.accounts import letters, queries, sessions
from ideation.accounts.grants import Permission, Role
from ideation.accounts.models import Grant, Member, Standing
from ideation.accounts.policies import holds
from ideation.audit import trail
from ideation.core.db import db, lock_row
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.core.i18n import lazy


def grant(
    actor: Member | None,
    member_id: int,
    role: Role,
    *,
    scope: int = 0,
    reason: str = "",
    at: datetime,
) -> None:
    """Give a role; None as actor is the command line.

    A steward's is for the space ``scope``, every other for the whole instance. Raises NotAllowed,
    Conflict, Invalid.
    """
    _check(actor)
    member = queries.get(member_id)
    if member.standing is not Standing.ACTIVE:
        raise Conflict(lazy("Only members who take part can have roles."))
    if scope and role is not Role.STEWARD:
        raise Invalid(fields={"role": lazy("Only a steward's role is for one space.")})
    if role is Role.STEWARD and not scope:
        raise Invalid(fields={"space_id": lazy("Choose one of the options.")})
    if any(one.role is role and one.scope == scope for one in member.grants):
        raise Conflict(lazy("They have this role already."))
    give(member, role, scope=scope, by=actor, at=at)
    sessions.end_all(member.id, at=at)
    letters.roles_changed(member, at=at)
    _note("member.role_granted", actor, member, role, scope, reason, at)


def revoke(
    actor: Member | None,
    member_id: int,
    role: Role,
    *,
    scope: int = 0,
    reason: str = "",
    at: datetime,
) -> None:
    """Take a role away. Raises NotAllowed, and Conflict for one they lack or the last operator."""
    _check(actor)
    lock_operators()
    member = queries.get(member_id)
    if not any(one.role is role and one.scope == scope for one in member.grants):
        raise Conflict(lazy("They do not have this role."))
    if role is Role.OPERATOR:
        refuse_last_operator(member)
    db.session.execute(
        delete(Grant).where(Grant.member_id == member.id, Grant.role == role, Grant.scope == scope)
    )
    db.session.refresh(member)
    sessions.end_all(member.id, at=at)
    letters.roles_changed(member, at=at)
    _note("member.role_revoked", actor, member, role, scope, reason, at)


def give(member: Member, role: Role, *, by: Member | None, at: datetime, scope: int = 0) -> None:
    """The row alone, for the first operator and the demo, who have no session to end."""
    member.grants.append(
        Grant(role=role, scope=scope, granted_by_id=by.id if by else None, granted_at=at)
    )
    db.session.flush()


def lock_operators() -> None:
    """Hold the list of operators until commit: two who remove each other meet here."""
    db.session.execute(
        lock_row(select(Grant.id).where(Grant.role == Role.OPERATOR).order_by(Grant.id))
    )
    db.session.expire_all()


def refuse_last_operator(member: Member) -> None:
    """Raise Conflict where the house would be left without an operator. Lock first."""
    if (
        member.standing is Standing.ACTIVE
        and any(one.role is Role.OPERATOR for one in member.grants)
        and queries.count_operators() == 1
    ):
        raise Conflict(lazy("This is the last operator. Make somebody else one first."))


def _check(actor: Member | None) -> None:
    if actor is not None and not holds(actor, Permission.GRANT_ROLES):
        raise NotAllowed(lazy("Your roles do not include this."))


def _note(
    action: str,
    actor: Member | None,
    member: Member,
    role: Role,
    scope: int,
    reason: str,
    at: datetime,
) -> None:
    trail.record(
        action,
        actor_id=actor.id if actor else None,
        subject_kind="member",
        subject_id=member.id,
        at=at,
        reason=reason,
        detail={"role": role.value, "scope": scope},
    )
