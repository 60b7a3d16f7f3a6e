"""A payday, step by step: draft, approve, export, then each payout paid or bounced.

Every step is one conditional UPDATE: of rivals one takes it, the others are told that it is done.
Money moves in the ledger when a batch is approved and when the bank has spoken. Every step is a
privileged act and stands in the audit trail.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select, update

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.core import i18n, ids
from ideation.core.db import db, insert_once, lock_row
from ideation.core.errors import Conflict, Invalid, NotFound, Words
from ideation.core.i18n import lazy, list_words
from ideation.core.text import clean_line
from ideation.ledger import posting as ledger
from ideation.royalties import balances, book, chart, notices, obstacles, payout_details, postings
from ideation.royalties.models import (
    BatchState,
    Payout,
    PayoutBatch,
    PayoutDetails,
    PayoutState,
)
from ideation.royalties.paydays import threshold
from ideation.royalties.policies import check_may_pay_out

REASON_LONGEST = 200


def draft(actor: Member, pay_on: date, *, at: datetime) -> PayoutBatch:
    """A batch of everybody who is owed enough and whom nothing stands in the way of.

    Raises NotAllowed, Invalid for a payday in the past, and Conflict while another draft is open
    or where nobody is due.
    """
    check_may_pay_out(actor)
    if pay_on < at.date():
        raise Invalid(fields={"pay_on": lazy("Choose a day that is still to come.")})
    due = _due(pay_on, at)
    if not due:
        raise Conflict(lazy("Nobody is due a payout. What holds whom is in the list."))
    batch = PayoutBatch(
        public_id=ids.public_id(),
        state=BatchState.DRAFT,
        pay_on=pay_on,
        created_by=actor.id,
        created_at=at,
        payouts=due,
    )
    insert_once(batch, Conflict(lazy("There is a draft already. Approve or discard it first.")))
    _audit("payouts.drafted", actor, batch, at, **_summary(batch))
    return batch


def approve(actor: Member, batch_id: int, *, at: datetime) -> PayoutBatch:
    """Take every amount of the draft out of what is payable: it is on its way.

    Looks at everything once more, while nobody else can move these balances. Raises NotAllowed,
    and Conflict where it is no draft any more, or somebody in it is owed less by now, is blocked,
    or has other details.
    """
    check_may_pay_out(actor)
    values = {"state": BatchState.APPROVED, "approved_by": actor.id, "approved_at": at}
    if not _move_batch(batch_id, (BatchState.DRAFT,), values):
        raise Conflict(lazy("This batch is no draft any more."))
    batch = get_batch(batch_id)
    ledger.hold({chart.payable(payout.member_id).code for payout in batch.payouts})
    _check_still_due(batch, at)
    for payout in batch.payouts:
        payout.state = PayoutState.APPROVED
        book.write(postings.payout(payout), at)
    _audit("payouts.approved", actor, batch, at, **_summary(batch))
    return batch


def discard(actor: Member, batch_id: int, *, at: datetime) -> None:
    """Throw a draft away; nothing has moved. Raises NotAllowed, and Conflict for anything else."""
    check_may_pay_out(actor)
    if not _move_batch(batch_id, (BatchState.DRAFT,), {"state": BatchState.DISCARDED}):
        raise Conflict(lazy("This batch is no draft any more."))
    _audit("payouts.discarded", actor, get_batch(batch_id), at)


def take_out(actor: Member, payout_id: int, *, at: datetime) -> bool:
    """Withhold a payout that is approved and not at the bank yet: payable again.

    What holds it now is kept as the reason; finance may also take out what nothing holds. False
    where it was taken out already. Raises NotAllowed, and Conflict for any other batch.
    """
    check_may_pay_out(actor)
    payout = get_payout(payout_id)
    _check_not_exported(payout.batch_id)
    return bool(_withhold(actor, [payout], held_up([payout], at), at))


def take_out_held(actor: Member, batch_id: int, *, at: datetime) -> int:
    """Withhold all that something holds now; returns how many. Raises as ``take_out``."""
    check_may_pay_out(actor)
    _check_not_exported(batch_id)
    lines = list_open(batch_id)
    held = held_up(lines, at)
    return _withhold(actor, [payout for payout in lines if payout.id in held], held, at)


def mark_paid(actor: Member, payout_id: int, *, at: datetime) -> bool:
    """The bank executed it; False where it was settled already.

    Raises NotAllowed, and Conflict before the batch was exported.
    """
    check_may_pay_out(actor)
    _check_exported(get_payout(payout_id).batch_id)
    return bool(_pay(actor, [payout_id], at))


def mark_all_paid(actor: Member, batch_id: int, *, at: datetime) -> int:
    """The bank executed all that has not bounced; returns how many were marked now.

    Raises NotAllowed, and Conflict before the batch was exported.
    """
    check_may_pay_out(actor)
    _check_exported(batch_id)
    return _pay(actor, [payout.id for payout in list_open(batch_id)], at)


def mark_bounced(actor: Member, payout_id: int, reason: str, *, at: datetime) -> bool:
    """The bank sent it back, also after it was marked paid: payable again, and its owner is told.

    False where it had bounced already. Raises NotAllowed, Invalid without the bank's reason, and
    Conflict before the batch was exported.
    """
    check_may_pay_out(actor)
    reason = clean_line(reason)
    if not reason or len(reason) > REASON_LONGEST:
        raise Invalid(fields={"reason": lazy("Write what the bank says, in a line.")})
    _check_exported(get_payout(payout_id).batch_id)
    values = {"state": PayoutState.BOUNCED, "bounced_at": at, "reason": reason}
    if not _move(payout_id, (PayoutState.APPROVED, PayoutState.PAID), values):
        return False
    payout = get_payout(payout_id)
    book.write(postings.bounced(payout), at)
    _close(payout.batch_id, at)
    notices.payout_bounced(payout, at=at)
    _record(payout, "payout.bounced", actor, at, reason=reason)
    return True


def get_batch(batch_id: int) -> PayoutBatch:
    """The batch as it stands. Raises NotFound."""
    batch = db.session.get(PayoutBatch, batch_id, populate_existing=True)
    if batch is None:
        raise NotFound(lazy("There is no such batch."))
    return batch


def get_held(batch_id: int) -> PayoutBatch:
    """The batch as it stands, and nobody else takes a step with it meanwhile. Raises NotFound."""
    db.session.execute(lock_row(select(PayoutBatch.id).where(PayoutBatch.id == batch_id)))
    return get_batch(batch_id)


def get_payout(payout_id: int) -> Payout:
    """The payout as it stands. Raises NotFound."""
    payout = db.session.get(Payout, payout_id, populate_existing=True)
    if payout is None:
        raise NotFound(lazy("There is no such payout."))
    return payout


def list_open(batch_id: int) -> Sequence[Payout]:
    """Those of the batch that are approved and of which the bank has not spoken, in order."""
    query = (
        select(Payout)
        .where(Payout.batch_id == batch_id, Payout.state == PayoutState.APPROVED)
        .order_by(Payout.id)
    )
    return db.session.scalars(query).all()


def _due(pay_on: date, at: datetime) -> list[Payout]:
    owed = [
        (member_id, currency, balance.payable)
        for member_id, by_currency in sorted(balances.of_everybody().items())
        for currency, balance in sorted(by_currency.items())
        if balance.payable >= threshold(currency, pay_on)
    ]
    members = {member_id for member_id, _, _ in owed}
    blocked = obstacles.blocked_by_member(members, at)
    details = payout_details.current_by_member(members)
    return [
        Payout(
            public_id=ids.public_id(),
            member_id=member_id,
            currency=currency,
            amount_minor=payable,
            details_id=details[member_id].id,
            state=PayoutState.DRAFT,
        )
        for member_id, currency, payable in owed
        if not blocked[member_id]
    ]


def held_up(payouts: Sequence[Payout], at: datetime) -> dict[int, list[Words]]:
    """Payout → what stands in its way by now: obstacles, other bank details; the others absent."""
    members = {payout.member_id for payout in payouts}
    blocked = obstacles.blocked_by_member(members, at)
    details = payout_details.current_by_member(members)
    changed = lazy("The payout details have changed since this was drawn up.")
    found: dict[int, list[Words]] = {}
    for payout in payouts:
        current = details.get(payout.member_id)
        is_other = current is not None and current.id != payout.details_id
        reasons = blocked[payout.member_id] or ([changed] if is_other else [])
        if reasons:
            found[payout.id] = reasons
    return found


def _check_still_due(batch: PayoutBatch, at: datetime) -> None:
    owed = balances.of_many({payout.member_id for payout in batch.payouts})
    held = held_up(batch.payouts, at)
    changed = [
        payout.member.name
        for payout in batch.payouts
        if payout.id in held
        or owed[payout.member_id][payout.currency].payable < payout.amount_minor
    ]
    if changed:
        raise Conflict(
            lazy(
                "Something has changed since this draft was made, for: %(names)s. "
                "Discard it and make another.",
                names=list_words(changed),
            )
        )


def _check_exported(batch_id: int) -> None:
    if get_held(batch_id).state not in {BatchState.EXPORTED, BatchState.SETTLED}:
        raise Conflict(lazy("Export the batch first: the bank has not heard of it yet."))


def _check_not_exported(batch_id: int) -> None:
    if get_held(batch_id).state is not BatchState.APPROVED:
        raise Conflict(lazy("Only what is approved and not exported yet can be taken out."))


def _withhold(
    actor: Member, lines: Sequence[Payout], held: Mapping[int, list[Words]], at: datetime
) -> int:
    """Take out those that are still open, each with what holds it in its owner's language."""
    taken = []
    for payout in lines:
        with i18n.speaking(payout.member.language):
            reason = " ".join(str(words) for words in held.get(payout.id, []))
        values = {"state": PayoutState.WITHHELD, "bounced_at": at, "reason": reason}
        if _move(payout.id, (PayoutState.APPROVED,), values):
            taken.append(get_payout(payout.id))
    for payout in taken:
        book.write(postings.bounced(payout), at)
        _close(payout.batch_id, at)
    for payout in taken:
        _record(payout, "payout.withheld", actor, at, reason=payout.reason)
    return len(taken)


