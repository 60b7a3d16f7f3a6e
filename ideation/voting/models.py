"""Tables about votes, decks and tallies."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideation.core import guards
from ideation.core.db import Model, key_column


class Vote(Model):
    """One member's stars for one submission, by a dealt ballot. The truth of every count."""

    __tablename__ = "votes"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        Index(None, "contest_id", "member_id"),
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    stars: Mapped[int]
    #: Where the ballot stood when it was first dealt; a changed vote keeps both.
    slot: Mapped[int]
    position: Mapped[int]
    #: Keyed hash of the device cookie of the session that cast it.
    device: Mapped[bytes | None]
    #: Keyed hash of the network it came from; None where no trusted proxy tells one.
    network: Mapped[bytes | None]
    cast_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]


class MarkSource(enum.StrEnum):
    """Where a rating that is no vote came from."""

    LINK = "link"
    GALLERY = "gallery"


class Mark(Model):
    """A rating without a dealt ballot: demand, labelled so before it is given, never a vote."""

    __tablename__ = "marks"
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),)

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    stars: Mapped[int]
    source: Mapped[MarkSource]
    at: Mapped[datetime]


class Intent(Model):
    """ "I'd buy it": with size and the most the member would pay."""

    __tablename__ = "intents"
    __table_args__ = (
        CheckConstraint("most_minor IS NULL OR most_minor > 0", name="positive"),
        Index(None, "contest_id", "member_id"),
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    size: Mapped[str] = mapped_column(default="")
    most_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class Favourite(Model):
    """A design that a member keeps for themselves; hidden from everyone else until close."""

    __tablename__ = "favourites"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    at: Mapped[datetime]


class Juror(Model):
    """A member named to the jury of a contest."""

    __tablename__ = "jurors"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    named_at: Mapped[datetime]
    #: No longer of the jury since; what they scored before stays and counts.
    left_at: Mapped[datetime | None]


class Recusal(Model):
    """A juror will not judge one design, and says why."""

    __tablename__ = "recusals"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    reason: Mapped[str]
    at: Mapped[datetime]


class Deck(Model):
    """What one voter has before them in one contest: dealing's only state.

    ``open`` holds the ballots ``[submission_id, slot, position]`` that lie before the voter, until
    each is answered or skipped: four are dealt at most, one taken back lies on top of them.
    ``skipped`` holds every skip that stands, earliest first, as ``[submission_id, slot, position,
    ISO instant]``.
    """

    __tablename__ = "decks"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    open: Mapped[list[Any]]
    skipped: Mapped[list[Any]]
    #: Ballots dealt so far: the position of the next.
    dealt: Mapped[int] = mapped_column(default=0)
    #: A hint how far the slot's lists were walked, and what comes next, as ``ways`` writes it; the
    #: truth is what was answered.
    way: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    #: Counts the writes of this row, so that of two at once the second notices and looks again.
    turn: Mapped[int] = mapped_column(default=0, server_default="0")
    #: How many were answered when the present sitting began, and when it was last dealt to.
    sat_from: Mapped[int] = mapped_column(default=0, server_default="0")
    sat_at: Mapped[datetime | None]
    #: How many answers stood when one was taken back; the next may be once so many stand again.
    taken_from: Mapped[int] = mapped_column(default=0, server_default="0")


class DeckKeys(Model):
    """Which keys a member presses in the deck; without a row, those it comes with."""

    __tablename__ = "deck_keys"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    is_on: Mapped[bool]
    #: Act to key, as ``keys.Act`` names the acts: only those that differ.
    keys: Mapped[dict[str, str]]
    at: Mapped[datetime]


class DealList(Model):
    """The entries of a contest, least seen first, as a worker listed them for one slot."""

    __tablename__ = "deal_lists"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True)
    #: Bands of submission ids, least seen first; every voter walks each in an order of their own.
    bands: Mapped[list[Any]]
    #: Tiers of the best: those in the running, the next; empty while dealing is balanced.
    survivors: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    built_at: Mapped[datetime]


class LiveCount(Model):
    """How a contest stood when its slot began: for dealing, and for those who may see it."""

    __tablename__ = "live_counts"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    slot: Mapped[int]
    #: The head and the rows by rank, as ``standings`` writes them.
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class BallotAction(enum.StrEnum):
    """What a line of the ballot log records."""

    CAST = "cast"
    CHANGE = "change"
    RETRACT = "retract"


