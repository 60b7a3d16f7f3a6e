"""What is hashed: a line of the ballot log as text, trees over such lines, and the chain of heads.

**Leaf.** One line of ASCII without a newline; its hash is the SHA-256 of exactly these bytes, so
that any tool can redo it:

    ballot contest=12 entry=34 voter=<64 hex> cast stars=5 slot=3 position=17 dealt

``voter`` is the pseudonym of the log, ``-`` stands for the stars of a retraction, and the last word
is ``chosen`` where the voter picked the design themselves (a contest of open format). No time.

**Tree.** A node is SHA-256(0x01 ‖ left ‖ right); of n leaves the left part holds the largest power
of two below n (the shape of RFC 6962). A leaf begins with the letter b and is longer than a node's
65 bytes, so neither passes for the other.

**Head.** SHA-256(head before ‖ number ‖ count ‖ root), the two numbers as 8 bytes, big endian; the
head before the first is 32 zero bytes. Numbers count a contest's batches from 1.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from ideation.voting.models import BallotAction
from ideation.voting.tokens import CHOSEN_SLOT

GENESIS = bytes(32)


class Line(NamedTuple):
    """A line of the ballot log, as far as it is hashed."""

    contest_id: int
    submission_id: int
    pseudonym: bytes
    action: BallotAction
    stars: int | None
    slot: int
    position: int

    def __str__(self) -> str:
        stars = "-" if self.stars is None else self.stars
        how = "chosen" if self.slot == CHOSEN_SLOT else "dealt"
        return (
            f"ballot contest={self.contest_id} entry={self.submission_id}"
            f" voter={bytes(self.pseudonym).hex()} {self.action.value} stars={stars}"
            f" slot={self.slot} position={self.position} {how}"
        )

    @property
    def leaf(self) -> bytes:
        """The hash of the line."""
        return sha256(str(self).encode("ascii")).digest()


def action_of(is_changed: bool) -> BallotAction:
    """What the last line of a vote that stands says: it was cast, or changed since."""
    return BallotAction.CHANGE if is_changed else BallotAction.CAST


class Step(NamedTuple):
    """One node beside the way from a leaf to the root, and on which side of it."""

    sibling: bytes
    is_left: bool


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two parts of a tree."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over one leaf or more, which are taken one after the other and not kept.

    Raises ValueError where there is none.
    """
    peaks: list[tuple[int, bytes]] = []  # whole trees, each lower than the one before it
    for leaf in leaves:
        height, top = 0, leaf
        while peaks and peaks[-1][0] == height:
            top = node(peaks.pop()[1], top)
            height += 1
        peaks.append((height, top))
    if not peaks:
        raise ValueError("no leaves, no root")
    _, top = peaks.pop()
    while peaks:
        top = node(peaks.pop()[1], top)
    return top


def path(leaves: Sequence[bytes], index: int) -> list[Step]:
    """What a leaf needs beside it to reach the root, from the bottom up."""
    if len(leaves) == 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if index < half:
        return [*path(leaves[:half], index), Step(root(leaves[half:]), is_left=False)]
    return [*path(leaves[half:], index - half), Step(root(leaves[:half]), is_left=True)]


def climb(leaf: bytes, steps: Iterable[Step]) -> bytes:
    """The root that a leaf and its path lead to."""
    for sibling, is_left in steps:
        leaf = node(sibling, leaf) if is_left else node(leaf, sibling)
    return leaf


def head(before: bytes, number: int, count: int, root_: bytes) -> bytes:
    """The head of a batch, which stands for everything up to it."""
    numbers = number.to_bytes(8, "big") + count.to_bytes(8, "big")
    return sha256(before + numbers + root_).digest()