def _pay(actor: Member, payout_ids: Sequence[int], at: datetime) -> int:
    """Mark those still open. The trail comes last: whoever writes it holds up all others."""
    moved = {"state": PayoutState.PAID, "paid_at": at}
    paid = [
        get_payout(payout_id)
        for payout_id in payout_ids
        if _move(payout_id, (PayoutState.APPROVED,), moved)
    ]
    for payout in paid:
        book.write(postings.paid(payout), at)
        hint = db.session.get_one(PayoutDetails, payout.details_id).hint
        notices.payout_paid(payout, hint, at=at)
    for batch_id in {payout.batch_id for payout in paid}:
        _close(batch_id, at)
    for payout in paid:
        _record(payout, "payout.paid", actor, at)
    return len(paid)


def _close(batch_id: int, at: datetime) -> None:
    """Where it was the last open payout of the batch, the batch is settled."""
    open_ones = exists().where(Payout.batch_id == batch_id, Payout.state == PayoutState.APPROVED)
    db.session.execute(
        update(PayoutBatch)
        .where(
            PayoutBatch.id == batch_id,
            PayoutBatch.state.in_((BatchState.APPROVED, BatchState.EXPORTED)),
            ~open_ones,
        )
        .values(state=BatchState.SETTLED, settled_at=at)
        .execution_options(synchronize_session="fetch")
    )


