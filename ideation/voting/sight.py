"""All that dealing needs to know of one voter, in one statement and so as of one instant.

It costs the same however many designs a contest has: every table is entered by an index, and what
is asked of designs is asked of a few. It grows with what the voter scored, by an entry of an
index each, because how many that are is counted, not kept.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Integer, bindparam, select, text
from sqlalchemy.sql.selectable import TextualSelect

from ideation.core.db import Document, UTCDateTime, db, is_postgresql
from ideation.submissions.models import State, Submission
from ideation.voting.models import Vote
from ideation.voting.tokens import Ballot


@dataclass(frozen=True)
class Row:
    """The voter's row in ``decks``, or what stands for it before there is one (``turn`` -1)."""

    contest_id: int
    voter_id: int
    open: list[list[int]]
    #: Earliest first: submission, slot, position, ISO instant.
    skips: list[list[Any]]
    way: dict[str, Any]
    dealt: int
    turn: int
    sat_from: int
    sat_at: datetime | None

    @cached_property
    def ballots(self) -> tuple[Ballot, ...]:
        """Those that lie open, the one to show first."""
        return tuple(Ballot(self.voter_id, self.contest_id, *cells) for cells in self.open)

    @cached_property
    def skipped(self) -> dict[int, Ballot]:
        """What was skipped, longest ago first; a second skip puts it to the back again."""
        skipped: dict[int, Ballot] = {}
        for submission_id, slot, position, _skipped_at in self.skips:
            skipped.pop(submission_id, None)
            skipped[submission_id] = Ballot(
                self.voter_id, self.contest_id, submission_id, slot, position
            )
        return skipped


@dataclass(frozen=True)
class Sight:
    """What lies before one voter, and what may."""

    row: Row
    #: Slot and birth of the contest's newest list; None before there is one.
    newest: tuple[int, datetime] | None
    #: How many designs of the contest the voter scored.
    answered: int
    #: How many of those are now barred, or of a design that left the contest.
    lost: int
    #: Never dealt to this voter: their own and co-designed designs, those of accounts that share
    #: a device with them, and those that they as a juror will not judge.
    barred: frozenset[int]
    #: Of the designs asked about, those that may be dealt: approved, not barred, not answered.
    fit: frozenset[int]
    #: Designs of the contest that changed ``since``: those that stand now, and those that do not.
    came: frozenset[int]
    went: frozenset[int]


def of(
    contest_id: int,
    voter_id: int,
    *,
    slot: int,
    since: datetime | None = None,
    left: Collection[int] = (),
    key: str = "",
    guess: Collection[int] = (),
    more: Collection[int] = (),
) -> Sight:
    """Look at a voter's deck, and at which designs may be dealt to them.

    Asked about are the open and the skipped ballots; what lies ahead on their way, or ``guess``
    where that way is not through the list of this ``key``; and ``more``. ``left`` were scored and
    no longer stood in the contest when the list was read.
    """
    found = db.session.execute(
        _ON_POSTGRESQL if is_postgresql() else _ON_SQLITE,
        {
            "contest_id": contest_id,
            "voter_id": voter_id,
            "slot": slot,
            "since": since,
            "left": json.dumps(list(left)),
            "key": key,
            "guess": json.dumps(list(guess)),
            "more": json.dumps(list(more)),
        },
    ).one()
    return Sight(
        row=Row(
            contest_id,
            voter_id,
            found.open or [],
            found.skipped or [],
            found.way or {},
            found.dealt or 0,
            -1 if found.turn is None else found.turn,
            found.sat_from or 0,
            found.sat_at,
        ),
        newest=None if found.newest is None else (found.newest, found.built_at),
        answered=found.answered,
        lost=found.lost,
        barred=frozenset(found.barred),
        fit=frozenset(found.fit),
        came=frozenset(found.came),
        went=frozenset(found.went),
    )


