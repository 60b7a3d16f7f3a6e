"""The sandbox's letters, for those who look after payments."""

from collections.abc import Sequence

from sqlalchemy import func, select

from ideation.core.db import db
from ideation.core.paging import Page, paginate
from ideation.payments.providers.sandbox.models import DeliveryState, SandboxDelivery

_GIVEN_UP = SandboxDelivery.state == DeliveryState.GIVEN_UP


def list_letters(page: int) -> Page[SandboxDelivery]:
    """All letters, newest first."""
    return paginate(select(SandboxDelivery).order_by(SandboxDelivery.id.desc()), page)


def list_given_up(limit: int = 50) -> Sequence[SandboxDelivery]:
    """Letters that nobody took, the oldest first."""
    query = select(SandboxDelivery).where(_GIVEN_UP).order_by(SandboxDelivery.id).limit(limit)
    return db.session.scalars(query).all()


def count_given_up() -> int:
    """How many letters nobody took."""
    query = select(func.count()).select_from(SandboxDelivery).where(_GIVEN_UP)
    return db.session.scalar(query) or 0