def _record(payout: Payout, action: str, actor: Member, at: datetime, *, reason: str = "") -> None:
    trail.record(
        action,
        actor_id=actor.id,
        subject_kind="payout",
        subject_id=payout.id,
        at=at,
        reason=reason,
        detail={"amount_minor": payout.amount_minor, "currency": payout.currency},
    )


def _move_batch(batch_id: int, states: Iterable[BatchState], values: dict[str, Any]) -> bool:
    moved = db.session.execute(
        update(PayoutBatch)
        .where(PayoutBatch.id == batch_id, PayoutBatch.state.in_(states))
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
    return bool(moved.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def _move(payout_id: int, states: Iterable[PayoutState], values: dict[str, Any]) -> bool:
    moved = db.session.execute(
        update(Payout)
        .where(Payout.id == payout_id, Payout.state.in_(states))
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
    return bool(moved.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def _summary(batch: PayoutBatch) -> dict[str, Any]:
    sums: dict[str, int] = {}
    for payout in batch.payouts:
        sums[payout.currency] = sums.get(payout.currency, 0) + payout.amount_minor
    return {"payouts": len(batch.payouts), "sums": sums}


def _audit(action: str, actor: Member, batch: PayoutBatch, at: datetime, **detail: Any) -> None:
    trail.record(
        action,
        actor_id=actor.id,
        subject_kind="payout_batch",
        subject_id=batch.id,
        at=at,
        detail={"pay_on": batch.pay_on.isoformat(), **detail},
    )
