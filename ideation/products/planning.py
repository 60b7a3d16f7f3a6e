"""Starting a run, and changing how many of it there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.core import ids
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, Words
from ideation.core.i18n import lazy
from ideation.products import making, policies, runs
from ideation.products.models import Product, Run, RunVariant
from ideation.selection import queries as selection

USUAL_GOAL = 50
USUAL_DAYS = 14
EXTENSION_DAYS = 7
EXTENSION_PERCENT = 80
#: Cards are tried until six days after the end; production starts two days later at the latest.
LOCK_DAYS = 8
MOST_GOAL = 100_000
MOST_CAP = 1_000_000
LONGEST_WINDOW = timedelta(days=90)
_LAST_TRY = timedelta(days=6)


@dataclass(frozen=True)
class RunPlan:
    """One sale as the product manager wants it. ``caps``: variant id → most units, None for any.

    ``locks_at`` None is the usual: eight days after the end. A variant that ``caps`` does not
    name has no cap.
    """

    opens_at: datetime
    closes_at: datetime
    ships_from: date
    ships_by: date
    goal: int = USUAL_GOAL
    caps: Mapping[int, int | None] = field(default_factory=dict)
    locks_at: datetime | None = None
    extension_days: int = EXTENSION_DAYS
    extension_percent: int = EXTENSION_PERCENT

    @property
    def production_at(self) -> datetime:
        """When production starts at the latest, unless the run is extended."""
        return self.locks_at or self.closes_at + timedelta(days=LOCK_DAYS)


def usual(at: datetime) -> RunPlan:
    """What most runs are: 50 units in 14 days, sent within three weeks of production."""
    closes = at + timedelta(days=USUAL_DAYS)
    production = closes + timedelta(days=LOCK_DAYS + EXTENSION_DAYS)
    return RunPlan(
        opens_at=at,
        closes_at=closes,
        ships_from=(production + timedelta(days=7)).date(),
        ships_by=(production + timedelta(days=21)).date(),
    )


def start(actor: Member | None, product_id: int, plan: RunPlan, *, at: datetime) -> Run:
    """Start a run of a published product. Publishes ``RunOpened`` where it is open at once.

    Raises NotAllowed, NotFound, Conflict where the product is not published, a run of it is still
    open or charging or its agreement has ended, Invalid for a plan that cannot stand.
    """
    policies.check_may_manage(actor)
    product = making.get_locked(product_id)
    if product.published_at is None:
        raise Conflict(lazy("Publish the product first: buyers need its page."))
    if policies.has_living_run(product):
        raise Conflict(lazy("A run of this product is still on. Wait until it has ended."))
    if selection.find_accepted(product.submission_id) is None:
        raise Conflict(
            lazy("Its designers ended the agreement, for nothing was on sale: no further run.")
        )
    check(product, plan, at)
    run = Run(
        public_id=ids.public_id(),
        product_id=product.id,
        number=_next_number(product.id),
        goal=plan.goal,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        extension_days=plan.extension_days,
        extension_percent=plan.extension_percent,
        ships_from=plan.ships_from,
        ships_by=plan.ships_by,
        locks_at=plan.production_at,
        created_at=at,
        stock=[
            RunVariant(variant_id=variant.id, cap=plan.caps.get(variant.id))
            for variant in product.variants
        ],
    )
    db.session.add(run)
    db.session.flush()
    db.session.expire(product, ["runs"])
    trail.record(
        "run.started",
        actor_id=actor.id if actor else None,
        subject_kind="run",
        subject_id=run.id,
        at=at,
        detail={"product": product.id, "goal": plan.goal, "closes_at": run.closes_at.isoformat()},
    )
    runs.open_run(run.id, at=at)
    return run


def change_caps(
    actor: Member | None, run_id: int, caps: Mapping[int, int | None], *, at: datetime
) -> None:
    """Set the caps of some variants: upwards, downwards never below what is taken, None for none.

    Each is one conditional UPDATE, so that it holds against buyers of the same moment. Raises
    NotAllowed, NotFound, Conflict for a run that takes no orders any more, Invalid (fields
    ``cap-<variant id>``), and the caller rolls back.
    """
    policies.check_may_manage(actor)
    run = runs.get_locked(run_id)
    if policies.is_over(run, at):
        raise Conflict(lazy("This run takes no orders any more: its caps stay as they are."))
    wrong: dict[str, Words] = {}
    for variant_id, cap in sorted(caps.items()):
        if not _set_cap(run_id, variant_id, cap):
            taken = _taken(run_id, variant_id)
            wrong[f"cap-{variant_id}"] = lazy(
                "%(taken)s are taken already: at least so many.", taken=taken
            )
    if wrong:
        raise Invalid(fields=wrong)
    db.session.expire(run, ["stock"])
    trail.record(
        "run.caps_changed",
        actor_id=actor.id if actor else None,
        subject_kind="run",
        subject_id=run_id,
        at=at,
        detail={"caps": {str(variant_id): cap for variant_id, cap in sorted(caps.items())}},
    )


def check(product: Product, plan: RunPlan, at: datetime) -> None:
    """Raise Invalid with every field of the plan that cannot stand."""
    wrong: dict[str, Words] = {}
    if not 1 <= plan.goal <= MOST_GOAL:
        wrong["goal"] = lazy("Write a whole number from 1 to %(most)s.", most=MOST_GOAL)
    wrong |= _wrong_dates(plan, at)
    if not 0 <= plan.extension_days <= 30:
        wrong["extension_days"] = lazy("Write a whole number from 0 to %(most)s.", most=30)
    if not 1 <= plan.extension_percent <= 100:
        wrong["extension_percent"] = lazy("Write a whole number from 1 to %(most)s.", most=100)
    own = {variant.id for variant in product.variants}
    for variant_id, cap in plan.caps.items():
        if variant_id not in own or (cap is not None and not 0 <= cap <= MOST_CAP):
            wrong[f"cap-{variant_id}"] = lazy("Write a whole number, or leave it empty.")
    caps = [plan.caps.get(variant_id) for variant_id in own]
    room = sum(cap for cap in caps if cap is not None)
    if not wrong and None not in caps and room < plan.goal:
        wrong["goal"] = lazy(
            "The caps add up to %(room)s: the goal could never be reached.", room=room
        )
    if wrong:
        raise Invalid(fields=wrong)


def _wrong_dates(plan: RunPlan, at: datetime) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    if plan.closes_at <= max(plan.opens_at, at):
        wrong["closes_at"] = lazy("It must close after it opens, and in the future.")
    elif plan.closes_at - plan.opens_at > LONGEST_WINDOW:
        wrong["closes_at"] = lazy("At most %(most)s days.", most=LONGEST_WINDOW.days)
    if plan.production_at < plan.closes_at + _LAST_TRY:
        wrong["locks_at"] = lazy(
            "Cards are tried for six days after the end: production starts after that."
        )
    # The promise must hold whether or not the run is extended.
    latest = plan.production_at + timedelta(days=plan.extension_days)
    if plan.ships_from < latest.date():
        wrong["ships_from"] = lazy(
            "With the extension production may start as late as %(day)s: ship after that.",
            day=latest.date().isoformat(),
        )
    if plan.ships_by < plan.ships_from:
        wrong["ships_by"] = lazy("This comes before the first day of shipping.")
    return wrong


def _set_cap(run_id: int, variant_id: int, cap: int | None) -> bool:
    if cap is not None and not 0 <= cap <= MOST_CAP:
        return False
    covers_taken = [] if cap is None else [RunVariant.taken <= cap]
    changed = db.session.execute(
        update(RunVariant)
        .where(RunVariant.run_id == run_id, RunVariant.variant_id == variant_id, *covers_taken)
        .values(cap=cap)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def _taken(run_id: int, variant_id: int) -> int:
    query = select(RunVariant.taken).where(
        RunVariant.run_id == run_id, RunVariant.variant_id == variant_id
    )
    return int(db.session.scalar(query) or 0)


def _next_number(product_id: int) -> int:
    last = db.session.scalar(select(func.max(Run.number)).where(Run.product_id == product_id))
    return (last or 0) + 1
