"""Share cards, the last thing that workers turn to."""

from ideation.core import clock, jobs
from ideation.core.db import transaction
from ideation.sharing import cards, looking
from ideation.sharing.models import Kind


@jobs.handler(looking.LOOK)
def look() -> None:
    """Ask for the cards that are due."""
    with transaction():
        looking.look(clock.now())


@jobs.handler(cards.DRAW)
def draw(kind: str, subject_id: int) -> None:
    """Draw a subject's cards: the slow part outside any transaction."""
    drawn = cards.make(Kind(kind), subject_id, at=clock.now())
    with transaction():
        cards.record(drawn, at=clock.now())
