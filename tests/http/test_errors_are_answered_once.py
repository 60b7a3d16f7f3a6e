"""Every refusal has a page for people and JSON for scripts, and tells nothing it should not."""

from collections.abc import Iterator

import pytest
from flask import Flask, abort
from sqlalchemy.exc import IntegrityError, OperationalError

from ideation.app import create_app
from ideation.core import config, queues
from ideation.core.db import db
from ideation.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, TooMany
from ideation.core.i18n import lazy
from ideation.core.storage import in_force
from ideation.core.storage.base import StorageFull
from ideation.core.storage.memory import MemoryStorage
from ideation.http.guards import Who, who

WORDS = "Votes closed at noon."
REFUSALS: dict[str, tuple[Exception, int]] = {
    "missing": (NotFound(WORDS), 404),
    "closed door": (NotAllowed(WORDS), 403),
    "too late": (Conflict(WORDS), 409),
    "too often": (TooMany(WORDS, retry_after=17), 429),
    "wrong fields": (Invalid(fields={"title": lazy("This is needed.")}), 422),
    "no database": (OperationalError("SELECT secret", {}, Exception("password=hunter2")), 503),
    "lost a race": (IntegrityError("INSERT", {}, Exception("x\nDETAIL: hunter2")), 409),
    "no room": (StorageFull(), 507),
    "a mistake of ours": (ZeroDivisionError("hunter2"), 500),
}

pytestmark = pytest.mark.one_engine


@pytest.fixture
def app(settings: config.Settings) -> Iterator[Flask]:
    """The house with one more door, behind which everything is refused."""
    application = create_app(settings)

    @who(Who.ANYONE)
    def refuse(name: str) -> str:
        raise REFUSALS[name][0]

    @who(Who.ANYONE)
    def stop(status: int) -> str:
        abort(status)

    application.add_url_rule("/refusals/<name>", "refuse", refuse)
    application.add_url_rule("/stops/<int:status>", "stop", stop)
    in_force.use(MemoryStorage())
    queues.connection().flushall()
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("name", REFUSALS)
def test_people_get_a_page_that_says_what_to_do(app: Flask, name: str) -> None:
    error, status = REFUSALS[name]
    response = app.test_client().get(f"/refusals/{name}")
    assert response.status_code == status
    assert response.mimetype == "text/html"
    page = response.get_data(as_text=True)
    assert "<h1" in page
    assert "hunter2" not in page
    assert "Traceback" not in page
    if isinstance(error, DomainError) and not isinstance(error, Invalid):
        assert WORDS in page


@pytest.mark.parametrize("name", REFUSALS)
def test_scripts_get_json(app: Flask, name: str) -> None:
    error, status = REFUSALS[name]
    response = app.test_client().get(f"/refusals/{name}", headers={"Accept": "application/json"})
    assert response.status_code == status
    assert response.json["status"] == status
    assert "hunter2" not in response.get_data(as_text=True)
    if isinstance(error, Invalid):
        assert response.json["fields"] == {"title": "This is needed."}
    if isinstance(error, TooMany):
        assert response.headers["Retry-After"] == "17"


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500, 503])
def test_what_flask_refuses_has_our_words_too(app: Flask, status: int) -> None:
    page = app.test_client().get(f"/stops/{status}")
    assert page.status_code == status
    assert "<h1" in page.get_data(as_text=True)


def test_what_a_constraint_refused_is_logged_without_its_values(
    app: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    app.test_client().get("/refusals/lost a race")
    log = "".join(capfd.readouterr())
    assert "refused by a constraint" in log
    assert "hunter2" not in log


def test_a_page_that_is_not_there(app: Flask) -> None:
    assert app.test_client().get("/no/such/page").status_code == 404


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    response = app.test_client().post("/refusals/missing")
    assert response.status_code in {400, 405}


def test_errors_speak_the_readers_language(app: Flask) -> None:
    page = app.test_client().get("/nowhere", headers={"Accept-Language": "zh-TW"})
    assert '<html lang="zh-Hant"' in page.get_data(as_text=True)
