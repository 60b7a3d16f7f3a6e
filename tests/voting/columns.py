"""Votes of ``weighing`` as columns, and columns as votes, for comparing two ways to count."""

from collections.abc import Sequence

import numpy as np

from ideation.voting.columns import ALONE, Cast
from ideation.voting.weighing import CODE, CODES, Reason, Vote

OF_THE_VOTER = (Reason.UNCONFIRMED, Reason.SUSPENDED, Reason.INSIDER, Reason.QUARANTINED)


def cast_of(entries: Sequence[int], votes: Sequence[Vote]) -> Cast:
    """The votes in the order given. What is against a voter must stand on all their votes."""
    named = np.unique(np.array([*entries, *(v.entry for v in votes)], np.int64))
    voters = np.unique(np.array([v.voter for v in votes], np.int64))
    ground = np.zeros(len(voters), np.int8)
    cluster = np.full(len(voters), ALONE, np.int32)
    voter = np.searchsorted(voters, [v.voter for v in votes]).astype(np.int32)
    labels: dict[bytes, int] = {}
    for place, vote in zip(voter, votes, strict=True):
        if vote.excluded in OF_THE_VOTER:
            ground[place] = CODE[vote.excluded]
        if vote.cluster is not None:
            cluster[place] = labels.setdefault(vote.cluster, len(labels))
    return Cast(
        entries=named,
        is_ranked=np.isin(named, np.array(entries, np.int64)),
        voters=voters,
        entry=np.searchsorted(named, [v.entry for v in votes]).astype(np.int32),
        voter=voter,
        stars=np.array([v.stars for v in votes], np.int8),
        network=np.array(
            [ALONE if v.network is None else int.from_bytes(v.network, "big") for v in votes],
            np.int32,
        ),
        cluster=cluster,
        ground=ground,
        own=np.array([i for i, v in enumerate(votes) if v.excluded is Reason.OWN], np.int64),
    )


def votes_of(cast: Cast) -> list[Vote]:
    """One by one, as the reference counts them."""
    return [
        Vote(
            entry=int(cast.entries[entry]),
            voter=int(cast.voters[voter]),
            stars=int(stars),
            cluster=None if (label := int(cast.cluster[voter])) == ALONE else b"%d" % label,
            excluded=CODES[code] if code else None,
            network=None if network == ALONE else b"%d" % network,
        )
        for entry, voter, stars, code, network in zip(
            cast.entry, cast.voter, cast.stars, cast.excluded().tolist(), cast.network, strict=True
        )
    ]
