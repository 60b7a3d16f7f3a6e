"""The ring rule: accounts that lift the same entry and hold the same rivals down.

Over the contested entries alone, two voters are **linked** if

- both gave 5 to a common entry, and low marks to two or more common entries;
- neither gave 5 where the other gave 1 or 2;
- they agree (both 5 or both low) on at least 75 % of the contested entries both marked, four or
  more of them, with low meaning 1 or 2; or on at least 60 %, three or more, with low meaning 1;

or, whatever else they differ in, if both gave 5 to a common entry and 1 to five or more: accounts
that mark the whole deck, and all but their plan as honest voters do, agree on little besides.

A link survives only where its two ends have three or more common partners, again and again until
none falls. What hangs together then, five accounts or more, is a **ring**, unless chance explains
it: see `chance`.

Each condition was tried on real ratings: without common partners and the question about chance,
one to four honest raters in a hundred are flagged (`python -m benchmarks attacks`).

Voters who marked the contested entries alike to the letter are one **pattern**, and patterns are
compared only where they share two low marks; so ten million votes are looked through in about a
second, and a ring of thousands costs no more than its patterns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ideation.integrity.signals import knots
from ideation.integrity.signals.chance import by_chance
from ideation.integrity.signals.contested import contested
from ideation.integrity.signals.findings import Finding, Link, finding, pushed
from ideation.integrity.signals.patterns import FIVE, LOW, MARKED, STARK, Patterns, count

if TYPE_CHECKING:
    from ideation.integrity.signals.evidence import Evidence, Ints
    from ideation.integrity.signals.patterns import Bits

SIGNAL = "ring"
_CROWD = 50


@dataclass(frozen=True, slots=True)
class Rule:
    """The thresholds. Tests and benchmarks switch parts of it off, to show what each is for."""

    #: Least number of agreements and their least share, in hundredths, with 1 and 2 both low.
    alike: tuple[int, int] = (4, 75)
    #: The same with only 1 low.
    starkly: tuple[int, int] = (3, 60)
    #: Common 1s that link whatever the rest, beside a common 5; 0 for never.
    heavily: int = 5
    common_lows: int = 2
    common_partners: int = 3
    smallest: int = 5
    is_opposition_a_bar: bool = True
    is_chance_asked: bool = True


RULE = Rule()


@dataclass(frozen=True, slots=True)
class Group:
    """A ring: its members ascending, and the links among them."""

    members: tuple[int, ...]
    links: list[Link] = field(repr=False)


def find_all(evidence: Evidence) -> list[Finding]:
    """The rings of a contest, largest first.

    A ring's key is its oldest account's: it stays while others join.
    """
    return [
        finding(
            evidence,
            SIGNAL,
            group.members,
            entry=pushed(evidence, group.members),
            key=str(group.members[0]),
            severity=70 + len(group.members) / 2,
            links=group.links,
            linked=len(group.links),
        )
        for group in find(evidence)
    ]


def find(evidence: Evidence, rule: Rule = RULE) -> list[Group]:
    """The groups that the rule finds, the largest first, then by their least member."""
    about = contested(evidence)
    patterns = Patterns.of(evidence, about, rule.common_lows)
    found = []
    waiting = [(_links(patterns, rule), rule.smallest)]
    while waiting:
        links, smallest = waiting.pop()
        links = links[:, knots.surviving(links[0], links[1], rule.common_partners)]
        for nodes in knots.groups(links[0], links[1]):
            members = patterns.alike(nodes)
            if len(members) < smallest:
                continue
            inside = links[:, np.isin(links[0], nodes)]
            if rule.is_chance_asked and by_chance(evidence, about, members):
                # A ring may hang together with bystanders: what is left among closer links? Who
                # looks often finds something by chance, so each look asks for twice as many.
                waiting.append((inside[:, inside[2] > inside[2].min()], 2 * smallest))
                continue
            inside[:2] = patterns.voters[inside[:2]]
            among: list[Link] = [(a, b, n, m) for a, b, n, m in inside.T.tolist()]
            found.append(Group(tuple(members.tolist()), among))
    return sorted(found, key=lambda group: (-len(group.members), group.members))


def _links(patterns: Patterns, rule: Rule) -> Ints:
    """Links as four rows: two places in `patterns.voters`, agreements, both marked.

    Of a pattern with more voters than `_CROWD`, some stand for the others: what holds for one of
    them holds for all.
    """
    rows = [np.zeros((4, 0), dtype=np.int64)]
    holders = np.argsort(patterns.pattern, kind="stable")
    many = np.bincount(patterns.pattern, minlength=len(patterns.bits))
    first = np.cumsum(many) - many
    many = np.minimum(many, _CROWD)
    for one, other in patterns.sharing_two_lows():
        agreed, both = _alike(patterns.bits[one], patterns.bits[other], rule)
        linked = np.flatnonzero(agreed)
        p, q = one[linked], other[linked]
        pair = np.repeat(np.arange(len(linked)), many[p] * many[q])
        turn = np.arange(len(pair)) - np.searchsorted(pair, pair)
        a = holders[first[p[pair]] + turn // many[q[pair]]]
        b = holders[first[q[pair]] + turn % many[q[pair]]]
        # A pattern with itself meets every two of its voters twice, and each with itself.
        once = (p[pair] != q[pair]) | (a < b)
        ends = (np.minimum(a, b), np.maximum(a, b), agreed[linked][pair], both[linked][pair])
        rows.append(np.stack(ends)[:, once])
    return np.concatenate(rows, axis=1)


def _alike(one: Bits, other: Bits, rule: Rule) -> tuple[Ints, Ints]:
    """For pairs of patterns, how many marks link them (0: not linked), and how many both gave."""
    common = one & other
    both, fives = count(common[:, MARKED]), count(common[:, FIVE])
    best = np.zeros(len(one), dtype=np.int64)
    for kind, (least, share) in ((LOW, rule.alike), (STARK, rule.starkly)):
        lows = count(common[:, kind])
        agreed = fives + lows
        is_linked = (fives >= 1) & (lows >= rule.common_lows) & (agreed >= least)
        is_linked &= 100 * agreed >= share * both
        best = np.maximum(best, np.where(is_linked, agreed, 0))
    if rule.is_opposition_a_bar:
        opposed = (one[:, FIVE] & other[:, LOW]) | (one[:, LOW] & other[:, FIVE])
        best[count(opposed) > 0] = 0
    ones = count(common[:, STARK])
    if rule.heavily:
        best = np.where((fives >= 1) & (ones >= rule.heavily), fives + ones, best)
    return best, both
