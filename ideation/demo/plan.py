"""The demo on paper: which editions, who enters what and when, who sits down to score and when.

Everything follows from a seed and the present instant; nothing is written here.
"""

import enum
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from ideation.accounts.grants import SEES_LIVE_SCORES
from ideation.contests import schedule
from ideation.contests.phases import Phase
from ideation.contests.schedule import WeeklyTemplate
from ideation.demo import art
from ideation.demo.cast import DESIGNERS, RING, STAFF, VOTERS, Person
from ideation.demo.themes import PILOTS, THEMES, Theme

ZONE = "Europe/Lisbon"
NOON = 12 * 60
#: How many days ago entries of the newest edition opened, so that every phase is well under way.
AGE_DAYS = 4
#: Weeks before that at which the pilot contests opened: what was sold after the first is paid by
#: now, what was sold after the second becomes payable these days.
PILOT_WEEKS = (19, 12)


class Fate(enum.StrEnum):
    """What becomes of an entry."""

    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    WAITING = "waiting"
    DRAFT = "draft"


@dataclass(frozen=True)
class Entry:
    """A design on its way into an edition. ``appeal`` is what everybody feels, in stars."""

    designer: Person
    family: str
    seed: int
    quality: float
    appeal: float
    divides: float
    fate: Fate
    begun_at: datetime
    submitted_at: datetime
    decided_at: datetime
    #: Co-designer and their share in basis points.
    shared_with: tuple[Person, int] | None = None


@dataclass(frozen=True)
class Sitting:
    """A member who sits down to score: when, and for how many ballots at most."""

    person: Person
    at: datetime
    ballots: int


@dataclass(frozen=True)
class Edition:
    """One week of the series, or a pilot contest before it, as it will have gone."""

    phase: Phase
    windows: schedule.Edition
    theme: Theme
    entries: tuple[Entry, ...] = ()
    sittings: tuple[Sitting, ...] = ()

    @property
    def designers(self) -> set[Person]:
        """Everybody who has a hand in an entry."""
        shared = {entry.shared_with[0] for entry in self.entries if entry.shared_with}
        return shared | {entry.designer for entry in self.entries}


@dataclass(frozen=True)
class Size:
    """How much of it: editions with results, approved entries of each phase, members."""

    past: int = 4
    pilots: int = len(PILOT_WEEKS)
    pilot_entries: int = 5
    entries: dict[Phase, int] = field(
        default_factory=lambda: {
            Phase.RESULTS: 6,
            Phase.DECISION: 10,
            Phase.SCORING: 18,
            Phase.ENTRY: 6,
        }
    )
    designers: int = len(DESIGNERS)
    voters: int = len(VOTERS)
    ring: int = len(RING)
    portraits: int = 8
    #: Of drawn pictures, in pixels: sharp on a laptop, and drawn in a quarter of a second.
    width: int = 960


#: For tests: an edition of each kind with a handful of small entries, a few who only vote.
TINY = Size(
    past=2,
    pilots=1,
    pilot_entries=3,
    entries={Phase.RESULTS: 4, Phase.DECISION: 2, Phase.SCORING: 3, Phase.ENTRY: 1},
    designers=9,
    voters=3,
    ring=0,
    portraits=1,
    width=320,
)


@dataclass(frozen=True)
class Plan:
    """The whole demo on paper. The last ``pilots`` of its editions stand before the series."""

    template: WeeklyTemplate
    created_at: datetime
    people: tuple[Person, ...]
    joined: dict[Person, datetime]
    editions: tuple[Edition, ...]
    pilots: int = 0

    @property
    def weekly(self) -> tuple[Edition, ...]:
        """The editions of the series, the oldest first."""
        return self.editions[: len(self.editions) - self.pilots]

    def of(self, phase: Phase) -> list[int]:
        """Places of the editions in a phase, the oldest first: pilots before the series."""
        places = [place for place, one in enumerate(self.editions) if one.phase is phase]
        return sorted(places, key=lambda place: self.editions[place].windows.entry_opens_at)


