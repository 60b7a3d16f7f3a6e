"""From votes to a frozen, numbered tally.

Counting reads outside any lock, from votes that can no longer change; freezing writes the result
in one transaction. A tally is never changed: a later decision freezes the next number.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from ideation.accounts.models import Member
from ideation.contests import briefs, editions, formats, lifecycle, queries
from ideation.contests.models import Contest
from ideation.core import cores, events, jobs
from ideation.core.db import db, is_postgresql
from ideation.core.errors import Conflict
from ideation.core.i18n import lazy
from ideation.notices import telling
from ideation.submissions.models import Designer, Submission
from ideation.voting import (
    counting,
    crosschecks,
    fast_scoring,
    fast_weighing,
    scoring,
    weight_files,
)
from ideation.voting import queries as results
from ideation.voting.columns import Cast
from ideation.voting.events import TallyFrozen
from ideation.voting.fast_weighing import Weighed
from ideation.voting.models import Intent, Tally, TallyRow, TallyWeights
from ideation.voting.notices import RESULT

#: Counts a closed contest and freezes tally number 1.
TALLY = jobs.declare("voting.tally", queue="urgent")

#: Tells every entrant of tally number 1; apart from freezing, which thousands of letters held up.
TELL = jobs.declare("voting.tell_entrants")

#: What makes tally number 1.
CLOSE = "close"


@dataclass(frozen=True, eq=False)
class Count:
    """A contest counted, and what it was counted from; nothing of it is written yet."""

    contest_id: int
    cast: Cast
    weighed: Weighed
    sums: fast_scoring.Sums
    result: scoring.Result
    intents: Counter[int]

    @property
    def voters(self) -> int:
        """How many members have a vote that counts."""
        return int((self.sums.voter_weight > 0).sum())


def count(
    contest_id: int, *, quarantined: Collection[int] | None = None, prior: int | None = None
) -> Count:
    """Count the contest as its votes stand now; before close for managers' eyes alone.

    `quarantined` puts these members' votes aside instead of those that are; `prior` is the m to
    count with instead of the contest's own. Raises NotFound.
    """
    cast = counting.read(contest_id, quarantined=quarantined)
    return count_cast(contest_id, cast, prior=prior)


def count_cast(contest_id: int, cast: Cast, *, prior: int | None = None) -> Count:
    """``count`` of votes that were read before: for several looks at the same ones."""
    contest = queries.get(contest_id)
    last = results.find_tally(contest_id)
    weighed = fast_weighing.weigh(cast, jury=formats.has_jury(contest))
    sums = fast_scoring.add_up(cast, weighed.weight)
    return Count(
        contest_id=contest_id,
        cast=cast,
        weighed=weighed,
        sums=sums,
        result=fast_scoring.tally_sums(
            cast,
            sums,
            contest.tie_seed,
            m=prior,
            # A later tally differs from the last by a decision, not by a new version of ours.
            rule=last.rule_version if last else scoring.RULE_VERSION,
        ),
        intents=_intents(contest_id),
    )


def refreeze(contest_id: int, cause: str, *, at: datetime) -> Tally:
    """Count a closed contest anew and freeze the next number, for a decision made just now.

    Call inside ``transaction()``, after the decision is flushed. Raises as ``freeze`` does.
    """
    editions.get_locked(contest_id)  # no traces are forgotten while they are read
    return freeze(count(contest_id), cause, at=at)


def freeze(counted: Count, cause: str, *, at: datetime, log_head: str | None = None) -> Tally:
    """Write the count as the contest's next tally. Call inside ``transaction()``.

    The first, for ``CLOSE``, is frozen once: called again it returns what stands. It ends the
    tallying phase, and every entrant is told. `log_head` is what the ballot log ended with, which
    later tallies take over from the last. Raises Conflict while votes are still taken.
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
    if log_head is None:
        log_head = last.log_head if last else ""
    tally = _write(counted, cause, last.number + 1 if last else 1, log_head, contest, at)
    if tally.number == 1:
        lifecycle.set_tallied(contest.id, at)
        jobs.enqueue(TELL, at=at, key=f"tell:{contest.id}", contest_id=contest.id)
    events.publish(TallyFrozen(contest.id, tally.number, at))
    return tally


