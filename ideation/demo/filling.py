"""Filling an empty instance: in what order, so that the first page comes to life first.

The edition being scored comes before all others: its designs are handed in, rendered, approved
and shown. Then, edition by edition, the next designs come in while the last are rendered and
scored; each edition of the past is shown once it is whole. Those of the past come in the order of
their weeks, since what is sold and paid after one stands in the books of the next.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy.exc import IntegrityError

from ideation.contests.phases import Phase
from ideation.core import clock, instance
from ideation.core.db import db, is_postgresql, transaction
from ideation.core.errors import Conflict, Invalid
from ideation.core.i18n import DEFAULT, lazy
from ideation.demo import deciding, entering, joining, marking, pictures, plan, tastes, weeks
from ideation.demo.cast import STAFF, Person
from ideation.demo.chronicle import Chronicle
from ideation.demo.drawing import open_studio
from ideation.demo.hands import PAIRS, Context, Hands
from ideation.demo.pictures import Gallery
from ideation.demo.plan import Edition, Entry, Plan, Size
from ideation.demo.progress import Progress
from ideation.demo.sittings import ScoringRoom

#: How long renditions of one edition may take before the demo gives up.
PATIENCE_SECONDS = 180
#: As many designs of the first edition are seen before the rest of them comes in.
FIRST_SEEN = 5
#: Sittings in one transaction: a tenth of a second in which nobody else writes to SQLite.
AT_ONCE = 2
#: After each: who waits for SQLite's lock looks for it a few times a second, and must find it free.
BREATH_SECONDS = 0.02


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
    portraits = joining.portrait_commissions(on_paper.people, wanted.size.portraits)
    named = list(_named(on_paper, order))
    asked = pictures.commissions(named, len(designs), wanted.size.width)
    asked += [commission for _, commission in portraits]
    with (
        TemporaryDirectory(prefix="ideation-demo-") as folder,
        open_studio(Path(folder), asked) as studio,
        Hands(context),
    ):
        gallery = Gallery(designs, studio)
        filling = _Filling(wanted, on_paper, now, gallery, progress)
        filling.found(order[0])
        filling.fill(order)
        filling.portray({person: studio.next().path for person, _ in portraits})
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


def _breathe() -> None:
    if not is_postgresql():
        time.sleep(BREATH_SECONDS)


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

    def fill(self, order: list[int]) -> None:
        """Every edition in its order, the next one's designs before the last one's votes."""
        first, *rest = order
        count = len(self.plan.editions[first].entries)
        self._hand_in(first, range(min(FIRST_SEEN, count)))
        self._settle(first)
        weeks.show(self.contests[first])
        self._invite(set(self.plan.people) - self.members.keys())
        self._hand_in(first, range(FIRST_SEEN, count))
        self._settle(first)
        last = first
        for place in rest:
            self._hand_in(place, range(len(self.plan.editions[place].entries)))
            self._score(last)
            self._settle(place)
            last = place
        self._score(last)
        self.chronicle.play_until(self.now)

    def portray(self, paths: Mapping[Person, Path]) -> None:
        """Give members a face."""
        with ThreadPoolExecutor(PAIRS) as pool:
            for done, (person, key) in enumerate(
                zip(paths, pool.map(joining.make_portrait, paths.values()), strict=True), 1
            ):
                self.progress.step("Hanging up portraits", done, len(paths))
                if key is not None:
                    with transaction():
                        joining.wear(self.members[person], key)

    def _hand_in(self, place: int, numbers: range) -> None:
        entries = self.plan.editions[place].entries
        for number in numbers:
            self._say(place, "handing in", number + 1, len(entries))
            picture = self.gallery.next()
            entry, name = entries[number], _name(place, number)
            try:
                submission_id = entering.hand_in(
                    entry, name, self.contests[place], picture, self.members
                )
            except Invalid as error:
                words = [str(text) for text in error.fields.values()]
                self.gallery.refuse(picture, " ".join(words) or str(error))
            else:
                self.handed_in[place][submission_id] = entry

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
        for number, (submission_id, entry) in enumerate(by_day):
            if submission_id not in self.decided:
                self._say(place, "moderating", number + 1, total)
                entering.decide(entry, submission_id, self.members)
                self.decided.add(submission_id)
                _breathe()
        edition = self.plan.editions[place]
        if edition.windows.scoring_opens_at <= self.now:
            weeks.begin_scoring(contest_id, edition)

    def _score(self, place: int) -> None:
        edition = self.plan.editions[place]
        if not edition.sittings:
            return
        chance = Random(f"{self.seed}:votes:{place}")  # noqa: S311 - for looks, not for secrets
        room = ScoringRoom(
            self.contests[place], self.handed_in[place], self.members, self.tastes, chance
        )
        end = min(edition.windows.scoring_closes_at, self.now) - timedelta(minutes=1)
        for first in range(0, len(edition.sittings), AT_ONCE):
            self._say(place, "scoring", first, len(edition.sittings))
            room.seat(edition.sittings[first : first + AT_ONCE], end)
            _breathe()
        room.leave(end)
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

    def _say(self, place: int, what: str, done: int, of: int) -> None:
        title = self.plan.editions[place].theme.texts[DEFAULT].title
        self.progress.step(f"{title}: {what}", done, of)
