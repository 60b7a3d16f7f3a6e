"""The outbox: work asked for by a transaction, kept by the database until it is done.

A row is claimed by a conditional update that sets a lease; the holder renews it while it works.
A process that dies stops renewing, and within a minute the sweeper hands the row to another.
"""

import threading
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Index, and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, aliased, mapped_column

from ideation.core import clock, queues
from ideation.core.db import Model, after_commit, db, is_postgresql, key_column, transaction

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=30)
RENEW_EVERY_SECONDS = 8.0
KEEP_DONE = timedelta(days=2)
#: How the keys of rows begin that the clock asked for, each tick its own.
CLOCK = "cron:"
#: Wake-ups in a queue beyond which the sweeper adds none.
MOST_WAITING = 100


class WorkerDied(Exception):
    """Noted for work whose every try ended without a word: out of memory, or killed."""


class OutboxRow(Model):
    """One piece of work: due, leased, done or failed."""

    __tablename__ = "outbox"

    id: Mapped[int] = key_column()
    job: Mapped[str]
    queue: Mapped[str]
    args: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None]


_open = and_(OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None))
Index(
    "ix_outbox_open",
    OutboxRow.due_at,
    sqlite_where=_open,
    postgresql_where=_open,
)


def add(
    job: str,
    queue: str,
    args: dict[str, Any],
    *,
    key: str | None,
    created_at: datetime,
    due_at: datetime,
) -> None:
    """Write a row in the open transaction and wake a worker after its commit.

    Of two transactions with the same key the second waits for the first, then writes nothing.
    """
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    row_id = db.session.scalar(
        insert(OutboxRow)
        .values(
            job=job,
            queue=queue,
            args=args,
            key=key,
            created_at=created_at,
            due_at=due_at,
            attempts=0,
        )
        .on_conflict_do_nothing(index_elements=[OutboxRow.key])
        .returning(OutboxRow.id)
    )
    if row_id is not None and due_at <= created_at:
        after_commit(lambda: queues.wake(row_id, 0, queue))


def perform(
    outbox_id: int,
    work: Callable[[str, dict[str, Any]], None],
    attempts_of: Callable[[str], int],
) -> bool:
    """Claim the row and do its work; record the outcome. Returns whether this call did it.

    A try is counted when it begins, so work that kills its worker is given up as well.
    """
    claimed = _claim(outbox_id)
    if claimed is None:
        return False
    job, args, attempt = claimed
    if attempt > attempts_of(job):
        _record_failure(outbox_id, attempt, WorkerDied("the work ended its worker each time"), True)
        return False
    try:
        with _Renewal(db.engine, outbox_id, attempt):
            work(job, args)
    except Exception as error:
        is_last = attempt >= attempts_of(job)
        _record_failure(outbox_id, attempt, error, is_last)
        log.warning(
            "job failed",
            job=job,
            outbox=outbox_id,
            attempt=attempt,
            last=is_last,
            error=type(error).__name__,
        )
        return True
    now = clock.now()
    with transaction() as session:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == outbox_id, OutboxRow.done_at.is_(None))
            .values(done_at=now, leased_until=None, error=None)
        )
    return True


def due_ids(limit: int = 500, first: str | None = None) -> list[int]:
    """Rows to be worked on now, oldest first: due, held by nobody alive.

    Those of the queue ``first`` come before all others.
    """
    now = clock.now()
    query = select(OutboxRow.id).where(_open, OutboxRow.due_at <= now, _free(now)).limit(limit)
    if first is not None:
        query = query.order_by(OutboxRow.queue != first)
    query = query.order_by(OutboxRow.due_at, OutboxRow.id)
    ids = list(db.session.scalars(query))
    db.session.rollback()
    return ids


def waiting_for_the_clock() -> set[str]:
    """Jobs that the clock asked for and no worker has begun."""
    query = select(OutboxRow.job).where(
        _open, OutboxRow.key.startswith(CLOCK), OutboxRow.attempts == 0
    )
    return set(db.session.scalars(query))


def sweep(limit: int = 500) -> int:
    """Wake workers for everything due: what Redis lost, what a dead worker held. Returns how many.

    Waking twice is harmless: the claim lets one through. But where many wait already, workers are
    behind, and would only come upon the same rows again: such a queue is left to them. Each queue
    is looked at by itself, ``limit`` rows of it: a letter waits behind no thousand pictures.
    """
    woken = 0
    for name in queues.QUEUES:
        room = MOST_WAITING - queues.count_waiting(name)
        for outbox_id, attempts in _list_due(name, limit) if room > 0 else ():
            if room > 0 and queues.wake(outbox_id, attempts, name):
                room -= 1
                woken += 1
    return woken


