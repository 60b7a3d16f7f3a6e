"""The ranking as those who decide look at it: every entry with its stars and what was decided."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ideation.core.db import db
from ideation.core.paging import Page
from ideation.selection import queries
from ideation.selection.models import Agreement, Decision, Outcome
from ideation.submissions.models import Submission
from ideation.voting import crosschecks, scoring, standings
from ideation.voting import queries as voting
from ideation.voting.models import Tally, TallyRow
from ideation.voting.standings import Standing

#: How many are shown of a count that is still changing.
LIVE_SIZE = 60
#: How many can stand side by side.
MOST_COMPARED = 4


@dataclass(frozen=True)
class Line:
    """One entry: its numbers in 1/10,000 star, and what was decided about it so far."""

    submission: Submission
    rank: int
    score: int
    low: int
    high: int
    histogram: Sequence[int]
    counted: int
    uncounted: int
    intents: int
    #: Chance of being among the promised winners, in 1/10,000, where it was drawn.
    odds: int | None = None
    decision: Decision | None = None
    agreement: Agreement | None = None
    released_at: datetime | None = None

    @property
    def is_winner(self) -> bool:
        return self.decision is not None and self.decision.outcome is Outcome.WINNER

    @property
    def is_close(self) -> bool:
        """Too close to call whether it is among the promised winners."""
        return crosschecks.is_close(self.odds)

    @property
    def has_few(self) -> bool:
        """Too few counted votes to lean on."""
        return self.counted < scoring.FEW_VOTES


def page(tally: Tally, number: int) -> Page[Line]:
    """One page of the ranking; a handful of statements however long it is."""
    rows = voting.page_of_rows(tally, number)
    return Page(_lines(rows.items), rows.number, rows.size, rows.total)


def lines_of(tally: Tally, submission_ids: Collection[int]) -> dict[int, Line]:
    """Submission → its line, of those that the tally ranks."""
    rows = voting.rows_by_id(tally, submission_ids)
    return {line.submission.id: line for line in _lines(rows.values())}


def compared(tally: Tally, public_ids: Sequence[str]) -> list[Line]:
    """Up to four entries side by side, in the order asked for; unknown ones are left out."""
    wanted = list(dict.fromkeys(public_ids))[:MOST_COMPARED]
    query = select(Submission.id, Submission.public_id).where(
        Submission.public_id.in_(wanted), Submission.contest_id == tally.contest_id
    )
    key_of = {row.public_id: row.id for row in db.session.execute(query)}
    lines = lines_of(tally, list(key_of.values()))
    return [lines[key_of[one]] for one in wanted if key_of.get(one) in lines]


@dataclass(frozen=True)
class Live:
    """The best of a contest that is still being scored, as they stood at an instant."""

    at: datetime
    lines: list[Line]


def live(contest_id: int, at: datetime) -> Live:
    """How it stood when the slot began, or now before the first count: for those alone who may
    see it.
    """
    standing = standings.find(contest_id) or standings.take(contest_id, 0, at=at)
    best = standing.rows[:LIVE_SIZE]
    submissions = voting.submissions_by_id([row.entry for row in best])
    return Live(standing.at, [_line(submissions[row.entry], row) for row in best])


def _lines(rows: Iterable[TallyRow]) -> list[Line]:
    rows = list(rows)
    ids = [row.submission_id for row in rows]
    submissions = voting.submissions_by_id(ids)
    decisions = queries.find_decisions(ids)
    agreements = queries.living_agreements(ids)
    releases = queries.releases_of(ids)
    return [
        _line(
            submissions[row.submission_id],
            row,
            odds=row.odds,
            decision=decisions.get(row.submission_id),
            agreement=agreements.get(row.submission_id),
            released_at=(
                releases[row.submission_id].released_at if row.submission_id in releases else None
            ),
        )
        for row in rows
    ]


def _line(submission: Submission, row: TallyRow | Standing, **known: Any) -> Line:
    """The entry with the numbers of its row, and what else is ``known`` of it."""
    return Line(
        submission,
        row.rank,
        row.score,
        row.low,
        row.high,
        row.histogram,
        row.counted,
        row.uncounted,
        row.intents,
        **known,
    )
