"""Asking somebody into the team: a link that gives one role, once, by mail or handed over.

The link's secret is derived from a nonce in its row and the instance's key. So whoever gives roles
can look an open link up again, to hand it over by other ways, and the database alone tells nobody.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import CursorResult, select, update

from ideation.accounts import addresses, confirmation, letters, queries, registration, roles, tokens
from ideation.accounts.credentials import email_key
from ideation.accounts.grants import Permission, Role
from ideation.accounts.models import Member, Token, TokenPurpose
from ideation.accounts.policies import holds
from ideation.accounts.registration import Newcomer
from ideation.audit import trail
from ideation.core import ids, keyed
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotAllowed, TooMany
from ideation.core.i18n import lazy

MOST_OPEN = 50


@dataclass(frozen=True)
class Invitation:
    """An open link: whom it is for (nobody in particular where ``email`` is empty), and what to."""

    token_id: int
    role: Role
    scope: int
    email: str
    by_id: int
    created_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, token: Token) -> "Invitation":
        """Read from its row."""
        kept = token.payload
        return cls(
            token_id=token.id,
            role=Role(kept["role"]),
            scope=kept["scope"],
            email=kept["email"],
            by_id=kept["by"],
            created_at=token.created_at,
            expires_at=token.expires_at,
        )


def invite(
    actor: Member, role: Role, *, email: str = "", scope: int = 0, at: datetime
) -> Invitation:
    """Make a link for a role, and mail it where an address is given.

    Raises NotAllowed, Invalid for what cannot be mailed to or a steward without a space, TooMany.
    """
    _check_may_give(actor)
    if (role is Role.STEWARD) is not bool(scope):
        raise Invalid(fields={"role": lazy("A steward's role is for one space, no other is.")})
    if email:
        email = addresses.parse(email)
        _refuse_holder(email, role, scope)
    if len(list_open(at=at)) >= MOST_OPEN:
        raise TooMany(lazy("Many invitations are open. Take some back first."))
    nonce = ids.token()
    secret = _secret(nonce)
    token = Token(
        purpose=TokenPurpose.INVITE,
        token_hash=sha256(secret.encode()).digest(),
        payload={
            "nonce": nonce,
            "role": role.value,
            "scope": scope,
            "email": email,
            "by": actor.id,
        },
        created_at=at,
        expires_at=at + tokens.LIFETIMES[TokenPurpose.INVITE],
    )
    db.session.add(token)
    db.session.flush()
    if email:
        letters.invited(actor, email, role, secret, at=at)
    _note("member.invited", actor.id, token, at)
    return Invitation.of(token)


def list_open(*, at: datetime) -> list[Invitation]:
    """Invitations that still wait for somebody, the latest first."""
    rows = db.session.scalars(
        select(Token)
        .where(Token.purpose == TokenPurpose.INVITE, Token.used_at.is_(None), Token.expires_at > at)
        .order_by(Token.id.desc())
    )
    return [Invitation.of(row) for row in rows]


def link_of(invitation: Invitation) -> str:
    """The address to hand over; for those who give roles."""
    token = db.session.get_one(Token, invitation.token_id)
    return letters.invitation_link(_secret(token.payload["nonce"]))


def get_link(secret: str, *, at: datetime) -> Invitation:
    """The invitation of a link, not used by looking. Raises NotFound."""
    return Invitation.of(tokens.get_live(secret, {TokenPurpose.INVITE}, at=at))


def withdraw(actor: Member, token_id: int, *, at: datetime) -> None:
    """Take an invitation back. Raises NotAllowed, Conflict where it was used or taken back."""
    _check_may_give(actor)
    ended = db.session.execute(
        update(Token)
        .where(Token.id == token_id, Token.purpose == TokenPurpose.INVITE, Token.used_at.is_(None))
        .values(used_at=at)
    )
    assert isinstance(ended, CursorResult)
    if ended.rowcount != 1:
        raise Conflict(lazy("This invitation has been used or taken back."))
    _note("member.invitation_withdrawn", actor.id, db.session.get_one(Token, token_id), at)


def join(secret: str, newcomer: Newcomer, *, at: datetime) -> Member:
    """Make the member and give them the role.

    An operator who wrote their address vouches for it, as by hand; any other is confirmed by mail.
    Raises NotFound, Conflict, Invalid for a taken address.
    """
    token, invitation = _use(secret, at)
    member = registration.add(newcomer, at=at)
    if invitation.email and email_key(invitation.email) == member.email_key:
        confirmation.mark_confirmed(member, at=at)
    else:
        confirmation.ask(member, at=at)
    giver = queries.get(invitation.by_id)
    roles.give(member, invitation.role, scope=invitation.scope, by=giver, at=at)
    _note("member.invitation_accepted", member.id, token, at)
    return member


def accept(secret: str, member: Member, *, at: datetime) -> None:
    """Give the role to a member, whose sessions end. Raises NotFound, Conflict."""
    token, invitation = _use(secret, at)
    giver = queries.get(invitation.by_id)
    roles.grant(giver, member.id, invitation.role, scope=invitation.scope, at=at)
    _note("member.invitation_accepted", member.id, token, at)


def _use(secret: str, at: datetime) -> tuple[Token, Invitation]:
    token = tokens.get_live(secret, {TokenPurpose.INVITE}, at=at)
    invitation = Invitation.of(token)
    if not holds(queries.get(invitation.by_id), Permission.GRANT_ROLES):
        raise Conflict(lazy("Whoever invited you may not give roles any more. Ask an operator."))
    tokens.use(token, at=at)
    return token, invitation


def _check_may_give(actor: Member) -> None:
    if not holds(actor, Permission.GRANT_ROLES):
        raise NotAllowed(lazy("Your roles do not include this."))


def _refuse_holder(email: str, role: Role, scope: int) -> None:
    known = queries.find_by_email(email)
    if known and any(one.role is role and one.scope == scope for one in known.grants):
        raise Invalid(fields={"email": lazy("They have this role already.")})


def _secret(nonce: str) -> str:
    return keyed.secret("invite", nonce, 32)


def _note(action: str, actor_id: int, token: Token, at: datetime) -> None:
    """The trail names role and space, never the address: it is kept for ever."""
    trail.record(
        action,
        actor_id=actor_id,
        subject_kind="token",
        subject_id=token.id,
        at=at,
        detail={"role": token.payload["role"], "scope": token.payload["scope"]},
    )
