"""A visitor who came by somebody's link, for the first time."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from ideation.accounts import queries
from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.products.models import Product
from ideation.sharing import visits
from ideation.sharing.models import Kind
from ideation.submissions.models import Submission

#: What an address calls a thing.
_NAMES: dict[Kind, tuple[Any, Any]] = {
    Kind.CONTEST: (Contest.id, Contest.slug),
    Kind.DESIGN: (Submission.id, Submission.public_id),
    Kind.PRODUCT: (Product.id, Product.slug),
}


def note(code: str, kind: Kind, name: str, *, at: datetime) -> bool:
    """Count them, where the code is a member's. Returns whether it is.

    The caller has shown the page: it is there, and public.
    """
    member = queries.find_by_share_code(code)
    key, column = _NAMES[kind]
    subject_id = db.session.scalar(select(key).where(column == name)) if member else None
    if member is None or subject_id is None:
        return False
    visits.count(member, kind, subject_id, at=at)
    return True
