"""A vote in order is answered before Flask; everything else is handed on and decided there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, request_started
from sqlalchemy import event, func, select, text, update
from werkzeug.test import TestResponse

from ideation.contests.models import Contest
from ideation.core import clock, queues
from ideation.core.db import db, transaction
from ideation.http import csrf
from ideation.http.allowances import Allowance
from ideation.voting.ballot_box import BallotBox, box_of
from ideation.voting.ballots import Cast, Values
from ideation.voting.models import BallotLogEntry, Vote
from tests import factories
from tests.factories import Browser, voting

pytestmark = pytest.mark.only("postgresql")

JSON = {"Accept": "application/json"}
#: What a browser's script could say as well; the short way does not know it.
COMMON = {"Accept": "application/json, text/plain;q=0.1"}


@contextmanager
def flask_asked(app: Flask) -> Iterator[list[str]]:
    """The addresses of the requests that came as far as Flask."""
    seen: list[str] = []

    def note(_app: Flask, **_extra: Any) -> None:
        seen.append("asked")

    with request_started.connected_to(note, app):
        yield seen


class Stage:
    """A voter before a contest with designs, and how they vote."""

    def __init__(self, app: Flask, base_url: str = "http://localhost") -> None:
        self.contest = factories.contest()
        self.voter = factories.member()
        self.designs = [factories.submission(self.contest) for _ in range(3)]
        self.browser = Browser(app, self.voter, base_url=base_url)
        with self.browser.client.session_transaction(base_url=base_url) as stored:
            stored.permanent = True  # as after signing in
        self.path = f"/contests/{self.contest.slug}/votes"

    def form(self, place: int = 0, stars: int = 4) -> dict[str, str]:
        return {"ballot": voting.ballot(self.voter, self.designs[place]), "stars": str(stars)}

    def post(self, form: dict[str, str], **kwargs: Any) -> TestResponse:
        return self.browser.post(self.path, form, headers=kwargs.pop("headers", JSON), **kwargs)


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Vote)) or 0


def test_it_answers_as_flask_does_to_the_byte(app: Flask) -> None:
    stage = Stage(app)
    for stars, outcome in ((4, "cast"), (5, "changed"), (5, "unchanged")):
        queues.connection().flushall()  # six in a second are one too many
        with flask_asked(app) as seen:
            short = stage.post(stage.form(0, stars))
        assert seen == []
        with flask_asked(app) as seen:
            common = stage.post(stage.form(1, stars), headers=COMMON)
        assert seen == ["asked"]
        assert short.json == {"outcome": outcome}
        assert (short.status, short.data) == (common.status, common.data)
        ours, theirs = dict(short.headers), dict(common.headers)
        assert set(theirs.pop("Vary").split(", ")) == set(ours.pop("Vary").split(", "))
        assert ours == theirs
    assert count() == 2
    assert db.session.scalar(select(func.count(BallotLogEntry.id))) == 4


def test_it_asks_the_database_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, form = (one := Stage(app)), one.form()
    asked: list[object] = []
    original = BallotBox.cast

    def cast(box: BallotBox, values: Values) -> Cast:
        asked.append(values)
        return original(box, values)

    monkeypatch.setattr(BallotBox, "cast", cast)

    def note(*_args: object) -> None:
        asked.append("by SQLAlchemy")

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert stage.post(form).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) == 1 and asked != ["by SQLAlchemy"]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ("no token", 400),
        ("another session's token", 400),
        ("a token made up", 400),
        ("nobody", 401),
        ("a session made up", 401),
        ("a forged ballot", 403),
        ("somebody else's ballot", 403),
        ("six stars", 422),
        ("no stars", 422),
        ("closed", 409),
        ("its own design", 403),
    ],
)
def test_it_never_says_no_and_nothing_wrong_is_taken(app: Flask, wrong: str, status: int) -> None:
    stage = Stage(app)
    form, headers = stage.form(), dict(JSON)
    if wrong == "no token":
        headers["X-CSRFToken"] = ""
    elif wrong == "another session's token":
        headers["X-CSRFToken"] = Browser(app, factories.member()).csrf_token
    elif wrong == "a token made up":
        headers["X-CSRFToken"] = stage.browser.csrf_token[:-2] + "AA"
    elif wrong == "nobody":
        stage.browser = Browser(app)
    elif wrong == "a session made up":
        stage.browser.client.set_cookie(
            app.config["SESSION_COOKIE_NAME"], "eyJfdXNlcl9pZCI6IngifQ.x.y"
        )
        headers["X-CSRFToken"] = "x"
    elif wrong == "a forged ballot":
        form["ballot"] = "A" * 60
    elif wrong == "somebody else's ballot":
        form["ballot"] = voting.ballot(factories.member(), stage.designs[0])
    elif wrong == "six stars":
        form["stars"] = "6"
    elif wrong == "no stars":
        del form["stars"]
    elif wrong == "closed":
        with transaction():
            db.session.execute(update(Contest).values(closed_at=clock.now()))
    elif wrong == "its own design":
        own = factories.submission(stage.contest, stage.voter)
        form["ballot"] = voting.ballot(stage.voter, own)
    with flask_asked(app) as seen:
        if wrong == "a session made up":
            answer = stage.browser.client.post(stage.path, data=form, headers=headers)
        else:
            answer = stage.post(form, headers=headers)
    assert seen == ["asked"], "the application refuses, in its own words"
    assert answer.status_code == status, answer.text
    assert count() == 0


@pytest.mark.parametrize("spelling", ["multipart", "a field twice", "two cookies", "long", "HTML"])
def test_what_it_does_not_know_goes_the_common_way(app: Flask, spelling: str) -> None:
    stage = Stage(app)
    form: dict[str, Any] = dict(stage.form())
    kwargs: dict[str, Any] = {}
    if spelling == "multipart":
        kwargs["content_type"] = "multipart/form-data"
    elif spelling == "a field twice":
        form["stars"] = ["4", "4"]
    elif spelling == "two cookies":
        stage.browser.client.set_cookie(app.config["SESSION_COOKIE_NAME"], "x", path="/contests")
    elif spelling == "long":
        form["more"] = "x" * 3000
    elif spelling == "HTML":
        kwargs["headers"] = {"Accept": "text/html"}
    with flask_asked(app) as seen:
        answer = stage.post(form, **kwargs)
    assert seen == ["asked"]
    if spelling != "two cookies":  # which of them counts is for Flask to say
        assert answer.status_code == (303 if spelling == "HTML" else 200), answer.text
        assert count() == 1


def test_over_https_a_vote_comes_from_a_page_of_this_site(app: Flask) -> None:
    app.config["SESSION_COOKIE_SECURE"] = True
    stage = Stage(app, "https://localhost")
    for referrer, status, asked in (
        (None, 400, ["asked"]),
        ("https://elsewhere.example/", 400, ["asked"]),
        ("https://localhost.elsewhere.example/", 400, ["asked"]),
        ("https://localhost/contests/x/score", 200, []),
    ):
        headers = JSON | ({"Referer": referrer} if referrer else {})
        with flask_asked(app) as seen:
            answer = stage.post(stage.form(), headers=headers)
        assert (answer.status_code, seen) == (status, asked), referrer


def test_five_a_second_are_counted_together_on_both_ways(app: Flask) -> None:
    stage = Stage(app)
    statuses = [
        stage.post(stage.form(0, 1 + n % 5), headers=(JSON, COMMON)[n % 2]) for n in range(8)
    ]
    assert [answer.status_code for answer in statuses][:5] == [200] * 5
    last = statuses[-1]
    assert last.status_code == 429 and last.headers["Retry-After"] == "1"


def test_a_refused_vote_is_counted_once(app: Flask) -> None:
    stage = Stage(app)
    forged = {"ballot": "A" * 60, "stars": "4"}
    assert [stage.post(forged).status_code for _ in range(5)] == [403] * 5


def test_a_broken_connection_costs_no_vote(app: Flask) -> None:
    stage = Stage(app)
    assert stage.post(stage.form(0)).status_code == 200
    with db.engine.connect() as connection:
        killed = connection.execute(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND query LIKE '%WITH contest AS MATERIALIZED%'"
            )
        ).scalar_one()
    assert killed
    with flask_asked(app) as seen:
        assert stage.post(stage.form(1)).status_code in {200, 503}
    assert seen == ["asked"]
    with flask_asked(app) as seen:
        assert stage.post(stage.form(2)).status_code == 200
    assert seen == [], "the box has opened anew"


def test_control_a_short_way_that_forgets_the_form_token_is_found_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csrf, "is_of_session", lambda *_: True)
    stage = Stage(app)
    answer = stage.post(stage.form(), headers=JSON | {"X-CSRFToken": "made up"})
    assert answer.status_code == 200 and count() == 1


def test_disposing_of_the_engine_closes_the_box(app: Flask) -> None:
    stage = Stage(app)
    assert stage.post(stage.form()).status_code == 200
    box = box_of(db.engine)
    assert len(box._idle) >= 1
    db.session.remove()
    db.engine.dispose()
    assert len(box._idle) == 0


def test_the_window_moves(app: Flask) -> None:
    """Two and a half a second are kept up for a minute; then one waits as long as it takes."""
    allowance = Allowance("a test", (2, 0.2), (3, 30))
    assert [allowance.take("me") for _ in range(2)] == [0.0, 0.0]
    assert 0 < allowance.take("me") <= 0.2
    assert allowance.take("somebody else") == 0
    later = clock.now() + timedelta(seconds=2)
    while allowance.take("me"):
        assert clock.now() < later
    assert 20 < allowance.take("me") <= 30
