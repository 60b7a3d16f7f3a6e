"""A contest in which seven accounts lift one design and hold its rivals down."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import pytest

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.integrity import cases, inspecting
from ideation.integrity.models import Case
from ideation.integrity.signals import Finding
from ideation.submissions.models import Submission
from ideation.voting import tallying
from ideation.voting.models import Tally
from tests import factories
from tests.factories import selection
from tests.factories.voting import votes

#: What eight honest voters give ten designs.
HONEST = (
    (5, 4, 4, 3, 3, 3, 2, 2, 2, 1),
    (4, 5, 3, 4, 2, 3, 3, 1, 2, 2),
    (4, 4, 5, 3, 3, 2, 3, 2, 1, 2),
    (5, 3, 4, 4, 3, 3, 2, 3, 2, 1),
    (3, 5, 4, 3, 4, 2, 2, 2, 3, 2),
    (4, 4, 3, 5, 3, 3, 3, 2, 2, 1),
    (5, 5, 4, 2, 3, 4, 2, 1, 2, 3),
    (4, 3, 5, 4, 2, 2, 3, 2, 1, 2),
)
#: What each account of the ring gives: the last design up, all others down.
RING = (1, 1, 1, 1, 2, 2, 2, 2, 2, 5)


@dataclass(frozen=True)
class Stage:
    """Keys of what was set up; its objects as they are now."""

    contest_id: int
    design_ids: tuple[int, ...]
    honest_ids: tuple[int, ...]
    ring_ids: tuple[int, ...]
    manager_id: int

    @property
    def contest(self) -> Contest:
        return db.session.get_one(Contest, self.contest_id, populate_existing=True)

    @property
    def manager(self) -> Member:
        return member(self.manager_id)

    @property
    def case(self) -> Case:
        """The one case there is."""
        (case,) = cases.list_all(self.contest_id)
        return case

    def finding(self, members: Iterable[int] = (), **values: object) -> Finding:
        """What a signal says of the ring, or of others."""
        group = tuple(sorted(members or self.ring_ids))
        links = [[a, b, 5, 10] for a in group for b in group if a < b]
        return Finding(
            **{
                "signal": "ring",
                "members": group,
                "entry": self.design_ids[-1],
                "key": "ring:1",
                "severity": 80,
                "evidence": {
                    "figures": {"members": len(group), "votes": 10 * len(group)},
                    "links": links,
                    "shared": [],
                    "timing": {"first": 0, "last": 100, "parts": [1] * 24},
                },
                **values,
            }
        )


def member(key: int) -> Member:
    return db.session.get_one(Member, key)


def staged(*, with_ring: bool = True, **values: object) -> Stage:
    """Ten designs, eight honest voters, and the ring."""
    contest = factories.contest("scoring", **{"winners": 3, **values})  # type: ignore[arg-type]
    designs: list[Submission] = selection.entries(contest, len(RING))
    honest, ring = [], []
    for marks in HONEST:
        voter = factories.member("Honest")
        votes(voter, zip(designs, marks, strict=True))
        honest.append(voter.id)
    for _ in range(7 if with_ring else 0):
        voter = factories.member("Knot")
        votes(voter, zip(designs, RING, strict=True))
        ring.append(voter.id)
    return Stage(
        contest.id,
        tuple(one.id for one in designs),
        tuple(honest),
        tuple(ring),
        selection.manager().id,
    )


def found(stage: Stage, *findings: Finding) -> None:
    """A look found these; the ring where nothing is given."""
    with transaction():
        inspecting.keep(stage.contest_id, findings or (stage.finding(),), at=clock.now())


def closed(stage: Stage, *findings: Finding, at: datetime | None = None) -> Tally:
    """Close the contest, look for the last time, count and freeze, as the worker does."""
    at = at or clock.now()
    with transaction():
        stage.contest.closed_at = at
    with transaction():
        inspecting.keep(stage.contest_id, findings or (stage.finding(),), at=at)
    with transaction():
        return tallying.freeze(tallying.count(stage.contest_id), tallying.CLOSE, at=at)


@pytest.fixture
def stage(scene: Callable[[Callable[[], Stage]], Stage]) -> Stage:
    """Stars are being given."""
    return scene(staged)
