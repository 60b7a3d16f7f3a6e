"""Prizes: guaranteed at the announcement, split by shares, never recouped from royalties."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ideation.core.db import db, lock_row
from ideation.royalties import book, notices, postings, shares
from ideation.royalties.models import Prize
from ideation.selection.models import Agreement, AgreementState


def award(contest_id: int, at: datetime) -> list[Prize]:
    """Post the prize of every accepted agreement of the contest; once an agreement.

    Cash is payable at once, in the currency the winner chose; store credit is owed until the shop
    takes it. Returns the prizes made now.
    """
    query = (
        select(Agreement)
        .where(Agreement.contest_id == contest_id, Agreement.state == AgreementState.ACCEPTED)
        .order_by(Agreement.id)
    )
    made: list[Prize] = []
    for agreement in db.session.scalars(lock_row(query)).all():
        known = select(Prize.member_id).where(Prize.agreement_id == agreement.id).limit(1)
        if db.session.scalar(known) is None:
            made += _award(agreement, at)
    return made


def promised(agreement: Agreement) -> Mapping[str, Any] | None:
    """The prize in the currency that the winner chose; None where the contest promised none."""
    for prize in agreement.prizes:
        if prize["currency"] == agreement.prize_currency:
            return dict(prize)
    return None


def split(agreement: Agreement) -> list[tuple[int, int, int, int]]:
    """(member, basis points, cash, store credit) of every designer; sums to what was promised."""
    prize = promised(agreement)
    if prize is None:
        return []
    bps = [party.share_bp for party in agreement.parties]
    cash = shares.split(prize["cash_minor"], bps)
    credit = shares.split(prize["credit_minor"], bps)
    members = [party.member_id for party in agreement.parties]
    return list(zip(members, bps, cash, credit, strict=True))


def _award(agreement: Agreement, at: datetime) -> list[Prize]:
    made = [
        Prize(
            agreement_id=agreement.id,
            member_id=member_id,
            currency=agreement.prize_currency,
            share_bp=share_bp,
            cash_minor=cash,
            credit_minor=credit,
            at=at,
        )
        for member_id, share_bp, cash, credit in split(agreement)
    ]
    if not made:
        return []
    db.session.add_all(made)
    db.session.flush()
    book.write(postings.prize(agreement.public_id, made), at)
    for prize in made:
        notices.prize_awarded(prize, at=at)
    return made
