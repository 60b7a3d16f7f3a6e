"""What the signals look at: a contest's votes as columns, and what is known of its voters."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Ints: TypeAlias = npt.NDArray[Any]
UNKNOWN = -1


class Rating(NamedTuple):
    """One vote, as a plain row."""

    entry: int
    voter: int
    stars: int
    cast_at: float = 0
    device: int = UNKNOWN
    network: int = UNKNOWN


@dataclass(frozen=True)
class Evidence:
    """Votes that can count, one place of each column a vote; build it with `of` or `from_rows`.

    Instants are seconds since the epoch. ``device`` and ``network`` are labels, equal for votes
    from the same device cluster or network and -1 for none: a network somebody vouches for has
    none. The columns are sorted by entry, then voter, so that no finding depends on the order in
    which votes were cast or read. ``scores`` are the entries' scores in stars, where a count
    knows them; without one the shrunken mean stands in.
    """

    entry: Ints
    voter: Ints
    stars: Ints
    cast_at: Ints
    device: Ints
    network: Ints
    opened_at: float
    registered_at: Mapping[int, float] = field(default_factory=dict)
    skips: Mapping[int, int] = field(default_factory=dict)
    scores: Mapping[int, float] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        entry: Ints,
        voter: Ints,
        stars: Ints,
        *,
        cast_at: Ints | None = None,
        device: Ints | None = None,
        network: Ints | None = None,
        opened_at: float = 0,
        registered_at: Mapping[int, float] | None = None,
        skips: Mapping[int, int] | None = None,
        scores: Mapping[int, float] | None = None,
    ) -> Evidence:
        """Evidence from columns in any order. Raises ValueError if their lengths differ."""
        nothing = np.broadcast_to(np.int64(UNKNOWN), len(entry))
        columns: list[Ints] = [
            np.asarray(entry),
            np.asarray(voter),
            np.asarray(stars),
            np.broadcast_to(0.0, len(entry)) if cast_at is None else np.asarray(cast_at),
            nothing if device is None else np.asarray(device),
            nothing if network is None else np.asarray(network),
        ]
        if len({len(column) for column in columns}) > 1:
            raise ValueError("every vote has a place in every column")
        if not _is_sorted(columns[0], columns[1]):
            order = np.lexsort((columns[1], columns[0]))
            columns = [column[order] for column in columns]
        return cls(
            entry=columns[0],
            voter=columns[1],
            stars=columns[2],
            cast_at=columns[3],
            device=columns[4],
            network=columns[5],
            opened_at=opened_at,
            registered_at=registered_at or {},
            skips=skips or {},
            scores=scores or {},
        )

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Rating],
        *,
        opened_at: float = 0,
        registered_at: Mapping[int, float] | None = None,
        skips: Mapping[int, int] | None = None,
        scores: Mapping[int, float] | None = None,
    ) -> Evidence:
        """Evidence from rows, for contests small enough for them."""
        columns = list(zip(*rows, strict=True)) or [()] * len(Rating._fields)
        entry, voter, stars, cast_at, device, network = (np.array(each) for each in columns)
        return cls.of(
            entry.astype(np.int64),
            voter.astype(np.int64),
            stars.astype(np.int8),
            cast_at=cast_at.astype(np.float64),
            device=device.astype(np.int64),
            network=network.astype(np.int64),
            opened_at=opened_at,
            registered_at=registered_at,
            skips=skips,
            scores=scores,
        )

    @property
    def size(self) -> int:
        """How many votes there are."""
        return len(self.entry)

    @cached_property
    def starts(self) -> Ints:
        """Where each entry's votes begin, and, last, where they all end."""
        if not self.size:
            return np.zeros(1, dtype=np.int64)
        cuts = np.flatnonzero(self.entry[1:] != self.entry[:-1]) + 1
        return np.concatenate(([0], cuts, [self.size]))

    @cached_property
    def entries(self) -> Ints:
        """The entries that have votes, ascending."""
        return self.entry[self.starts[:-1]]

    @cached_property
    def entry_code(self) -> Ints:
        """Each vote's place in `entries`."""
        return np.repeat(np.arange(len(self.entries)), np.diff(self.starts))

    @cached_property
    def histograms(self) -> npt.NDArray[np.int64]:
        """Each entry's number of 1s to 5s."""
        cells = self.entry_code * 5 + (self.stars.astype(np.int64) - 1)
        return np.bincount(cells, minlength=5 * len(self.entries)).reshape(-1, 5)

    @cached_property
    def by_voter(self) -> Voters:
        """The votes again, voter by voter."""
        return Voters(self.voter)

    def votes_of(self, members: Iterable[int]) -> Ints:
        """Places of the votes of these voters, ascending, found without looking at the others'."""
        votes, wanted = self.by_voter, np.array(sorted(set(members)), dtype=np.int64)
        at = np.searchsorted(votes.ids, wanted)
        at = at[at < len(votes.ids)]
        at = at[np.isin(votes.ids[at], wanted)]
        return np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *map(votes.places, at)]))


class Voters:
    """A column of voters in groups: ``ids`` ascending, and each one's places in the column."""

    def __init__(self, voter: Ints) -> None:
        self.order = np.argsort(voter, kind="stable")
        column = voter[self.order]
        cuts = np.flatnonzero(column[1:] != column[:-1]) + 1
        self.starts = (
            np.concatenate(([0], cuts, [len(column)])) if len(column) else np.zeros(1, int)
        )
        self.ids: Ints = column[self.starts[:-1]]

    @property
    def counts(self) -> Ints:
        """How many votes each has."""
        return np.diff(self.starts)

    def places(self, which: int) -> Ints:
        """Where the votes of the voter at this place of ``ids`` stand in the column."""
        return self.order[self.starts[which] : self.starts[which + 1]]

    def sums(self, column: Ints) -> Ints:
        """What a column adds up to, for each voter."""
        if not len(self.ids):
            return np.zeros(0, dtype=column.dtype)
        return np.add.reduceat(column[self.order], self.starts[:-1])


def _is_sorted(entry: Ints, voter: Ints) -> bool:
    up = entry[1:] > entry[:-1]
    return bool(np.all(up | ((entry[1:] == entry[:-1]) & (voter[1:] >= voter[:-1]))))
