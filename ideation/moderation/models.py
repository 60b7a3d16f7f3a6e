"""Cases and decisions."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ideation.core import guards
from ideation.core.db import Model, key_column


class Verdict(enum.StrEnum):
    """What a moderator says of a subject."""

    APPROVED = "approved"
    DECLINED = "declined"


class Rule(enum.StrEnum):
    """The rule that a declined subject breaks; each has its words in ``rules.py``."""

    NOT_ORIGINAL = "not_original"
    OFF_BRIEF = "off_brief"
    QUALITY = "quality"
    OFFENSIVE = "offensive"
    PERSONAL_DATA = "personal_data"
    SPAM = "spam"


class Case(Model):
    """A subject that waits for a decision, or had one."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("uq_cases_subject", "subject_kind", "subject_id", unique=True),
        Index(None, "closed_at", "due_at"),
    )

    id: Mapped[int] = key_column()
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    opened_at: Mapped[datetime]
    #: When it should be decided, so that the most urgent comes first; None where nothing presses.
    due_at: Mapped[datetime | None]
    #: When moderators were told that it becomes urgent.
    alarmed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class ModerationDecision(Model):
    """One decision on a case, public without names."""

    __tablename__ = "moderation_decisions"

    id: Mapped[int] = key_column()
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    moderator_id: Mapped[int]
    verdict: Mapped[Verdict]
    rule: Mapped[Rule | None]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


class ClaimOutcome(enum.StrEnum):
    """What came of a claim."""

    UPHELD = "upheld"
    REJECTED = "rejected"
    #: Nobody confirmed the mail address it was made from.
    LAPSED = "lapsed"


class Claim(Model):
    """Somebody says that a piece is theirs; while it is open, its designers are not paid out."""

    __tablename__ = "claims"
    __table_args__ = (Index(None, "subject_kind", "subject_id", "closed_at"),)

    id: Mapped[int] = key_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    #: None for somebody without an account.
    member_id: Mapped[int | None]
    name: Mapped[str]
    email: Mapped[str]
    words: Mapped[str]
    #: In which we answer.
    language: Mapped[str]
    opened_at: Mapped[datetime]
    #: When the claimant confirmed that the address is theirs; unconfirmed, it lapses.
    confirmed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]
    outcome: Mapped[ClaimOutcome | None]
    reason: Mapped[str] = mapped_column(default="")


guards.append_only("moderation_decisions")
