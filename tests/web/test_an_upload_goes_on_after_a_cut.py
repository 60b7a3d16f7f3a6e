"""A picture that comes in by parts: sent in any order, any number of times, put together once."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from ideation.core import clock
from ideation.core.storage import in_force
from ideation.submissions import leftovers, parts
from tests import factories
from tests.factories import pictures

NAME = "0123456789abcdef" * 2
SIZE = parts.PART_BYTES


@pytest.fixture
def at_work(app: Flask) -> tuple[factories.Browser, str]:
    """A designer's browser on a draft that has one picture."""
    member = factories.member()
    draft = pictures.draft(factories.contest("entry"), member)
    return factories.Browser(app, member), f"/designs/{draft.public_id}/pictures"


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A picture of three parts."""
    path: Path = tmp_path_factory.mktemp("heavy") / "heavy.png"
    Image.effect_noise((1500, 1500), 90).save(path)
    assert 2 * SIZE < path.stat().st_size < 3 * SIZE
    return path.read_bytes()


def send(
    at_work: tuple[factories.Browser, str], number: int, data: bytes, name: str = NAME
) -> TestResponse:
    browser, path = at_work
    return browser.post(
        f"{path}/parts/{name}/{number}",
        {"part": (io.BytesIO(data), "blob")},
        headers={"Accept": "application/json"},
        content_type="multipart/form-data",
    )


def finish(at_work: tuple[factories.Browser, str], count: int, **more: str) -> TestResponse:
    browser, path = at_work
    return browser.post_json(path, {"upload": NAME, "parts": str(count), **more})


def part(data: bytes, number: int) -> bytes:
    return data[number * SIZE : (number + 1) * SIZE]


def stored(folder: str) -> int:
    return len(list(in_force.store().list(folder)))


def test_parts_in_any_order_and_twice_make_one_picture(
    at_work: tuple[factories.Browser, str], heavy: bytes
) -> None:
    browser, path = at_work
    for number in (2, 0, 0):
        assert send(at_work, number, part(heavy, number)).status_code == 204
    assert browser.get(f"{path}/parts/{NAME}").json == {"kept": [0, 2]}
    early = finish(at_work, 3)
    assert (early.status_code, early.json["code"]) == (409, "parts_missing")
    assert stored("parts") == 2, "what is here stays for the rest to come"

    assert send(at_work, 1, part(heavy, 1)).status_code == 204
    whole = finish(at_work, 3)
    assert (whole.status_code, whole.json["count"]) == (201, 2)
    assert stored("parts") == 0
    originals = [in_force.store().open(key).read() for key in in_force.store().list("originals")]
    assert heavy in originals

    for number in range(3):
        send(at_work, number, part(heavy, number))
    assert finish(at_work, 3).status_code == 422, "chosen twice it is said"
    for number in range(3):
        send(at_work, number, part(heavy, number))
    again = finish(at_work, 3, again="1")
    assert (again.status_code, again.json["count"]) == (201, 2), "sent twice it is here once"
    assert (stored("parts"), stored("originals")) == (0, 2)


@pytest.mark.one_engine
def test_what_comes_by_parts_is_looked_at_like_anything_else(
    at_work: tuple[factories.Browser, str],
) -> None:
    send(at_work, 0, b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    refused = finish(at_work, 1)
    assert refused.status_code == 422
    assert "Export the drawing" in refused.json["detail"]
    assert (stored("parts"), stored("originals")) == (0, 1)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("number", "data", "name", "status"),
    [
        (0, b"", NAME, 422),
        (0, bytes(SIZE + 1), NAME, 422),
        (0, bytes(SIZE), NAME, 204),
        (parts.MOST_PARTS, b"x", NAME, 422),
        (parts.MOST_PARTS - 1, b"x", NAME, 204),
        (0, b"x", NAME.upper(), 404),
        (0, b"x", NAME[:-1], 404),
        (0, b"x", "..%2f" * 6, 404),
    ],
)
def test_what_is_no_part_is_refused(
    at_work: tuple[factories.Browser, str], number: int, data: bytes, name: str, status: int
) -> None:
    assert send(at_work, number, data, name).status_code == status
    assert stored("parts") == (status == 204)


@pytest.mark.one_engine
def test_only_its_designer_sends_parts_and_asks_for_them(
    app: Flask, at_work: tuple[factories.Browser, str]
) -> None:
    send(at_work, 0, b"x")
    stranger = factories.Browser(app, factories.member()), at_work[1]
    assert send(stranger, 1, b"x").status_code == 404
    assert stranger[0].get(f"{stranger[1]}/parts/{NAME}").status_code == 404
    assert finish(stranger, 1).status_code == 404
    assert stored("parts") == 1


@pytest.mark.one_engine
def test_uploads_that_are_never_finished_find_an_end(
    at_work: tuple[factories.Browser, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MOST_WAITING", 2)
    for number in (0, 1):
        assert send(at_work, number, b"x").status_code == 204
    assert send(at_work, 2, b"x").status_code == 409
    assert send(at_work, 1, b"x").status_code == 204, "what is here may come again"
    found = [key for key in leftovers.find() if key.startswith("parts/")]
    assert len(found) == 2
    leftovers.delete_unnamed(found)
    assert send(at_work, 2, b"x").status_code == 204


@pytest.mark.one_engine
def test_after_entries_closed_no_part_is_stored(at_work: tuple[factories.Browser, str]) -> None:
    clock.move(timedelta(days=4, seconds=1))
    assert send(at_work, 0, b"x").status_code == 409
    assert stored("parts") == 0
