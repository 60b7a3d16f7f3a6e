"""Connections that do nothing but cast, for the minute in which a thousand members vote at once.

The statement is the one of ``ballots.cast``; what is spared is the way to it. A session, a
transaction and a compiled statement cost several times what the driver alone does, and a ballot
needs none of them: it is one prepared statement that commits itself. PostgreSQL only.
"""

import weakref
from collections import deque
from threading import Lock
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import Engine

from ideation.voting.ballots import DRIVERS_STATEMENT, Cast, Values, outcome

#: How many connections wait for the next ballot; more are opened while all of them are busy.
KEPT = 16

_Cursor = psycopg.Cursor[tuple[Any, ...]]


class BallotBox:
    """Casts prepared ballots on autocommitting connections of its own."""

    def __init__(self, engine: Engine) -> None:
        _, self._where = engine.dialect.create_connect_args(engine.url)
        self._idle: deque[_Cursor] = deque()
        event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def cast(self, values: Values) -> Cast:
        """What becomes of the ballot; committed when this returns.

        Raises psycopg.Error where the database could not be asked, or did not answer: then nobody
        knows whether the vote is in, and it may be cast again, since that changes nothing.
        """
        cursor = self._take()
        try:
            row = cursor.execute(DRIVERS_STATEMENT, values, prepare=True).fetchone()
        except BaseException:
            cursor.connection.close()
            self.close()  # what broke one, a restart say, broke those that wait as well
            raise
        if len(self._idle) < KEPT:
            self._idle.append(cursor)
        else:
            cursor.connection.close()
        assert row is not None
        return outcome(*row)

    def close(self) -> None:
        """Close what waits; the box opens anew with the next ballot."""
        while self._idle:
            self._idle.pop().connection.close()

    def _take(self) -> _Cursor:
        try:
            return self._idle.pop()
        except IndexError:
            connection = psycopg.connect(**self._where, autocommit=True)
            return connection.cursor(binary=True)


_boxes: "weakref.WeakKeyDictionary[Engine, BallotBox]" = weakref.WeakKeyDictionary()
_lock = Lock()


def box_of(engine: Engine) -> BallotBox:
    """The engine's one box; disposing of the engine closes it."""
    with _lock:
        if engine not in _boxes:
            _boxes[engine] = BallotBox(engine)
        return _boxes[engine]