def make(now: datetime, seed: str, size: Size) -> Plan:
    """Plan a demo that is in full swing at ``now``."""
    rng = Random(f"{seed}:plan")  # noqa: S311 - chance for looks, not for secrets
    template = _template(now)
    windows = _windows(template, now, size)
    created_at = min(one.entry_opens_at for one in windows) - timedelta(days=12)
    people = (
        *STAFF,
        *DESIGNERS[: size.designers],
        *VOTERS[: size.voters],
        *RING[: size.ring],
    )
    joined = _join(people, created_at, now, rng)
    writer = _Writer(now, rng, joined, [one for one in people if one.draws])
    weekly, themes = len(windows) - size.pilots, itertools.cycle(THEMES)
    editions = [
        writer.edition(phase, window, theme, size.entries.get(phase, 0))
        for phase, window, theme in zip(_phases(size), windows[:weekly], themes, strict=False)
    ]
    editions += [
        writer.edition(Phase.RESULTS, window, theme, size.pilot_entries)
        for window, theme in zip(windows[weekly:], PILOTS, strict=False)
    ]
    return Plan(template, created_at, people, joined, tuple(editions), size.pilots)


def _phases(size: Size) -> list[Phase]:
    return [
        *[Phase.RESULTS] * size.past,
        *(Phase.DECISION, Phase.SCORING, Phase.ENTRY, Phase.UPCOMING, Phase.UPCOMING),
    ]


def _template(now: datetime) -> WeeklyTemplate:
    here = now.astimezone(schedule.find_zone(ZONE))
    return WeeklyTemplate(ZONE, (here.weekday() - AGE_DAYS) % 7, NOON)


def _windows(template: WeeklyTemplate, now: datetime, size: Size) -> list[schedule.Edition]:
    """One for each of ``_phases``, oldest first; the third from its end takes entries now.

    Then those of the pilots.
    """
    here = now.astimezone(schedule.find_zone(ZONE)).date() - timedelta(days=AGE_DAYS)
    weeks = [*range(-size.past - 2, 3), *(-week for week in PILOT_WEEKS[: size.pilots])]
    return [schedule.edition(template, here + timedelta(days=7 * week)) for week in weeks]


def _join(
    people: Sequence[Person], since: datetime, now: datetime, rng: Random
) -> dict[Person, datetime]:
    """Staff first, most before the first edition, some week after week, the last days ago."""
    joined = {}
    latest = now - timedelta(days=6)
    for place, person in enumerate(people):
        early = place % 3 or person in DESIGNERS[:12] or not person.is_confirmed
        until = since + timedelta(days=10) if early else latest
        joined[person] = since + (until - since) * rng.random()
    return joined | {person: since + timedelta(hours=n) for n, person in enumerate(STAFF)}


