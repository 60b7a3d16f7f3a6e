"""Whether so many voters would mark alike without having arranged it.

With hundreds of thousands of voters, dozens of strangers give 5 to the same favourite and 1 to the
same two others, and by the ring rule's other conditions they would be a ring. What tells taste
from a plan is what lies around it. Where tastes agree, many agree on all but one entry for each
who agrees on all; around a plan there is nobody.

A group's **plan** is the contested entries to which three quarters of its marks are alike, all 5
or all low; three quarters of the group must have marked three of them. As many voters as followed
the plan but for one entry, each times the odds of that last mark among voters outside the group,
over the number of its entries they marked, is how many would follow all of it by chance. A ring
is `TIMES` as large: odds go up with taste, for who dislikes one design dislikes its like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from ideation.integrity.signals.evidence import Evidence, Ints

TIMES = 20
PLAN = 3
#: Of the group's marks for an entry, in hundredths, that must be alike for it to be in the plan.
ALIKE = 75


def by_chance(evidence: Evidence, contested: Ints, members: Ints) -> bool:
    """Whether chance explains a group of this size."""
    expected = expected_followers(evidence, contested, members)
    return expected is None or len(members) < TIMES * expected


def expected_followers(evidence: Evidence, contested: Ints, members: Ints) -> float | None:
    """How many voters would follow the group's plan by chance; None if it has no plan.

    Only voters who marked as many of the plan's entries as three quarters of the group did are
    asked: it is easy to agree on three entries and hard on seven.
    """
    steps = [step for entry in contested for step in _steps(evidence, entry, members)]
    if len(steps) < PLAN:
        return None
    everyone, code = np.unique(np.concatenate([who for who, _, _ in steps]), return_inverse=True)
    follows = np.concatenate([follows for _, follows, _ in steps])
    odds = np.concatenate([np.where(follows, 0.0, odds) for _, follows, odds in steps])
    marked = np.bincount(code, minlength=len(everyone))
    missed = marked - np.bincount(code, weights=follows, minlength=len(everyone))
    last = np.bincount(code, weights=odds, minlength=len(everyone))
    inside = np.isin(everyone, members)
    # Members without a mark for any of them are not among everyone.
    marks = np.concatenate((marked[inside], np.zeros(len(members) - int(inside.sum()))))
    least = int(np.quantile(marks, 1 - ALIKE / 100))
    if least < PLAN:
        return None
    near = ~inside & (marked >= least) & (missed == 1)
    return float((last[near] / marked[near]).sum())


def _steps(
    evidence: Evidence, entry: int, members: Ints
) -> list[tuple[Ints, npt.NDArray[np.bool_], float]]:
    """The plan's step at one entry, if it has one: who marked it, who as planned, and the odds."""
    span = slice(int(evidence.starts[entry]), int(evidence.starts[entry + 1]))
    who, stars = evidence.voter[span], evidence.stars[span]
    inside = np.isin(who, members)
    marks = int(inside.sum())
    if marks < PLAN:
        return []
    for follows in (stars == 5, stars <= 2):
        if 100 * int((follows & inside).sum()) >= ALIKE * marks:
            yes = int((follows & ~inside).sum())
            # One more of each, so that nothing is taken to be impossible.
            return [(who, follows, (yes + 1) / (len(who) - marks - yes + 1))]
    return []
