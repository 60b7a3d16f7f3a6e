"""Answering a query: terms are looked up, never texts compared, so the cost stays as data grows.

Every list that is read has an end. Of a term that stands in more things than ``MOST`` the latest
are looked at, which is what whoever types one common word can use anyway.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal, select, union_all

from ideation.contests import queries as contests
from ideation.contests.phases import is_blind
from ideation.core.db import db
from ideation.core.wording import distance, is_near, is_unspaced
from ideation.search import terms, visible
from ideation.search.models import Kind, Posting, Spelling
from ideation.submissions.models import Submission

MOST = 500
#: Words that continue a beginning, and words a slip away, that are looked up beside it.
_CONTINUED = 6
_NEAR = 6
#: Spellings that many words share tell little; more of them are not read.
_LOOKED_AT = 200
_SHORTEST_BEGINNING = 3


@dataclass(frozen=True)
class Hits:
    """What was found of one kind, the best first; ``is_cut`` where there may be more."""

    keys: list[int]
    is_cut: bool

    def __len__(self) -> int:
        return len(self.keys)


def find(query: str, lot: int, at: datetime) -> dict[Kind, Hits]:
    """Kind → what everybody may see and has all the words, or nearly.

    Exact words come before beginnings and slips; then the latest. Designs that are being scored
    hang in an order of the viewer's ``lot``, as on their wall: none is lifted.
    """
    sought = [_alternatives(term) for term in terms.wanted(query)]
    found = _meeting(sought) if sought else {kind: {} for kind in Kind}
    return {kind: _ordered(kind, found[kind], lot, at) for kind in Kind}


def _ordered(kind: Kind, found: dict[int, int], lot: int, at: datetime) -> Hits:
    keys = visible.among(kind, found)
    place = _places(keys, lot, at) if kind is Kind.DESIGN else lambda key: (0, str(key).zfill(20))
    by_place = sorted(keys, key=place, reverse=True)
    return Hits(sorted(by_place, key=found.__getitem__)[:MOST], len(found) >= MOST)


def _places(keys: set[int], lot: int, at: datetime) -> Callable[[int], tuple[int, str]]:
    """The latest contest first; within it the latest design, or by lot while it is scored."""
    query = select(Submission.id, Submission.contest_id).where(Submission.id.in_(keys))
    homes = dict(db.session.execute(query).all())
    found = contests.by_ids(set(homes.values()))
    blind = {key for key, contest in found.items() if is_blind(contest, at)}

    def place(key: int) -> tuple[int, str]:
        is_drawn = homes[key] in blind
        drawn = hashlib.blake2b(f"{lot}:{key}".encode(), digest_size=10).hexdigest()
        return homes[key], drawn if is_drawn else str(key).zfill(20)

    return place


def _meeting(sought: list[dict[str, int]]) -> dict[Kind, dict[int, int]]:
    """Kind → key → how far its words are from the query, of what has one of each alternatives.

    The rarest are read, and the others looked for in what they gave.
    """
    lists = [_postings(alternatives) for alternatives in sought]
    return {kind: _common(kind, sought, [one[kind] for one in lists]) for kind in Kind}


def _common(
    kind: Kind, sought: list[dict[str, int]], lists: list[dict[int, int]]
) -> dict[int, int]:
    rarest = min(range(len(lists)), key=lambda one: len(lists[one]))
    total = dict(lists[rarest])
    for number, alternatives in enumerate(sought):
        if number == rarest or not total:
            continue
        is_whole = len(lists[number]) < MOST
        met = lists[number] if is_whole else _met(kind, alternatives, total)
        total = {key: far + met[key] for key, far in total.items() if key in met}
    return total


def _postings(alternatives: dict[str, int]) -> dict[Kind, dict[int, int]]:
    """Kind → key → the nearest of the alternatives that stands in it; one statement."""
    latest = [
        select(literal(far).label("far"), Posting.kind, Posting.subject_id)
        .where(Posting.term == term, Posting.kind == kind)
        .order_by(Posting.subject_id.desc())
        .limit(MOST)
        .subquery()
        for term, far in alternatives.items()
        for kind in Kind
    ]
    found: dict[Kind, dict[int, int]] = {kind: {} for kind in Kind}
    for far, kind, key in db.session.execute(union_all(*(select(one) for one in latest))):
        found[kind][key] = min(far, found[kind].get(key, far))
    return found


def _met(kind: Kind, alternatives: dict[str, int], keys: Iterable[int]) -> dict[int, int]:
    """Which of the keys have one of the alternatives, and how near; one statement."""
    query = select(Posting.subject_id, Posting.term).where(
        Posting.kind == kind,
        Posting.subject_id.in_(list(keys)),
        Posting.term.in_(alternatives),
    )
    met: dict[int, int] = {}
    for key, term in db.session.execute(query):
        met[key] = min(alternatives[term], met.get(key, alternatives[term]))
    return met


def _alternatives(term: str) -> dict[str, int]:
    """The term itself, words that it begins, and words a slip away → how far each is from it."""
    if is_unspaced(term):
        return {term: 0}
    continued = dict.fromkeys(_continuations(term), 1)
    return {**dict(_slips(term)), **continued, term: 0}


def _continuations(beginning: str) -> list[str]:
    if len(beginning) < _SHORTEST_BEGINNING:
        return []
    query = (
        select(Spelling.word)
        .where(Spelling.word > beginning, Spelling.word < beginning + chr(0x10FFFF))
        .distinct()
        .order_by(Spelling.word)
        .limit(_CONTINUED)
    )
    return list(db.session.scalars(query))


def _slips(term: str) -> list[tuple[str, int]]:
    query = (
        select(Spelling.word)
        .where(Spelling.spelling.in_(terms.spellings(term)))
        .distinct()
        .limit(_LOOKED_AT)
    )
    words = [word for word in db.session.scalars(query) if is_near(term, word)]
    near = sorted((1 + distance(term, word), word) for word in words if word != term)
    return [(word, far) for far, word in near[:_NEAR]]
