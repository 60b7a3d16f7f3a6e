"""The secret in a guest's link to their order.

It is derived from the instance's key, so that every letter can carry it; the database holds its
SHA-256 alone. Links that were sent stay good when the key is changed, and newer ones work as well.
Once an order is over so long that its buyer's name and address were blanked (``erasure``), no link
opens it: whoever holds one is told so, and everybody else learns nothing.
"""

import hashlib
import hmac

from ideation.core import config, keyed
from ideation.orders.models import Order


def secret_of(public_id: str) -> str:
    """The secret of an order's link: 192 bits."""
    return keyed.secret("order", public_id)


def hashed(secret: str) -> str:
    """What the database knows of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def fits(order: Order, secret: str) -> bool:
    """Whether the secret is the order's; see ``is_forgotten`` for whether it opens anything."""
    known = (order.link_hash, hashed(secret_of(order.public_id)))
    given = hashed(secret)
    return any(hmac.compare_digest(given, one) for one in known)


def is_forgotten(order: Order) -> bool:
    """Whether whom it went to was blanked; the hash of its link went with that."""
    return not order.link_hash


def url_of(order: Order) -> str:
    """The address in letters: a guest's with the secret, a member's without."""
    page = f"{config.current().base_url}/orders/{order.public_id}"
    if order.member_id is not None:
        return page
    return f"{page}/key/{secret_of(order.public_id)}"
