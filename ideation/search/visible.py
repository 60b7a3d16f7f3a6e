"""What of the things that were found everybody may see, asked of the things themselves.

The same answer for all viewers: an operator searches what visitors search. Nothing here reads a
vote, so that no order and no count tells before the close how scoring goes.
"""

from collections.abc import Callable, Collection

from sqlalchemy import Select, or_, select

from ideation.accounts.models import Member, Standing
from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.products.models import Product
from ideation.search.models import Kind
from ideation.submissions.models import State, Submission


def among(kind: Kind, keys: Collection[int]) -> set[int]:
    """Those that are public; one statement."""
    return set(db.session.scalars(_PUBLIC[kind](keys))) if keys else set()


def _designs(keys: Collection[int]) -> Select[int]:
    """As ``submissions.policies.is_public``."""
    return (
        select(Submission.id)
        .join(Contest, Contest.id == Submission.contest_id)
        .where(Submission.id.in_(keys), Submission.state == State.APPROVED, Contest.is_whole)
    )


def _contests(keys: Collection[int]) -> Select[int]:
    """Not those called off before they opened, which no list shows."""
    return select(Contest.id).where(
        Contest.id.in_(keys),
        Contest.is_whole,
        or_(Contest.cancelled_at.is_(None), Contest.cancelled_at >= Contest.entry_opens_at),
    )


def _products(keys: Collection[int]) -> Select[int]:
    return select(Product.id).where(Product.id.in_(keys), Product.published_at.is_not(None))


def _members(keys: Collection[int]) -> Select[int]:
    """Those who take part, with a confirmed address: a name alone advertises nothing here."""
    return select(Member.id).where(
        Member.id.in_(keys),
        Member.standing == Standing.ACTIVE,
        Member.email_confirmed_at.is_not(None),
    )


_PUBLIC: dict[Kind, Callable[[Collection[int]], Select[int]]] = {
    Kind.DESIGN: _designs,
    Kind.CONTEST: _contests,
    Kind.PRODUCT: _products,
    Kind.MEMBER: _members,
}
