"""What designers and managers are told when nothing comes of a design."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ideation.accounts.models import Member
from ideation.core.i18n import lazy
from ideation.notices import telling
from ideation.notices.kinds import Kind, Topic, declare
from ideation.products.notices import managers
from ideation.selection.models import Agreement
from ideation.selection.notices import agreement_link

Params = Mapping[str, Any]

FREE = declare(
    Kind(
        name="products.agreement_free",
        label=lazy("I may end the agreement for a design of mine"),
        title=lambda p: lazy("You may take “%(title)s” back", title=p["title"]),
        text=lambda _p: lazy(
            "Nothing of it has been on sale for as long as the agreement allows. You can end the "
            "agreement on its page: then all rights are yours again, and the prize stays yours. If "
            "you do nothing, it stays in force."
        ),
        action=lazy("See the agreement"),
        topic=Topic.WINNING,
        whom="every designer who signed",
    )
)

WAITS = declare(
    Kind(
        name="products.agreement_may_go",
        label=lazy("Designers may end an agreement, for nothing was on sale"),
        title=lambda p: lazy("The designers of “%(title)s” may take it back", title=p["title"]),
        text=lambda _p: lazy(
            "Nothing of it has been on sale for as long as the agreement allows. A run that you "
            "start before they do keeps it."
        ),
        action=lazy("Go to the products"),
        topic=Topic.TEAM,
        whom="whoever manages products",
    )
)

ENDED = declare(
    Kind(
        name="products.agreement_ended",
        label=lazy("An agreement of mine has ended"),
        title=lambda p: lazy("The agreement for “%(title)s” has ended", title=p["title"]),
        text=lambda p: lazy(
            "%(name)s ended it, for nothing was on sale. All rights are its designers' again. What "
            "was ordered before is sent and pays as it did.",
            name=p["name"],
        ),
        action=lazy("See the agreement"),
        topic=Topic.WINNING,
        whom="the other designers, and whoever manages products",
    )
)


def tell_free(agreement: Agreement, day: datetime, *, at: datetime) -> None:
    """Tell designers and managers that it may be ended, once for the day that has come."""
    key = f"agreement_free:{agreement.id}:{day.date().isoformat()}"
    params = {"title": agreement.submission.title}
    for party in agreement.parties:
        _tell(party.member_id, FREE, params, agreement_link(agreement), key, at)
    for member_id in managers():
        _tell(member_id, WAITS, params, "/console/products", f"{key}:managers", at)


def tell_ended(agreement: Agreement, by: Member, *, at: datetime) -> None:
    """Tell the other designers, and the managers, that one of them has ended it."""
    key = f"agreement_ended:{agreement.id}"
    params = {"title": agreement.submission.title, "about": by.id}
    for party in agreement.parties:
        if party.member_id != by.id:
            _tell(party.member_id, ENDED, params, agreement_link(agreement), key, at)
    for member_id in managers():
        _tell(member_id, ENDED, params, "/console/products", f"{key}:managers", at)


def _tell(
    member_id: int, kind: Kind, params: dict[str, Any], link: str, key: str, at: datetime
) -> None:
    telling.tell(member_id, kind, at=at, params=params, link=link, key=f"{key}:{member_id}")
