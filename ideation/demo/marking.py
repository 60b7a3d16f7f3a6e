"""Whether this instance is a demo, and whether one may be made of it."""

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.core import instance
from ideation.core.db import db


def is_marked() -> bool:
    """Whether the demo filled this instance, so that it may be removed whole."""
    return instance.find(instance.DEMO) is not None


def is_unfinished() -> bool:
    """Whether a demo is being filled, or was stopped on the way."""
    return is_marked() and instance.find(instance.DEMO_WHOLE) is None


def is_empty() -> bool:
    """Whether nobody has an account here."""
    return db.session.scalar(select(Member.id).limit(1)) is None


def fills_by_itself() -> bool:
    """Whether the first start should load the demo: empty, and none was removed before."""
    return is_empty() and not is_marked() and instance.find(instance.NO_DEMO) is None
