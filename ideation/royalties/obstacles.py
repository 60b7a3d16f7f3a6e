"""What holds a payout, in sentences that designers and finance read alike. Never an accrual."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select

from ideation.core import i18n, money
from ideation.core.db import db
from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.royalties import claimed, payout_details
from ideation.royalties.models import Payout, PayoutDetails, PayoutState, TaxForm, TaxFormStatus
from ideation.royalties.paydays import threshold

_FINE = {TaxFormStatus.RECEIVED, TaxFormStatus.NOT_NEEDED}


def blocked(member_id: int, at: datetime) -> list[Words]:
    """Why nothing can be paid to the member now; empty where nothing stands in the way."""
    return blocked_by_member([member_id], at)[member_id]


def blocked_by_member(member_ids: Collection[int], at: datetime) -> dict[int, list[Words]]:
    """The batch twin: every member → their reasons, in four queries."""
    found: dict[int, list[Words]] = {member_id: [] for member_id in member_ids}
    details = payout_details.current_by_member(member_ids)
    returned = _returned(details.values())
    for member_id, reasons in found.items():
        reasons += _about_details(details.get(member_id), returned, at)
    for member_id in claimed.held_members(member_ids):
        found[member_id].append(lazy("A claim on a design is not settled."))
    for member_id, reason in _tax_forms(member_ids).items():
        found[member_id].append(reason)
    return found


def below_threshold(payable_minor: int, currency: str, pay_on: date) -> Words | None:
    """Why this amount is not paid on that day; None where it is enough."""
    least = threshold(currency, pay_on)
    if payable_minor >= least:
        return None
    if payable_minor < 0:
        return lazy(
            "%(amount)s was paid and then refunded by buyers. It is taken off what comes next.",
            amount=money.words(-payable_minor, currency),
        )
    return lazy(
        "Payouts begin at %(amount)s. What is there is carried forward.",
        amount=money.words(least, currency),
    )


def _about_details(
    details: PayoutDetails | None, returned: Collection[int], at: datetime
) -> list[Words]:
    if details is None:
        return [lazy("There are no payout details yet.")]
    reasons: list[Words] = []
    if details.held_until is not None and details.held_until > at:
        reasons.append(
            lazy(
                "The payout details were changed. To keep the money safe, payouts rest until "
                "%(day)s.",
                day=i18n.date_words(details.held_until),
            )
        )
    if not payout_details.is_readable(details):
        reasons.append(
            lazy("The payout details can no longer be read. They are to be entered once more.")
        )
    if details.id in returned:
        reasons.append(
            lazy("The bank sent the last payout back, and the payout details are still the same.")
        )
    return reasons


def _returned(details: Collection[PayoutDetails]) -> set[int]:
    """Those of the details whose last settled payout the bank sent back."""
    query = (
        select(Payout.details_id, Payout.state)
        .where(
            Payout.details_id.in_([row.id for row in details]),
            Payout.state.in_((PayoutState.PAID, PayoutState.BOUNCED)),
        )
        .order_by(Payout.id)
    )
    last = dict(db.session.execute(query).all())
    return {details_id for details_id, state in last.items() if state is PayoutState.BOUNCED}


def _tax_forms(member_ids: Collection[int]) -> dict[int, Words]:
    known: defaultdict[int, TaxFormStatus] = defaultdict(lambda: TaxFormStatus.MISSING)
    query = select(TaxForm.member_id, TaxForm.status).where(TaxForm.member_id.in_(member_ids))
    known |= dict(db.session.execute(query).all())
    reasons: dict[int, Words] = {}
    for member_id in member_ids:
        status = known[member_id]
        if status is TaxFormStatus.EXPIRED:
            reasons[member_id] = lazy("The tax form has expired.")
        elif status not in _FINE:
            reasons[member_id] = lazy("The tax form is missing.")
    return reasons
