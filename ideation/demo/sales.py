"""The second half on paper: which winners are sold, when, to whom, and how each sale ends.

Like the plan of the contests it follows from a seed and the present instant; nothing is written.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from ideation.contests.phases import Phase
from ideation.demo.cast import STAFF, Person
from ideation.demo.deciding import ANNOUNCED_AFTER
from ideation.demo.homes import GUESTS, HOMES, Home
from ideation.demo.plan import Plan, moment
from ideation.demo.tastes import taste_of
from ideation.payments.providers.sandbox.cards import CardKind

_DAY = timedelta(days=1)
WINDOW = 14 * _DAY


class Ending(enum.Enum):
    """How far a sale has come by now."""

    DELIVERED = enum.auto()
    IN_PRODUCTION = enum.auto()
    FAILED = enum.auto()
    PAST_ITS_GOAL = enum.auto()
    BEFORE_ITS_GOAL = enum.auto()


class Turn(enum.Enum):
    """What else happens to an order."""

    NONE = enum.auto()
    #: No card was given.
    EXPIRED = enum.auto()
    CANCELLED = enum.auto()
    #: Every try at the card fails.
    DROPPED = enum.auto()
    #: The first two tries fail.
    LATE = enum.auto()
    RESIZED = enum.auto()
    #: All is given back before production.
    REFUNDED = enum.auto()
    #: One piece comes back: it was too small.
    RETURNED = enum.auto()
    #: One piece was faulty: the designer keeps the royalty.
    FAULTY = enum.auto()

    @property
    def counts(self) -> bool:
        """Whether the order's units help to reach the goal."""
        return self not in {Turn.EXPIRED, Turn.CANCELLED, Turn.DROPPED, Turn.REFUNDED}

    @property
    def card(self) -> CardKind:
        """The card they give."""
        cards = {Turn.DROPPED: CardKind.DECLINES_CHARGE, Turn.LATE: CardKind.DECLINES_TWICE}
        return cards.get(self, CardKind.SUCCEEDS)


@dataclass(frozen=True)
class Buyer:
    """Somebody of the cast, or a guest, who has a name and a language only."""

    name: str
    language: str
    zone: str
    size: str
    person: Person | None = None

    @property
    def home(self) -> Home:
        """Where the parcel goes."""
        return HOMES[self.zone]


@dataclass(frozen=True)
class Wanted:
    """An order on paper. ``pieces``: (size, how many)."""

    buyer: Buyer
    at: datetime
    pieces: tuple[tuple[str, int], ...]
    turn: Turn = Turn.NONE


@dataclass(frozen=True)
class Sale:
    """One run of one winner. ``place`` is its edition's in the plan, ``winner`` its rank there."""

    place: int
    winner: int
    ending: Ending
    goal: int
    opens_at: datetime
    orders: tuple[Wanted, ...]

    @property
    def is_on(self) -> bool:
        """Whether it can be ordered now."""
        return self.ending in {Ending.PAST_ITS_GOAL, Ending.BEFORE_ITS_GOAL}

    @property
    def closes_at(self) -> datetime:
        """Half open."""
        return self.opens_at + WINDOW

    @property
    def locks_at(self) -> datetime:
        """When production starts."""
        return self.closes_at + 8 * _DAY

    @property
    def settled_at(self) -> datetime:
        """When most of its royalties have become payable; of one not sent yet, when it opens."""
        if self.ending is Ending.DELIVERED:
            return self.locks_at + 45 * _DAY
        return self.opens_at


@dataclass(frozen=True)
class _Kind:
    """What a sale is like: pieces in percent of the goal, and turns of its first orders."""

    ending: Ending
    goal: int
    percent: int
    turns: tuple[Turn, ...] = ()


_FIRST = _Kind(Ending.DELIVERED, 20, 150, (Turn.FAULTY, Turn.LATE, Turn.RESIZED, Turn.CANCELLED))
_FAILED = _Kind(Ending.FAILED, 30, 35)
_SECOND = _Kind(Ending.DELIVERED, 20, 140, (Turn.RETURNED, Turn.NONE, Turn.LATE))
_PRODUCED = _Kind(
    Ending.IN_PRODUCTION,
    15,
    120,
    (Turn.CANCELLED, Turn.DROPPED, Turn.RESIZED, Turn.REFUNDED, Turn.EXPIRED),
)
_PAST = _Kind(Ending.PAST_ITS_GOAL, 12, 125, (Turn.RESIZED, Turn.EXPIRED))
_BEFORE = _Kind(Ending.BEFORE_ITS_GOAL, 50, 30, (Turn.CANCELLED,))


