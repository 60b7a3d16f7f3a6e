"""Telling designers on the 5th that the statement of the month before is out."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import select

from ideation.accounts.models import Member, Standing
from ideation.core import jobs
from ideation.core.db import db
from ideation.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction
from ideation.notices import telling
from ideation.notices.models import Notice
from ideation.royalties import balances, statements
from ideation.royalties.notices import STATEMENT

TELL = jobs.declare("royalties.tell_statements")
AT_ONCE = 200


def tell_due(at: datetime, limit: int = AT_ONCE) -> int:
    """Tell whoever's money moved in the last month that is out; once a member and month.

    Returns how many were told, at most ``limit``: the caller asks again until none is left.
    """
    month = _last_out(at)
    moved = _moved_in(month)
    waiting = sorted(_reachable(moved) - _told(month))[:limit]
    for member_id in waiting:
        telling.tell(
            member_id,
            STATEMENT,
            at=at,
            params={"month": month.isoformat()},
            link=_link(month, moved[member_id]),
            key=f"{_key(month)}{member_id}",
        )
    return len(waiting)


def _last_out(at: datetime) -> date:
    """The first day of the latest month whose statements are out."""
    day = at.date().replace(day=1)
    while True:
        day = (day - timedelta(days=1)).replace(day=1)
        if statements.ready_at(day.year, day.month) <= at:
            return day


def _moved_in(month: date) -> dict[int, set[str]]:
    """Member → the currencies in which something of theirs moved in the month."""
    start, end = statements.bounds(month.year, month.month)
    query = (
        select(LedgerAccount.code, LedgerEntry.currency)
        .join(LedgerEntry, LedgerEntry.account_id == LedgerAccount.id)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(LedgerTransaction.at >= start, LedgerTransaction.at < end)
        .distinct()
    )
    found: dict[int, set[str]] = defaultdict(set)
    for code, currency in db.session.execute(query):
        belongs = balances.member_of(code)
        if belongs is not None:
            found[belongs[1]].add(currency)
    return found


def _reachable(member_ids: Collection[int]) -> set[int]:
    query = select(Member.id).where(Member.id.in_(member_ids), Member.standing != Standing.ERASED)
    return set(db.session.scalars(query))


def _told(month: date) -> set[int]:
    query = select(Notice.member_id).where(Notice.key.startswith(_key(month)))
    return set(db.session.scalars(query))


def _key(month: date) -> str:
    return f"royalties.statement:{month:%Y-%m}:"


def _link(month: date, currencies: set[str]) -> str:
    """The statement itself where there is one; the list where there are several."""
    if len(currencies) > 1:
        return "/my/earnings/statements"
    return f"/my/earnings/{month.year}-{month.month}/{next(iter(currencies))}"