class _Writer:
    """Writes editions one after the other, so that no design is drawn twice."""

    def __init__(
        self,
        now: datetime,
        rng: Random,
        joined: dict[Person, datetime],
        designers: Sequence[Person],
    ) -> None:
        self.now = now
        self.rng = rng
        self.joined = joined
        self.designers = designers
        self.used: set[str] = set()

    def edition(self, phase: Phase, window: schedule.Edition, theme: Theme, wanted: int) -> Edition:
        """``wanted`` approved entries, and a few of another fate."""
        if phase is Phase.UPCOMING:
            return Edition(phase, window, theme)
        fates = [Fate.APPROVED] * wanted
        if phase is Phase.ENTRY:
            fates += [Fate.DECLINED, Fate.WAITING, Fate.WAITING, Fate.WAITING, Fate.DRAFT]
            fates += [Fate.DRAFT]
        elif phase is Phase.DECISION:
            fates += [Fate.WITHDRAWN, Fate.DECLINED]
        elif phase is Phase.SCORING:
            fates += [Fate.DECLINED]
        entries = self._entries(fates, window, theme.families)
        return Edition(phase, window, theme, entries, self._sittings(phase, window, wanted))

    def _entries(
        self, fates: Sequence[Fate], window: schedule.Edition, families: Sequence[str]
    ) -> tuple[Entry, ...]:
        free = [one for one in self.designers if self.joined[one] < window.entry_opens_at]
        self.rng.shuffle(free)
        free.sort(key=lambda one: not set(one.draws) & set(families))
        entries = [
            self._entry(fate, free[n % len(free)], families[n % len(families)], families, window)
            for n, fate in enumerate(fates)
        ]
        for n in range(2, len(entries), 7):
            entries[n] = self._shared(entries[n], free)
        return tuple(sorted(entries, key=lambda entry: entry.begun_at))

    def _entry(
        self,
        fate: Fate,
        designer: Person,
        next_family: str,
        families: Sequence[str],
        window: schedule.Edition,
    ) -> Entry:
        rng = self.rng
        own = [family for family in designer.draws if family in families]
        family = rng.choice(own) if own and rng.random() < 0.7 else next_family
        talent = designer.talent if fate is not Fate.DECLINED else 0.3
        quality = min(1.0, max(0.2, rng.gauss(talent, 0.15)))
        begun_at, submitted_at = self._handed_in(fate, designer, window)
        decided_at = submitted_at + timedelta(hours=rng.uniform(1, 11))
        return Entry(
            designer,
            family,
            self._seed(designer, family),
            quality,
            appeal=1.7 * (quality - 0.72) + rng.gauss(0, 0.28),
            divides=rng.choice((0.8, 1.0, 1.0, 1.2, 2.6)),
            fate=fate,
            begun_at=begun_at,
            submitted_at=submitted_at,
            decided_at=min(decided_at, self.now - timedelta(minutes=5)),
        )

    def _handed_in(
        self, fate: Fate, designer: Person, window: schedule.Edition
    ) -> tuple[datetime, datetime]:
        """(begun, handed in): in the last hours for what still waits or is still a draft."""
        start = window.entry_opens_at + timedelta(minutes=20)
        end = min(window.entry_closes_at, self.now) - timedelta(hours=1)
        if fate in {Fate.WAITING, Fate.DRAFT}:
            start = end - timedelta(hours=7)
        begun_at = moment(self.rng, designer, start, end)
        wait = timedelta(minutes=self.rng.uniform(9, 50))
        return begun_at, begun_at + wait

    def _seed(self, designer: Person, family: str) -> int:
        """The next seed of the family that speaks the designer's language and has a new title."""
        for seed in range(600):
            title = art.titles(family, seed)
            tongue = art.language(family, seed)
            speaks = tongue == designer.language
            if speaks and title not in self.used and f"{family}:{seed}" not in self.used:
                self.used |= {title, f"{family}:{seed}"}
                return seed
        # Every title in this language is taken: another design may share one.
        seed = 600 + len(self.used)
        self.used.add(f"{family}:{seed}")
        return seed

    def _shared(self, entry: Entry, free: Sequence[Person]) -> Entry:
        others = [one for one in free if one is not entry.designer]
        if not others:
            return entry
        share = self.rng.choice((2000, 3000, 4000, 5000))
        return Entry(**{**vars(entry), "shared_with": (self.rng.choice(others), share)})

    def _sittings(
        self, phase: Phase, window: schedule.Edition, entries: int
    ) -> tuple[Sitting, ...]:
        """Who scores, keen members more; those who left it half done come back on another day."""
        if phase not in {Phase.SCORING, Phase.DECISION, Phase.RESULTS}:
            return ()
        rng = self.rng
        opens_at = window.scoring_opens_at + timedelta(minutes=3)
        end = min(window.scoring_closes_at, self.now) - timedelta(minutes=30)
        sittings = []
        for person, joined_at in self.joined.items():
            if set(person.roles) & SEES_LIVE_SCORES or person in RING:
                continue
            if joined_at > end or rng.random() > 0.35 + 0.6 * person.keen:
                continue
            ballots = max(3, round(entries * min(1.0, person.keen**0.5 + rng.gauss(0, 0.1))))
            parts = rng.choice((1, 1, 1, 2))
            start = max(opens_at, joined_at + timedelta(minutes=10))
            sittings += [
                Sitting(person, moment(rng, person, start, end), -(-ballots // parts))
                for _ in range(parts)
            ]
        if phase is Phase.DECISION:
            sittings += self._ring_sits(end, entries)
        return tuple(sorted(sittings, key=lambda sitting: (sitting.at, sitting.person.name)))

    def _ring_sits(self, end: datetime, entries: int) -> list[Sitting]:
        """All of the ring on one evening, one after the other, and to the last design."""
        ring = [person for person in self.joined if person in RING]
        first = end - timedelta(hours=20)
        return [
            Sitting(person, first + timedelta(minutes=4 * number), entries)
            for number, person in enumerate(ring)
        ]


def moment(rng: Random, person: Person, start: datetime, end: datetime) -> datetime:
    """An instant in the half-open span, if possible at the hour when the person sits down."""
    zone = schedule.find_zone(person.zone)
    days = max(1, (end - start).days + 1)
    for _ in range(12):
        day = start.astimezone(zone) + timedelta(days=rng.randrange(days))
        hour = (person.hour + rng.gauss(0, 1.4)) % 24
        at = day.replace(hour=int(hour), minute=rng.randrange(60), second=rng.randrange(60))
        if start <= at < end:
            return at.astimezone(start.tzinfo)
    return start + (end - start) * rng.random()
