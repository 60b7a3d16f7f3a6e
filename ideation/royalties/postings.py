"""What each fact posts: from rows to entries, the same when it happens and when it is verified.

Debits are positive, credits negative. Each function returns one balanced posting in one currency;
amounts of nothing are left out, and a posting without any is not written.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ideation.orders.given_back import GivenBack
from ideation.orders.models import Order
from ideation.payments.models import Payment, Refund
from ideation.royalties import chart
from ideation.royalties.chart import Account
from ideation.royalties.models import Accrual, Payout, Prize, Stage

STAGE_ACCOUNTS = {
    Stage.PENDING: chart.pending,
    Stage.EARNED: chart.earned,
    Stage.PAYABLE: chart.payable,
}


@dataclass(frozen=True)
class Posting:
    """One transaction to be: its kind, what it is about, and what changes where."""

    kind: str
    reference: str
    currency: str
    amounts: Mapping[Account, int]


def capture(payment: Payment) -> Posting:
    """A card was charged: the provider holds the money, and so far it is the buyer's."""
    amounts = {
        chart.cash(payment.provider): payment.amount_minor,
        chart.BUYERS: -payment.amount_minor,
    }
    return _posting("capture", payment.public_id, payment.currency, amounts)


def sale(order: Order) -> Posting:
    """An order is paid: what was the buyer's becomes revenue, shipping and tax."""
    lines = order.lines
    goods = sum(line.quantity * line.unit_minor for line in lines)
    discount = sum(line.discount_minor for line in lines)
    tax = sum(line.tax_minor for line in lines)
    shipping = sum(line.shipping_minor for line in lines)
    amounts = {
        chart.BUYERS: goods - discount + shipping,
        chart.SALES: tax - goods,
        chart.DISCOUNTS: discount,
        chart.TAX: -tax,
        chart.SHIPPING: -shipping,
    }
    return _posting("sale", order.public_id, order.currency, amounts)


def refund(given: Refund, parts: Iterable[GivenBack]) -> Posting:
    """A refund is decided: it is the buyer's again, with the tax contained in it."""
    amounts: Counter[Account] = Counter()
    for part in parts:
        amounts[chart.REFUNDS] += part.goods_minor - part.tax_minor
        amounts[chart.TAX] += part.tax_minor
        amounts[chart.SHIPPING_REFUNDS] += part.shipping_minor
        amounts[chart.BUYERS] -= part.goods_minor + part.shipping_minor
    return _posting("refund", given.public_id, given.currency, amounts)


def repaid(refund: Refund) -> Posting:
    """The provider gave the money back, or we did, from the bank account."""
    source = chart.BANK if refund.is_by_hand else chart.cash(refund.payment.provider)
    amounts = {chart.BUYERS: refund.amount_minor, source: -refund.amount_minor}
    return _posting("repaid", refund.public_id, refund.currency, amounts)


def accrual(order: Order, accruals: Collection[Accrual]) -> Posting:
    """The royalties of a paid order: pending, for every designer."""
    return _posting("accrual", order.public_id, order.currency, _of(accruals))


def reversal(given: Refund, accruals: Collection[Accrual]) -> Posting:
    """What a refund changes of royalties, from wherever each line stood."""
    return _posting("reversal", given.public_id, given.currency, _of(accruals))


def earned(order: Order, accruals: Iterable[Accrual]) -> Posting:
    """The parcel left: everything that was taken while pending moves on."""
    amounts: Counter[Account] = Counter()
    for one in accruals:
        if one.stage is Stage.PENDING:
            amounts[chart.pending(one.member_id)] += one.amount_minor
            amounts[chart.earned(one.member_id)] -= one.amount_minor
    return _posting("earned", order.public_id, order.currency, amounts)


def payable(order: Order, accruals: Iterable[Accrual]) -> Posting:
    """The wait is over: everything that was taken before moves on."""
    amounts: Counter[Account] = Counter()
    for one in accruals:
        if one.stage is not Stage.PAYABLE:
            amounts[chart.earned(one.member_id)] += one.amount_minor
            amounts[chart.payable(one.member_id)] -= one.amount_minor
    return _posting("payable", order.public_id, order.currency, amounts)


def prize(agreement_public_id: str, prizes: Collection[Prize]) -> Posting:
    """A winner's prize: cash is payable at once, store credit is owed."""
    amounts: Counter[Account] = Counter()
    for one in prizes:
        amounts[chart.PRIZES] += one.cash_minor + one.credit_minor
        amounts[chart.payable(one.member_id)] -= one.cash_minor
        amounts[chart.credit_owed(one.member_id)] -= one.credit_minor
    currency = next(iter(prizes)).currency
    return _posting("prize", agreement_public_id, currency, amounts)


def payout(one: Payout) -> Posting:
    """A payout is approved: no longer payable, on its way."""
    amounts = {
        chart.payable(one.member_id): one.amount_minor,
        chart.on_its_way(one.member_id): -one.amount_minor,
    }
    return _posting("payout", one.public_id, one.currency, amounts)


def paid(one: Payout) -> Posting:
    """The bank paid."""
    amounts = {chart.on_its_way(one.member_id): one.amount_minor, chart.BANK: -one.amount_minor}
    return _posting("paid", one.public_id, one.currency, amounts)


def bounced(one: Payout) -> Posting:
    """Withheld, or sent back by the bank: payable again. Marked paid before, it is *returned*."""
    kind, came_from = ("bounced", chart.on_its_way(one.member_id))
    if one.paid_at:
        kind, came_from = ("returned", chart.BANK)
    amounts = {came_from: one.amount_minor, chart.payable(one.member_id): -one.amount_minor}
    return _posting(kind, one.public_id, one.currency, amounts)


def _of(accruals: Collection[Accrual]) -> dict[Account, int]:
    amounts: Counter[Account] = Counter()
    for one in accruals:
        amounts[chart.ROYALTIES] += one.amount_minor
        amounts[STAGE_ACCOUNTS[one.stage](one.member_id)] -= one.amount_minor
    return amounts


def _posting(kind: str, about: str, currency: str, amounts: Mapping[Account, int]) -> Posting:
    kept = {account: amount for account, amount in amounts.items() if amount}
    return Posting(kind, f"{kind}:{about}", currency, kept)
