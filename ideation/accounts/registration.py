"""Joining."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from ideation.accounts import addresses, attribution, confirmation, consents, handles
from ideation.accounts.attribution import Touch
from ideation.accounts.credentials import email_key
from ideation.accounts.events import MemberRegistered
from ideation.accounts.models import ConsentKind, Member
from ideation.core import events
from ideation.core.db import db

NAME_LONGEST = 60


@dataclass(frozen=True)
class Newcomer:
    """Who joins: the password already hashed, terms and privacy agreed to in ``language``."""

    name: str
    email: str
    password_hash: str
    language: str
    zone: str
    touch: Touch | None = None


def join(newcomer: Newcomer, *, at: datetime) -> Member:
    """Make the member and send them the confirming mail. Raises Invalid for a taken address."""
    member = add(newcomer, at=at)
    confirmation.ask(member, at=at)
    return member


def add(newcomer: Newcomer, *, at: datetime) -> Member:
    """The member's row, consents and origin; what ``join`` and ``setup`` have in common.

    Raises Invalid for a taken address.
    """
    addresses.refuse_taken(newcomer.email)
    member = Member(
        handle=handles.free_handle(newcomer.name),
        name=newcomer.name,
        email=newcomer.email,
        email_key=email_key(newcomer.email),
        password_hash=newcomer.password_hash,
        language=newcomer.language,
        zone=newcomer.zone,
        registered_at=at,
        pseudonym_secret=secrets.token_bytes(32),
    )
    db.session.add(member)
    db.session.flush()
    for kind in (ConsentKind.TERMS, ConsentKind.PRIVACY):
        consents.record(member.id, kind, language=newcomer.language, at=at)
    referrer_id = attribution.record(member, newcomer.touch, at=at)
    events.publish(MemberRegistered(member.id, referrer_id, at))
    return member
