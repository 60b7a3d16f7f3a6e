"""What earlier tallies of a contest found, for the votes of the next.

A later tally is frozen for one decision, and only that one may tell it from the last: who was
suspended since, named a product manager, or erased counts as before. Once browsers and networks
are forgotten, whom they crowded stays in the weights alone.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ideation.voting import weight_files
from ideation.voting.columns import ALONE, Cast
from ideation.voting.models import Tally
from ideation.voting.weighing import CODE, Reason

#: What is against all votes of a voter, whatever a ruling says.
_LASTING = np.array([CODE[each] for each in (Reason.UNCONFIRMED, Reason.SUSPENDED, Reason.INSIDER)])
#: What is against a single vote, and hides what is against its voter.
_OF_THE_VOTE = np.array([CODE[each] for each in (Reason.OWN, Reason.OUT)])


def keep_grounds(cast: Cast, tally: Tally) -> Cast:
    """The same votes, against their voters what was against them in the tally.

    Of a voter whose every vote was out or for their own design it tells nothing: they keep what
    they have. Raises ValueError where the tally's weights are of other votes.
    """
    reason = weight_files.weights_in(weight_files.body_of(tally), cast).reason
    ground = cast.ground.copy()
    ground[cast.voter[~np.isin(reason, _OF_THE_VOTE)]] = 0
    lasting = np.isin(reason, _LASTING)
    ground[cast.voter[lasting]] = reason[lasting]
    return replace(cast, ground=ground)


def hold_crowds(cast: Cast, tallies: Iterable[Tally]) -> Cast:
    """The same votes, each held to what it weighed as one of a crowd when it last counted.

    `tallies` are the contest's, the latest first. Raises ValueError where the weights of one are
    of other votes.
    """
    held = np.zeros(cast.size, np.uint8)
    is_known = np.zeros(cast.size, np.bool_)
    for tally in tallies:
        then = weight_files.weights_in(weight_files.body_of(tally), cast)
        is_new = (then.weight > 0) & ~is_known
        is_crowded = is_new & (then.reason == CODE[Reason.CLUSTER])
        held[is_crowded] = then.weight[is_crowded]
        is_known |= is_new
    return replace(cast, held=held, network=np.full(cast.size, ALONE, np.int32))
