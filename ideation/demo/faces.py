"""Some of the cast have a portrait; it is drawn, made and hung up while the rest goes on."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path

from ideation.accounts import profiles
from ideation.accounts.models import Member
from ideation.accounts.profiles import Profile
from ideation.core.db import db, transaction
from ideation.core.errors import Invalid
from ideation.demo.cast import Person
from ideation.demo.drawing import Commission, Studio

_LOOKS = ("characters", "menagerie", "fruit", "rosettes", "houses", "arcs")
WIDTH = 400


def commissions(people: Sequence[Person], count: int) -> list[tuple[Person, Commission]]:
    """Who has a portrait of themselves, more or less, and what it shows."""
    chosen = [one for one in people if one.bio][:count]
    return [
        (person, Commission(_LOOKS[n % 6], 700 + n, 1.0, f"portrait-{n}", WIDTH, on_paper=True))
        for n, person in enumerate(chosen)
    ]


class Portraits:
    """The portraits of these people, the last that the studio draws."""

    def __init__(self, people: Sequence[Person], studio: Studio, makers: Executor) -> None:
        self._people = people
        self._studio = studio
        self._makers = makers
        self._made: dict[Person, Future[str | None]] = {}

    def begin(self) -> None:
        """Have them made by other threads. No other picture may be due from the studio."""
        for person in self._people:
            self._made[person] = self._makers.submit(_make, self._studio.next().path)

    def hang_up(self, members: Mapping[Person, int]) -> None:
        """Wait for them, and give each member theirs."""
        keys = {person: made.result() for person, made in self._made.items()}
        with transaction():
            for person, key in keys.items():
                if key is not None:
                    _wear(members[person], key)


def _make(path: Path) -> str | None:
    """Store a portrait; None where the picture cannot be one."""
    try:
        return profiles.make_portrait(path)
    except Invalid:
        return None


def _wear(member_id: int, portrait_key: str) -> None:
    member = db.session.get_one(Member, member_id)
    profile = Profile(member.name, member.bio, member.links, member.language, member.zone)
    profiles.change(member, profile, portrait_key=portrait_key)
