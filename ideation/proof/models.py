"""Tables about proof."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideation.contests.models import Contest
from ideation.core import guards
from ideation.core.db import Model


class BallotBatch(Model):
    """Lines of a contest's ballot log, hashed together and chained to the batch before."""

    __tablename__ = "ballot_batches"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    #: Counts the batches of a contest from 1.
    number: Mapped[int] = mapped_column(primary_key=True)
    #: Key of the last line in it; it begins after the last of the batch before.
    last_id: Mapped[int]
    leaves: Mapped[int]
    #: Root of the leaves' hash tree.
    root: Mapped[bytes]
    #: Of the head before, this root, number and count.
    head: Mapped[bytes]
    at: Mapped[datetime]

    contest: Mapped[Contest] = relationship(lazy="select")


class SealedLine(Model):
    """One line of the ballot log as it was when it was sealed: how stubs find it, and changes show.

    Written by the sealer, away from casting, so that looking a stub up needs no index on the log.
    """

    __tablename__ = "sealed_lines"
    __table_args__ = (Index(None, "tag"),)

    #: The line's key in the ballot log.
    line_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    #: The first bytes of its leaf, as many as a stub shows.
    tag: Mapped[bytes]


class FileKey(Model):
    """A random secret of one contest, from which its public file draws voters' numbers."""

    __tablename__ = "file_keys"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    key: Mapped[bytes]


class ResultFile(Model):
    """A file about one tally that can be downloaded, in storage under its key, compressed."""

    __tablename__ = "result_files"
    __table_args__ = (Index(None, "storage_key"),)

    tally_id: Mapped[int] = mapped_column(ForeignKey("tallies.id"), primary_key=True)
    #: ``public`` or ``auditors``.
    kind: Mapped[str] = mapped_column(primary_key=True)
    storage_key: Mapped[str]
    #: SHA-256, hex, of its text, whatever a version of zlib makes of it.
    digest: Mapped[str]
    #: Bytes to download.
    size: Mapped[int]
    at: Mapped[datetime]


for table in ("ballot_batches", "sealed_lines"):
    guards.append_only(table)