def count_failed() -> int:
    """How many rows used up their tries and wait for an operator."""
    query = select(func.count()).where(
        OutboxRow.failed_at.is_not(None), OutboxRow.done_at.is_(None)
    )
    return db.session.scalar(query) or 0


def retry(outbox_id: int, at: datetime) -> bool:
    """Give a failed row another round of tries. Returns whether it was a failed one."""
    result = db.session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == outbox_id, OutboxRow.failed_at.is_not(None))
        .values(failed_at=None, attempts=0, due_at=at, leased_until=None)
        .returning(OutboxRow.queue)
    ).scalar_one_or_none()
    if result is not None:
        after_commit(lambda: queues.wake(outbox_id, 0, result))
    return result is not None


def forget_done(at: datetime) -> int:
    """Delete rows done more than two days ago."""
    with transaction() as session:
        result = session.execute(delete(OutboxRow).where(OutboxRow.done_at < at - KEEP_DONE))
        return int(getattr(result, "rowcount", 0))


def forget_repeated() -> int:
    """Delete what the clock asked for in vain and asked for again in vain since.

    Each tick fails for the same reason as the one before; an operator is shown the last.
    """
    later = aliased(OutboxRow)
    in_vain = [
        and_(row.failed_at.is_not(None), row.done_at.is_(None), row.key.startswith(CLOCK))
        for row in (OutboxRow, later)
    ]
    repeated = select(later.id).where(
        in_vain[1], later.job == OutboxRow.job, later.id > OutboxRow.id
    )
    with transaction() as session:
        result = session.execute(
            delete(OutboxRow)
            .where(in_vain[0], repeated.exists())
            .execution_options(synchronize_session=False)
        )
        return int(getattr(result, "rowcount", 0))


def _list_due(queue: str, limit: int) -> list[tuple[int, int]]:
    now = clock.now()
    query = (
        select(OutboxRow.id, OutboxRow.attempts)
        .where(_open, OutboxRow.queue == queue, OutboxRow.due_at <= now, _free(now))
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(limit)
    )
    rows = [(row.id, row.attempts) for row in db.session.execute(query)]
    db.session.rollback()
    return rows


def _free(now: datetime) -> Any:
    return or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until < now)


def _held(outbox_id: int, attempt: int) -> ColumnElement[bool]:
    """The row, while this try is its latest: one that lost its lease has no say any more."""
    return and_(
        OutboxRow.id == outbox_id, OutboxRow.attempts == attempt, OutboxRow.done_at.is_(None)
    )


def _claim(outbox_id: int) -> tuple[str, dict[str, Any], int] | None:
    now = clock.now()
    with transaction() as session:
        row = session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == outbox_id, _open, OutboxRow.due_at <= now, _free(now))
            .values(leased_until=now + LEASE, attempts=OutboxRow.attempts + 1)
            .returning(OutboxRow.job, OutboxRow.args, OutboxRow.attempts)
            .execution_options(synchronize_session=False)
        ).one_or_none()
    return (row.job, row.args, row.attempts) if row else None


def _record_failure(outbox_id: int, attempt: int, error: Exception, is_last: bool) -> None:
    """Keep the first line of what went wrong (no arguments, no secrets) and when to try again."""
    now = clock.now()
    words = "".join(traceback.format_exception_only(error)).partition("\n")[0][:300]
    wait = timedelta(seconds=min(5 * 4 ** (attempt - 1), 3600))
    values: dict[str, Any] = {"leased_until": None, "error": words, "due_at": now + wait}
    if is_last:
        values["failed_at"] = now
    with transaction() as session:
        session.execute(update(OutboxRow).where(_held(outbox_id, attempt)).values(**values))


class _Renewal:
    """Renew the lease on a thread while the block runs; the thread has a connection of its own."""

    def __init__(self, engine: Engine, outbox_id: int, attempt: int) -> None:
        self._engine = engine
        self._outbox_id = outbox_id
        self._attempt = attempt
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _renew(self) -> None:
        while not self._stop.wait(RENEW_EVERY_SECONDS):
            try:
                with self._engine.begin() as connection:
                    connection.execute(
                        update(OutboxRow)
                        .where(_held(self._outbox_id, self._attempt))
                        .values(leased_until=clock.now() + LEASE)
                    )
            except SQLAlchemyError:
                log.warning("lease not renewed", outbox=self._outbox_id)
