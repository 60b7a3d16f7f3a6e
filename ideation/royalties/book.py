"""Writing a posting into the ledger, once."""

from datetime import datetime

from ideation.ledger import posting as ledger
from ideation.royalties.postings import Posting


def write(posting: Posting, at: datetime) -> None:
    """Post it in the open transaction, once for its reference; nothing where nothing changes."""
    if not posting.amounts:
        return
    kinds = {account.code: account.kind for account in posting.amounts}
    accounts = ledger.open_accounts(kinds, at)
    lines = [
        ledger.Line(accounts[account.code], amount, posting.currency)
        for account, amount in sorted(posting.amounts.items())
    ]
    ledger.post(posting.kind, posting.reference, lines, at)
