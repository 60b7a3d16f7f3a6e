"""A winner becomes a product, and one run of it is played from its first day to its last.

A run is played whole in one transaction, each act at its own time: what lies behind must never
be met half-way by the clock of a running instance, which would end it today.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.articles.models import Article
from ideation.core.db import db
from ideation.core.instance import DEMO_DOMAIN
from ideation.demo.cast import FINANCE, MANAGER, Person
from ideation.demo.homes import GUESTS
from ideation.demo.sales import Ending, Sale, Turn, Wanted
from ideation.orders import changing, charging, dispatching, placing, refunding
from ideation.orders.models import Order, OrderState
from ideation.orders.refunding import Part
from ideation.payments import cards
from ideation.payments.providers.sandbox import page
from ideation.payments.providers.sandbox.settling import settle
from ideation.products import making, planning, runs
from ideation.products.making import ProductPlan
from ideation.products.models import Product, Run, RunState
from ideation.products.planning import RunPlan
from ideation.royalties import accruing
from ideation.selection import queries as selection
from ideation.submissions.models import Submission

_DAY = timedelta(days=1)
#: Of so many parcels nobody hears that one arrived: its royalty waits for 45 days.
_UNHEARD_OF = 5
_CARD_GIVEN_AFTER = timedelta(seconds=50)
_SIZES = ("XS", "S", "M", "L", "XL", "XXL")
_CARRIERS = {"US": "USPS", "CA": "Canada Post", "JP": "Japan Post", "GB": "Royal Mail"}

_RETURNED = "One shirt came back: a size too small. Unworn, so it goes to the spares."
_FAULTY = "The print cracked in the first wash. Our fault: the buyer keeps the shirt."
_REFUNDED = "Asked for by mail before production: moving abroad, no address yet."


def make_product(contest_id: int, sale: Sale, members: Mapping[Person, int]) -> int:
    """Make a product of the winner that the sale is about; returns its id.

    Call inside ``transaction()``, after the announcement.
    """
    manager = db.session.get_one(Member, members[MANAGER])
    winner = selection.list_winners(contest_id)[sale.winner - 1].submission
    article: Article = winner.contest.article
    plan = ProductPlan(
        name=winner.title,
        prices={price.currency: price.price_minor for price in article.prices},
        colours=_colours(winner, sale),
        sizes=_SIZES,
    )
    return making.make(manager, winner.id, plan, at=sale.opens_at - _DAY).id


def _colours(winner: Submission, sale: Sale) -> tuple[str, ...]:
    """The designer's; what is sold now comes in one more. Each takes a second to draw."""
    own = winner.colour or "natural"
    return tuple(dict.fromkeys((own, "natural"))) if sale.is_on else (own,)