class BallotLogEntry(Model):
    """Every cast, change and retraction, under the voter's pseudonym. Append-only."""

    __tablename__ = "ballot_log"
    __table_args__ = (Index(None, "contest_id", "id"),)

    id: Mapped[int] = key_column()
    contest_id: Mapped[int]
    submission_id: Mapped[int]
    #: SHA-256 of the member's random secret and the contest's id (8 bytes, big-endian).
    pseudonym: Mapped[bytes]
    action: Mapped[BallotAction]
    stars: Mapped[int | None]
    slot: Mapped[int]
    position: Mapped[int]
    at: Mapped[datetime]


class Tally(Model):
    """A numbered, frozen result of a contest, with everything needed to compute it again."""

    __tablename__ = "tallies"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = key_column()
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    number: Mapped[int]
    #: What made it: ``close``, or the later decision.
    cause: Mapped[str]
    rule_version: Mapped[str]
    #: Contest mean in 1/10,000 star.
    mean: Mapped[int]
    #: Prior votes, whole.
    prior: Mapped[int]
    voters: Mapped[int]
    counted: Mapped[int]
    uncounted: Mapped[int]
    digest: Mapped[str]
    #: Variance within entries in 1/10,000 squared star.
    sigma2: Mapped[int] = mapped_column(default=0, server_default="0")
    #: SHA-256, hex, of the votes as they were counted and of the file of their weights.
    votes_digest: Mapped[str] = mapped_column(default="", server_default="")
    weights_digest: Mapped[str] = mapped_column(default="", server_default="")
    #: The ballot log's head that it was counted under, hex; empty before there was a batch.
    log_head: Mapped[str] = mapped_column(default="", server_default="")
    #: What other ways of counting give for the first places; see ``crosschecks``.
    checks: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    at: Mapped[datetime]

    rows: Mapped[list["TallyRow"]] = relationship(
        order_by="TallyRow.rank", primaryjoin="Tally.id == foreign(TallyRow.tally_id)"
    )


class TallyRow(Model):
    """One entry in a tally. Scores and bounds in 1/10,000 star.

    Like the ballot log it holds opaque ids: twenty thousand references, each with a lock on its
    row, took PostgreSQL longer than the rows themselves, while the contest waits.
    """

    __tablename__ = "tally_rows"

    tally_id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(primary_key=True)
    rank: Mapped[int]
    score: Mapped[int]
    #: Plain mean of counted votes; None without any.
    raw_mean: Mapped[int | None]
    low: Mapped[int]
    high: Mapped[int]
    #: Counted votes with one to five stars.
    histogram: Mapped[list[Any]]
    counted: Mapped[int]
    uncounted: Mapped[int]
    #: Members who said they would buy it.
    intents: Mapped[int] = mapped_column(default=0)
    #: Chance of being among the promised winners, in 1/10,000; None where it was not drawn.
    odds: Mapped[int | None]


class TallyWeights(Model):
    """What every vote weighed in one tally, and why: the file under ``Tally.weights_digest``."""

    __tablename__ = "tally_weight_files"

    tally_id: Mapped[int] = mapped_column(ForeignKey("tallies.id"), primary_key=True)
    #: As ``weight_files`` writes it: one code a vote, by submission and member.
    body: Mapped[bytes]


class Quarantine(Model):
    """A voter's votes in one contest weigh nothing while this stands. Reversible."""

    __tablename__ = "quarantines"
    __table_args__ = (Index(None, "contest_id", "member_id"),)

    id: Mapped[int] = key_column()
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    #: The case of ``integrity`` that it came from.
    case_id: Mapped[int]
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class VouchedNetwork(Model):
    """A network that many share for good reason (a school, an office): it makes no cluster."""

    __tablename__ = "vouched_networks"

    id: Mapped[int] = key_column()
    #: The keyed hash that votes carry.
    network: Mapped[bytes] = mapped_column(index=True)
    name: Mapped[str]
    by_id: Mapped[int | None]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


for table in ("ballot_log", "tallies", "tally_rows", "tally_weight_files"):
    guards.append_only(table)
