"""Tables about voting that seems arranged."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideation.core import guards
from ideation.core.db import Model, key_column


class Signal(enum.StrEnum):
    """What drew attention to a group of voters."""

    RING = "ring"
    DEVICE = "device"
    NETWORK = "network"
    NEWCOMERS = "newcomers"
    OVERLAP = "overlap"
    PACE = "pace"
    SKIPS = "skips"
    BURST = "burst"
    #: Put together by hand.
    REPORT = "report"


class Judgement(enum.StrEnum):
    """What was decided about a case."""

    EXCLUDE = "exclude"
    KEEP = "keep"
    RESTORE = "restore"
    ASK = "ask"


class Case(Model):
    """Voters of one contest whom a signal put together, with the evidence for it."""

    __tablename__ = "integrity_cases"
    __table_args__ = (
        UniqueConstraint("contest_id", "key"),
        Index(None, "contest_id", "found_at"),
    )

    id: Mapped[int] = key_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    signal: Mapped[Signal]
    #: The same group found again is the same case.
    key: Mapped[str]
    #: The one entry that it is about, where it is about one.
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))
    #: Numbers and lists, as the signal gives them; no addresses, no device hashes.
    evidence: Mapped[dict[str, Any]]
    #: 0 to 100, for the order in which people look at them.
    severity: Mapped[int] = mapped_column(default=0, server_default="0")
    found_at: Mapped[datetime]
    #: When the signal no longer found it, as long as nobody had decided.
    gone_at: Mapped[datetime | None]
    #: What stands: the last ruling about the whole case, questions aside; None before one.
    judgement: Mapped[Judgement | None]
    #: Who gave it; None before, and where a rule gave it by itself.
    judged_by_id: Mapped[int | None]
    judged_at: Mapped[datetime | None]
    #: How many rulings there are: of two who decide at once, one finds it changed.
    decisions: Mapped[int] = mapped_column(default=0, server_default="0")

    members: Mapped[list["CaseMember"]] = relationship(
        lazy="selectin", order_by="CaseMember.member_id"
    )
    rulings: Mapped[list["Ruling"]] = relationship(lazy="selectin", order_by="Ruling.id")


class CaseMember(Model):
    """A voter of a case."""

    __tablename__ = "integrity_case_members"

    case_id: Mapped[int] = mapped_column(ForeignKey("integrity_cases.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)


class Ruling(Model):
    """One decision about a case, with its note. Append-only: the last one stands."""

    __tablename__ = "integrity_rulings"

    id: Mapped[int] = key_column()
    case_id: Mapped[int] = mapped_column(ForeignKey("integrity_cases.id"), index=True)
    judgement: Mapped[Judgement]
    note: Mapped[str]
    #: Of this one voter alone, as an appeal is upheld; None for the whole case.
    member_id: Mapped[int | None]
    #: None where a rule decided by itself, as the ring rule does at close.
    actor_id: Mapped[int | None]
    at: Mapped[datetime]


class Reply(Model):
    """What a voter answers to a question; once for each question."""

    __tablename__ = "integrity_replies"

    ruling_id: Mapped[int] = mapped_column(ForeignKey("integrity_rulings.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    words: Mapped[str]
    at: Mapped[datetime]


class Appeal(Model):
    """A voter says why their votes should count; answered once."""

    __tablename__ = "integrity_appeals"
    __table_args__ = (UniqueConstraint("case_id", "member_id"),)

    id: Mapped[int] = key_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("integrity_cases.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    words: Mapped[str]
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    #: None before the answer, and where there was nobody left to answer.
    is_upheld: Mapped[bool | None]
    answered_by_id: Mapped[int | None]
    answered_at: Mapped[datetime | None]


guards.append_only("integrity_rulings")
