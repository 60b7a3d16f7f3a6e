"""Filling an empty instance: in what order, so that the first page comes to life first.

The edition being scored comes before all others: its designs are handed in, rendered, approved
and shown. Then, edition by edition, the next designs come in while the last are rendered and
scored; each edition of the past is shown once it is whole. Those of the past come in the order of
their weeks, since what is sold and paid after one stands in the books of the next.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from ideation.contests.phases import Phase
from ideation.core import clock, instance
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid
from ideation.core.i18n import DEFAULT, lazy
from ideation.demo import (
    deciding,
    entering,
    faces,
    joining,
    marking,
    pacing,
    pictures,
    plan,
    tastes,
    weeks,
)
from ideation.demo.cast import STAFF, Person
from ideation.demo.chronicle import Chronicle
from ideation.demo.drawing import Picture, open_studio
from ideation.demo.faces import Portraits
from ideation.demo.hands import PAIRS, Context, Hands
from ideation.demo.pictures import Gallery
from ideation.demo.plan import Edition, Entry, Plan, Size
from ideation.demo.progress import Progress
from ideation.demo.sittings import ScoringRoom
from ideation.search import indexing
from ideation.submissions.artwork import Received
from ideation.submissions.models import Submission

#: How long renditions of one edition may take before the demo gives up.
PATIENCE_SECONDS = 180
#: As many designs of the first edition are seen before the rest of them comes in.
FIRST_SEEN = 5
#: Editions whose designs are handed in before the votes of another: there is always one to render.
AHEAD = 2

One = TypeVar("One")


@dataclass(frozen=True)
class Wanted:
    """What kind of demo: its seed, a folder of pictures to hand in, its size."""

    seed: str = "1"
    designs: Path | None = None
    size: Size = field(default_factory=Size)


def fill(wanted: Wanted, context: Context, progress: Progress) -> list[str]:
    """Fill the instance; returns a line for each picture that could not be handed in.

    ``context`` opens the application for another thread. Raises Conflict where the instance is
    not empty, before anything is written.
    """
    now = clock.now()
    with transaction():
        claim(now, wanted.seed)
    progress.step("Planning")
    on_paper = plan.make(now, wanted.seed, wanted.size)
    order = [
        place
        for phase in (Phase.SCORING, Phase.ENTRY, Phase.DECISION, Phase.RESULTS)
        for place in on_paper.of(phase)
    ]
    designs = pictures.find_designs(wanted.designs)
    portraits = faces.commissions(on_paper.people, wanted.size.portraits)
    named = list(_named(on_paper, order))
    asked = pictures.commissions(named, len(designs), wanted.size.width)
    asked += [commission for _, commission in portraits]
    with (
        pacing.ahead_of_the_disk(),
        TemporaryDirectory(prefix="ideation-demo-") as folder,
        open_studio(Path(folder), asked) as studio,
        Hands(context),
        ThreadPoolExecutor(PAIRS) as makers,
    ):
        gallery = Gallery(designs, studio)
        portrayed = Portraits([person for person, _ in portraits], studio, makers)
        filling = _Filling(wanted, on_paper, now, gallery, progress)
        filling.found(order[0])
        filling.fill(order, portrayed.begin)
        progress.step("Hanging up portraits")
        portrayed.hang_up(filling.members)
        progress.step("Reading what can be searched for")
        indexing.read_all()  # the workers may be behind with what was asked of them
        with transaction():
            instance.establish(instance.DEMO_WHOLE, clock.now())
    return gallery.refused


def claim(at: datetime, seed: str) -> None:
    """Mark the instance as a demo, in the open transaction; of two at once, one does.

    Raises Conflict with the sentence that says why it cannot be one.
    """
    if marking.is_unfinished():
        raise Conflict(
            lazy(
                "A demo is being loaded, or was stopped on the way. `ideation demo --remove` "
                "clears what there is of it."
            )
        )
    if marking.is_marked():
        raise Conflict(
            lazy("The demo is here already. `ideation demo --remove` takes it away again.")
        )
    if not marking.is_empty():
        raise Conflict(
            lazy("This instance has members of its own, and the demo fills empty ones only.")
        )
    try:
        instance.establish(instance.DEMO, at, seed)
    except IntegrityError as error:
        raise Conflict(lazy("Another demo is being loaded at this moment.")) from error


def _named(on_paper: Plan, order: list[int]) -> Iterator[tuple[str, Entry]]:
    for place in order:
        for number, entry in enumerate(on_paper.editions[place].entries):
            yield _name(place, number), entry


def _name(place: int, number: int) -> str:
    return f"demo-entry-{place}-{number}"


class _Filling:
    """One run: who is who, and which submission is which entry on paper."""

    def __init__(
        self, wanted: Wanted, on_paper: Plan, now: datetime, gallery: Gallery, progress: Progress
    ) -> None:
        self.seed = wanted.seed
        self.plan = on_paper
        self.now = now
        self.gallery = gallery
        self.progress = progress
        self.tastes = {one: tastes.taste_of(one, wanted.seed) for one in on_paper.people}
        self.members: dict[Person, int] = {}
        self.contests: list[int] = []
        #: Place → submission → what it is on paper; and those that a moderator has looked at.
        self.handed_in: dict[int, dict[int, Entry]] = defaultdict(dict)
        self.decided: set[int] = set()
        self.chronicle = Chronicle(on_paper, now, wanted.seed, self.members, progress.step)

    def found(self, place: int) -> None:
        """The weeks, empty as yet, and those who are needed for the edition that comes first."""
        self.progress.step("Opening editions")
        with transaction():
            self.contests = weeks.make_editions(self.plan)
        self._invite({*STAFF, *self.plan.editions[place].designers})

    def _invite(self, people: Collection[Person]) -> None:
        self.progress.step("Inviting members")
        with transaction():
            self.members.update(joining.join_all(people, self.plan))

    def fill(self, order: list[int], once_all_are_in: Callable[[], None]) -> None:
        """Every edition in its order; the designs of those to come before the votes of each."""
        first, *rest = order
        count = len(self.plan.editions[first].entries)
        for number in range(min(FIRST_SEEN, count)):
            self._hand_in(first, [number])  # rendered while the next is drawn
        self._settle(first)
        weeks.show(self.contests[first])
        self._invite(set(self.plan.people) - self.members.keys())
        self._hand_in(first, range(FIRST_SEEN, count))
        self._hand_in_all(rest[: AHEAD - 1])
        for number, place in enumerate(order):
            self._settle(place)
            self._hand_in_all(rest[number + AHEAD - 1 : number + AHEAD])
            if place == order[-1]:
                once_all_are_in()
            self._score(place)
        self.chronicle.play_until(self.now)

    def _hand_in_all(self, places: Sequence[int]) -> None:
        for place in places:
            self._hand_in(place, range(len(self.plan.editions[place].entries)))

    def _hand_in(self, place: int, numbers: Sequence[int]) -> None:
        """Take the pictures one after the other as they are drawn, then enter them together."""
        count = len(self.plan.editions[place].entries)
        brought: list[tuple[int, Picture, Received]] = []
        for number in numbers:
            self._say(place, "handing in", number + 1, count)
            picture = self.gallery.next()
            try:
                brought.append((number, picture, entering.receive(picture)))
            except Invalid as error:
                self.gallery.refuse(picture, error)
        pacing.work_off(brought, lambda one: self._enter(place, *one))

    def _enter(
        self, place: int, number: int, picture: Picture, received: Received
    ) -> Submission | None:
        entry, name = self.plan.editions[place].entries[number], _name(place, number)
        try:
            submission = entering.hand_in(
                entry, name, self.contests[place], picture, received, self.members
            )
        except Invalid as error:
            self.gallery.refuse(picture, error)
            return None
        self.handed_in[place][submission.id] = entry
        return submission

    def _settle(self, place: int) -> None:
        """Wait for the renditions, then let the moderators decide in the order of their days."""
        contest_id = self.contests[place]
        total = len(self.handed_in[place])
        deadline = time.monotonic() + PATIENCE_SECONDS
        while waiting := entering.count_processing(contest_id):
            self._say(place, "rendering", total - waiting, total)
            db.session.rollback()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{waiting} pictures were not rendered in time")
            time.sleep(0.05)
        db.session.rollback()
        by_day = sorted(self.handed_in[place].items(), key=lambda pair: pair[1].decided_at)
        undecided = [pair for pair in by_day if pair[0] not in self.decided]
        pacing.work_off(
            self._told(place, "moderating", undecided),
            lambda pair: entering.decide(pair[1], pair[0], self.members),
        )
        self.decided.update(submission_id for submission_id, _ in undecided)
        edition = self.plan.editions[place]
        if edition.windows.scoring_opens_at <= self.now:
            weeks.begin_scoring(contest_id, edition)
            weeks.list_anew(contest_id)

    def _score(self, place: int) -> None:
        edition = self.plan.editions[place]
        if not edition.sittings:
            return
        chance = Random(f"{self.seed}:votes:{place}")  # noqa: S311 - for looks, not for secrets
        end = min(edition.windows.scoring_closes_at, self.now) - timedelta(minutes=1)
        room = ScoringRoom(
            self.contests[place], self.handed_in[place], self.members, self.tastes, chance, end
        )
        pacing.work_off(self._told(place, "scoring", edition.sittings), room.seat)
        room.leave()
        if edition.phase is Phase.DECISION:
            self._close(place, lambda contest_id: self._begin_deciding(contest_id, edition))
        elif edition.phase is Phase.RESULTS:
            self.chronicle.play_until_announced(place)
            self._close(place, lambda contest_id: self._decide(contest_id, edition, place))
            self.chronicle.prepare(place, self.contests[place])

    def _close(self, place: int, then: Callable[[int], None]) -> None:
        self._say(place, "counting", 0, 0)
        weeks.close(self.contests[place], self.plan.editions[place], then)

    def _begin_deciding(self, contest_id: int, edition: Edition) -> None:
        deciding.begin(contest_id, edition, self.members, until=self.now - timedelta(hours=1))

    def _decide(self, contest_id: int, edition: Edition, place: int) -> None:
        deciding.decide(contest_id, edition, self.members, stands_out=place)

    def _told(self, place: int, what: str, ones: Sequence[One]) -> Iterator[One]:
        """The same ones, each announced as it is taken."""
        for number, one in enumerate(ones, 1):
            self._say(place, what, number, len(ones))
            yield one

    def _say(self, place: int, what: str, done: int, of: int) -> None:
        title = self.plan.editions[place].theme.texts[DEFAULT].title
        self.progress.step(f"{title}: {what}", done, of)
