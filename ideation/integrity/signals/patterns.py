"""How voters marked the contested entries, as bits, and which pairs of them are alike.

A voter is four rows of bits, one bit a contested entry: marked at all, 5, 1 or 2, 1. Voters with
equal rows are one pattern. Counting agreements is then a few operations on whole words, for
millions of pairs at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ideation.integrity.signals.evidence import Evidence, Ints

Bits = npt.NDArray[np.uint64]
MARKED, FIVE, LOW, STARK = range(4)
AT_ONCE = 1 << 20
#: With more patterns than this under the same two low marks, each is compared with the nearest.
NEAREST = 1_500


@dataclass(frozen=True, slots=True)
class Patterns:
    """The voters who could be linked at all, and how they marked the contested entries."""

    #: Voters ascending, and each one's place in `bits`.
    voters: Ints
    pattern: Ints
    #: Pattern, kind (MARKED, FIVE, LOW, STARK), word.
    bits: Bits

    @classmethod
    def of(cls, evidence: Evidence, contested: Ints, common_lows: int) -> Patterns:
        """The patterns of voters with a 5, as many lows as asked for, and three such marks."""
        starts = evidence.starts
        spans = [np.arange(starts[entry], starts[entry + 1]) for entry in contested]
        places = np.concatenate(spans) if spans else np.zeros(0, dtype=np.int64)
        voters, code = _numbered(evidence.voter[places])
        bits = np.zeros((len(voters), 4, max(1, -(-len(spans) // 64))), dtype=np.uint64)
        end = 0
        for place, span in enumerate(spans):
            who, stars = code[end : end + len(span)], evidence.stars[span]
            end += len(span)
            word, bit = place // 64, np.uint64(1) << np.uint64(place % 64)
            for kind, chosen in (
                (MARKED, who),
                (FIVE, who[stars == 5]),
                (LOW, who[stars <= 2]),
                (STARK, who[stars == 1]),
            ):
                bits[chosen, kind, word] |= bit
        fives, lows = count(bits[:, FIVE]), count(bits[:, LOW])
        able = np.flatnonzero((fives >= 1) & (lows >= common_lows) & (fives + lows >= 3))
        if not len(able):
            return cls(voters[able], able, bits[:0])
        rows = bits[able].reshape(len(able), -1)
        distinct, pattern = np.unique(rows, axis=0, return_inverse=True)
        return cls(voters[able], pattern.reshape(-1), distinct.reshape(-1, *bits.shape[1:]))

    def alike(self, places: Ints) -> Ints:
        """The voters, ascending, who mark as those at these places of `voters` do."""
        return self.voters[np.isin(self.pattern, self.pattern[places])]

    def sharing_two_lows(self) -> Iterator[tuple[Ints, Ints]]:
        """Pairs of patterns (the same one twice, too) with two or more common lows, each once.

        Patterns are filed under every two of their lows; a pair counts in the first file that
        both are in.
        """
        yield from self._with_themselves()
        file, pattern = self._files()
        first = np.searchsorted(file, file, side="left")
        before = np.minimum(np.arange(len(file)) - first, NEAREST)
        ends = np.cumsum(before)
        start = 0
        while start < len(file):
            done = ends[start - 1] if start else 0
            stop = max(start + 1, int(np.searchsorted(ends, done + AT_ONCE, side="right")))
            many = before[start:stop]
            right = np.repeat(np.arange(start, stop), many)
            within = np.arange(len(right)) - np.repeat(np.cumsum(many) - many, many)
            left = right - 1 - within
            a, b = pattern[left], pattern[right]
            is_first = _lowest_two(self.bits[a, LOW] & self.bits[b, LOW]) == file[right]
            yield a[is_first], b[is_first]
            start = stop

    def _with_themselves(self) -> Iterator[tuple[Ints, Ints]]:
        shared = np.flatnonzero(np.bincount(self.pattern, minlength=len(self.bits)) > 1)
        yield shared, shared

    def _files(self) -> tuple[Ints, Ints]:
        """Every (file, pattern), by file; a file is named for its two lows."""
        lows = _unpacked(self.bits[:, LOW])
        names, patterns = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for low in range(1, lows.shape[1]):
            holders = np.flatnonzero(lows[:, low])
            which, other = np.nonzero(lows[holders, :low])
            names.append(_name(other, low))
            patterns.append(holders[which])
        file, pattern = np.concatenate(names), np.concatenate(patterns)
        order = np.lexsort((pattern, file))
        return file[order], pattern[order]


def count(words: Bits) -> npt.NDArray[np.int64]:
    """How many bits are set in each row of words."""
    bits: npt.NDArray[np.int64] = np.bitwise_count(words).sum(axis=-1, dtype=np.int64)
    return bits


def _numbered(voter: Ints) -> tuple[Ints, Ints]:
    """Who is there, ascending, and the place of each; without sorting where ids lie close."""
    if not len(voter) or int(voter.min()) < 0 or int(voter.max()) > 8 * len(voter) + 1_000_000:
        voters, code = np.unique(voter, return_inverse=True)
        return voters, code
    is_there = np.zeros(int(voter.max()) + 1, dtype=np.bool_)
    is_there[voter] = True
    return np.flatnonzero(is_there), (np.cumsum(is_there) - 1)[voter]


def _name(first: Ints, second: Ints | int) -> Ints:
    return first * 4096 + second


def _lowest_two(words: Bits) -> Ints:
    """The name of the file of the two lowest bits set in each row."""
    lows = _unpacked(words)
    first = lows.argmax(axis=1)
    lows[np.arange(len(lows)), first] = False
    return _name(first, lows.argmax(axis=1))


def _unpacked(words: Bits) -> npt.NDArray[np.bool_]:
    """Rows of words as rows of bits, lowest first."""
    octets = np.ascontiguousarray(words.astype("<u8")).view(np.uint8)
    return np.unpackbits(octets, axis=1, bitorder="little").view(np.bool_)
