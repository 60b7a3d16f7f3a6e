"""The mails that no preference silences: what a member must know to keep their account theirs."""

from datetime import datetime
from typing import Any

from ideation.accounts import words
from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.core import config
from ideation.core.mail import compose
from ideation.core.mail.models import Mail


def confirm(member: Member, secret: str, code: str, *, at: datetime) -> Mail | None:
    """The link and code that show an address to be the member's."""
    return _send("confirm", member, at, url=_link("confirm", secret), code=code)


def confirm_new_address(
    member: Member, email: str, secret: str, code: str, *, at: datetime
) -> Mail | None:
    """The same for an address that the member wants to change to."""
    return _send("new_address", member, at, email, url=_link("confirm", secret), code=code)


def address_changed(member: Member, old: str, *, at: datetime) -> Mail | None:
    """To the address that was: it is no longer the account's."""
    return _send("address_changed", member, at, old, url=_page("/reset"))


def reset(member: Member, secret: str, *, at: datetime) -> Mail | None:
    """The link to choose a new password."""
    return _send("reset", member, at, url=_link("reset", secret))


def password_changed(member: Member, *, at: datetime) -> Mail | None:
    """That the password is another one now."""
    return _send("password_changed", member, at, url=_page("/reset"), changed_at=at)


def roles_changed(member: Member, *, at: datetime) -> Mail | None:
    """That the member's roles are others now; they sign in again."""
    return _send("roles_changed", member, at, url=_page("/sign-in"))


def suspended(member: Member, *, at: datetime) -> Mail | None:
    """That the account is suspended, and why."""
    return _send("suspended", member, at, reason=member.suspended_reason, url=_page("/terms"))


def restored(member: Member, *, at: datetime) -> Mail | None:
    """That the account is open again."""
    return _send("restored", member, at, url=_page("/sign-in"))


def trial(member: Member, *, at: datetime) -> Mail | None:
    """What an operator sends themselves to see whether mail arrives."""
    return _send("test", member, at, url=_page("/console/beginning/mail"))


def invited(by: Member, email: str, role: Role, secret: str, *, at: datetime) -> Mail:
    """To somebody asked into the team, who may have no account: in the language of who asks."""
    reader = compose.Reader(email, by.language, by.zone)
    return compose.send(
        "invited",
        reader,
        at=at,
        by=by.name,
        role=words.ROLES[role],
        duty=words.DUTIES[role],
        url=invitation_link(secret),
    )


def invitation_link(secret: str) -> str:
    """The address of an invitation."""
    return _link("invitations", secret)


#: Letters whose link opens an account: an operator who opens one is noted in the audit trail.
WITH_KEYS = frozenset({"confirm", "new_address", "reset", "invited"})


def _send(
    template: str, member: Member, at: datetime, to: str | None = None, **values: Any
) -> Mail | None:
    email = to or member.email
    if not email:
        return None  # erased
    reader = compose.Reader(email, member.language, member.zone)
    return compose.send(template, reader, at=at, name=member.name, **values)


def _link(what: str, secret: str) -> str:
    return _page(f"/{what}/{secret}")


def _page(path: str) -> str:
    return f"{config.current().base_url}{path}"
