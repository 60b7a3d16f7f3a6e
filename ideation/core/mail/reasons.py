"""Why a letter comes that nobody can end: said at its foot, where another mail has its link."""

from collections.abc import Mapping

from ideation.core.errors import Words
from ideation.core.i18n import lazy

_SAFETY = lazy("It keeps your account safe, so it always comes.")
_MONEY = lazy("It keeps your money safe, so it always comes.")
_ORDER = lazy("It is about an order of yours, so it always comes.")
_CLAIM = lazy("It is about a claim of yours, so it always comes.")
_ONCE = lazy("It is written once, so there is nothing to end.")

_WHY: Mapping[str, Words] = {
    "order": _ORDER,
    "payout_details_changed": _MONEY,
    "claim_received": _CLAIM,
    "claim_decided": _CLAIM,
    "invited": _ONCE,
    "test": _ONCE,
}


def why(template: str) -> Words:
    """Why the template's mail always comes, where it carries no link to end it."""
    return _WHY.get(template, _SAFETY)
