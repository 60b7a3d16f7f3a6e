"""What voting does when something happens below it."""

from datetime import datetime

from sqlalchemy import delete, update

from ideation.accounts.events import AccountErased
from ideation.contests.events import ContestClosed, DatesMoved, ScoringOpened
from ideation.core import events, jobs
from ideation.core.db import db
from ideation.voting import lists, tallying
from ideation.voting.models import DealList, Deck, DeckKeys, Favourite, Juror, Recusal


@events.subscribe(ScoringOpened)
def list_at_once(event: ScoringOpened) -> None:
    """The first list is there when the first voter comes."""
    jobs.enqueue(lists.BUILD, at=event.at, key=f"lists:{event.contest_id}:0")


@events.subscribe(DatesMoved)
def list_anew(event: DatesMoved) -> None:
    """Another window has other slots: by the old numbers a list would be taken for a later one."""
    db.session.execute(delete(DealList).where(DealList.contest_id == event.contest_id))


@events.subscribe(ContestClosed)
def count(event: ContestClosed) -> None:
    """Ask for tally number 1, once."""
    jobs.enqueue(
        tallying.TALLY,
        at=event.at,
        key=f"tally:{event.contest_id}:1",
        contest_id=event.contest_id,
    )


@events.subscribe(AccountErased)
def forget(event: AccountErased) -> None:
    """Votes stay, under an account that names nobody.

    The keyed hash of the browser goes when everybody's does (``traces``): a ring of accounts
    could erase itself out of its cluster before a contest is counted again.
    """
    db.session.execute(delete(Deck).where(Deck.member_id == event.member_id))
    _forget_taste(event.member_id, event.at)


def _forget_taste(member_id: int, at: datetime) -> None:
    """What is theirs alone goes, and their own words; a seat on a jury falls empty."""
    db.session.execute(delete(DeckKeys).where(DeckKeys.member_id == member_id))
    db.session.execute(delete(Favourite).where(Favourite.member_id == member_id))
    db.session.execute(
        update(Recusal).where(Recusal.member_id == member_id).values(reason="", at=at)
    )
    db.session.execute(
        update(Juror)
        .where(Juror.member_id == member_id, Juror.left_at.is_(None))
        .values(left_at=at)
    )
