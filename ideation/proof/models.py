"""Tables about proof."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ideation.core import guards
from ideation.core.db import Model


class BallotBatch(Model):
    """Lines of a contest's ballot log, hashed together and chained to the batch before."""

    __tablename__ = "ballot_batches"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    #: Counts the batches of a contest from 1.
    number: Mapped[int] = mapped_column(primary_key=True)
    #: Keys of the first and the last line in it.
    first_id: Mapped[int]
    last_id: Mapped[int]
    leaves: Mapped[int]
    #: Root of the leaves' hash tree.
    root: Mapped[bytes]
    #: Of the head before, this root, number and count.
    head: Mapped[bytes]
    at: Mapped[datetime]


class ResultFile(Model):
    """A file about one tally that can be downloaded, in storage under its key."""

    __tablename__ = "result_files"
    __table_args__ = (Index(None, "storage_key"),)

    tally_id: Mapped[int] = mapped_column(ForeignKey("tallies.id"), primary_key=True)
    #: ``public`` or ``auditors``.
    kind: Mapped[str] = mapped_column(primary_key=True)
    storage_key: Mapped[str]
    #: SHA-256, hex, of its bytes.
    digest: Mapped[str]
    size: Mapped[int]
    at: Mapped[datetime]


guards.append_only("ballot_batches")
