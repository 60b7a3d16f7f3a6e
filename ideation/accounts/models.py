"""Tables about members."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideation.accounts.grants import Role
from ideation.core import ids
from ideation.core.db import Model, key_column


class Standing(enum.StrEnum):
    """Whether a member takes part."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ERASED = "erased"


class Member(Model):
    """A person with an account. Erasure empties what names them and destroys the secret."""

    __tablename__ = "members"
    __table_args__ = (
        Index(
            "ix_members_nameless",
            "id",
            sqlite_where=text("pseudonym_secret IS NULL"),
            postgresql_where=text("pseudonym_secret IS NULL"),
        ),  # counts ask for the few who were erased
    )

    id: Mapped[int] = key_column()
    handle: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str | None]
    #: The address in lower case: what must be unique, and what sign-in looks up.
    email_key: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    standing: Mapped[Standing] = mapped_column(default=Standing.ACTIVE)
    language: Mapped[str] = mapped_column(default="en")
    zone: Mapped[str] = mapped_column(default="UTC")
    theme: Mapped[str] = mapped_column(default="auto")
    bio: Mapped[str] = mapped_column(default="")
    links: Mapped[list[str]] = mapped_column(default=list)
    #: Storage key of the avatar's square rendition (WebP).
    avatar_key: Mapped[str | None]
    registered_at: Mapped[datetime] = mapped_column(index=True)
    email_confirmed_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    suspended_reason: Mapped[str] = mapped_column(default="")
    erased_at: Mapped[datetime | None]
    #: Random; the member's pseudonym in a ballot log is a hash of it. Destroyed by erasure.
    pseudonym_secret: Mapped[bytes | None]
    #: Random; all that a link they share tells of them.
    share_code: Mapped[str] = mapped_column(unique=True, default=ids.public_id)

    grants: Mapped[list["Grant"]] = relationship(
        cascade="all, delete-orphan", foreign_keys="Grant.member_id"
    )


class Grant(Model):
    """A role of a member; a steward's is scoped to a space."""

    __tablename__ = "grants"
    __table_args__ = (
        Index("uq_grants_role", "member_id", "role", "scope", unique=True),
        Index(None, "role"),
    )

    id: Mapped[int] = key_column()
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    role: Mapped[Role]
    #: Space the role is for; 0 for the whole instance.
    scope: Mapped[int] = mapped_column(default=0)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    granted_at: Mapped[datetime]


class SessionRow(Model):
    """A signed-in browser. The cookie holds a token, this its SHA-256."""

    __tablename__ = "sessions"

    id: Mapped[int] = key_column()
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    user_agent: Mapped[str] = mapped_column(default="")
    #: Keyed hash of the browser's random device cookie; never of an address.
    device: Mapped[bytes | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


class TokenPurpose(enum.StrEnum):
    """What a one-time link does."""

    CONFIRM = "confirm"
    RESET = "reset"
    CHANGE_EMAIL = "change_email"
    SETUP = "setup"
    INVITE = "invite"


class Token(Model):
    """A one-time link, used by a POST, once; ``tokens.code_of`` derives the code to type."""

    __tablename__ = "tokens"

    id: Mapped[int] = key_column()
    purpose: Mapped[TokenPurpose]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    guesses: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ConsentKind(enum.StrEnum):
    """What a member agreed to."""

    TERMS = "terms"
    PRIVACY = "privacy"
    DISPLAY_LICENCE = "display_licence"
    ORIGINALITY = "originality"
    NEWS = "news"


class Consent(Model):
    """Agreement to one version of a text, given or withdrawn, with time and language."""

    __tablename__ = "consents"

    id: Mapped[int] = key_column()
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    kind: Mapped[ConsentKind]
    version: Mapped[str]
    language: Mapped[str]
    #: What it was given for, as ``submission:17``; empty for the account itself.
    context: Mapped[str] = mapped_column(default="")
    given: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime]


class Attribution(Model):
    """How a member came here: first touch, fixed at registration."""

    __tablename__ = "attributions"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    referrer_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    source: Mapped[str] = mapped_column(default="")
    medium: Mapped[str] = mapped_column(default="")
    campaign: Mapped[str] = mapped_column(default="")
    landing: Mapped[str] = mapped_column(default="")
    first_seen_at: Mapped[datetime]
    at: Mapped[datetime]


class DeviceUse(Model):
    """That a member signed in from a browser: accounts that share one form a device cluster."""

    __tablename__ = "device_uses"
    __table_args__ = (UniqueConstraint("device", "member_id"),)

    id: Mapped[int] = key_column()
    device: Mapped[bytes]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
