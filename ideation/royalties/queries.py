"""Lists of payouts, for finance and for their owners."""

from sqlalchemy import select

from ideation.core.db import db
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.core.paging import Page, paginate
from ideation.royalties.models import BatchState, Payout, PayoutBatch, PayoutState

BATCHES_A_PAGE = 25


def get_batch(public_id: str) -> PayoutBatch:
    """The batch of an address. Raises NotFound."""
    batch = db.session.scalar(select(PayoutBatch).where(PayoutBatch.public_id == public_id))
    if batch is None:
        raise NotFound(lazy("There is no such batch."))
    return batch


def get_payout(public_id: str) -> Payout:
    """The payout of an address. Raises NotFound."""
    payout = db.session.scalar(select(Payout).where(Payout.public_id == public_id))
    if payout is None:
        raise NotFound(lazy("There is no such payout."))
    return payout


def find_draft() -> PayoutBatch | None:
    """The draft, if one is open: there is never more than one."""
    return db.session.scalar(select(PayoutBatch).where(PayoutBatch.state == BatchState.DRAFT))


def list_batches(page: int = 1) -> Page[PayoutBatch]:
    """Batches, the latest payday first, without those thrown away."""
    query = (
        select(PayoutBatch)
        .where(PayoutBatch.state != BatchState.DISCARDED)
        .order_by(PayoutBatch.pay_on.desc(), PayoutBatch.id.desc())
    )
    return paginate(query, page, BATCHES_A_PAGE)


def list_payouts(member_id: int) -> list[Payout]:
    """A member's payouts that were ever approved, the latest first."""
    query = (
        select(Payout)
        .where(Payout.member_id == member_id, Payout.state != PayoutState.DRAFT)
        .order_by(Payout.id.desc())
    )
    return list(db.session.scalars(query))
