"""Who may make products, and what about a run still moves: pure questions."""

from datetime import datetime

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.accounts.policies import holds
from ideation.core.errors import NotAllowed
from ideation.core.i18n import lazy
from ideation.products.models import Product, Run, RunState


def may_manage(member: Member | None) -> bool:
    """Whether the member makes products and runs."""
    return member is not None and holds(member, Permission.MANAGE_PRODUCTS)


def check_may_manage(actor: Member | None) -> None:
    """Raise NotAllowed unless the actor manages products; None is the operator's own shell."""
    if actor is not None and not may_manage(actor):
        raise NotAllowed(lazy("Only a product manager may change products."))


def is_upcoming(run: Run, at: datetime) -> bool:
    """Whether pre-ordering has not begun yet."""
    return run.state is RunState.OPEN and at < run.opens_at


def is_open(run: Run, at: datetime) -> bool:
    """Whether it can be pre-ordered at this instant. The window is half open."""
    return run.state is RunState.OPEN and run.opens_at <= at < run.closes_at


def is_over(run: Run, at: datetime) -> bool:
    """Whether the window is over; the run may still be charging, or be a go."""
    return run.state is not RunState.OPEN or at >= run.closes_at


def is_locked(run: Run, at: datetime) -> bool:
    """Whether production has started, or must by now, so that orders stay as they are."""
    return run.locked_at is not None or (run.state is RunState.GO and at >= run.locks_at)


def may_change(run: Run, at: datetime) -> bool:
    """Whether buyers may change sizes and addresses, and cancel: not locked and not failed."""
    return run.state is not RunState.FAILED and not is_locked(run, at)


def may_edit(product: Product) -> bool:
    """Whether the product can still be changed: until its first run was started."""
    return not product.runs


def has_living_run(product: Product) -> bool:
    """Whether a run is open or charging, so that no other can be started beside it."""
    return any(run.state in {RunState.OPEN, RunState.CHARGING} for run in product.runs)


def can_be_ordered(product: Product, at: datetime) -> bool:
    """Whether a run of the product takes pre-orders at this instant."""
    return product.published_at is not None and any(is_open(run, at) for run in product.runs)
