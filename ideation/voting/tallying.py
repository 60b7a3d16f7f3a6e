"""From votes to a frozen, numbered tally.

Counting reads outside any lock, from votes that can no longer change; freezing writes the result
in one transaction. A tally is never changed: a later decision freezes the next number.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from ideation.accounts.grants import SEES_LIVE_SCORES
from ideation.accounts.models import DeviceUse, Grant, Member, Standing
from ideation.contests import briefs, editions, lifecycle, queries
from ideation.contests.models import Contest
from ideation.core import events, jobs
from ideation.core.db import db
from ideation.core.errors import Conflict
from ideation.core.i18n import lazy
from ideation.notices import telling
from ideation.submissions.models import Designer, State, Submission
from ideation.voting import clusters, scoring, weighing
from ideation.voting.events import TallyFrozen
from ideation.voting.models import Intent, Tally, TallyRow, TallyWeight, Vote
from ideation.voting.notices import RESULT
from ideation.voting.weighing import Reason

#: Counts a closed contest and freezes tally number 1.
TALLY = jobs.declare("voting.tally", queue="urgent")

#: What makes tally number 1.
CLOSE = "close"


@dataclass(frozen=True)
class Count:
    """A contest counted, and what it was counted from; nothing of it is written yet."""

    contest_id: int
    votes: tuple[weighing.Vote, ...]
    weights: tuple[weighing.Weight, ...]
    result: scoring.Result
    intents: Counter[int]

    @property
    def voters(self) -> int:
        """How many members have a vote that counts."""
        return len(
            {
                vote.voter
                for vote, weight in zip(self.votes, self.weights, strict=True)
                if weight.weight_120
            }
        )


def count(contest_id: int) -> Count:
    """Count the contest as its votes stand now; before close for managers' eyes alone."""
    contest = queries.get(contest_id)
    entries = list(
        db.session.scalars(
            select(Submission.id)
            .where(Submission.contest_id == contest_id, Submission.state == State.APPROVED)
            .order_by(Submission.id)
        )
    )
    votes = _votes(contest, frozenset(entries))
    weights = weighing.weights(votes)
    return Count(
        contest_id=contest_id,
        votes=tuple(votes),
        weights=tuple(weights),
        result=scoring.tally(entries, votes, weights, contest.tie_seed),
        intents=_intents(contest_id),
    )


def freeze(counted: Count, cause: str, *, at: datetime) -> Tally:
    """Write the count as the contest's next tally. Call inside ``transaction()``.

    The first, for ``CLOSE``, is frozen once: called again it returns what stands. It ends the
    tallying phase and tells every entrant. Raises Conflict while votes are still taken.
    """
    contest = editions.get_locked(counted.contest_id)
    if contest.closed_at is None:
        raise Conflict(lazy("Votes are still coming in: close the contest first."))
    last = db.session.scalars(
        select(Tally).where(Tally.contest_id == contest.id).order_by(Tally.number.desc()).limit(1)
    ).one_or_none()
    if last is not None and cause == CLOSE:
        return db.session.scalars(
            select(Tally).where(Tally.contest_id == contest.id, Tally.number == 1)
        ).one()
    tally = _write(counted, cause, last.number + 1 if last else 1, at)
    if tally.number == 1:
        lifecycle.set_tallied(contest.id, at)
        _tell_entrants(contest, counted.result, at)
    _forget_devices(contest.id)
    events.publish(TallyFrozen(contest.id, tally.number, at))
    return tally


def _write(counted: Count, cause: str, number: int, at: datetime) -> Tally:
    result = counted.result
    tally = Tally(
        contest_id=counted.contest_id,
        number=number,
        cause=cause,
        rule_version=result.rule_version,
        mean=result.c,
        prior=result.m,
        voters=counted.voters,
        counted=result.counted,
        uncounted=result.uncounted,
        digest=result.digest,
        at=at,
    )
    db.session.add(tally)
    db.session.flush()
    _insert(TallyRow, (_row(tally.id, row, counted.intents) for row in result.rows))
    _insert(
        TallyWeight,
        (
            {
                "tally_id": tally.id,
                "submission_id": vote.entry,
                "member_id": vote.voter,
                "weight": weight.weight_120,
                "reason": weight.reason.value,
            }
            for vote, weight in zip(counted.votes, counted.weights, strict=True)
        ),
    )
    return tally


def _row(tally_id: int, row: scoring.Row, intents: Counter[int]) -> dict[str, object]:
    return {
        "tally_id": tally_id,
        "submission_id": row.entry,
        "rank": row.rank,
        "score": row.score,
        "raw_mean": row.raw_mean,
        "low": row.low,
        "high": row.high,
        "histogram": list(row.histogram),
        "counted": row.counted,
        "uncounted": row.uncounted,
        "intents": intents[row.entry],
    }


