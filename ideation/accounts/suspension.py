"""Shutting a member out for a reason, and letting them back in."""

from datetime import datetime

from ideation.accounts import letters, queries, roles, sessions, tokens
from ideation.accounts.grants import Permission
from ideation.accounts.models import Member, Standing, TokenPurpose
from ideation.accounts.policies import holds
from ideation.audit import trail
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.core.i18n import lazy


def suspend(actor: Member, member_id: int, *, reason: str, at: datetime) -> None:
    """Shut the member out now, everywhere; they are told why.

    Raises NotAllowed, Conflict (themselves, the last operator, already so), Invalid (no reason).
    """
    _check(actor, reason)
    roles.lock_operators()
    member = queries.get(member_id)
    if member.id == actor.id:
        raise Conflict(lazy("You cannot suspend yourself."))
    if member.standing is not Standing.ACTIVE:
        raise Conflict(lazy("This member does not take part as it is."))
    roles.refuse_last_operator(member)
    member.standing = Standing.SUSPENDED
    member.suspended_at = at
    member.suspended_reason = reason
    db.session.flush()
    sessions.end_all(member.id, at=at)
    tokens.end_all(member.id, set(TokenPurpose), at=at)
    letters.suspended(member, at=at)
    _note("member.suspended", actor, member, reason, at)


def restore(actor: Member, member_id: int, *, reason: str, at: datetime) -> None:
    """Let the member back in. Raises NotAllowed, Conflict, Invalid."""
    _check(actor, reason)
    member = queries.get(member_id)
    if member.standing is not Standing.SUSPENDED:
        raise Conflict(lazy("This member is not suspended."))
    member.standing = Standing.ACTIVE
    member.suspended_at = None
    member.suspended_reason = ""
    db.session.flush()
    letters.restored(member, at=at)
    _note("member.restored", actor, member, reason, at)


def sign_out(actor: Member, member_id: int, *, reason: str, at: datetime) -> None:
    """End all of a member's sessions, as when a laptop is lost. Raises NotAllowed, Invalid."""
    _check(actor, reason)
    member = queries.get(member_id)
    sessions.end_all(member.id, at=at)
    _note("member.signed_out", actor, member, reason, at)


def _check(actor: Member, reason: str) -> None:
    if not holds(actor, Permission.MANAGE_MEMBERS):
        raise NotAllowed(lazy("Your roles do not include this."))
    if not reason:
        raise Invalid(
            fields={"reason": lazy("Say why: the member reads it, and the trail keeps it.")}
        )


def _note(action: str, actor: Member, member: Member, reason: str, at: datetime) -> None:
    trail.record(
        action,
        actor_id=actor.id,
        subject_kind="member",
        subject_id=member.id,
        at=at,
        reason=reason,
    )
