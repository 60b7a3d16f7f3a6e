"""Test cards: published numbers, and what each does. They belong to nobody.

A number is only ever looked up here; what is kept is the kind, the brand and four digits.
"""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ideation.core.errors import Invalid, Words
from ideation.core.i18n import lazy


class CardKind(enum.StrEnum):
    """What a test card does."""

    SUCCEEDS = "succeeds"
    CONFIRMS_SAVING = "confirms_saving"
    CONFIRMS_CHARGE = "confirms_charge"
    DECLINES_SAVING = "declines_saving"
    DECLINES_CHARGE = "declines_charge"
    DECLINES_TWICE = "declines_twice"
    REFUSES_REFUND = "refuses_refund"


@dataclass(frozen=True)
class TestCard:
    """A published number and the words for what it does."""

    __test__ = False  # its name is no test's

    kind: CardKind
    number: str
    label: Words
    brand: str = "Visa"

    @property
    def last4(self) -> str:
        """What may be shown of it."""
        return self.number[-4:]

    @property
    def spaced(self) -> str:
        """The number as it stands on a card."""
        return " ".join(self.number[start : start + 4] for start in range(0, 16, 4))


TEST_CARDS: tuple[TestCard, ...] = (
    TestCard(CardKind.SUCCEEDS, "4000111122220004", lazy("Works")),
    TestCard(
        CardKind.CONFIRMS_SAVING, "4000111122220012", lazy("Asks you to confirm it, then works")
    ),
    TestCard(
        CardKind.CONFIRMS_CHARGE, "4000111122220020", lazy("Asks you to confirm when it is charged")
    ),
    TestCard(CardKind.DECLINES_SAVING, "4000111122220038", lazy("Is declined at once")),
    TestCard(
        CardKind.DECLINES_CHARGE, "4000111122220046", lazy("Is saved, then declined when charged")
    ),
    TestCard(
        CardKind.DECLINES_TWICE, "5200111122220017", lazy("Is declined twice, then works"),
        brand="Mastercard",
    ),
    TestCard(
        CardKind.REFUSES_REFUND, "5200111122220025", lazy("Works, but takes no money back"),
        brand="Mastercard",
    ),
)  # fmt: skip

BY_KIND: Mapping[CardKind, TestCard] = {card.kind: card for card in TEST_CARDS}
_BY_NUMBER = {card.number: card for card in TEST_CARDS}

_SPACES = re.compile(r"[\s-]+")
_EXPIRY = re.compile(r"(0[1-9]|1[0-2])\s*/\s*(?:20)?(\d\d)")
#: No bank gives a card that is good for longer.
_LONGEST_YEARS = 20


def luhn(digits: str) -> bool:
    """Whether the last digit checks the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def read_number(typed: str) -> TestCard:
    """The test card of a typed number. Raises Invalid, without repeating it."""
    digits = _SPACES.sub("", typed)
    if not digits:
        raise Invalid(lazy("Type the number on the card."))
    if not digits.isascii() or not digits.isdigit():
        raise Invalid(lazy("A card number has digits only."))
    if not 12 <= len(digits) <= 19:
        raise Invalid(lazy("A card number has 12 to 19 digits. Is one missing?"))
    if not luhn(digits):
        raise Invalid(lazy("This number has a slip of the finger in it. Check each digit."))
    if digits not in _BY_NUMBER:
        raise Invalid(lazy("Only the test cards work here. Never type a real card."))
    return _BY_NUMBER[digits]


def check_expiry(typed: str, at: datetime) -> None:
    """Raise Invalid unless it is a month (``04/29``) that is not over."""
    found = _EXPIRY.fullmatch(typed.strip())
    if found is None:
        raise Invalid(lazy("Write month and year, such as 04/29."))
    month, year = int(found[1]), 2000 + int(found[2])
    if (year, month) < (at.year, at.month):
        raise Invalid(lazy("This card has expired."))
    if year > at.year + _LONGEST_YEARS:
        raise Invalid(lazy("That year is too far away. Check it."))


def check_cvc(typed: str) -> None:
    """Raise Invalid unless it is three or four digits."""
    digits = typed.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) in {3, 4}):
        raise Invalid(lazy("Type the three digits on the back of the card."))
