"""What a buyer changes until production starts: sizes, the address, or their mind.

The run is held against locking, then the order is locked: a change comes wholly before the lock
or is refused. Each leaves a row that says what changed, without names or addresses.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from ideation.core.db import db, is_postgresql
from ideation.core.errors import Conflict, Invalid, NotFound
from ideation.core.i18n import lazy
from ideation.core.money import Money
from ideation.orders import addresses, moving, policies, shipping, telling
from ideation.orders.models import Order, OrderChange, OrderLine
from ideation.orders.states import COLLECTED, PLEDGED, OrderEvent
from ideation.orders.telling import Letter
from ideation.products import stock
from ideation.products.models import Run, RunVariant

_TOO_LATE = lazy("Production has started or the order is over, so it stays as it is.")


def change_sizes(
    order_id: int, wanted: Mapping[int, int], *, by: int | None, at: datetime
) -> list[OrderLine]:
    """Give lines other variants of the same run (line id → variant id); returns what changed.

    Every variant of a product costs the same, so no amount moves. What the order itself lets go
    of counts as left: two sizes may be swapped in a run that is sold out. Raises Conflict where
    it is too late, SoldOut for a size with too few left, Invalid for what is not sold here.
    """
    order = _changeable(order_id, at)
    sold = set(
        db.session.scalars(select(RunVariant.variant_id).where(RunVariant.run_id == order.run_id))
    )
    lines = {line.id: line for line in order.lines}
    if not set(wanted) <= set(lines) or not set(wanted.values()) <= sold:
        raise Invalid(fields={"sizes": lazy("One of the sizes is not for sale here.")})
    changed = [lines[key] for key, variant in wanted.items() if lines[key].variant_id != variant]
    if any(line.refunded_quantity for line in changed):
        raise Conflict(lazy("Some of these pieces were given back, so their size stays."))
    before = moving.units_of(order.id)
    for line in changed:
        was = line.variant.sku
        line.variant_id = wanted[line.id]
        db.session.flush()
        db.session.refresh(line, ["variant"])
        _note(order, "sizes", was, line.variant.sku, by, at)
    _recount(order, before, moving.units_of(order.id))
    return changed


def change_address(
    order_id: int, values: Mapping[str, str], *, by: int | None, at: datetime
) -> bool:
    """Send it elsewhere; whether anything changed.

    Raises Conflict where it is too late, and Invalid for an address that cannot be or where a
    parcel costs something else: the amount that was agreed to stays.
    """
    order = _changeable(order_id, at)
    address = addresses.check(values)
    if address == order.address:
        return False
    _check_shipping(order, address["country_code"])
    before = order.address.get("country_code", "")
    order.address = address
    _note(order, "address", before, address["country_code"], by, at)
    return True


def cancel(order_id: int, *, by: int | None, at: datetime) -> None:
    """End the order; what was paid goes back whole. Raises Conflict where it is too late."""
    order = _changeable(order_id, at)
    before = moving.move(order_id, OrderEvent.CANCEL, at=at)
    if before is None:
        raise Conflict(_TOO_LATE)
    _note(order, "state", before.value, order.state.value, by, at)
    telling.tell(order_id, Letter.CANCELLED, at=at)


def _changeable(order_id: int, at: datetime) -> Order:
    """The order, locked, and its run held before; as long as its buyer may change it."""
    query = select(Run).join(Order, Order.run_id == Run.id).where(Order.id == order_id)
    if is_postgresql():
        query = query.with_for_update(read=True, of=Run)
    run = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if run is None:
        raise NotFound(lazy("There is no such order."))
    order = moving.get_locked(order_id)
    if not policies.may_change(order, run, at):
        raise Conflict(_TOO_LATE)
    return order


def _recount(order: Order, before: Counter[int], now: Counter[int]) -> None:
    """Move units between the variants, in one pass in order of variant: see ``stock``."""
    difference = Counter(now)
    difference.subtract(before)
    for variant_id, units in sorted(difference.items()):
        if units > 0:
            stock.take(order.run_id, {variant_id: units})
        elif units < 0:
            stock.give_back(order.run_id, {variant_id: -units})
    moved = {variant_id: units for variant_id, units in difference.items() if units}
    if order.state in PLEDGED:
        stock.pledge(order.run_id, moved)
    if order.state in COLLECTED:
        stock.collect(order.run_id, moved)


def _check_shipping(order: Order, country: str) -> None:
    agreed = sum(line.shipping_minor for line in order.lines)
    rate = shipping.rate_for(country, order.currency)
    if rate is None:
        raise Invalid(fields={"country_code": lazy("We do not ship there.")})
    cost = rate.cost(sum(line.quantity for line in order.lines))
    if cost != agreed:
        words = lazy(
            "Shipping there costs %(cost)s, and you agreed to %(agreed)s. Cancel this order, which"
            " costs nothing, and order anew.",
            cost=Money(cost, order.currency),
            agreed=Money(agreed, order.currency),
        )
        raise Invalid(fields={"country_code": words})


def _note(order: Order, field: str, before: str, after: str, by: int | None, at: datetime) -> None:
    db.session.add(
        OrderChange(order_id=order.id, member_id=by, field=field, before=before, after=after, at=at)
    )
    db.session.flush()
