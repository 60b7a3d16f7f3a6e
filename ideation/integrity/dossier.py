"""The dossier of a case: its voters with their history, what they marked, when, and their ties.

A bounded number of voters and designs is shown, in a fixed number of statements. Browsers appear
as letters, so that one sees who shares; nobody sees a hash or an address.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from string import ascii_uppercase
from typing import Any

from sqlalchemy import func, select

from ideation.accounts import queries as accounts
from ideation.accounts.models import Member
from ideation.core.db import db
from ideation.integrity import cases, drawing
from ideation.integrity.drawing import Drawing
from ideation.integrity.models import Case, Reply, Ruling
from ideation.submissions.models import Submission
from ideation.voting import queries
from ideation.voting.models import Vote

#: Voters and designs that are shown.
MOST_VOTERS = 40
MOST_DESIGNS = 12
#: Parts into which the time between the first vote and the last is cut.
PARTS = 24


@dataclass(frozen=True)
class Voter:
    """One voter of a case."""

    #: Counted from 1, as in the drawing.
    number: int
    member: Member
    votes: int
    #: Mean stars given in this contest.
    mean: float
    #: Contests that they gave stars in before.
    contests: int
    #: Cases of other contests in which their votes were set aside.
    earlier: int
    #: A letter for each browser that they share with others here.
    browsers: str
    is_set_aside: bool
    #: Set aside by another case, whatever is decided here.
    is_elsewhere: bool
    #: Stars for each design shown, None where they gave none.
    stars: tuple[int | None, ...]


@dataclass(frozen=True)
class Timing:
    """When the votes came: first and last, and how many in each part between."""

    first_at: datetime
    last_at: datetime
    parts: tuple[int, ...]

    @property
    def most(self) -> int:
        return max(self.parts, default=1)


@dataclass(frozen=True)
class Dossier:
    """All that a case's page shows of its group."""

    voters: tuple[Voter, ...]
    #: How many more there are than are shown.
    more: int
    designs: tuple[Submission, ...]
    drawing: Drawing | None
    timing: Timing | None


def of(case: Case) -> Dossier:
    """Put the dossier together, in nine statements."""
    ids = _order(cases.members_of(case), case.evidence.get("links", ()))[:MOST_VOTERS]
    votes = _votes(case.contest_id, ids)
    shown = _designs(case, votes)
    found = queries.submissions_by_id(shown)
    shown = [key for key in shown if key in found]
    links = case.evidence.get("links") or _links(ids, votes)
    return Dossier(
        voters=_voters(case, ids, votes, shown),
        more=len(case.members) - len(ids),
        designs=tuple(found[key] for key in shown),
        drawing=drawing.circle(ids, links) if len(ids) > 1 and links else None,
        timing=_timing(case, votes),
    )


def replies(case: Case) -> list[tuple[Ruling, Reply]]:
    """What voters answered to questions, the earliest first."""
    query = (
        select(Ruling, Reply)
        .join(Reply, Reply.ruling_id == Ruling.id)
        .where(Ruling.case_id == case.id)
        .order_by(Reply.at, Reply.member_id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


Mark = tuple[int, int, int, datetime, bytes | None]


def _votes(contest_id: int, ids: Sequence[int]) -> list[Mark]:
    query = (
        select(Vote.submission_id, Vote.member_id, Vote.stars, Vote.cast_at, Vote.device)
        .where(Vote.contest_id == contest_id, Vote.member_id.in_(ids))
        .order_by(Vote.submission_id, Vote.member_id)
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in db.session.execute(query)]


def _designs(case: Case, votes: Sequence[Mark]) -> list[int]:
    """The designs that most of the group marked, the one that the case is about first."""
    marked = Counter(entry for entry, *_ in votes)
    order = sorted(marked, key=lambda key: (-marked[key], key))
    if case.submission_id is not None and case.submission_id in marked:
        order.remove(case.submission_id)
        order.insert(0, case.submission_id)
    return order[:MOST_DESIGNS]


def _voters(
    case: Case, ids: Sequence[int], votes: Sequence[Mark], shown: Sequence[int]
) -> tuple[Voter, ...]:
    members = accounts.by_ids(ids)
    marks: dict[int, dict[int, int]] = defaultdict(dict)
    for entry, voter, stars, *_ in votes:
        marks[voter][entry] = stars
    other = _contests(ids, case.contest_id)
    earlier = cases.earlier_of(ids, case.contest_id)
    letters = _letters(votes)
    here = cases.set_aside_by(case.id)
    elsewhere = cases.quarantined(case.contest_id, but=case.id)
    return tuple(
        Voter(
            number=number,
            member=members[key],
            votes=len(marks[key]),
            mean=sum(marks[key].values()) / max(len(marks[key]), 1),
            contests=other.get(key, 0),
            earlier=earlier.get(key, 0),
            browsers=letters.get(key, ""),
            is_set_aside=key in here and here[key] is None,
            is_elsewhere=key in elsewhere,
            stars=tuple(marks[key].get(entry) for entry in shown),
        )
        for number, key in enumerate(ids, start=1)
        if key in members
    )


def _contests(ids: Sequence[int], contest_id: int) -> dict[int, int]:
    query = (
        select(Vote.member_id, func.count(func.distinct(Vote.contest_id)))
        .where(Vote.member_id.in_(ids), Vote.contest_id != contest_id)
        .group_by(Vote.member_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _letters(votes: Sequence[Mark]) -> dict[int, str]:
    """Voter → a letter for each browser that others of the group voted from too."""
    used: dict[bytes, set[int]] = defaultdict(set)
    for _, voter, _, _, device in votes:
        if device is not None:
            used[bytes(device)].add(voter)
    shared = sorted((sorted(who), device) for device, who in used.items() if len(who) > 1)
    letters: dict[int, str] = defaultdict(str)
    for (who, _), letter in zip(shared, ascii_uppercase, strict=False):
        for voter in who:
            letters[voter] += letter
    return letters


def _links(ids: Sequence[int], votes: Sequence[Mark]) -> list[list[int]]:
    """Pairs that gave the same stars at least twice, where the signal drew none itself."""
    marks: dict[int, dict[int, int]] = defaultdict(dict)
    for entry, voter, stars, *_ in votes:
        marks[voter][entry] = stars
    links = []
    for one, other in combinations(ids, 2):
        both = marks[one].keys() & marks[other].keys()
        agreed = sum(marks[one][entry] == marks[other][entry] for entry in both)
        if agreed > 1:
            links.append([one, other, agreed, len(both)])
    return links


def _order(ids: Sequence[int], links: Sequence[Sequence[int]]) -> list[int]:
    """The most tied first, so that what is cut off is what hangs loosely."""
    ties: Counter[int] = Counter()
    for one, other, *_ in links:
        ties[one] += 1
        ties[other] += 1
    return sorted(ids, key=lambda key: (-ties[key], key))


def _timing(case: Case, votes: Sequence[Mark]) -> Timing | None:
    written: Mapping[str, Any] = case.evidence.get("timing", {})
    if written.get("parts"):
        return Timing(
            datetime.fromtimestamp(written["first"], UTC),
            datetime.fromtimestamp(written["last"], UTC),
            tuple(int(part) for part in written["parts"]),
        )
    if not votes:
        return None
    instants = [at for *_, at, _device in votes]
    first, last = min(instants), max(instants)
    span = max((last - first).total_seconds(), 1.0)
    parts = [0] * PARTS
    for at in instants:
        parts[min(PARTS - 1, int((at - first).total_seconds() / span * PARTS))] += 1
    return Timing(first, last, tuple(parts))
