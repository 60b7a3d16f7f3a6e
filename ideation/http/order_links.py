"""Which guests' orders this browser may open: those it placed, and those whose link it followed.

Kept in the signed session cookie, beside a piece of the link's hash: a link that is replaced shuts
the browsers that came by the old one. Signing in or out forgets them; the link stays.
"""

from flask import session

from ideation.orders.models import Order

_KEPT = "orders"
#: More would not fit a cookie, and nobody has them open.
_MOST = 20


def remember(order: Order) -> None:
    """Let this browser open the order from now on."""
    kept = {key: value for key, value in _known().items() if key != order.public_id}
    newest = [*kept.items(), (order.public_id, _proof(order))][-_MOST:]
    session[_KEPT] = dict(newest)


def holds(order: Order) -> bool:
    """Whether this browser came by the order's link, or placed it."""
    return _known().get(order.public_id) == _proof(order)


def _known() -> dict[str, str]:
    found = session.get(_KEPT)
    return found if isinstance(found, dict) else {}


def _proof(order: Order) -> str:
    return order.link_hash[:16]
