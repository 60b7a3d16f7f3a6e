"""The cron table, and the ticking that wakes what is due.

Each entry is due once per period: the outbox key holds the period's number, so any number of
tickers enqueue it once. The ticker also sweeps the outbox, which is what makes Redis expendable.
"""

import threading
from dataclasses import dataclass
from datetime import datetime

import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from ideation.contests import lifecycle
from ideation.core import clock, jobs, outbox
from ideation.core.db import db, transaction
from ideation.integrity import inspecting
from ideation.moderation import alarms, claims
from ideation.notices import digests
from ideation.orders import charging, checks, placing
from ideation.payments import reconciling
from ideation.products import reverting, runs
from ideation.proof import batching
from ideation.proof import notices as heads
from ideation.royalties import accruing, statement_day, verify
from ideation.search import indexing
from ideation.selection import agreements, rights
from ideation.sharing import looking
from ideation.submissions import leftovers, moving
from ideation.voting import kept_votes, lists, traces

log = structlog.get_logger(__name__)

TICK_SECONDS = 3.0


@dataclass(frozen=True)
class Entry:
    """A job and how often it is due, in seconds."""

    job: jobs.Job
    every_seconds: int


FORGET = jobs.declare("core.forget")

TABLE: tuple[Entry, ...] = (
    Entry(lifecycle.ADVANCE, 15),
    Entry(runs.ADVANCE, 15),
    Entry(indexing.READ, 15),
    Entry(lists.BUILD, 30),
    Entry(looking.LOOK, 30),
    Entry(agreements.LAPSE, 60),
    Entry(rights.RELEASE, 60),
    Entry(reconciling.RECONCILE, 60),
    Entry(placing.EXPIRE, 60),
    Entry(charging.ADVANCE, 60),
    Entry(kept_votes.KEEP, kept_votes.KEEP_SECONDS),
    Entry(lifecycle.OPEN_EDITIONS, 600),
    Entry(alarms.ALARM, 600),
    Entry(moving.ASK, 600),
    Entry(digests.WRITE, 900),
    Entry(accruing.MATURE, 3600),
    Entry(statement_day.TELL, 3600),
    Entry(claims.LAPSE, 3600),
    Entry(batching.SEAL, 3600),
    Entry(FORGET, 3600),
    Entry(inspecting.LOOK, 10_800),
    Entry(reverting.TELL, 86_400),
    Entry(verify.CHECK, 86_400),
    Entry(traces.EXPIRE, 86_400),
    Entry(heads.TELL, 86_400),
    Entry(checks.CHECK, 86_400),
    Entry(leftovers.FIND, 86_400),
)


def enqueue_due(at: datetime) -> None:
    """Write an outbox row for every entry whose period has begun; one transaction.

    Not where the last one still waits for a worker: it will see all that the next would.
    """
    with transaction():
        waiting = outbox.waiting_for_the_clock()
        for entry in TABLE:
            if entry.job.name in waiting:
                continue
            period = int(at.timestamp()) // entry.every_seconds
            jobs.enqueue(entry.job, at=at, key=f"{outbox.CLOCK}{entry.job.name}:{period}")


def run_until(stop: threading.Event) -> None:
    """Tick until told to stop; a database or Redis that is away is tried again."""
    while not stop.is_set():
        try:
            enqueue_due(clock.now())
            outbox.sweep()
        except (SQLAlchemyError, RedisError) as error:
            log.warning("tick failed", error=type(error).__name__)
        finally:
            db.session.remove()
        stop.wait(TICK_SECONDS)