def _insert(model: type, rows: Iterable[dict[str, object]]) -> None:
    values = list(rows)
    if values:
        db.session.execute(insert(model), values)


def _votes(contest: Contest, entries: frozenset[int]) -> list[weighing.Vote]:
    query = (
        select(
            Vote.submission_id,
            Vote.member_id,
            Vote.stars,
            Member.email_confirmed_at,
            Member.suspended_at,
        )
        .join(Member, Member.id == Vote.member_id)
        .where(Vote.contest_id == contest.id)
        .order_by(Vote.submission_id, Vote.member_id)
    )
    grounds = _Grounds(
        entries=entries,
        own=_designs(contest.id),
        insiders=frozenset(
            db.session.scalars(select(Grant.member_id).where(Grant.role.in_(SEES_LIVE_SCORES)))
        ),
        closed_at=contest.closed_at,
    )
    cluster_of = clusters.clusters(_device_uses(contest.id))
    return [
        weighing.Vote(
            entry, voter, stars, cluster_of.get(voter), grounds.against(entry, voter, *of)
        )
        for entry, voter, stars, *of in db.session.execute(query)
    ]


@dataclass(frozen=True)
class _Grounds:
    """What a vote can be left out for, as things stand when the contest is counted."""

    entries: frozenset[int]
    own: frozenset[tuple[int, int]]
    insiders: frozenset[int]
    closed_at: datetime | None

    def against(
        self, entry: int, voter: int, confirmed_at: datetime | None, suspended_at: datetime | None
    ) -> Reason | None:
        """Why the vote does not count; None where it does."""
        if entry not in self.entries:
            return Reason.OUT
        if (entry, voter) in self.own:
            return Reason.OWN
        if voter in self.insiders:
            return Reason.INSIDER
        if suspended_at is not None:
            return Reason.SUSPENDED
        is_late = self.closed_at is not None and confirmed_at and confirmed_at > self.closed_at
        return Reason.UNCONFIRMED if confirmed_at is None or is_late else None


def _device_uses(contest_id: int) -> list[tuple[bytes, int]]:
    """(device, voter) of the contest's voters: where they signed in, and where they voted."""
    voters = select(Vote.member_id).where(Vote.contest_id == contest_id).distinct()
    signed_in = select(DeviceUse.device, DeviceUse.member_id).where(DeviceUse.member_id.in_(voters))
    voted = (
        select(Vote.device, Vote.member_id)
        .where(Vote.contest_id == contest_id, Vote.device.is_not(None))
        .distinct()
    )
    pairs = [*db.session.execute(signed_in), *db.session.execute(voted)]
    return sorted((bytes(device), member_id) for device, member_id in pairs)


def _designs(contest_id: int) -> frozenset[tuple[int, int]]:
    """(submission, member) for everyone who made a design of the contest."""
    named = (
        select(Designer.submission_id, Designer.member_id)
        .join(Submission, Submission.id == Designer.submission_id)
        .where(Submission.contest_id == contest_id)
    )
    entered = select(Submission.id, Submission.member_id).where(Submission.contest_id == contest_id)
    rows = [*db.session.execute(named), *db.session.execute(entered)]
    return frozenset((row[0], row[1]) for row in rows)


def _intents(contest_id: int) -> Counter[int]:
    query = (
        select(Intent.submission_id, func.count())
        .where(Intent.contest_id == contest_id)
        .group_by(Intent.submission_id)
    )
    return Counter({row[0]: row[1] for row in db.session.execute(query)})


def _tell_entrants(contest: Contest, result: scoring.Result, at: datetime) -> None:
    rank = {row.entry: row.rank for row in result.rows}
    query = (
        select(Submission.id, Submission.title, Member.id, Member.language)
        .join(Designer, Designer.submission_id == Submission.id)
        .join(Member, Member.id == Designer.member_id)
        .where(Submission.id.in_(rank))
        .order_by(Submission.id, Designer.position)
    )
    for submission_id, title, member_id, language in db.session.execute(query).all():
        telling.tell(
            member_id,
            RESULT,
            at=at,
            params={
                "title": title,
                "rank": rank[submission_id],
                "total": len(rank),
                "contest": briefs.read(contest, language).title,
            },
            link=f"/contests/{contest.slug}/results",
            key=f"result:{submission_id}:{member_id}",
        )


def _forget_devices(contest_id: int) -> None:
    """What erased members voted from has done its work once the weights are frozen."""
    erased = select(Member.id).where(Member.standing == Standing.ERASED)
    db.session.execute(
        update(Vote)
        .where(Vote.contest_id == contest_id, Vote.member_id.in_(erased))
        .values(device=None)
        .execution_options(synchronize_session=False)
    )