class Playing:
    """One sale while it is played. Everything inside one ``transaction()``."""

    def __init__(
        self, product_id: int, sale: Sale, members: Mapping[Person, int], now: datetime
    ) -> None:
        self.sale = sale
        self.members = members
        self.now = now
        self.manager = db.session.get_one(Member, members[MANAGER])
        self.finance = db.session.get_one(Member, members[FINANCE])
        self.product = db.session.get_one(Product, product_id)
        own_colour = self.product.colours[0]
        self.variants = {
            one.size: one.id for one in self.product.variants if one.colour == own_colour
        }
        self.turns: dict[int, Turn] = {}

    def play(self) -> None:
        """From the opening to wherever it stands today."""
        sale = self.sale
        making.publish(self.manager, self.product.id, at=sale.opens_at - _DAY / 2)
        run = planning.start(self.manager, self.product.id, self._plan(), at=sale.opens_at)
        self._sell(run)
        if sale.is_on:
            return
        runs.warn(run.id, at=sale.closes_at - timedelta(hours=47))
        if runs.end(run.id, at=sale.closes_at) is not RunState.CHARGING:
            charging.fail_run(run.id, at=sale.closes_at + timedelta(minutes=1))
            return
        self._charge(run)
        runs.lock(self.manager, run.id, at=sale.locks_at)
        if sale.ending is Ending.DELIVERED:
            self._deliver(run)
            accruing.mature_due(min(sale.settled_at, self.now))

    def _plan(self) -> RunPlan:
        sale = self.sale
        return RunPlan(
            opens_at=sale.opens_at,
            closes_at=sale.closes_at,
            ships_from=(sale.locks_at + 8 * _DAY).date(),
            ships_by=(sale.locks_at + 21 * _DAY).date(),
            goal=sale.goal,
            caps=dict.fromkeys(self.variants.values(), 40),
        )

    def _sell(self, run: Run) -> None:
        """Orders as they come in, and what their buyers think better of before the end."""
        for wanted in self.sale.orders:
            self._order(run, wanted)
            settle(wanted.at + _CARD_GIVEN_AFTER)
        end = min(self.sale.closes_at, self.now) - timedelta(minutes=30)
        for order in self._orders(run, OrderState.CONFIRMED):
            at = min(order.placed_at + timedelta(hours=19), end)
            if self.turns[order.id] is Turn.CANCELLED:
                changing.cancel(order.id, by=order.member_id, at=at)
            elif self.turns[order.id] is Turn.RESIZED:
                self._resize(order, at)

    def _order(self, run: Run, wanted: Wanted) -> None:
        """A basket, an address, and a card on the provider's page."""
        buyer, home = wanted.buyer, wanted.buyer.home
        order = placing.place(
            self._who(wanted),
            run.id,
            {self.variants[size]: pieces for size, pieces in wanted.pieces},
            home.address(buyer.name),
            home.currency,
            at=wanted.at,
        )
        self.turns[order.id] = wanted.turn
        if wanted.turn is Turn.EXPIRED:
            placing.expire(order.id, at=order.held_until)
            return
        at = wanted.at + _CARD_GIVEN_AFTER
        method = cards.ask(order.reference, at=wanted.at)
        url = cards.page_for(
            method.public_id,
            f"/orders/{order.public_id}",
            at=wanted.at,
            amount_minor=order.total_minor,
            currency=order.currency,
        )
        page.give_card(url.rpartition("/")[2], wanted.turn.card, at)

    def _who(self, wanted: Wanted) -> placing.Buyer:
        buyer = wanted.buyer
        if buyer.person is None:
            mail = f"guest-{GUESTS.index((buyer.name, buyer.language, buyer.zone)) + 1}"
            return placing.Buyer(f"{mail}@{DEMO_DOMAIN}", buyer.language, buyer.zone)
        member = db.session.get_one(Member, self.members[buyer.person])
        assert member.email
        return placing.Buyer(member.email, member.language, member.zone, member.id)

    def _resize(self, order: Order, at: datetime) -> None:
        """One size up, if there is one."""
        line = order.lines[0]
        sizes = list(self.variants)
        larger = sizes[min(sizes.index(line.variant.size) + 1, len(sizes) - 1)]
        wanted = {line.id: self.variants[larger]}
        changing.change_sizes(order.id, wanted, by=order.member_id, at=at)

    def _charge(self, run: Run) -> None:
        """The cards are tried, on days 0, 2, 4 and 6; one order is given back before production."""
        at = self.sale.closes_at + timedelta(minutes=1)
        charging.charge_run(run.id, at=at)
        settle(at)
        charging.review_run(run.id, at=at + timedelta(minutes=1))
        for day in charging.DAYS[1:]:
            at = self.sale.closes_at + day * _DAY + timedelta(minutes=2)
            if at > self.now:
                return
            for order in self._orders(run, OrderState.CHARGING):
                charging.try_again(order.id, at=at)
            settle(at)
        charging.review_run(run.id, at=at)
        for order in self._orders(run, OrderState.PAID):
            if self.turns[order.id] is Turn.REFUNDED:
                at = self.sale.closes_at + 3 * _DAY
                key = f"demo:{order.public_id}"
                refunding.refund_all(order.id, reason=_REFUNDED, key=key, at=at, actor=self.finance)
                settle(at)

    def _deliver(self, run: Run) -> None:
        """Parcels leave over two days and arrive within the week; some of it comes back."""
        for number, order in enumerate(self._orders(run, OrderState.PAID)):
            carrier = _CARRIERS.get(order.address["country_code"], "DHL")
            left_at = self.sale.locks_at + 9 * _DAY + number * timedelta(hours=3)
            tracking = f"DEMO{order.id:08d}"
            dispatching.dispatch(self.manager, order.id, carrier, tracking, at=left_at)
            if number % _UNHEARD_OF:
                dispatching.deliver(None, order.id, at=left_at + 4 * _DAY)
        sent = self._orders(run, OrderState.DELIVERED) + self._orders(run, OrderState.DISPATCHED)
        for order in sent:
            turn = self.turns[order.id]
            if turn in {Turn.RETURNED, Turn.FAULTY}:
                self._take_back(order, turn is Turn.FAULTY)

    def _take_back(self, order: Order, is_faulty: bool) -> None:
        """Pay for one piece of the first line."""
        line = order.lines[0]
        at = self.sale.locks_at + 20 * _DAY
        refunding.refund(
            self.finance,
            order.id,
            {line.id: Part(line.unit_minor, 0, 1)},
            reason=_FAULTY if is_faulty else _RETURNED,
            is_faulty=is_faulty,
            key=f"demo:{order.public_id}",
            at=at,
        )
        settle(at)

    def _orders(self, run: Run, state: OrderState) -> list[Order]:
        query = select(Order).where(Order.run_id == run.id, Order.state == state)
        return list(db.session.scalars(query.order_by(Order.id)))
