"""Finance pays designers on the 15th; who has not said where to still waits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from ideation.accounts.models import Member
from ideation.core.db import db
from ideation.demo.homes import HOMES
from ideation.royalties import balances, bank_file, payout_details, payouts, tax_forms
from ideation.royalties.models import PayoutBatch, TaxFormStatus
from ideation.royalties.paydays import PAYDAY, threshold

_MORNING = time(8, 30, tzinfo=UTC)
#: The bank needs a day.
_EXECUTED_AFTER = timedelta(days=1, hours=2)
_BOUNCED = "AC04: account closed"
#: Accounts where there is no IBAN, by country: number, bank, BIC.
_ACCOUNTS = {"CN": ("6214830112345678", "招商银行 China Merchants Bank", "CMBCCNBS")}


def paydays(since: datetime, until: datetime) -> Iterator[datetime]:
    """The morning of every 15th in the half-open span."""
    day = since.date().replace(day=PAYDAY)
    while (at := datetime.combine(day, _MORNING)) < until:
        if at >= since:
            yield at
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=PAYDAY)


def pay(finance_id: int, at: datetime, *, now: datetime, bounces: bool, held: bool) -> bool:
    """One payday: forms and details come in, a batch is drafted, approved, exported, executed.

    Where it ``bounces`` and there are others, the bank sends the first payout back, and its owner
    gives other details; returns whether it did. ``held``: whoever is owed most changed their
    details days ago, so theirs waits. Call inside ``transaction()``.
    """
    finance = db.session.get_one(Member, finance_id)
    owed = _owed(at.date())
    for member_id in owed:
        _say_where(finance, db.session.get_one(Member, member_id), at)
    if held and owed:
        _change_details(owed[0], at - timedelta(days=2))
    if not any(_is_payable(member_id, at) for member_id in owed):
        return False
    batch = payouts.draft(finance, at.date(), at=at)
    if at + timedelta(hours=1) > now:
        return False
    payouts.approve(finance, batch.id, at=at + timedelta(minutes=40))
    bank_file.export_csv(finance, batch.id, at=at + timedelta(minutes=42))
    if at + _EXECUTED_AFTER + timedelta(hours=4) > now:
        return False
    return _settle(finance, batch, at + _EXECUTED_AFTER, bounces)


def _settle(finance: Member, batch: PayoutBatch, at: datetime, bounces: bool) -> bool:
    sends_back = bounces and len(batch.payouts) > 1
    if sends_back:
        first = batch.payouts[0]
        payouts.mark_bounced(finance, first.id, _BOUNCED, at=at)
        _change_details(first.member_id, at + timedelta(hours=3))
    payouts.mark_all_paid(finance, batch.id, at=at + timedelta(minutes=5))
    return sends_back


def _owed(pay_on: date) -> list[int]:
    """Members whose balance reaches the least that is paid out, those who are owed most first."""
    most = {
        member_id: max(
            balance.payable / threshold(currency, pay_on)
            for currency, balance in by_currency.items()
        )
        for member_id, by_currency in balances.of_everybody().items()
    }
    return sorted((one for one in most if most[one] >= 1), key=lambda one: (-most[one], one))


def _is_payable(member_id: int, at: datetime) -> bool:
    details = payout_details.find_current(member_id)
    return details is not None and (details.held_until is None or details.held_until <= at)


def _say_where(finance: Member, member: Member, at: datetime) -> None:
    """Details, as far as the country has an account in the demo, and the form that goes along."""
    if payout_details.find_current(member.id) is not None:
        return
    home = HOMES.get(member.zone)
    typed = {"name": member.name, "kind": "iban", "iban": home.account if home else ""}
    if home and home.country in _ACCOUNTS:
        account, bank, bic = _ACCOUNTS[home.country]
        typed |= {"kind": "account", "account": account, "bank": bank, "bic": bic}
        typed |= {"country": home.country, "address": f"{home.city}\n{home.street}"}
    elif not typed["iban"]:
        return
    payout_details.change(member, payout_details.read(typed), at=at - timedelta(days=6))
    status = TaxFormStatus.RECEIVED
    tax_forms.set_status(finance, member.id, status, "", at=at - timedelta(days=4))


def _change_details(member_id: int, at: datetime) -> None:
    """The same bank, now with its BIC: a change is a change."""
    current = payout_details.find_current(member_id)
    if current is None:
        return
    details = payout_details.open_details(current.id)
    member = db.session.get_one(Member, member_id)
    payout_details.change(member, replace(details, bic="REVOLT21"), at=at)
