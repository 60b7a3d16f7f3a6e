"""What voting asks of workers: a fresh list each slot, and the count once a contest has closed."""

from datetime import datetime

from ideation.contests import queries
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.integrity import inspecting
from ideation.proof import batching
from ideation.voting import kept_votes, lists, standings, tallying, traces


@jobs.handler(lists.BUILD)
def build_lists() -> None:
    """Count where every contest stands as a slot begins, and write the slot's deal list.

    Votes are read and counted outside any transaction: it holds nobody up.
    """
    at = clock.now()
    for contest_id in lists.due(at):
        _write_standings(contest_id, lists.slot_at(queries.get(contest_id), at), at)
        drafted = lists.draft(queries.get(contest_id), at)
        db.session.rollback()
        with transaction():
            if drafted is not None:
                lists.write(drafted)
            else:
                lists.mend(queries.get(contest_id), at)


def _write_standings(contest_id: int, slot: int, at: datetime) -> None:
    if not standings.is_due(contest_id, slot):
        return
    kept_votes.renew(contest_id)
    taken = standings.take(contest_id, slot, at=at)
    db.session.rollback()
    with transaction():
        standings.keep(contest_id, taken)


@jobs.handler(kept_votes.KEEP)
def keep_votes() -> None:
    """Whoever closes a contest then reads no more than its last minutes' votes."""
    for contest_id in kept_votes.closing(clock.now()):
        kept_votes.renew(contest_id)


@jobs.handler(tallying.TELL)
def tell_entrants(contest_id: int) -> None:
    """Every entrant learns that the result stands, and their rank."""
    with transaction():
        tallying.tell_entrants(contest_id)


@jobs.handler(tallying.TALLY)
def tally(contest_id: int) -> None:
    """Seal the ballot log, look for what seems arranged, count outside any lock, then freeze
    tally number 1 under the log's last head.
    """
    batching.seal(contest_id, at=clock.now())
    head = batching.head(contest_id)
    found = inspecting.look(contest_id)
    db.session.rollback()
    with transaction():
        inspecting.keep(contest_id, found, at=clock.now())
    counted = tallying.count(contest_id)
    db.session.rollback()
    with transaction():
        tallying.freeze(counted, tallying.CLOSE, at=clock.now(), log_head=head)


@jobs.handler(traces.EXPIRE)
def expire_traces() -> None:
    """Forget which votes came from one place, thirty days after close."""
    traces.expire(clock.now())
