"""The file that a bank executes: a line a payout, with the account in the clear.

RFC 4180, UTF-8. Bank details are opened here and for their owner, nowhere else.
"""

import csv
import io
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select, update

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.core import money
from ideation.core.db import db
from ideation.core.errors import Conflict, NotFound
from ideation.core.i18n import lazy
from ideation.royalties import payout_details, payouts
from ideation.royalties.models import BatchState, Payout, PayoutBatch, PayoutState
from ideation.royalties.payout_details import Details, DetailsKind
from ideation.royalties.policies import check_may_pay_out
from ideation.royalties.vault import Unopened

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
#: What a spreadsheet takes for a formula where a cell begins with it.
_FORMULA = "=+-@"


def export_csv(actor: Member, batch_id: int, *, at: datetime) -> str:
    """The approved payouts of a batch as CSV, in the open transaction; the batch is exported.

    Once exported it may be fetched again until everything in it is settled; what is paid or
    bounced is left out, so that no copy pays twice. Raises NotAllowed, and Conflict for a batch
    that is not approved or is settled, and where something holds a payout that the bank has not
    heard of, or its details cannot be opened.
    """
    check_may_pay_out(actor)
    batch = payouts.get_held(batch_id)
    if batch.state not in {BatchState.APPROVED, BatchState.EXPORTED}:
        raise Conflict(lazy("Only an approved batch can be exported."))
    query = (
        select(Payout)
        .where(Payout.batch_id == batch.id, Payout.state == PayoutState.APPROVED)
        .order_by(Payout.id)
    )
    rows = db.session.scalars(query).all()
    held = payouts.held_up(rows, at) if batch.state is BatchState.APPROVED else []
    opened = {one.id: details for one in rows if (details := _open(one)) is not None}
    _refuse([one for one in rows if one in held or one.id not in opened])
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(_row(batch, one, opened[one.id]) for one in rows)
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


def safe(cell: str) -> str:
    """The text on one line, without a beginning that a spreadsheet would run.

    Dropped, not quoted: an apostrophe would become part of the name that the bank compares.
    """
    return " ".join(cell.split()).lstrip(_FORMULA).lstrip()


def _open(payout: Payout) -> Details | None:
    """Where it goes; None without the key that it was sealed with."""
    try:
        return payout_details.open_details(payout.details_id)
    except (Unopened, NotFound):
        return None


def _refuse(held: list[Payout]) -> None:
    if held:
        raise Conflict(
            lazy(
                "These cannot be paid now: %(names)s. Take them out, and export the others.",
                names=", ".join(payout.member.name for payout in held),
            )
        )


def _row(batch: PayoutBatch, payout: Payout, details: Details) -> list[str]:
    is_iban = details.kind is DetailsKind.IBAN
    return [
        safe(details.name),
        safe(details.address),
        details.account if is_iban else "",
        "" if is_iban else details.account,
        details.bic,
        safe(details.bank),
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
