"""The chart: every account that money of the house may stand on, by code.

Debits are positive, credits negative. Revenue is kept gross of discounts and refunds, which have
accounts of their own, so that each can be read by itself. Codes hold opaque ids only.
"""

from dataclasses import dataclass

from ideation.ledger.models import Kind


@dataclass(frozen=True, order=True)
class Account:
    """A code and what it stands for."""

    code: str
    kind: Kind


def cash(provider: str) -> Account:
    """What a payment provider holds for us."""
    return Account(f"cash:{provider}", Kind.ASSET)


#: The account that payouts leave from, and what is given back past the provider. What a provider
#: transfers to it is not booked here, so it only ever goes down: it says what left, not what is
#: there. The bank's own statement says that.
BANK = Account("bank", Kind.ASSET)
#: Charged, but not a sale yet or no longer: what buyers would get back today.
BUYERS = Account("buyers", Kind.LIABILITY)
SALES = Account("revenue:sales", Kind.INCOME)
SHIPPING = Account("revenue:shipping", Kind.INCOME)
#: These three take away from revenue, so they grow like expenses.
DISCOUNTS = Account("revenue:discounts", Kind.EXPENSE)
REFUNDS = Account("revenue:refunds", Kind.EXPENSE)
SHIPPING_REFUNDS = Account("revenue:refunds:shipping", Kind.EXPENSE)
#: Contained in what was sold, owed to the tax office.
TAX = Account("tax:owed", Kind.LIABILITY)
ROYALTIES = Account("expense:royalties", Kind.EXPENSE)
PRIZES = Account("expense:prizes", Kind.EXPENSE)

#: Before the member's key in the code of each account that is owed to a designer.
PENDING = "royalties:pending:"
EARNED = "royalties:earned:"
PAYABLE = "royalties:payable:"
ON_ITS_WAY = "royalties:on_its_way:"
CREDIT = "credit:owed:"


def pending(member_id: int) -> Account:
    """Royalties of lines that are paid and not sent yet."""
    return Account(f"{PENDING}{member_id}", Kind.LIABILITY)


def earned(member_id: int) -> Account:
    """Royalties of lines that were sent and may still come back."""
    return Account(f"{EARNED}{member_id}", Kind.LIABILITY)


def payable(member_id: int) -> Account:
    """What the next payday pays; a debit where refunds came after it: carried forward."""
    return Account(f"{PAYABLE}{member_id}", Kind.LIABILITY)


def on_its_way(member_id: int) -> Account:
    """In an approved batch; the bank has not said yet what became of it."""
    return Account(f"{ON_ITS_WAY}{member_id}", Kind.LIABILITY)


def credit_owed(member_id: int) -> Account:
    """Store credit won, kept for the day the shop takes it."""
    return Account(f"{CREDIT}{member_id}", Kind.LIABILITY)
