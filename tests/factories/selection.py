"""Decisions, agreements and announcements, by the real rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.selection import agreements, announcing, choosing, queries
from ideation.selection.models import Agreement, Decision, Ground
from ideation.submissions.models import Designer, Submission
from tests.factories.contests import contest as make_contest
from tests.factories.members import member as make_member
from tests.factories.submissions import submission as make_submission
from tests.factories.voting import tallied


def manager() -> Member:
    """A product manager of the whole instance."""
    return make_member("Mara Quill", roles=(Role.PRODUCT_MANAGER,))


def entries(contest: Contest, count: int = 3) -> list[Submission]:
    """So many designs, each by somebody else."""
    return [make_submission(contest) for _ in range(count)]


def decided(
    contest: Contest,
    winners: Sequence[Submission],
    *,
    actor: Member | None = None,
    at: datetime | None = None,
) -> list[Decision]:
    """Choose winners by place and pass over everybody else; tallies the contest where needed."""
    if db.session.get_one(Contest, contest.id).tallied_at is None:
        tallied(contest)
    at = at or clock.now()
    chosen = [winner.id for winner in winners]
    with transaction():
        actor = db.session.merge(actor) if actor else None
        for place, key in enumerate(chosen, start=1):
            choosing.choose(actor, key, place, Ground.EDITORS, "It stays with you.", at=at)
        others = [key for key in queries.list_entries(contest.id) if key not in chosen]
        if others:
            note = "Two dark shirts were enough."
            choosing.pass_over(actor, contest.id, others, Ground.RANGE, note, at=at)
    return queries.list_winners(contest.id)


def accepted(agreement: Agreement, *, at: datetime | None = None) -> Agreement:
    """Every designer accepts, the first one with the first currency of the prize."""
    at = at or clock.now()
    currency = agreement.prizes[0]["currency"] if agreement.prizes else ""
    key = agreement.id
    for party in [(one.member_id, one.position) for one in agreement.parties]:
        with transaction():
            agreements.answer(
                db.session.get_one(Member, party[0]),
                key,
                True,
                prize_currency=currency if party[1] == 0 else "",
                language="en",
                at=at,
            )
    return db.session.get_one(Agreement, key)


def announced(
    contest: Contest, winners: Sequence[Submission], *, at: datetime | None = None
) -> list[Agreement]:
    """The whole way: chosen, offered, accepted by everybody, announced."""
    at = at or clock.now()
    decided(contest, winners, at=at)
    with transaction():
        offered = [one.id for one in agreements.offer(None, contest.id, at=at)]
    signed = [accepted(db.session.get_one(Agreement, key), at=at) for key in offered]
    with transaction():
        assert announcing.announce(None, contest.id, at=at)
    return signed


def announced_winner(
    member: Member | None = None,
    *,
    co_designers: Mapping[Member, int] | None = None,
    at: datetime | None = None,
    **contest_values: object,
) -> Agreement:
    """An accepted agreement of a contest that was announced; co-designers by basis points."""
    contest = make_contest("decision", **contest_values)  # type: ignore[arg-type]
    values: dict[str, object] = {}
    designer = member or make_member("Ada Lind")
    if co_designers:
        shares = {designer.id: 10_000 - sum(co_designers.values())}
        shares |= {one.id: share for one, share in co_designers.items()}
        values["designers"] = [
            Designer(
                member_id=key, position=n, share_bp=share, agreed_at=clock.now() if n else None
            )
            for n, (key, share) in enumerate(shares.items())
        ]
    winner = make_submission(contest, designer, **values)  # type: ignore[arg-type]
    make_submission(contest)
    return announced(contest, [winner], at=at)[0]
