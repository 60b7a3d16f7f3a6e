"""The file that a bank executes: a line a payout, with the account in the clear.

RFC 4180, UTF-8. Bank details are opened here and for their owner, nowhere else.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import update

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.core import cells, money
from ideation.core.db import db
from ideation.core.errors import Conflict, Words
from ideation.core.i18n import lazy
from ideation.royalties import payout_details, payouts
from ideation.royalties.models import BatchState, Payout, PayoutBatch
from ideation.royalties.payout_details import DetailsKind
from ideation.royalties.policies import check_may_pay_out

HEADER = (
    "beneficiary_name",
    "beneficiary_address",
    "iban",
    "account_number",
    "bic",
    "bank_name",
    "bank_country",
    "currency",
    "amount",
    "reference",
    "execution_date",
)


def export_csv(actor: Member, batch_id: int, *, at: datetime) -> str:
    """The approved payouts of a batch as CSV, in the open transaction; the batch is exported.

    Once exported it may be fetched again until everything in it is settled; what is paid or
    bounced is left out of such a copy, so that none pays twice, and so is what something holds by
    then. Raises NotAllowed, and Conflict for a batch that is not approved or is settled, and where
    something holds a payout of which the bank has not heard: it is to be taken out first.
    """
    check_may_pay_out(actor)
    batch = payouts.get_held(batch_id)
    if batch.state not in {BatchState.APPROVED, BatchState.EXPORTED}:
        raise Conflict(lazy("Only an approved batch can be exported."))
    lines = payouts.list_open(batch.id)
    held = payouts.held_up(lines, at)
    if held and batch.state is BatchState.APPROVED:
        _refuse(lines, held)
    rows = [payout for payout in lines if payout.id not in held]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(_row(batch, payout) for payout in rows)
    _mark(batch, at)
    trail.record(
        "payouts.exported",
        actor_id=actor.id,
        subject_kind="payout_batch",
        subject_id=batch.id,
        at=at,
        detail={"pay_on": batch.pay_on.isoformat(), "payouts": len(rows)},
    )
    return text.getvalue()


def amount_words(minor: int, currency: str) -> str:
    """The amount as banks write it: a point, all digits of the currency, no separators."""
    return str(Decimal(minor).scaleb(-money.exponent(currency)))


def _refuse(lines: Sequence[Payout], held: Mapping[int, list[Words]]) -> None:
    names = [
        f"{payout.member.name} – {' '.join(str(words) for words in held[payout.id])}"
        for payout in lines
        if payout.id in held
    ]
    raise Conflict(
        lazy(
            "These cannot be paid now: %(names)s Take them out, and export the others.",
            names=" ".join(names),
        )
    )


def _row(batch: PayoutBatch, payout: Payout) -> list[str]:
    details = payout_details.open_details(payout.details_id)
    is_iban = details.kind is DetailsKind.IBAN
    return [
        cells.bare(details.name),
        cells.bare(details.address),
        details.account if is_iban else "",
        "" if is_iban else details.account,
        details.bic,
        cells.bare(details.bank),
        details.country,
        payout.currency,
        amount_words(payout.amount_minor, payout.currency),
        f"ROYALTIES {payout.public_id}".upper(),
        batch.pay_on.isoformat(),
    ]


def _mark(batch: PayoutBatch, at: datetime) -> None:
    db.session.execute(
        update(PayoutBatch)
        .where(PayoutBatch.id == batch.id, PayoutBatch.state == BatchState.APPROVED)
        .values(state=BatchState.EXPORTED, exported_at=at)
        .execution_options(synchronize_session="fetch")
    )
