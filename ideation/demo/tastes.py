"""How a member of the cast would score a design, and whether they would buy it.

A design has an appeal that everybody feels; a member likes some kinds of art more than others, is
stricter or kinder than most, and uses more or less of the scale. Marks come out in a bell around
3.1, with a few designs that divide people.
"""

from dataclasses import dataclass
from random import Random

from ideation.demo.art import FAMILIES
from ideation.demo.cast import Person
from ideation.demo.plan import Entry
from ideation.voting.intents import Wish

MIDDLE = 3.1
_SIZES = ("XS", "S", "S", "M", "M", "M", "L", "L", "XL", "XXL")
#: The most that people would pay for a T-shirt, in US dollars; most name its price.
_MOST = (18, 20, 20, 22, 24, 24, 24, 25, 28, 30, 35)
#: Stars → the chance of "I'd buy it", for somebody of average temper.
_BUYS = {3: 0.02, 4: 0.14, 5: 0.42}


@dataclass(frozen=True)
class Taste:
    """What one member brings to every design."""

    fond: dict[str, float]
    kind: float
    stretch: float
    size: str
    buys: float

    def stars(self, entry: Entry, rng: Random) -> int:
        """The mark this member gives the design on an ordinary evening."""
        felt = entry.appeal + entry.divides * self.fond[entry.family] + rng.gauss(0, 0.45)
        return min(5, max(1, round(MIDDLE + self.stretch * felt + self.kind)))

    def wish(self, stars: int, rng: Random) -> Wish | None:
        """What they would buy it for, if at all."""
        if rng.random() >= _BUYS.get(stars, 0) * self.buys:
            return None
        if rng.random() < 0.15:
            return Wish(self.size)
        return Wish(self.size, rng.choice(_MOST) * 100, "USD")


def taste_of(person: Person, seed: str) -> Taste:
    """The member's taste: theirs for good, since it follows from the name and the seed."""
    rng = Random(f"{seed}:taste:{person.name}")  # noqa: S311 - chance for looks, not for secrets
    fond = {family: rng.gauss(0, 0.4) for family in FAMILIES}
    for family in person.draws:
        fond[family] += 0.3
    return Taste(
        fond=fond,
        kind=-person.strict * 0.75 + rng.gauss(0, 0.1),
        stretch=rng.uniform(0.75, 1.5),
        size=rng.choice(_SIZES),
        buys=rng.choice((0.2, 0.6, 1.0, 1.0, 1.8)),
    )
