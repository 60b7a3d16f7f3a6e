"""The hashes themselves: against a tree built the slow way, byte by byte."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideation.proof import leaves
from ideation.proof.leaves import Line
from ideation.voting.models import BallotAction

HASHES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70)


def slow_root(hashes: list[bytes]) -> bytes:
    """RFC 6962's definition, word for word, with our prefixes."""
    if len(hashes) == 1:
        return hashes[0]
    half = max(power for power in (1 << n for n in range(10)) if power < len(hashes))
    return sha256(b"\x01" + slow_root(hashes[:half]) + slow_root(hashes[half:])).digest()


@given(HASHES)
def test_the_root_is_the_definitions(hashes: list[bytes]) -> None:
    assert leaves.root(iter(hashes)) == slow_root(hashes)


@given(HASHES, st.data())
def test_every_leaf_climbs_to_the_root_and_a_changed_byte_does_not(
    hashes: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(hashes) - 1))
    steps = leaves.path(hashes, index)
    root = leaves.root(hashes)
    assert leaves.climb(hashes[index], steps) == root
    place = data.draw(st.integers(0, 31))
    other = bytearray(hashes[index])
    other[place] ^= data.draw(st.integers(1, 255))
    assert leaves.climb(bytes(other), steps) != root
    if steps:
        step = data.draw(st.integers(0, len(steps) - 1))
        sibling = bytearray(steps[step].sibling)
        sibling[place] ^= 1
        bent = [*steps]
        bent[step] = steps[step]._replace(sibling=bytes(sibling))
        assert leaves.climb(hashes[index], bent) != root


def test_a_leaf_is_the_hash_of_a_line_that_anybody_can_type() -> None:
    line = Line(12, 34, b"\xab" * 32, BallotAction.CAST, 5, 3, 17)
    text = f"ballot contest=12 entry=34 voter={'ab' * 32} cast stars=5 slot=3 position=17 dealt"
    assert str(line) == text
    assert line.leaf == sha256(text.encode()).digest()
    gone = line._replace(action=BallotAction.RETRACT, stars=None, slot=255)
    assert str(gone).endswith("retract stars=- slot=255 position=17 chosen")


def test_a_head_stands_for_everything_before_it() -> None:
    root = sha256(b"root").digest()
    first = leaves.head(leaves.GENESIS, 1, 10, root)
    assert first == sha256(bytes(32) + bytes(7) + b"\x01" + bytes(7) + b"\x0a" + root).digest()
    assert (
        len({first, leaves.head(first, 1, 10, root), leaves.head(leaves.GENESIS, 2, 10, root)}) == 3
    )


def test_there_is_no_root_of_nothing() -> None:
    with pytest.raises(ValueError, match="no leaves"):
        leaves.root([])
