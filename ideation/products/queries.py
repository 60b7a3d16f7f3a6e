"""Products and runs, as pages ask for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, selectinload

from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.core.paging import Page, paginate
from ideation.products.models import Product, Run, RunState, RunVariant
from ideation.selection.models import Agreement, AgreementState, Decision, Outcome
from ideation.submissions.models import Designer, Submission

PAST_SIZE = 24
_MOST = 60


@dataclass(frozen=True)
class Units:
    """What a run's orders hold, by how far they are."""

    taken: int = 0
    pledged: int = 0
    collected: int = 0

    def towards_goal(self, run: Run) -> int:
        """What counts: pledges while it is open, what was paid once cards are charged."""
        is_paid = run.state in {RunState.CHARGING, RunState.GO}
        return self.collected if is_paid else self.pledged


@dataclass(frozen=True)
class Shelf:
    """A product with the run that its page is about; None before its first."""

    product: Product
    run: Run | None
    units: Units


@dataclass(frozen=True)
class Shop:
    """What hangs in the shop: for pre-order now, soon, going to print, and earlier ones."""

    now: list[Shelf]
    soon: list[Shelf]
    printing: list[Shelf]
    past: Page[Product]
    past_shelves: list[Shelf]


def get_by_slug(slug: str) -> Product:
    """The product, published or not. Raises NotFound."""
    product = db.session.scalar(select(Product).where(Product.slug == slug))
    if product is None:
        raise NotFound(lazy("There is no such product."))
    return product


def get_published(slug: str) -> Product:
    """The product if its page is public. Raises NotFound."""
    product = get_by_slug(slug)
    if product.published_at is None:
        raise NotFound(lazy("There is no such product."))
    return product


def get_run(public_id: str) -> Run:
    """The run. Raises NotFound."""
    run = db.session.scalar(select(Run).where(Run.public_id == public_id))
    if run is None:
        raise NotFound(lazy("There is no such pre-order."))
    return run


def current_run(product: Product, at: datetime) -> Run | None:  # noqa: ARG001 (a clock may matter)
    """The run that the product's page is about: its latest; None before the first."""
    return max(product.runs, key=lambda run: run.number, default=None)


def get_run_id(slug: str) -> int:
    """As ``current_run`` of the published product, the key alone. Raises NotFound."""
    query = (
        select(Run.id)
        .join(Product, Product.id == Run.product_id)
        .where(Product.slug == slug, Product.published_at.is_not(None))
        .order_by(Run.number.desc())
        .limit(1)
    )
    run_id = db.session.scalar(query)
    if run_id is None:
        raise NotFound(lazy("There is no such product."))
    return run_id


def find_by_submission(submission_id: int) -> Product | None:
    """The product that was made of a design."""
    return db.session.scalar(select(Product).where(Product.submission_id == submission_id))


def by_submissions(submission_ids: Collection[int]) -> dict[int, Product]:
    """The batch twin of ``find_by_submission``, published ones alone: submission → product."""
    query = _published().where(Product.submission_id.in_(submission_ids))
    return {product.submission_id: product for product in db.session.scalars(query)}


def by_ids(product_ids: Collection[int]) -> dict[int, Product]:
    """Published products by key, in the order given."""
    rows = db.session.scalars(_published().where(Product.id.in_(product_ids)))
    found = {product.id: product for product in rows}
    return {key: found[key] for key in product_ids if key in found}


def count_units(run_ids: Collection[int]) -> dict[int, Units]:
    """Run → what its orders hold; one statement."""
    query = (
        select(
            RunVariant.run_id,
            func.sum(RunVariant.taken),
            func.sum(RunVariant.pledged),
            func.sum(RunVariant.collected),
        )
        .where(RunVariant.run_id.in_(run_ids))
        .group_by(RunVariant.run_id)
    )
    return {row[0]: Units(*map(int, row[1:])) for row in db.session.execute(query)}


def shelves(products: Collection[Product], at: datetime) -> list[Shelf]:
    """Products with their runs and counts, in the order given."""
    runs = {product.id: current_run(product, at) for product in products}
    units = count_units([run.id for run in runs.values() if run is not None])
    return [
        Shelf(product, run, units.get(run.id, Units()) if run else Units())
        for product in products
        for run in [runs[product.id]]
    ]


