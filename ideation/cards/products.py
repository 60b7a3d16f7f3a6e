"""A product with its run as several pages show it: on the shop's wall, at home, on a profile."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ideation.http.pictures import Picture, product_image
from ideation.products import words
from ideation.products.models import Product, ProductPrice, Run
from ideation.products.phases import Phase, phase
from ideation.products.queries import Shelf, Units

_TAKES_ORDERS = frozenset({Phase.OPEN, Phase.EXTENDED})


@dataclass(frozen=True)
class ProductCard:
    """One product at one instant, for one reader."""

    product: Product
    run: Run | None
    units: Units
    phase: Phase | None
    image: Picture | None
    price: ProductPrice | None
    names: str

    @property
    def takes_orders(self) -> bool:
        return self.phase in _TAKES_ORDERS

    @property
    def counted(self) -> int:
        """Units towards the goal."""
        return self.units.towards_goal(self.run) if self.run is not None else 0

    @property
    def phase_name(self) -> str:
        return str(words.PHASES[self.phase]) if self.phase is not None else ""


def product_card(
    shelf: Shelf, at: datetime, *, colour: str = "", currency: str = ""
) -> ProductCard:
    """The shelf for a reader, in a colour of theirs where the product comes in it."""
    product = shelf.product
    shown = colour if colour in product.colours else product.colours[0]
    return ProductCard(
        product=product,
        run=shelf.run,
        units=shelf.units,
        phase=phase(shelf.run, at) if shelf.run is not None else None,
        image=product_image(product, shown, "grid"),
        price=words.price_for(product, currency),
        names=words.names_of(product),
    )


def product_cards(shelves: Iterable[Shelf], at: datetime) -> Sequence[ProductCard]:
    """Several shelves."""
    return [product_card(shelf, at) for shelf in shelves]
