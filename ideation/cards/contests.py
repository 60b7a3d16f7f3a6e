"""A contest as a poster: its name and brief, where it stands, and a few prints to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ideation.contests import briefs, terms, words
from ideation.contests.briefs import Reading
from ideation.contests.models import Contest
from ideation.contests.phases import Phase, next_change, phase, shows_results, takes_entries
from ideation.contests.terms import Prize
from ideation.core.i18n import language
from ideation.selection import honours
from ideation.submissions import wall
from ideation.submissions.models import Submission
from ideation.submissions.wall import Turnout
from ideation.voting import podium
from ideation.voting.podium import Placed

#: What members can do most for comes first.
_ORDER = (Phase.SCORING, Phase.ENTRY, Phase.TALLYING, Phase.DECISION, Phase.RESULTS)


@dataclass(frozen=True)
class Poster:
    """One contest at one instant, for one reader."""

    contest: Contest
    at: datetime
    phase: Phase
    reading: Reading
    turnout: Turnout
    #: Drawn by lot before the scores are public, by rank after, the winners first once announced.
    prints: Sequence[Submission]
    placed: Sequence[Placed]

    @property
    def rank(self) -> int:
        """How far up the page it belongs, from 0."""
        return _ORDER.index(self.phase) if self.phase in _ORDER else len(_ORDER)

    @property
    def slug(self) -> str:
        return self.contest.slug

    @property
    def name(self) -> str:
        return words.name(self.contest)

    @property
    def phase_name(self) -> str:
        return str(words.PHASES[self.phase])

    @property
    def next_at(self) -> datetime | None:
        return next_change(self.contest, self.at)

    @property
    def next_step(self) -> str:
        return words.next_step(self.contest, self.at)

    @property
    def time_left(self) -> str:
        return words.time_left(self.contest, self.at)

    @property
    def after_that(self) -> tuple[datetime | None, str]:
        return words.after_that(self.contest, self.at)

    @property
    def takes_entries(self) -> bool:
        return takes_entries(self.contest, self.at)

    @property
    def prize(self) -> Prize | None:
        return terms.prize_for(self.contest, language())


def posters(contests: Sequence[Contest], at: datetime, *, each: int, lot: int) -> list[Poster]:
    """A poster for every contest, in their order; six statements however many they are."""
    public = [contest.id for contest in contests if shows_results(contest, at)]
    secret = [contest.id for contest in contests if not shows_results(contest, at)]
    turnouts = wall.count_turnout([contest.id for contest in contests]) if contests else {}
    drawn = wall.draw(secret, each, lot) if secret else {}
    announced = [contest.id for contest in contests if contest.announced_at is not None]
    placed = _placed(public, announced, each) if public and each else {}
    return [
        Poster(
            contest=contest,
            at=at,
            phase=phase(contest, at),
            reading=briefs.read(contest, language()),
            turnout=turnouts[contest.id],
            placed=placed.get(contest.id, []),
            prints=drawn.get(contest.id) or [one.submission for one in placed.get(contest.id, [])],
        )
        for contest in contests
    ]


def _placed(contest_ids: list[int], announced: list[int], each: int) -> dict[int, list[Placed]]:
    winners = honours.best(announced, each) if announced else {}
    scored = podium.best(contest_ids, each)
    return {
        contest_id: _distinct([*winners.get(contest_id, []), *scored[contest_id]])[:each]
        for contest_id in contest_ids
    }


def _distinct(placed: Sequence[Placed]) -> list[Placed]:
    return list({one.submission.id: one for one in placed}.values())
