"""What happens to products and their runs."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PicturesDrawn:
    """A product looks otherwise than before."""

    product_id: int
    at: datetime


@dataclass(frozen=True)
class RunOpened:
    """A product can be pre-ordered (published when its page is; the window may open later)."""

    run_id: int
    at: datetime


@dataclass(frozen=True)
class RunExtended:
    """The end came with most of the goal pledged: the window is longer, once."""

    run_id: int
    at: datetime


@dataclass(frozen=True)
class RunEndsSoon:
    """In 48 hours cards will be charged if the goal is pledged."""

    run_id: int
    at: datetime


@dataclass(frozen=True)
class RunCharging:
    """The goal was pledged at the end: the cards are to be charged."""

    run_id: int
    at: datetime


@dataclass(frozen=True)
class RunGo:
    """The units collected reached the goal: it will be printed."""

    run_id: int
    at: datetime


@dataclass(frozen=True)
class RunFailed:
    """The goal was not reached: nobody pays, whoever paid gets everything back."""

    run_id: int
    at: datetime


@dataclass(frozen=True)
class RunLocked:
    """Production starts: orders change no more."""

    run_id: int
    at: datetime
