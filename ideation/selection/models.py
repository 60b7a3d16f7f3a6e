"""Decisions, agreements and released rights."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideation.accounts.models import Member
from ideation.core import guards
from ideation.core.db import Model, key_column
from ideation.submissions.models import Submission


class Outcome(enum.StrEnum):
    """What became of an entry."""

    WINNER = "winner"
    NOT_CHOSEN = "not_chosen"


class Ground(enum.StrEnum):
    """The main reason of a decision; its words in three languages are in ``grounds.py``."""

    # Of a winner
    MEMBERS = "members"
    EDITORS = "editors"
    NEXT_IN_LINE = "next_in_line"
    # Of an entry that was not chosen
    OTHERS_SCORED_HIGHER = "others_scored_higher"
    RANGE = "range"
    PRINT = "print"
    BRIEF = "brief"
    LIKENESS = "likeness"
    #: The designers said no to the agreement, or let it lapse.
    AGREEMENT_DECLINED = "agreement_declined"
    AGREEMENT_LAPSED = "agreement_lapsed"
    #: The public date passed without a decision.
    OVERDUE = "overdue"
    #: Taken out of the result; its ``Disqualification`` says why.
    DISQUALIFIED = "disqualified"


class Decision(Model):
    """Whether an entry won, and why. Open to change until ``issued_at``, then its receipt."""

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("contest_id", "place"),
        CheckConstraint("(outcome = 'winner') = (place IS NOT NULL)", name="winners_have_a_place"),
        CheckConstraint("place IS NULL OR place >= 1", name="places_count_from_1"),
        Index(None, "contest_id", "outcome"),
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    outcome: Mapped[Outcome]
    #: Counts winners from 1; None for all others.
    place: Mapped[int | None]
    ground: Mapped[Ground]
    #: The reason in the decider's own words, in any language; shown on the receipt as it is.
    note: Mapped[str] = mapped_column(default="")
    #: The tally it was taken from, and the entry's rank there.
    tally_id: Mapped[int | None] = mapped_column(ForeignKey("tallies.id"))
    rank: Mapped[int | None]
    #: None where a rule decided.
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime]
    #: When it was handed to the entrant; nothing in it changes any more.
    issued_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship()


class AgreementState(enum.StrEnum):
    """Where an offered agreement stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    #: Taken back by the product manager before every designer had answered.
    WITHDRAWN = "withdrawn"
    #: Fallen with its design, which was disqualified.
    VOID = "void"
    #: Ended by a designer, as the terms allow where nothing came of it for 180 days.
    ENDED = "ended"


#: Only one agreement a submission may be in one of these.
_living = text("state IN ('offered', 'accepted')")


class Agreement(Model):
    """The production agreement of one winner, with everything frozen that it promises."""

    __tablename__ = "agreements"
    __table_args__ = (
        Index(
            "uq_agreements_living",
            "submission_id",
            unique=True,
            sqlite_where=_living,
            postgresql_where=_living,
        ),
        Index(None, "contest_id"),
        Index(None, "state", "expires_at"),
    )

    id: Mapped[int] = key_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    place: Mapped[int]
    #: The version of the terms, and the SHA-256 of its text in all languages.
    terms_version: Mapped[str]
    terms_hash: Mapped[str]
    #: Royalty in basis points of net receipts.
    rate_bp: Mapped[int]
    #: ``{"currency": "USD", "minimum_minor": 100, "from_minor": 1000}``: at least so much a unit
    #: on items that cost so much or more.
    minimums: Mapped[list[Any]]
    #: ``{"currency": "USD", "cash_minor": 200000, "credit_minor": 50000}``, one for each currency
    #: the contest promised; the winner chooses one.
    prizes: Mapped[list[Any]]
    #: Chosen by the submitting designer on accepting; empty where the contest promised no prize.
    prize_currency: Mapped[str] = mapped_column(default="")
    state: Mapped[AgreementState] = mapped_column(default=AgreementState.OFFERED)
    offered_by: Mapped[int | None]
    offered_at: Mapped[datetime]
    #: Unanswered until then it lapses, and the next in line is asked.
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    #: When it stopped binding, after everybody had accepted it.
    ended_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship()
    parties: Mapped[list["AgreementParty"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="AgreementParty.position"
    )


class Answer(enum.StrEnum):
    """What one designer said to an agreement."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class AgreementParty(Model):
    """One designer in an agreement, with the share frozen; shares sum to 10,000 basis points."""

    __tablename__ = "agreement_parties"
    __table_args__ = (CheckConstraint("share_bp > 0 AND share_bp <= 10000", name="share"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    position: Mapped[int]
    share_bp: Mapped[int]
    answer: Mapped[Answer | None]
    answered_at: Mapped[datetime | None]
    #: The language in which they read the terms when they answered.
    language: Mapped[str] = mapped_column(default="")

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


class ReleaseCause(enum.StrEnum):
    """Why the rights in an entry went back to its designers."""

    NOT_CHOSEN = "not_chosen"
    OVERDUE = "overdue"
    DECLINED = "declined"
    LAPSED = "lapsed"
    #: A designer ended the agreement, for no product had come of it.
    ENDED = "ended"


class RightsRelease(Model):
    """From then on the designers may do with their art what they like."""

    __tablename__ = "rights_releases"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    cause: Mapped[ReleaseCause]
    released_at: Mapped[datetime]


class Fault(enum.StrEnum):
    """What a design was disqualified for; its words are in ``faults.py``."""

    COPIED = "copied"
    BRIEF = "brief"
    RULES = "rules"


#: Only one disqualification a submission stands.
_standing = text("lifted_at IS NULL")


class Disqualification(Model):
    """A design taken out of a result that stood; with its appeal, and what came of it."""

    __tablename__ = "disqualifications"
    __table_args__ = (
        Index(
            "uq_disqualifications_standing",
            "submission_id",
            unique=True,
            sqlite_where=_standing,
            postgresql_where=_standing,
        ),
        Index(None, "contest_id", "at"),
    )

    id: Mapped[int] = key_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    fault: Mapped[Fault]
    #: In the decider's own words; the designers read them.
    note: Mapped[str]
    #: The place it lost, where it had been given one.
    place: Mapped[int | None]
    #: The number of the tally that was frozen without it.
    tally_number: Mapped[int]
    #: None for the operator's own shell.
    decided_by: Mapped[int | None]
    at: Mapped[datetime]
    #: What a designer says against it, once.
    appeal: Mapped[str] = mapped_column(default="")
    appealed_by: Mapped[int | None]
    appealed_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[int | None]
    answered_at: Mapped[datetime | None]
    #: When the design was let in again; None while it is out.
    lifted_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship()


guards.append_only("rights_releases")
