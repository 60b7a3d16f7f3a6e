"""A contest that waits for its winners."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.submissions.models import Submission
from tests import factories
from tests.factories import selection
from tests.factories.voting import tallied, votes


@dataclass(frozen=True)
class Stage:
    """A tallied contest; its designs by rank, the best first."""

    contest_id: int
    designs: tuple[int, ...]
    manager_id: int

    @property
    def contest(self) -> Contest:
        return db.session.get_one(Contest, self.contest_id, populate_existing=True)

    @property
    def manager(self) -> Member:
        return db.session.get_one(Member, self.manager_id)

    def design(self, rank: int) -> Submission:
        return db.session.get_one(Submission, self.designs[rank - 1])


def ranked(count: int = 5, **values: object) -> Stage:
    """So many designs, ranked by the stars of two voters: the first has the most."""
    contest = factories.contest("scoring", **values)  # type: ignore[arg-type]
    designs = selection.entries(contest, count)
    for _ in range(2):
        voter = factories.member("Voter")
        votes(voter, [(one, max(1, 5 - n)) for n, one in enumerate(designs)])
    tallied(contest)
    return Stage(contest.id, tuple(one.id for one in designs), selection.manager().id)


def two_places() -> Stage:
    """Five designs for two places, in the decision phase."""
    return ranked(winners=2)


@pytest.fixture
def stage(scene: Callable[[Callable[[], Stage]], Stage]) -> Stage:
    """Five designs for two places, in the decision phase."""
    return scene(two_places)
