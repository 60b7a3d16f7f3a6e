"""Whether a pattern can run away, read off its parse tree: nothing is timed.

A backtracking matcher takes long where one text can be read in many ways and then fails. The
pattern becomes an automaton with a state a letter (Glushkov, 1961), its doubled edges kept; then

* two ways round from a state to itself on one text mean exponential time (EDA),
* a state that can loop, go on to another that loops, and stay, all on one text, means polynomial
  time (IDA): quadratic or worse, where what follows may fail

(Weber and Seidl, *On the degree of ambiguity of finite automata*, 1991). Patterns that are searched
for begin with a loop over anything. Look-arounds are taken for nothing, so that what is found may
be too much, never too little, but for references back, which no pattern of ours holds.
"""

import re
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from re import _constants as op  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]

#: A repeat that may happen more often than this is taken for one without an end.
MANY = 40
#: One letter of every kind that a pattern can tell apart, besides those that it names.
LETTERS = "aZ09_ \t\n-.:/@é小٣\u2003\x00'\"<"


@dataclass
class Piece:
    """A part of a pattern: the states it may begin and end in, and whether it may be empty."""

    first: set[int]
    last: set[int]
    is_empty: bool


@dataclass
class Automaton:
    """States with the letters that lead into each, and edges with how many there are."""

    flags: int
    letters: list[str]
    reads: list[frozenset[str]] = field(default_factory=list)
    edges: list[dict[int, int]] = field(default_factory=list)

    def state(self, reads: Iterable[str]) -> Piece:
        self.reads.append(frozenset(reads))
        self.edges.append({})
        new = {len(self.reads) - 1}
        return Piece(new, new, False)

    def join(self, lasts: Iterable[int], firsts: Iterable[int]) -> None:
        for one in lasts:
            for other in firsts:
                self.edges[one][other] = self.edges[one].get(other, 0) + 1

    def chain(self, pieces: Iterable[Piece]) -> Piece:
        whole = Piece(set(), set(), True)
        for piece in pieces:
            self.join(whole.last, piece.first)
            whole = Piece(
                whole.first | piece.first if whole.is_empty else whole.first,
                whole.last | piece.last if piece.is_empty else piece.last,
                whole.is_empty and piece.is_empty,
            )
        return whole

    def sequence(self, items: Any) -> Piece:
        return self.chain([self.item(kind, value) for kind, value in items])

    def item(self, kind: Any, value: Any) -> Piece:
        """The piece of one item of a parse tree."""
        if kind in {op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY}:
            return self.state(one for one in self.letters if _takes(kind, value, one, self.flags))
        if kind is op.BRANCH:
            ways = [self.sequence(way) for way in value[1]]
            return Piece(
                set().union(*(way.first for way in ways)),
                set().union(*(way.last for way in ways)),
                any(way.is_empty for way in ways),
            )
        if kind is op.SUBPATTERN:
            return self.sequence(value[3])
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            return self.repeat(*value)
        if kind is op.ATOMIC_GROUP:
            return self.sequence(value)
        if kind in {op.AT, op.ASSERT, op.ASSERT_NOT}:
            return Piece(set(), set(), True)
        raise ValueError(f"no pattern of ours had {kind} before: say what it reads")

    def repeat(self, least: int, most: Any, items: Any) -> Piece:
        """So many copies, and a loop on the last where there is no end."""
        is_endless = most is op.MAXREPEAT or most > MANY
        least = min(least, MANY)
        copies = [self.sequence(items) for _ in range(max(least, 1) if is_endless else int(most))]
        for number, piece in enumerate(copies):
            piece.is_empty = piece.is_empty or number >= least
        if is_endless:
            self.join(copies[-1].last, copies[-1].first)
        return self.chain(copies)

    def steps(self, state: int) -> Iterator[tuple[int, int]]:
        yield from self.edges[state].items()


def explosions(pattern: str | bytes, flags: int, *, is_searched: bool, is_whole: bool) -> list[str]:
    """``exponential`` and ``polynomial`` where the pattern is; ``is_whole`` for fullmatch."""
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    tree = parser.parse(text, flags & ~re.ASCII if isinstance(pattern, bytes) else flags)
    letters = sorted(set(LETTERS) | set(_named(tree)))
    machine = Automaton(tree.state.flags | flags, letters)
    is_floating = is_searched and not _begins_at_beginning(tree, flags)
    anything = [machine.item(*_anything())] if is_floating else []
    whole = machine.chain([*anything, machine.sequence(tree)])
    ends_at_end = is_whole or _ends_at_end(tree)
    found = []
    if _is_exponential(machine):
        found.append("exponential")
    if _is_polynomial(machine, set() if ends_at_end else whole.last):
        found.append("polynomial")
    return found


