"""Which pseudonym of a contest's log was an erased member's, now that nobody can compute it.

The secret is destroyed, the votes stay under the member's number and the lines under the pseudonym.
What one gave altogether (designs, stars, slots, positions) is matched with what stands under each
pseudonym that no living member has. Two erased members who gave exactly the same are told apart by
nothing; which of the two is which changes no result.
"""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.core.db import db
from ideation.proof import batching
from ideation.voting import ballots
from ideation.voting.models import Vote

#: Everything that somebody gave: (design, stars, slot, position), in order.
_Given = tuple[tuple[int, int, int, int], ...]


def pseudonyms(contest_id: int) -> dict[int, bytes]:
    """Member → pseudonym, of the contest's erased voters whose lines are found."""
    given = _given_by_erased(contest_id)
    if not given:
        return {}
    left: dict[_Given, list[bytes]] = defaultdict(list)
    for name, lines in sorted(_nameless(contest_id).items()):
        left[_in_order(lines.items())].append(name)
    found = {}
    for member_id in sorted(given):
        names = left[given[member_id]]
        if names:
            found[member_id] = names.pop(0)
    return found


def _given_by_erased(contest_id: int) -> dict[int, _Given]:
    query = (
        select(Vote.member_id, Vote.submission_id, Vote.stars, Vote.slot, Vote.position)
        .join(Member, Member.id == Vote.member_id)
        .where(Vote.contest_id == contest_id, Member.pseudonym_secret.is_(None))
        .order_by(Vote.member_id, Vote.submission_id)
    )
    given: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for member_id, entry, stars, slot, position in db.session.execute(query):
        given[member_id].append((entry, stars, slot, position))
    return {member_id: tuple(votes) for member_id, votes in given.items()}


def _nameless(contest_id: int) -> dict[bytes, dict[int, tuple[int, int, int]]]:
    """Pseudonym → design → what stands, of everybody who is no living voter."""
    living = set(_living(contest_id))
    found: dict[bytes, dict[int, tuple[int, int, int]]] = defaultdict(dict)
    for _, line in batching.lines(contest_id, 0):
        name = bytes(line.pseudonym)
        if name in living:
            continue
        if line.stars is None:
            found[name].pop(line.submission_id, None)
        else:
            found[name][line.submission_id] = (line.stars, line.slot, line.position)
    return found


def _living(contest_id: int) -> Iterable[bytes]:
    voters = select(Vote.member_id).where(Vote.contest_id == contest_id)
    query = select(Member.pseudonym_secret).where(
        Member.id.in_(voters), Member.pseudonym_secret.is_not(None)
    )
    for secret in db.session.scalars(query):
        yield ballots.pseudonym(secret or b"", contest_id)


def _in_order(standing: Iterable[tuple[int, tuple[int, int, int]]]) -> _Given:
    return tuple(sorted((entry, *rest) for entry, rest in standing))
