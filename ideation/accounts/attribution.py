"""How a member found us: the first link that brought them, fixed when they join."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ideation.accounts import queries
from ideation.accounts.models import Attribution, Member, Standing
from ideation.core.db import db
from ideation.core.text import clean_line

LONGEST = 80
#: A first visit longer ago than this is forgotten.
KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Touch:
    """A first visit by a link that says where it hung."""

    referrer: str
    source: str
    medium: str
    campaign: str
    landing: str
    first_seen_at: datetime

    @classmethod
    def of_visit(cls, args: Mapping[str, str], path: str, at: datetime) -> "Touch | None":
        """What an address says (``?ref=code&utm_source=…``); None where it says nothing."""
        ref, source, medium, campaign = (
            clean_line(args.get(name, ""))[:LONGEST]
            for name in ("ref", "utm_source", "utm_medium", "utm_campaign")
        )
        if not (ref or source or medium or campaign):
            return None
        return cls(ref, source, medium, campaign, landing=path[:200], first_seen_at=at)


def find_referrer(ref: str) -> Member | None:
    """Whose link it was: by its random code, or by a handle that somebody typed."""
    if not ref:
        return None
    return queries.find_by_share_code(ref) or queries.find_by_handle(ref)


def record(member: Member, touch: Touch | None, *, at: datetime) -> int | None:
    """Keep how the member came; return the id of the member whose link it was, if any."""
    if touch is None or at - touch.first_seen_at > KEPT_FOR:
        return None
    referrer = find_referrer(touch.referrer)
    is_known = referrer is not None and referrer.standing is Standing.ACTIVE
    referrer_id = referrer.id if referrer is not None and is_known else None
    db.session.add(
        Attribution(
            member_id=member.id,
            referrer_id=referrer_id if referrer_id != member.id else None,
            source=touch.source,
            medium=touch.medium,
            campaign=touch.campaign,
            landing=touch.landing,
            first_seen_at=touch.first_seen_at,
            at=at,
        )
    )
    db.session.flush()
    return referrer_id
