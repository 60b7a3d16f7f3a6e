"""Knots in a graph: links whose two ends have enough partners in common, and what hangs together.

Cohen's trusses (*Trusses: cohesive subgraphs for social network analysis*, 2008): chance acquaints
two voters, and a third with one of them, but seldom every two of five.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ideation.integrity.signals.evidence import Ints

_AT_ONCE = 1 << 22


def surviving(a: Ints, b: Ints, partners: int) -> Ints:
    """Places of the links a–b left when every link has that many common partners among those left.

    The links are between different nodes, each named once.
    """
    left = np.arange(len(a))
    while len(left):
        left = _well_connected(a, b, left, partners + 1)
        kept = left[_common(a[left], b[left]) >= partners]
        if len(kept) == len(left):
            break
        left = kept
    return left


def groups(a: Ints, b: Ints) -> list[Ints]:
    """The nodes that hang together by links, ascending, group by group, by their least node."""
    nodes, ends = np.unique(np.concatenate((a, b)), return_inverse=True)
    one, other = ends[: len(a)], ends[len(a) :]
    label = np.arange(len(nodes))
    while True:
        least = np.minimum(label[one], label[other])
        new = label.copy()
        np.minimum.at(new, one, least)
        np.minimum.at(new, other, least)
        new = new[new]
        if np.array_equal(new, label):
            break
        label = new
    return [nodes[label == each] for each in np.unique(label)]


def _well_connected(a: Ints, b: Ints, left: Ints, degree: int) -> Ints:
    """The links between nodes that each have `degree` links or more; it spares counting."""
    while len(left):
        many = np.bincount(np.concatenate((a[left], b[left])))
        kept = left[(many[a[left]] >= degree) & (many[b[left]] >= degree)]
        if len(kept) == len(left):
            break
        left = kept
    return left


def _common(a: Ints, b: Ints) -> Ints:
    """How many partners the two ends of each link have in common."""
    nodes, ends = np.unique(np.concatenate((a, b)), return_inverse=True)
    one, other = ends[: len(a)], ends[len(a) :]
    partners = np.zeros((len(nodes), -(-len(nodes) // 64)), dtype=np.uint64)
    for here, there in ((one, other), (other, one)):
        bit = np.uint64(1) << (there % 64).astype(np.uint64)
        np.bitwise_or.at(partners, (here, there // 64), bit)
    many = np.empty(len(a), dtype=np.int64)
    step = max(1, _AT_ONCE // max(1, partners.shape[1]))
    for start in range(0, len(a), step):
        both = partners[one[start : start + step]] & partners[other[start : start + step]]
        many[start : start + step] = np.bitwise_count(both).sum(axis=1)
    return many