def _write(
    counted: Count, cause: str, number: int, log_head: str, contest: Contest, at: datetime
) -> Tally:
    result = counted.result
    with cores.aside(lambda: weight_files.freeze(counted.cast, counted.weighed)) as made:
        odds = crosschecks.odds(
            result, counted.sums, counted.cast, contest.winners, contest.tie_seed
        )
        checks = crosschecks.checks(result, counted.sums, counted.cast, contest.winners)
        digest = result.digest
        rows = [_row(row, counted.intents, odds.get(row.entry)) for row in result.rows]
    file = made()
    tally = Tally(
        contest_id=counted.contest_id,
        number=number,
        cause=cause,
        rule_version=result.rule_version,
        mean=result.c,
        prior=result.m,
        sigma2=result.sigma2,
        voters=counted.voters,
        counted=result.counted,
        uncounted=result.uncounted,
        digest=digest,
        votes_digest=file.votes_digest,
        weights_digest=file.weights_digest,
        log_head=log_head,
        checks=checks,
        at=at,
    )
    db.session.add(tally)
    db.session.flush()
    _add_rows(tally.id, rows)
    db.session.add(TallyWeights(tally_id=tally.id, body=file.body))
    db.session.flush()
    return tally


#: In the order of ``_row``.
_COLUMNS = (
    "submission_id",
    "rank",
    "score",
    "raw_mean",
    "low",
    "high",
    "histogram",
    "counted",
    "uncounted",
    "intents",
    "odds",
)


def _add_rows(tally_id: int, rows: list[tuple[object, ...]]) -> None:
    """PostgreSQL copies them in: twenty thousand INSERTs take several times as long."""
    if not rows:
        return
    if not is_postgresql():
        db.session.execute(
            insert(TallyRow),
            [{"tally_id": tally_id, **dict(zip(_COLUMNS, row, strict=True))} for row in rows],
        )
        return
    # Numbers, None, and lists of numbers, which JSON writes as Python does.
    lines = "\n".join(["\t".join(map(str, (tally_id, *row))) for row in rows])
    driver: Any = db.session.connection().connection.driver_connection
    into = f"COPY {TallyRow.__tablename__} ({', '.join(['tally_id', *_COLUMNS])}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        copy.write(lines.replace("None", "\\N"))


def _row(row: scoring.Row, intents: Counter[int], odds: int | None) -> tuple[object, ...]:
    return (
        row.entry,
        row.rank,
        row.score,
        row.raw_mean,
        row.low,
        row.high,
        list(row.histogram),
        row.counted,
        row.uncounted,
        intents.get(row.entry, 0),
        odds,
    )


def _intents(contest_id: int) -> Counter[int]:
    query = (
        select(Intent.submission_id, func.count())
        .where(Intent.contest_id == contest_id)
        .group_by(Intent.submission_id)
    )
    return Counter({row[0]: row[1] for row in db.session.execute(query)})


def tell_entrants(contest_id: int) -> None:
    """Tell everyone who made a design how it ranks in tally number 1, once."""
    contest = queries.get(contest_id)
    tally = results.get_tally(contest_id, 1)
    query = (
        select(Submission.id, Submission.title, TallyRow.rank, Member.id, Member.language)
        .join(TallyRow, TallyRow.submission_id == Submission.id)
        .join(Designer, Designer.submission_id == Submission.id)
        .join(Member, Member.id == Designer.member_id)
        .where(TallyRow.tally_id == tally.id)
        .order_by(Submission.id, Designer.position)
    )
    total = len(tally.rows)
    for submission_id, title, rank, member_id, language in db.session.execute(query).all():
        telling.tell(
            member_id,
            RESULT,
            at=tally.at,
            params={
                "title": title,
                "rank": rank,
                "total": total,
                "contest": briefs.read(contest, language).title,
            },
            link=f"/contests/{contest.slug}/results",
            key=f"result:{submission_id}:{member_id}",
        )
