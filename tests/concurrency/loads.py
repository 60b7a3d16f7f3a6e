"""People who keep at it while the house falls down around them.

Each remembers what was acknowledged to them and tries again what was not, until it is.
"""

import io
import itertools
import json
import math
import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from flask import Flask
from PIL import Image
from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.core import ids
from ideation.core.db import db
from ideation.core.storage import in_force
from ideation.orders.models import Order
from ideation.payments.providers.sandbox.cards import CardKind
from ideation.products.models import Run
from ideation.submissions.models import Artwork, ArtworkState, State, Submission
from ideation.voting.models import Vote
from tests import factories
from tests.factories import voting
from tests.factories.orders import ADDRESS
from tests.servers.mortals import WAIT_SECONDS
from tests.servers.visitor import Answer, Unanswered, Visitor


class Load(threading.Thread):
    """One person on a thread of their own; ``acknowledged`` counts what they were told.

    Who asks for much work does so ``most`` times, so that a slow machine has no more to do.
    """

    pause = 0.3

    def __init__(self, visitor: Visitor, most: float = math.inf) -> None:
        super().__init__(daemon=True)
        self.visitor = visitor
        self.most = most
        self.acknowledged = 0
        self.wrong: list[str] = []
        self.over = threading.Event()

    def run(self) -> None:
        while self.acknowledged < self.most:
            if self.over.wait(self.pause * random.uniform(0.5, 1.5)):
                return
            try:
                self.act()
                self.acknowledged += 1
            except Exception as error:
                self.wrong.append(f"{type(error).__name__}: {error}")

    def act(self) -> None:
        """Do one thing, until it is acknowledged."""
        raise NotImplementedError

    def lost(self) -> list[str]:
        """What was acknowledged and is not there; what is there twice."""
        raise NotImplementedError

    def finish(self) -> None:
        """Ask to stop, and wait until what was begun is acknowledged."""
        self.over.set()
        self.join(WAIT_SECONDS)
        assert not self.is_alive(), f"{self} never got its answer"
        assert not self.wrong, self.wrong

    def until_told(self, send: Callable[[], Answer], *expected: int) -> Answer:
        """Send again and again, until the answer is one of those expected."""
        while True:
            try:
                answer = send()
            except Unanswered:
                time.sleep(0.1)
                continue
            if answer.status in expected:
                return answer
            assert answer.status == 429, (answer.status, answer.location, answer.body[:300])
            time.sleep(1)


class Voter(Load):
    """Scores designs, and changes their mind."""

    def __init__(self, app: Flask, url: str, member: Member, designs: Sequence[Submission]) -> None:
        super().__init__(Visitor(app, url, member))
        self.member_id = member.id
        self.tokens = {one.id: voting.ballot(member, one) for one in designs}
        self.path = f"/contests/{designs[0].contest.slug}/votes"
        #: Design → what its vote can be: one mark, if nothing is in doubt.
        self.possible: dict[int, set[int]] = defaultdict(set)

    def act(self) -> None:
        design, stars = random.choice(list(self.tokens)), random.randint(1, 5)
        form = {"ballot": self.tokens[design], "stars": str(stars)}
        self.possible[design].add(stars)
        self.until_told(lambda: self.visitor.post(self.path, form, json=True), 200)
        self.possible[design] = {stars}

    def lost(self) -> list[str]:
        query = select(Vote.submission_id, Vote.stars).where(Vote.member_id == self.member_id)
        stands = {row.submission_id: row.stars for row in db.session.execute(query)}
        return [
            f"vote of {self.member_id} for {design}: {stands.get(design)} instead of {marks}"
            for design, marks in self.possible.items()
            if stands.get(design) not in marks
        ]


class Uploader(Load):
    """Adds pictures to drafts."""

    pause = 3.0

    def __init__(self, app: Flask, url: str, drafts: Sequence[Submission], most: int) -> None:
        super().__init__(Visitor(app, url, drafts[0].member), most)
        self.drafts = itertools.cycle([one.public_id for one in drafts])
        self.shades = itertools.count()
        self.told: set[str] = set()

    def act(self) -> None:
        path = f"/designs/{next(self.drafts)}/pictures"
        content = _picture(next(self.shades))
        sent = itertools.count()

        def send() -> Answer:
            next(sent)
            return self.visitor.upload(path, "pictures", content)

        # Whoever sends again what was kept before its answer got lost is told: it is here already.
        answer = self.until_told(send, 201, 409, 422)
        assert answer.status != 422 or next(sent) > 1, answer.body
        if answer.status == 201:
            self.told |= set(json.loads(answer.body)["states"])

    def lost(self) -> list[str]:
        query = select(Artwork).where(Artwork.public_id.in_(self.told))
        kept = {one.public_id: one for one in db.session.scalars(query)}
        store = in_force.store()
        return [
            f"picture {public_id}"
            for public_id in self.told
            if public_id not in kept
            or kept[public_id].state is not ArtworkState.READY
            or not store.exists(kept[public_id].original_key)
        ]


class Buyer(Load):
    """Orders, and gives a card on the provider's page; a form that is sent again has its key."""

    pause = 2.0

    def __init__(self, app: Flask, url: str, run: Run, most: int) -> None:
        super().__init__(Visitor(app, url, factories.member("Buyer")), most)
        self.path = f"/products/{run.product.slug}/checkout"
        self.variants = [row.variant_id for row in run.stock]
        #: Key of a form → every order that one was told of under it.
        self.told: dict[str, set[str]] = defaultdict(set)

    def act(self) -> None:
        form = order_form(random.choice(self.variants), ids.public_id(20))
        placed = self.until_told(lambda: self.visitor.post(self.path, form), 303)
        found = re.fullmatch(r"/orders/(\w+)/review", placed.location)
        assert found, f"no order, but {placed.location}"
        self.told[form["key"]].add(found[1])
        asked = self.until_told(lambda: self.visitor.post(f"/orders/{found[1]}/cards", {}), 303)
        # 409: an answer got lost, and the card is saved already.
        card = {"kind": CardKind.SUCCEEDS.value}
        self.until_told(lambda: self.visitor.post(asked.location, card), 303, 409)

    def lost(self) -> list[str]:
        told = {public_id for orders in self.told.values() for public_id in orders}
        kept = set(db.session.scalars(select(Order.public_id).where(Order.public_id.in_(told))))
        doubles = [key for key, orders in self.told.items() if len(orders) > 1]
        return [f"order {one}" for one in told - kept] + [f"two orders of {key}" for key in doubles]


def order_form(variant_id: int, key: str) -> dict[str, str]:
    """What the checkout sends for one piece."""
    return {**ADDRESS, f"v{variant_id}": "1", "currency": "USD", "key": key}


def drafts(contest: object, count: int) -> list[Submission]:
    """Drafts of one member, to put pictures on."""
    member = factories.member("Uploader")
    return [
        factories.submission(contest, member, state=State.DRAFT, with_artwork=False)  # type: ignore[arg-type]
        for _ in range(count)
    ]


def _picture(number: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 400), (number * 7 % 256, number * 13 % 256, 90)).save(out, "PNG")
    return out.getvalue()