def plan(on_paper: Plan, now: datetime, seed: str) -> list[Sale]:
    """The sales in the order in which they are played."""
    rng = Random(f"{seed}:sales")  # noqa: S311 - chance for looks, not for secrets
    sales = [
        _sale(on_paper, place, winner, kind, opens_at, now, seed, rng)
        for place, winner, kind, opens_at in _outline(on_paper, now)
    ]
    return sorted(sales, key=lambda sale: sale.settled_at)


def _outline(on_paper: Plan, now: datetime) -> Iterator[tuple[int, int, _Kind, datetime]]:
    """(edition, winner, kind, when it opens): pilots are long over, the latest are open."""
    results = on_paper.of(Phase.RESULTS)
    pilots, weekly = results[: on_paper.pilots], results[on_paper.pilots :]
    for pilot, kind in zip(pilots, (_FIRST, _SECOND), strict=False):
        yield pilot, 1, kind, _announced(on_paper, pilot) + 2 * _DAY
    if pilots:
        yield pilots[0], 2, _FAILED, _announced(on_paper, pilots[0]) + 3 * _DAY
    if len(weekly) >= 4:
        yield weekly[-4], 1, _PRODUCED, _announced(on_paper, weekly[-4]) + _DAY
    if len(weekly) >= 3:
        yield weekly[-3], 1, _PAST, now - 9 * _DAY
    if len(weekly) >= 2:
        yield weekly[-2], 1, _BEFORE, now - 5 * _DAY


def _announced(on_paper: Plan, place: int) -> datetime:
    return on_paper.editions[place].windows.scoring_closes_at + ANNOUNCED_AFTER


def _sale(
    on_paper: Plan,
    place: int,
    winner: int,
    kind: _Kind,
    opens_at: datetime,
    now: datetime,
    seed: str,
    rng: Random,
) -> Sale:
    until = min(opens_at + WINDOW, now) - timedelta(hours=2)
    buyers = [
        Buyer(name, language, zone, rng.choice(("S", "M", "L"))) for name, language, zone in GUESTS
    ]
    buyers = rng.sample(buyers, 4)
    buyers += [
        Buyer(one.name, one.language, one.zone, taste_of(one, seed).size, one)
        for one, joined_at in on_paper.joined.items()
        if one.zone in HOMES and joined_at < opens_at and one not in STAFF and one.is_confirmed
    ]
    rng.shuffle(buyers)
    orders = _orders(buyers, kind, opens_at, until, rng)
    return Sale(place, winner, kind.ending, kind.goal, opens_at, tuple(orders))


def _orders(
    buyers: Sequence[Buyer], kind: _Kind, opens_at: datetime, until: datetime, rng: Random
) -> list[Wanted]:
    """One order a buyer, until there are as many pieces as the kind of sale has."""
    wanted, pieces = [], 0
    for number, buyer in enumerate(buyers):
        if pieces * 100 >= kind.percent * kind.goal:
            break
        turn = kind.turns[number] if number < len(kind.turns) else Turn.NONE
        basket = _basket(buyer, turn, rng)
        where = buyer.person or Person(buyer.name, buyer.zone)
        at = moment(rng, where, opens_at + timedelta(minutes=20), until)
        wanted.append(Wanted(buyer, at, tuple(basket.items()), turn))
        pieces += sum(basket.values()) if turn.counts else 0
    return sorted(wanted, key=lambda one: one.at)


def _basket(buyer: Buyer, turn: Turn, rng: Random) -> dict[str, int]:
    """Their own size, often for two, now and then one for somebody else."""
    basket = {
        buyer.size: 2 if turn in {Turn.RETURNED, Turn.FAULTY} else rng.choice((1, 1, 2, 2, 3))
    }
    if rng.random() < 0.25:
        other = rng.choice([size for size in ("S", "M", "L", "XL") if size != buyer.size])
        basket[other] = 1
    return basket
