"""Whether an address is really the member's: a link to press, a code to type, or an operator.

Votes count once it is. Without a mail server the page shows the code where only this machine can
see the page; elsewhere an operator approves the address by hand.
"""

from datetime import datetime

from sqlalchemy import update

from ideation.accounts import letters, queries, tokens
from ideation.accounts.credentials import email_key
from ideation.accounts.events import AddressConfirmed
from ideation.accounts.grants import Permission
from ideation.accounts.models import Member, Standing, Token, TokenPurpose
from ideation.accounts.policies import holds, is_confirmed
from ideation.audit import trail
from ideation.core import config, events
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.core.i18n import lazy

PURPOSES = (TokenPurpose.CONFIRM, TokenPurpose.CHANGE_EMAIL)


def ask(member: Member, *, at: datetime) -> Token:
    """Send the link and code. Raises Conflict where there is nothing to confirm, TooMany."""
    if is_confirmed(member):
        raise Conflict(lazy("Your address is confirmed already."))
    token, secret = tokens.issue(TokenPurpose.CONFIRM, at=at, member_id=member.id)
    letters.confirm(member, secret, tokens.code_of(token), at=at)
    return token


def ask_change(member: Member, email: str, *, at: datetime) -> Token:
    """Send link and code to an address the member wants to change to; nothing changes yet.

    The edge has checked the password. Raises Invalid where the address is taken, TooMany.
    """
    if email_key(email) == member.email_key:
        raise Invalid(fields={"email": lazy("This is your address already.")})
    _refuse_taken(email)
    token, secret = tokens.issue(
        TokenPurpose.CHANGE_EMAIL, at=at, member_id=member.id, payload={"email": email}
    )
    letters.confirm_new_address(member, email, secret, tokens.code_of(token), at=at)
    return token


def ask_again(member: Member, *, at: datetime) -> Token:
    """Send another link and code for what ``find_open`` found, else for the member's address.

    Raises Conflict where there is nothing to confirm, Invalid where the new address has been
    taken, TooMany.
    """
    token = find_open(member, at=at)
    if token is not None and token.purpose is TokenPurpose.CHANGE_EMAIL:
        return ask_change(member, token.payload["email"], at=at)
    return ask(member, at=at)


def find_open(member: Member, *, at: datetime) -> Token | None:
    """What the member has still to confirm: the address they change to, else their own."""
    change = tokens.find_latest(member.id, TokenPurpose.CHANGE_EMAIL, at=at)
    if change is not None or is_confirmed(member):
        return change
    return tokens.find_latest(member.id, TokenPurpose.CONFIRM, at=at)


def get_link(secret: str, *, at: datetime) -> Token:
    """What a link would confirm; looking does not. Raises NotFound."""
    return tokens.get_live(secret, PURPOSES, at=at)


def by_link(secret: str, *, at: datetime) -> Member:
    """Confirm by the link, from a POST. Raises NotFound, Conflict."""
    return _confirm(get_link(secret, at=at), at=at)


def by_code(member: Member, typed: str, *, at: datetime) -> bool:
    """Confirm by the code; False where it is wrong or no guesses are left. Raises Conflict.

    The guess is counted either way: the caller commits also when it is told no.
    """
    token = find_open(member, at=at)
    if token is None or not tokens.guess(token, typed, at=at):
        return False
    _confirm(token, at=at)
    return True


def code_to_show(token: Token | None) -> str | None:
    """The code, where no mail can carry it and nobody but this machine can see the page."""
    settings = config.current()
    if token is None or settings.mail_url or not settings.is_loopback:
        return None
    return tokens.code_of(token)


def needs_operator() -> bool:
    """Whether addresses wait for an operator: no mail leaves, and strangers can reach us."""
    settings = config.current()
    return not settings.mail_url and not settings.is_loopback


def approve(actor: Member, member_id: int, *, reason: str, at: datetime) -> None:
    """An operator vouches for the address. Raises NotAllowed, Conflict; goes into the trail."""
    if not holds(actor, Permission.MANAGE_MEMBERS):
        raise NotAllowed(lazy("Your roles do not include this."))
    member = queries.get(member_id)
    if is_confirmed(member) or member.standing is Standing.ERASED:
        raise Conflict(lazy("There is nothing to approve."))
    mark_confirmed(member, at=at)
    trail.record(
        "member.address_approved",
        actor_id=actor.id,
        subject_kind="member",
        subject_id=member.id,
        at=at,
        reason=reason,
    )


def mark_confirmed(member: Member, *, at: datetime) -> None:
    """Note that the member reads their mail: once, however often it is shown or changed."""
    if is_confirmed(member):
        return
    tokens.end_all(member.id, {TokenPurpose.CONFIRM}, at=at)
    member.email_confirmed_at = at
    db.session.flush()
    events.publish(AddressConfirmed(member.id, at))


def _confirm(token: Token, *, at: datetime) -> Member:
    assert token.member_id is not None
    tokens.use(token, at=at)
    member = queries.get(token.member_id)
    if token.purpose is TokenPurpose.CHANGE_EMAIL:
        # Mail went to the old address too: erasure is to find it.
        token.payload = {**token.payload, "old": member.email}
        _change_address(member, token.payload["email"], at=at)
    mark_confirmed(member, at=at)
    return member


def _change_address(member: Member, email: str, *, at: datetime) -> None:
    """The new address takes over; who was confirmed stays so since then, and so do their votes."""
    _refuse_taken(email)
    old = member.email
    tokens.end_all(member.id, set(TokenPurpose), at=at)  # links that went to the old address
    db.session.execute(
        update(Member).where(Member.id == member.id).values(email=email, email_key=email_key(email))
    )
    db.session.refresh(member)
    if old:
        letters.address_changed(member, old, at=at)


def _refuse_taken(email: str) -> None:
    if queries.find_by_email(email) is not None:
        raise Invalid(fields={"email": lazy("This address belongs to another account.")})
