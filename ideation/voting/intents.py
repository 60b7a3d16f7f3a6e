""" "I'd buy it": said of a design, with a size and the most one would pay; hidden until close."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from ideation.accounts.models import Member
from ideation.core import money
from ideation.core.db import db, is_postgresql
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.core.i18n import lazy
from ideation.submissions.models import Submission
from ideation.voting import policies
from ideation.voting.models import Intent


@dataclass(frozen=True)
class Wish:
    """What the member would buy: a size of the article, and the most they would pay.

    All may stay open: an empty size, no amount. ``most_minor`` is in minor units.
    """

    size: str = ""
    most_minor: int | None = None
    currency: str = ""


def say(member: Member, submission: Submission, wish: Wish, *, at: datetime) -> None:
    """Note that the member would buy the design, or change the size and the most they'd pay.

    Call inside ``transaction()``. Raises NotAllowed, Conflict after close, Invalid for a size
    or currency that the article does not come in.
    """
    check_may(member, submission, at)
    _check(wish, submission)
    values = {"size": wish.size, "most_minor": wish.most_minor, "currency": wish.currency}
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    db.session.execute(
        insert(Intent)
        .values(
            submission_id=submission.id,
            member_id=member.id,
            contest_id=submission.contest_id,
            at=at,
            **values,
        )
        .on_conflict_do_update(index_elements=["submission_id", "member_id"], set_=values)
    )


def unsay(member: Member, submission: Submission, *, at: datetime) -> None:
    """Take it back. Call inside ``transaction()``. Raises NotAllowed, Conflict after close."""
    check_may(member, submission, at)
    db.session.execute(
        delete(Intent).where(Intent.submission_id == submission.id, Intent.member_id == member.id)
    )


def find(member_id: int, submission_id: int) -> Intent | None:
    """What the member said of the design."""
    return db.session.get(Intent, (submission_id, member_id))


def find_many(member_id: int, submission_ids: list[int]) -> dict[int, Intent]:
    """The batch twin of ``find``: submission → what the member said."""
    query = select(Intent).where(
        Intent.member_id == member_id, Intent.submission_id.in_(submission_ids)
    )
    return {intent.submission_id: intent for intent in db.session.scalars(query)}


def count_of(member_id: int, contest_id: int) -> int:
    """How many designs of the contest the member said they would buy."""
    query = select(func.count()).where(
        Intent.contest_id == contest_id, Intent.member_id == member_id
    )
    return db.session.scalar(query) or 0


def typed_most(intent: Intent | None, currency: str) -> str:
    """The most the member said they'd pay, as they typed it, where it was in this currency."""
    if intent is None or intent.currency != currency:
        return ""
    return money.typed(intent.most_minor, currency)


def check_may(member: Member, submission: Submission, at: datetime) -> None:
    """Raise unless the member may say anything of demand about the design now."""
    if policies.may_say_demand(member, submission, at):
        return
    if not policies.takes_demand(submission.contest, at):
        raise Conflict(lazy("Scoring is over: what members would buy has been counted."))
    raise NotAllowed(lazy("You cannot say this of your own design, or while you take no part."))


def _check(wish: Wish, submission: Submission) -> None:
    article = submission.contest.article
    if wish.size and wish.size not in article.sizes:
        raise Invalid(fields={"size": lazy("Choose one of the sizes.")})
    if wish.most_minor is None:
        return
    if wish.currency not in {price.currency for price in article.prices}:
        raise Invalid(fields={"most": lazy("There is no price in this currency.")})
    if wish.most_minor < 1:
        raise Invalid(fields={"most": lazy("Write an amount above zero, or leave it empty.")})
