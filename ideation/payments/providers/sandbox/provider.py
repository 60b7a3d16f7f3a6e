"""The sandbox's front desk: what the house says to it, and how its letters are read."""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime

from ideation.core import config
from ideation.core.db import open_or_own_transaction
from ideation.core.i18n import lazy
from ideation.payments.providers import signing
from ideation.payments.providers.base import (
    ChargeRequest,
    Forged,
    PageRequest,
    RefundRequest,
    Told,
    Unreadable,
)
from ideation.payments.providers.sandbox import bank, outgoing, page

SIGNATURE_HEADER = "Sandbox-Signature"


class Sandbox:
    """A provider whose books are in our own database, written in transactions of their own.

    Only the demo, which plays a run whole in one transaction, lends it that one.
    """

    name = "sandbox"

    def open_page(self, request: PageRequest, *, at: datetime) -> str:
        """See ``Provider``: a path, since the page is on this very site."""
        with open_or_own_transaction():
            return f"/sandbox/cards/{page.open_session(request, at).token}"

    def charge(self, request: ChargeRequest, *, at: datetime) -> str:
        """See ``Provider``."""
        with open_or_own_transaction():
            return f"charge_{bank.charge(request, at).id}"

    def cancel(self, key: str, *, at: datetime) -> Told | None:
        """See ``Provider``."""
        with open_or_own_transaction():
            bank.cancel(key, at)
        return self.find_charge(key, at=at)

    def refund(self, request: RefundRequest, *, at: datetime) -> str:
        """See ``Provider``."""
        with open_or_own_transaction():
            return f"refund_{bank.refund(request, at).id}"

    def find_method(self, key: str, *, at: datetime) -> Told | None:
        """See ``Provider``."""
        return _told(page.find_news(key, at), at)

    def find_charge(self, key: str, *, at: datetime) -> Told | None:
        """See ``Provider``."""
        return _told(bank.find_charge_news(key), at)

    def find_refund(self, key: str, *, at: datetime) -> Told | None:
        """See ``Provider``."""
        return _told(bank.find_refund_news(key), at)

    def read_event(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Told:
        """See ``Provider``."""
        signature = headers.get(SIGNATURE_HEADER)
        if not signature:
            raise Forged(lazy("This letter is not signed."))
        signing.check(secret(), signature, body, at)
        try:
            return outgoing.read(json.loads(body))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreadable(lazy("This letter makes no sense.")) from error


def secret() -> bytes:
    """What letters are signed with: follows from the instance's own key, and is nothing else."""
    return hmac.digest(config.current().secret_key.encode(), b"sandbox:letters", "sha256")


def _told(news: outgoing.News | None, at: datetime) -> Told | None:
    """News as an answer to our question: its id says that we asked."""
    if news is None:
        return None
    return outgoing.read({**news.written(at), "id": f"asked:{news.kind}:{news.key}"})
