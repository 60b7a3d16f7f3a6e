"""What members are told of products. Buyers are told by ``orders``, members or not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ideation.accounts.grants import GRANTS, Permission
from ideation.accounts.models import Grant, Member, Standing
from ideation.core import jobs
from ideation.core.db import db
from ideation.core.errors import Words
from ideation.core.i18n import date_words, lazy
from ideation.notices import pictures, telling
from ideation.notices.kinds import Kind, Topic, declare
from ideation.products import policies, stock, words
from ideation.products.models import Product, ProductPicture, Run
from ideation.voting.models import Intent

Params = Mapping[str, Any]

#: Tells those who said they'd buy a design that it can be pre-ordered.
TELL_OPENED = jobs.declare("products.tell_opened")

#: What happened to a run → what its designers and the managers read.
_HAPPENED: Mapping[str, tuple[Any, Any]] = {
    "opened": (
        lambda p: lazy("“%(name)s” can be pre-ordered", name=p["name"]),
        lambda p: lazy(
            "It needs %(goal)s orders by %(closes)s. Tell people who would wear it.",
            goal=p["goal"],
            closes=_closes(p),
        ),
    ),
    "extended": (
        lambda p: lazy("“%(name)s” has seven more days", name=p["name"]),
        lambda p: lazy(
            "%(units)s of %(goal)s were pledged at the end, so it goes on until %(closes)s, once.",
            units=p["units"],
            goal=p["goal"],
            closes=_closes(p),
        ),
    ),
    "charging": (
        lambda p: lazy("“%(name)s” reached its goal", name=p["name"]),
        lambda p: lazy(
            "%(units)s were pledged. Cards are being charged now; it is a go once %(goal)s are "
            "paid.",
            units=p["units"],
            goal=p["goal"],
        ),
    ),
    "go": (
        lambda p: lazy("“%(name)s” goes to print", name=p["name"]),
        lambda p: lazy("%(units)s are paid for: the goal was %(goal)s.", **_counts(p)),
    ),
    "failed": (
        lambda p: lazy("“%(name)s” will not be printed", name=p["name"]),
        lambda p: lazy(
            "It came to %(units)s of %(goal)s. Nobody pays; whoever was charged gets it back.",
            **_counts(p),
        ),
    ),
}


def _counts(params: Params) -> dict[str, Any]:
    return {"units": params["units"], "goal": params["goal"]}


def _closes(params: Params) -> str:
    return date_words(datetime.fromisoformat(params["closes_at"]))


def _title(params: Params) -> Words:
    title: Words = _HAPPENED[params["what"]][0](params)
    return title


def _text(params: Params) -> Words:
    text: Words = _HAPPENED[params["what"]][1](params)
    return text


WISH_OPEN = declare(
    Kind(
        name="products.wish_open",
        label=lazy("A design I'd buy can be pre-ordered"),
        title=lambda p: lazy("“%(name)s” can be pre-ordered", name=p["name"]),
        text=lambda p: lazy(
            "You said you'd buy it. It will be printed if %(goal)s are ordered by %(closes)s; your "
            "card is charged only then.",
            goal=p["goal"],
            closes=_closes(p),
        ),
        action=lazy("See it"),
        topic=Topic.BUYING,
        whom="whoever said they'd buy it, but its designers",
    )
)

OWN_RUN = declare(
    Kind(
        name="products.own_run",
        label=lazy("The pre-order of a design of mine"),
        title=_title,
        text=_text,
        action=lazy("See its page"),
        topic=Topic.WINNING,
        whom="the designers named on the product",
    )
)

MANAGED_RUN = declare(
    Kind(
        name="products.managed_run",
        label=lazy("Runs of products are charged, a go, or fail"),
        title=_title,
        text=_text,
        action=lazy("See the run"),
        topic=Topic.TEAM,
        whom="whoever manages products",
    )
)


def tell_wishers(run_id: int, *, at: datetime) -> int:
    """Tell everyone who said they'd buy the design, once, while it can be; returns how many."""
    run = db.session.get(Run, run_id)
    if run is None or not policies.is_open(run, at):
        return 0
    product = run.product
    designers = {one.member_id for one in product.submission.designers}
    wishers = db.session.scalars(
        select(Intent.member_id)
        .where(Intent.submission_id == product.submission_id, Intent.member_id.not_in(designers))
        .order_by(Intent.member_id)
    ).all()
    for member_id in wishers:
        telling.tell(
            member_id,
            WISH_OPEN,
            at=at,
            params=_params(run, "opened", 0),
            link=link(product),
            key=f"wish-open:{run.id}:{member_id}",
        )
    return len(wishers)


def tell_designers(run_id: int, what: str, *, at: datetime) -> None:
    """Tell those who are named on it."""
    run = db.session.get_one(Run, run_id)
    params = _params(run, what, _units(run, what))
    for member in words.designers_of(run.product):
        telling.tell(
            member.id,
            OWN_RUN,
            at=at,
            params=params,
            link=link(run.product),
            key=f"own-run:{run.id}:{what}:{member.id}",
        )


def tell_managers(run_id: int, what: str, *, at: datetime) -> None:
    """Tell whoever manages products."""
    run = db.session.get_one(Run, run_id)
    params = _params(run, what, _units(run, what))
    for member_id in managers():
        telling.tell(
            member_id,
            MANAGED_RUN,
            at=at,
            params=params,
            link=f"/console/runs/{run.public_id}",
            key=f"managed-run:{run.id}:{what}:{member_id}",
        )


def link(product: Product) -> str:
    """Path of the product's page."""
    return f"/products/{product.slug}"


@pictures.found_under("products")
def picture_of(slug: str) -> pictures.Picture | None:
    """The product in its first colour, for a postcard that is about it."""
    query = (
        select(ProductPicture, Product)
        .join(Product, Product.id == ProductPicture.product_id)
        .where(Product.slug == slug, ProductPicture.kind == "grid", ProductPicture.format != "webp")
        .order_by(ProductPicture.id)
    )
    for made, product in db.session.execute(query):
        if made.colour == product.colours[0]:
            return pictures.Picture(f"/media/{made.key}", made.width, made.height, product.name)
    return None


def _params(run: Run, what: str, units: int) -> dict[str, Any]:
    return {
        "what": what,
        "name": run.product.name,
        "goal": run.goal,
        "units": units,
        "closes_at": run.closes_at.isoformat(),
    }


def _units(run: Run, what: str) -> int:
    """What the run came to: pledges, or what was paid where cards had been charged."""
    was_charged = what == "go" or (what == "failed" and run.charging_at is not None)
    return stock.collected(run.id) if was_charged else stock.pledged(run.id)


def managers() -> list[int]:
    """Keys of whoever manages products."""
    roles = [role for role, held in GRANTS.items() if Permission.MANAGE_PRODUCTS in held]
    query = (
        select(Member.id)
        .join(Grant, Grant.member_id == Member.id)
        .where(Grant.role.in_(roles), Grant.scope == 0, Member.standing == Standing.ACTIVE)
        .distinct()
        .order_by(Member.id)
    )
    return list(db.session.scalars(query))
