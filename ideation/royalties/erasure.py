"""What is to be settled before a designer leaves, and what of their pay is forgotten then.

Accruals, prizes and payouts stay: they hold numbers only, and others' sums rest on them.
"""

from datetime import datetime

from sqlalchemy import or_, select, update

from ideation.accounts import hindrances
from ideation.accounts.hindrances import Hindrance
from ideation.contests.models import Contest
from ideation.core import money
from ideation.core.db import db
from ideation.core.i18n import date_words, lazy
from ideation.products.models import Product, Run, RunState
from ideation.royalties import balances, payout_details
from ideation.royalties.models import TaxForm
from ideation.selection.models import Agreement, AgreementParty, AgreementState

EARNINGS = "/my/earnings"


@hindrances.declare
def hinders(member_id: int, _at: datetime) -> list[Hindrance]:
    """Money that is theirs or may become so, a payout under way, an agreement that binds."""
    return _owed(member_id) + _payout(member_id) + _agreements(member_id)


def forget(member_id: int) -> None:
    """Bank details, and what finance noted about the tax form."""
    payout_details.forget(member_id)
    db.session.execute(
        update(TaxForm)
        .where(TaxForm.member_id == member_id)
        .values(note="")
        .execution_options(synchronize_session="fetch")
    )


def _owed(member_id: int) -> list[Hindrance]:
    """What refunds took back after a payday (below nothing) hinders nobody: it is the house's."""
    owed = [
        money.words(balance.owed, currency)
        for currency, balance in balances.of(member_id).items()
        if balance.owed > 0
    ]
    if not owed:
        return []
    words = lazy(
        "%(amounts)s of yours is not paid out yet. Payouts go out on the 15th; write to us if it "
        "is too little for one.",
        amounts=" + ".join(owed),
    )
    return [Hindrance(words, EARNINGS, lazy("See your earnings"))]


def _payout(member_id: int) -> list[Hindrance]:
    if not payout_details.has_unsettled_payout(member_id):
        return []
    words = lazy("A payout to you is being made. Try again once it has arrived.")
    return [Hindrance(words, EARNINGS, lazy("See your earnings"))]


def _agreements(member_id: int) -> list[Hindrance]:
    """Offered, theirs to answer or the others'; accepted, but the prize or a sale is to come."""
    mine = (
        select(Agreement)
        .join(AgreementParty, AgreementParty.agreement_id == Agreement.id)
        .where(AgreementParty.member_id == member_id)
    )
    offered = db.session.scalars(mine.where(Agreement.state == AgreementState.OFFERED)).all()
    found = [_offered(agreement, member_id) for agreement in offered]
    selling = (
        select(Run.id)
        .join(Product, Product.id == Run.product_id)
        .where(
            Product.agreement_id == Agreement.id,
            Run.state.in_((RunState.OPEN, RunState.CHARGING)),
        )
        .exists()
    )
    unannounced = (
        select(Contest.id)
        .where(Contest.id == Agreement.contest_id, Contest.announced_at.is_(None))
        .exists()
    )
    running = mine.where(Agreement.state == AgreementState.ACCEPTED, or_(selling, unannounced))
    if db.session.scalars(running.limit(1)).first() is not None:
        words = lazy(
            "A design of yours is about to be announced or is being sold. Leave once that is over "
            "and you are paid."
        )
        found.append(Hindrance(words, EARNINGS, lazy("See your earnings")))
    return found


def _offered(agreement: Agreement, member_id: int) -> Hindrance:
    link = f"/agreements/{agreement.public_id}"
    if any(one.member_id == member_id and one.answer is None for one in agreement.parties):
        words = lazy("An agreement waits for your answer. Accept or decline it first.")
        return Hindrance(words, link, lazy("Answer it"))
    words = lazy(
        "You accepted an agreement that waits for its other designers, until %(date)s. Leave once "
        "that is settled.",
        date=date_words(agreement.expires_at),
    )
    return Hindrance(words, link, lazy("Read the agreement"))
