"""Which guests' orders this browser may open: those it placed, and those whose link it followed.

Kept in the signed session cookie, beside a piece of the link's hash: a link that is replaced shuts
the browsers that came by the old one, and so does forgetting the order. Signing in or out forgets
them; the link stays.
"""

from flask import session

from ideation.orders import links
from ideation.orders.models import Order

_KEPT = "orders"
#: More would not fit a cookie, and nobody has them open.
_MOST = 20


def remember(public_id: str, link_hash: str) -> None:
    """Let this browser open the order from now on."""
    kept = {key: value for key, value in _known().items() if key != public_id}
    session[_KEPT] = dict([*kept.items(), (public_id, _proof(link_hash))][-_MOST:])


def holds(order: Order) -> bool:
    """Whether this browser came by the order's link, or placed it."""
    return not links.is_forgotten(order) and _known().get(order.public_id) == _proof(
        order.link_hash
    )


def _known() -> dict[str, str]:
    found = session.get(_KEPT)
    return found if isinstance(found, dict) else {}


def _proof(link_hash: str) -> str:
    return link_hash[:16]
