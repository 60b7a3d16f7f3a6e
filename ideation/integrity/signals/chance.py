"""Whether so many voters would mark alike without having arranged it.

With hundreds of thousands of voters, somebody gives 5 to the favourite and 1 to the same two
others as a dozen strangers do, and by the ring rule's other conditions they would be a ring. So a
ring must have a **plan**, three contested entries or more to which three quarters of its marks are
alike, and be ten times as large as the number of voters who would follow that plan by chance: the
sum, over all voters, of the product of how common such a mark is among voters outside the ring,
for the entries of the plan that they marked, three or more. Ten, because tastes go together: who
dislikes one design dislikes its like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ideation.integrity.signals.evidence import Evidence, Ints

TIMES = 10
PLAN = 3
#: Of the group's marks for an entry, in hundredths, that must be alike for it to be in the plan.
ALIKE = 75


def by_chance(evidence: Evidence, contested: Ints, members: Ints) -> bool:
    """Whether chance explains a group of this size."""
    voters, expected = expected_followers(evidence, contested, members)
    return voters < PLAN or len(members) < TIMES * expected


def expected_followers(evidence: Evidence, contested: Ints, members: Ints) -> tuple[int, float]:
    """How many entries the group's plan has, and how many voters would follow it by chance."""
    followed: list[tuple[Ints, float]] = []
    for entry in contested:
        span = slice(evidence.starts[entry], evidence.starts[entry + 1])
        who, stars = evidence.voter[span], evidence.stars[span]
        is_inside = np.isin(who, members)
        inside = int(is_inside.sum())
        if inside < PLAN:
            continue
        for alike in (stars == 5, stars <= 2):
            if 100 * int((alike & is_inside).sum()) >= ALIKE * inside:
                outside = int((alike & ~is_inside).sum())
                # One more voter each way, so that nothing is taken to be impossible.
                followed.append((who, (outside + 1) / (len(who) - inside + 2)))
    if len(followed) < PLAN:
        return len(followed), 0.0
    everyone, code = np.unique(np.concatenate([who for who, _ in followed]), return_inverse=True)
    share = np.repeat([each for _, each in followed], [len(who) for who, _ in followed])
    chance = np.exp(np.bincount(code, weights=np.log(share), minlength=len(everyone)))
    marked = np.bincount(code, minlength=len(everyone))
    return len(followed), float(chance[marked >= PLAN].sum())