def missed(contest_id: int, voter_id: int, but: Collection[int], limit: int) -> list[int]:
    """A few designs that may be dealt and are not among ``but``, whether a list knows them or not.

    The one question that goes through a whole contest: for a deck that comes to its end.
    """
    answered = (
        select(Vote.submission_id)
        .where(Vote.submission_id == Submission.id, Vote.member_id == voter_id)
        .exists()
    )
    query = (
        select(Submission.id)
        .where(
            Submission.contest_id == contest_id,
            Submission.state == State.APPROVED,
            Submission.id.not_in(sorted(but)),
            ~answered,
        )
        .order_by(Submission.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


# Names in braces are what the two engines spell differently. Designs and votes are asked for one by
# one, by subqueries in brackets: a planner may turn a join or an EXISTS into a walk through all.
_STATEMENT = """
WITH deck AS {once} (
  SELECT open, skipped, way, dealt, turn, sat_from, sat_at FROM decks
  WHERE contest_id = :contest_id AND member_id = :voter_id
),
newest AS {once} (
  SELECT slot, built_at FROM deal_lists
  WHERE contest_id = :contest_id AND slot <= :slot ORDER BY slot DESC LIMIT 1
),
kin AS {once} (
  SELECT {voter} AS member_id
  UNION
  SELECT theirs.member_id FROM device_uses AS mine
  JOIN device_uses AS theirs ON theirs.device = mine.device
  WHERE mine.member_id = :voter_id
),
kins AS (
  SELECT submissions.id FROM kin JOIN submissions ON submissions.member_id = kin.member_id
  UNION
  SELECT designers.submission_id FROM kin
  JOIN designers ON designers.member_id = kin.member_id
  UNION
  SELECT submission_id FROM recusals WHERE member_id = :voter_id
),
barred AS {once} (
  SELECT id FROM kins
  WHERE (SELECT contest_id FROM submissions WHERE submissions.id = kins.id) = :contest_id
),
asked AS {once} (
  SELECT {cell} AS id FROM deck, {each_open}
  UNION ALL
  SELECT {cell} FROM deck, {each_skipped}
  UNION ALL
  SELECT {one} FROM deck, {each_ahead} WHERE {key} = :key
  UNION ALL
  SELECT {one} FROM {each_guess} WHERE NOT EXISTS (SELECT 1 FROM deck WHERE {key} = :key)
  UNION ALL
  SELECT {one} FROM {each_more}
),
fit AS (
  SELECT id FROM asked
  WHERE id NOT IN (SELECT id FROM barred)
  AND (SELECT contest_id = :contest_id AND state = :approved FROM submissions
       WHERE submissions.id = asked.id)
  AND (SELECT 1 FROM votes
       WHERE submission_id = asked.id AND member_id = :voter_id) IS NULL
),
moved AS {once} (
  SELECT id, state = :approved AS stands FROM submissions
  WHERE contest_id = :contest_id AND updated_at > :since
  UNION
  SELECT id, state = :approved FROM submissions
  WHERE contest_id = :contest_id AND decided_at > :since
),
lost AS (
  SELECT id FROM (
    SELECT id FROM barred
    UNION
    SELECT id FROM moved WHERE NOT stands
    UNION
    SELECT {one} FROM {each_left} WHERE {one} NOT IN (SELECT id FROM moved WHERE stands)
  ) AS gone
  WHERE (SELECT 1 FROM votes WHERE submission_id = gone.id AND member_id = :voter_id) = 1
)
SELECT deck.*, newest.slot AS newest, newest.built_at,
  (SELECT count(*) FROM votes
    WHERE contest_id = :contest_id AND member_id = :voter_id) AS answered,
  (SELECT count(*) FROM lost) AS lost,
  (SELECT {gather} FROM barred) AS barred,
  (SELECT {gather} FROM fit) AS fit,
  (SELECT {gather} FROM moved WHERE stands) AS came,
  (SELECT {gather} FROM moved WHERE NOT stands) AS went
FROM (SELECT 1 AS here) AS one_row LEFT JOIN deck ON true LEFT JOIN newest ON true
"""

_SPELLED_BY_POSTGRESQL = {
    "once": "MATERIALIZED",
    "voter": "CAST(:voter_id AS bigint)",
    "cell": "CAST(cells.value ->> 0 AS bigint)",
    "one": "CAST(one.value AS bigint)",
    "key": "way ->> 'list'",
    "each_open": "jsonb_array_elements(deck.open) AS cells(value)",
    "each_skipped": "jsonb_array_elements(deck.skipped) AS cells(value)",
    "each_ahead": (
        "jsonb_array_elements_text((deck.way #> '{walks,0,1}') || (deck.way #> '{walks,1,1}')"
        " || (deck.way #> '{walks,2,1}')) AS one(value)"
    ),
    "each_guess": "jsonb_array_elements_text(CAST(:guess AS jsonb)) AS one(value)",
    "each_more": "jsonb_array_elements_text(CAST(:more AS jsonb)) AS one(value)",
    "each_left": "jsonb_array_elements_text(CAST(:left AS jsonb)) AS one(value)",
    "gather": "coalesce(jsonb_agg(id), '[]')",
}
_SPELLED_BY_SQLITE = {
    "once": "",
    "voter": ":voter_id",
    "cell": "json_extract(cells.value, '$[0]')",
    "one": "one.value",
    "key": "json_extract(way, '$.list')",
    "each_open": "json_each(deck.open) AS cells",
    "each_skipped": "json_each(deck.skipped) AS cells",
    "each_ahead": "json_each(deck.way, '$.walks') AS walk, json_each(walk.value, '$[1]') AS one",
    "each_guess": "json_each(:guess) AS one",
    "each_more": "json_each(:more) AS one",
    "each_left": "json_each(:left) AS one",
    "gather": "json_group_array(id)",
}


def _spelled(words: dict[str, str]) -> TextualSelect:
    statement = text(_STATEMENT.format_map(words))
    return statement.bindparams(
        bindparam("approved", State.APPROVED.value), bindparam("since", type_=UTCDateTime)
    ).columns(
        open=Document,
        skipped=Document,
        way=Document,
        dealt=Integer,
        turn=Integer,
        sat_from=Integer,
        sat_at=UTCDateTime,
        newest=Integer,
        built_at=UTCDateTime,
        answered=Integer,
        lost=Integer,
        barred=Document,
        fit=Document,
        came=Document,
        went=Document,
    )


_ON_POSTGRESQL = _spelled(_SPELLED_BY_POSTGRESQL)
_ON_SQLITE = _spelled(_SPELLED_BY_SQLITE)
