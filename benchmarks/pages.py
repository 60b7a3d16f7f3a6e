"""What a page costs beyond Flask, rendered whole; then what it is to a phone (``pages_seen``)."""

from collections.abc import Iterator

from flask import Flask

from benchmarks import pages_seen
from benchmarks.figures import Figure, compare
from benchmarks.instances import ENGINES, instance
from tests import factories


def measure() -> Iterator[Figure]:
    """Two figures an engine, against a Flask view that answers with a word; then a phone's."""
    for engine in ENGINES:
        with instance(engine) as app:
            yield from _measure(engine, app)
    yield from pages_seen.measure()


def _measure(engine: str, app: Flask) -> Iterator[Figure]:
    empty = Flask("empty")
    empty.add_url_rule("/", "word", lambda: "hello")
    floor = empty.test_client()
    contest = factories.contest("scoring")
    for _ in range(60):
        factories.submission(contest)
    browser = factories.Browser(app, factories.member())
    for name, path in (("home", "/"), ("contest", f"/contests/{contest.slug}")):
        yield compare(
            f"page {name} {engine}",
            lambda _number, path=path: _get(browser, path),  # type: ignore[misc]
            lambda _number: floor.get("/"),
            "an empty Flask view",
            rounds=60,
        )


def _get(browser: factories.Browser, path: str) -> None:
    response = browser.get(path)
    assert response.status_code == 200, response.status