def list_now(at: datetime, limit: int = _MOST) -> list[Shelf]:
    """What can be pre-ordered at this instant, what ends soonest first."""
    condition = (Run.state == RunState.OPEN) & (Run.opens_at <= at) & (Run.closes_at > at)
    return _shelved(condition, Run.closes_at, at, limit)


def list_shop(at: datetime, page: int = 1) -> Shop:
    """The whole shop; the past in pages."""
    is_open = Run.state == RunState.OPEN
    is_printing = Run.state.in_((RunState.CHARGING, RunState.GO)) | (
        is_open & (Run.closes_at <= at)
    )
    printing = [
        shelf
        for shelf in _shelved(is_printing, Run.closes_at.desc(), at)
        if shelf.run is not None and shelf.run.ships_by >= at.date()
    ]
    now = list_now(at)
    soon = _shelved(is_open & (Run.opens_at > at), Run.opens_at, at)
    shown = [shelf.product.id for shelf in (*now, *soon, *printing)]
    past = paginate(
        _published().where(Product.id.not_in(shown)).order_by(Product.published_at.desc()),
        page,
        PAST_SIZE,
    )
    return Shop(now, soon, printing, past, shelves(past.items, at))


def list_latest(limit: int) -> list[Product]:
    """Published products, the latest first."""
    query = _published().order_by(Product.published_at.desc(), Product.id.desc()).limit(limit)
    return list(db.session.scalars(query))


def list_by_member(member_id: int, at: datetime) -> list[Shelf]:
    """Published products that the member is named on as a designer, the latest first."""
    own = select(Designer.submission_id).where(
        Designer.member_id == member_id,
        (Designer.position == 0) | Designer.agreed_at.is_not(None),
    )
    query = _published().where(Product.submission_id.in_(own))
    return shelves(db.session.scalars(query.order_by(Product.published_at.desc())).all(), at)


def list_others(product: Product, at: datetime, limit: int = 4) -> list[Shelf]:
    """Other products by the designer who handed this one in, the latest first."""
    owner = product.submission.member_id
    others = [one for one in list_by_member(owner, at) if one.product.id != product.id]
    return others[:limit]


def page_of_products(page: int = 1, size: int = 40) -> Page[Product]:
    """Every product, published or not, the latest first."""
    query = select(Product).options(*_WHOLE).order_by(Product.created_at.desc(), Product.id.desc())
    return paginate(query, page, size)


def list_waiting_winners() -> list[Decision]:
    """Announced winners whose agreement is accepted and that are no product yet, oldest first."""
    query = (
        select(Decision)
        .join(Contest, Contest.id == Decision.contest_id)
        .join(Agreement, Agreement.submission_id == Decision.submission_id)
        .outerjoin(Product, Product.submission_id == Decision.submission_id)
        .where(
            Decision.outcome == Outcome.WINNER,
            Contest.announced_at.is_not(None),
            Agreement.state == AgreementState.ACCEPTED,
            Product.id.is_(None),
        )
        .options(selectinload(Decision.submission).selectinload(Submission.contest))
        .order_by(Contest.announced_at, Decision.place)
    )
    return list(db.session.scalars(query))


_WHOLE = (
    selectinload(Product.runs),
    selectinload(Product.submission).selectinload(Submission.contest),
)


def _published() -> Select[Product]:
    return select(Product).where(Product.published_at.is_not(None)).options(*_WHOLE)


def _shelved(condition: object, order: object, at: datetime, limit: int = _MOST) -> list[Shelf]:
    """Published products whose latest run fulfils the condition."""
    other = aliased(Run)
    latest = select(func.max(other.number)).where(other.product_id == Product.id).scalar_subquery()
    query = (
        _published()
        .join(Run, Run.product_id == Product.id)
        .where(Run.number == latest, condition)  # type: ignore[arg-type]
        .order_by(order, Product.id)  # type: ignore[arg-type]
        .limit(limit)
    )
    return shelves(db.session.scalars(query).all(), at)