def _anything() -> tuple[Any, Any]:
    return op.MAX_REPEAT, (0, op.MAXREPEAT, [(op.IN, [(op.CATEGORY, None)])])


def _takes(kind: Any, value: Any, letter: str, flags: int) -> bool:
    """Whether an item of one letter takes this one, as the matcher itself says."""
    if kind is op.IN and value == [(op.CATEGORY, None)]:
        return True
    if kind is op.ANY:
        return letter != "\n" or bool(flags & re.DOTALL)
    if kind is op.LITERAL:
        return _same(letter, chr(value), flags)
    if kind is op.NOT_LITERAL:
        return not _same(letter, chr(value), flags)
    is_not = value[0][0] is op.NEGATE
    return any(_in(one, letter, flags) for one in value[is_not:]) is not is_not


def _in(one: Any, letter: str, flags: int) -> bool:
    kind, value = one
    if kind is op.LITERAL:
        return _same(letter, chr(value), flags)
    if kind is op.RANGE:
        both = {letter, letter.lower(), letter.upper()} if flags & re.IGNORECASE else {letter}
        return any(len(each) == 1 and value[0] <= ord(each) <= value[1] for each in both)
    return bool(re.fullmatch(_CATEGORIES[value], letter, flags & re.ASCII))


_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}


def _same(one: str, other: str, flags: int) -> bool:
    return one == other or bool(flags & re.IGNORECASE and one.lower() == other.lower())


def _named(items: Any) -> Iterator[str]:
    """The letters that a tree names, with the ends of its ranges."""
    for kind, value in items:
        if kind in {op.LITERAL, op.NOT_LITERAL}:
            yield chr(value)
        elif kind is op.IN:
            for inner, limits in value:
                if inner in {op.LITERAL, op.RANGE}:
                    yield from map(chr, limits if inner is op.RANGE else (limits,))
        elif kind is op.BRANCH:
            for way in value[1]:
                yield from _named(way)
        elif kind not in {op.AT, op.ANY}:
            inside = value if kind is op.ATOMIC_GROUP else value[-1]
            yield from _named(inside)


def _begins_at_beginning(tree: Any, flags: int) -> bool:
    return bool(len(tree)) and tree[0] == (op.AT, op.AT_BEGINNING) and not flags & re.MULTILINE


def _ends_at_end(tree: Any) -> bool:
    return bool(len(tree)) and tree[-1][0] is op.AT and tree[-1][1] in {op.AT_END, op.AT_END_STRING}


def _is_exponential(machine: Automaton) -> bool:
    """Two ways round: in the square, from ``(q, q)`` back to it over a place where they part."""
    for start in range(len(machine.reads)):
        seen = {(start, start, False)}
        waiting = deque(seen)
        while waiting:
            one, other, has_parted = waiting.popleft()
            for a, many in machine.steps(one):
                for b, _ in machine.steps(other):
                    if not machine.reads[a] & machine.reads[b]:
                        continue
                    parts = has_parted or a != b or (one == other and many > 1)
                    if parts and a == b == start:
                        return True
                    if (a, b, parts) not in seen:
                        seen.add((a, b, parts))
                        waiting.append((a, b, parts))
    return False


def _is_polynomial(machine: Automaton, accepted: set[int]) -> bool:
    """``p → p``, ``p → q`` and ``q → q`` on one text, ``q`` not being a place where all is well."""
    loops = [one for one in range(len(machine.reads)) if _comes_back(machine, one)]
    return any(
        p != q and q not in accepted and _is_ladder(machine, p, q) for p in loops for q in loops
    )


def _comes_back(machine: Automaton, state: int) -> bool:
    return state in _reached(machine, state)


def _reached(machine: Automaton, state: int) -> set[int]:
    seen: set[int] = set()
    waiting = [state]
    while waiting:
        for other, _ in machine.steps(waiting.pop()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


def _is_ladder(machine: Automaton, p: int, q: int) -> bool:
    if q not in _reached(machine, p):
        return False
    round_p, round_q = _reached(machine, p), _reached(machine, q)
    seen = {(p, p, q)}
    waiting = deque(seen)
    while waiting:
        one, between, other = waiting.popleft()
        for a, _ in machine.steps(one):
            if a not in round_p:
                continue
            for c, _ in machine.steps(other):
                both = machine.reads[a] & machine.reads[c]
                if not both or c not in round_q:
                    continue
                for b, _ in machine.steps(between):
                    if not both & machine.reads[b]:
                        continue
                    if (a, b, c) == (p, q, q):
                        return True
                    if (a, b, c) not in seen:
                        seen.add((a, b, c))
                        waiting.append((a, b, c))
    return False
