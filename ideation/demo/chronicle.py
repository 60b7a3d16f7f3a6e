"""What comes after the contests, in the order in which it happened.

What is payable on a payday follows from all that came before it, so announcements, sales and
paydays are played by the calendar, between the closes of one edition and the next.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from ideation.core.db import db, transaction
from ideation.demo import paying, sales, selling
from ideation.demo.cast import FINANCE, Person
from ideation.demo.deciding import ANNOUNCED_AFTER
from ideation.demo.plan import Plan
from ideation.demo.sales import Ending, Sale
from ideation.products import pictures
from ideation.products.models import Product

#: How long the pictures of a product may take before the demo gives up, and how often it looks:
#: whoever looks all the time takes the processor from those who draw.
PATIENCE_SECONDS = 120
LOOK_EVERY_SECONDS = 0.2

Say = Callable[[str], None]


class Chronicle:
    """Sales and paydays that have not been played yet. ``say`` tells whoever waits."""

    def __init__(
        self, on_paper: Plan, now: datetime, seed: str, members: Mapping[Person, int], say: Say
    ) -> None:
        self.plan = on_paper
        self.now = now
        self.members = members
        self._say = say
        self._sales = sales.plan(on_paper, now, seed)
        self._products: dict[Sale, int] = {}
        self._paydays = list(paying.paydays(min(sale.opens_at for sale in self._sales), now))
        self._has_bounced = False
        self._last_settled = max(
            sale.settled_at for sale in self._sales if sale.ending is Ending.DELIVERED
        )

    def prepare(self, place: int, contest_id: int) -> None:
        """An edition was announced: make products of those of its winners that are sold."""
        for sale in self._sales:
            if sale.place == place:
                with transaction():
                    self._products[sale] = selling.make_product(contest_id, sale, self.members)

    def play_until_announced(self, place: int) -> None:
        """Catch up with the day on which an edition is announced."""
        self.play_until(self.plan.editions[place].windows.scoring_closes_at + ANNOUNCED_AFTER)

    def play_until(self, at: datetime) -> None:
        """Play whatever happened before ``at`` and was not played yet, the earliest first."""
        while True:
            sale = self._sales[0] if self._sales else None
            payday = self._paydays[0] if self._paydays else None
            if payday is not None and payday < min(at, sale.settled_at if sale else at):
                self._pay(self._paydays.pop(0))
            elif sale is not None and sale.settled_at < at:
                self._sell(self._sales.pop(0))
            else:
                return

    def _sell(self, sale: Sale) -> None:
        product_id = self._products[sale]
        self._wait_for_pictures(product_id)
        with transaction():
            product = db.session.get_one(Product, product_id)
            self._say(f"Selling {product.name}")
            selling.Playing(product_id, sale, self.members, self.now).play()

    def _pay(self, at: datetime) -> None:
        self._say("Paying designers")
        is_last = not self._paydays
        with transaction():
            self._has_bounced |= paying.pay(
                self.members[FINANCE],
                at,
                now=self.now,
                bounces=not self._has_bounced,
                held=is_last and at > self._last_settled,
            )

    def _wait_for_pictures(self, product_id: int) -> None:
        self._say("Drawing products")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not pictures.are_ready(db.session.get_one(Product, product_id)):
            db.session.rollback()
            if time.monotonic() > deadline:
                raise TimeoutError("the pictures of a product were not drawn in time")
            time.sleep(LOOK_EVERY_SECONDS)
        db.session.rollback()
