"""Through the plain form and through the script: nothing is lost, everything is explained."""

import io
import zlib
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from ideation.core import clock
from ideation.core.db import db
from ideation.core.storage import in_force
from ideation.submissions.models import Artwork, Submission
from tests import factories
from tests.core.images.drawing import png_chunk
from tests.factories import pictures
from tests.factories.pictures import png

HOSTILE_NAMES = (
    "../../etc/passwd",
    "a\r\nSet-Cookie: x=1.png",
    "%22><script>alert(1)</script>.png",  # as browsers write a quotation mark
    "…" * 300 + ".png",
    "\u202egnp.exe",
    ".png",
    "CON",
    "照片.png",
)


def _bomb(width: int, height: int) -> bytes:
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + png_chunk(b"IEND", b"")
    )


@pytest.fixture
def at_work(app: Flask) -> tuple[factories.Browser, str]:
    """A designer's browser on a draft that has one picture."""
    member = factories.member()
    submission = pictures.draft(factories.contest("entry"), member)
    return factories.Browser(app, member), f"/designs/{submission.public_id}"


def _send(browser: factories.Browser, path: str, data: bytes, name: str = "a.png"):  # type: ignore[no-untyped-def]
    return browser.post(
        f"{path}/pictures",
        {"pictures": (io.BytesIO(data), name)},
        headers={"Accept": "application/json"},
        content_type="multipart/form-data",
    )


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(Artwork)) or 0


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "data,words",
    [
        (b"", "This file is empty"),
        (b"%PDF-1.7 nothing" * 20, "Export the page as a PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Export the drawing as a PNG"),
        (b"just some text, and more of it", "Choose a JPEG, PNG, WebP, AVIF or GIF"),
        (png(100, 100), "at least 200 pixels"),
        (_bomb(10_000, 5_001), "more than 50 million pixels"),
        (png()[:8] + b"\0" * (21 << 20), "larger than 20 MB"),
    ],
    ids=["empty", "pdf", "svg", "text", "small", "bomb", "heavy"],
)
def test_a_refusal_names_the_way_out(
    at_work: tuple[factories.Browser, str], data: bytes, words: str
) -> None:
    browser, path = at_work
    answer = _send(browser, path, data)
    assert answer.status_code == 422
    assert words in answer.json["detail"]

    plain = browser.post(
        path,
        {"title": "Kept", "colour": "red", "pictures": (io.BytesIO(data), "holiday.png")},
        content_type="multipart/form-data",
    )
    assert plain.status_code == 422
    assert f"holiday.png: {words[:6]}" in plain.text or words in plain.text
    assert db.session.scalars(select(Submission.title)).one() == "Kept"
    assert _count() == 1
    assert len(list(in_force.store().list("originals"))) == 1


@pytest.mark.one_engine
def test_hostile_names_are_only_words(at_work: tuple[factories.Browser, str]) -> None:
    browser, path = at_work
    for number, name in enumerate(HOSTILE_NAMES):
        answer = browser.post(
            path,
            {"title": "x", "pictures": (io.BytesIO(b"nothing" * number), name)},
            content_type="multipart/form-data",
        )
        # A line break ends a part's header early: then there is no file at all.
        assert answer.status_code == (303 if "\n" in name else 422), name
        assert "<script>alert" not in answer.text
        assert "Set-Cookie: x" not in str(answer.headers)
    stored = list(in_force.store().list())
    assert all(key.startswith("originals/") for key in stored)
    assert len(stored) == 1


def test_the_sixth_picture_and_the_same_twice(at_work: tuple[factories.Browser, str]) -> None:
    browser, path = at_work
    twice = _send(browser, path, png(hue=1))
    assert twice.status_code == 422
    assert "already here" in twice.json["detail"]

    answer = browser.post(
        path,
        {"pictures": [(io.BytesIO(png(hue=n)), f"{n}.png") for n in range(20, 25)]},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert "24.png: A design has at most 5 pictures" in answer.text
    assert _count() == 5
    assert _send(browser, path, png(hue=50)).status_code == 409
    assert len(list(in_force.store().list("originals"))) == 5


def test_what_is_sent_again_after_a_lost_answer_is_here_once(
    at_work: tuple[factories.Browser, str],
) -> None:
    browser, path = at_work
    assert _send(browser, path, png(hue=7)).status_code == 201  # its answer gets lost
    again = browser.post(
        f"{path}/pictures",
        {"pictures": (io.BytesIO(png(hue=7)), "a.png"), "again": "1"},
        headers={"Accept": "application/json"},
        content_type="multipart/form-data",
    )
    assert again.status_code == 201
    assert again.json["count"] == _count() == 2
    assert len(list(in_force.store().list("originals"))) == 2, "nothing is stored twice"
    assert _send(browser, path, png(hue=7)).status_code == 422, "chosen twice it is still said"


def test_after_entries_closed_nothing_comes_in(at_work: tuple[factories.Browser, str]) -> None:
    browser, path = at_work
    clock.move(timedelta(days=4, seconds=1))
    answer = _send(browser, path, png(hue=30))
    assert answer.status_code == 409
    assert "Entries have closed" in answer.json["detail"]
    assert browser.post(path, {"title": "Too late"}).status_code == 409
    assert browser.get(f"{path}/edit").location.endswith(path)
    assert _count() == 1


@pytest.mark.one_engine
def test_an_upload_broken_off_leaves_nothing(
    app: Flask, at_work: tuple[factories.Browser, str]
) -> None:
    browser, path = at_work
    whole = (
        b"--x\r\nContent-Disposition: form-data; name=pictures; filename=a.png\r\n\r\n"
        + png(hue=31)
        + b"\r\n--x--\r\n"
    )
    answer = browser.post(
        f"{path}/pictures",
        None,
        input_stream=io.BytesIO(whole[: len(whole) // 2]),
        environ_overrides={"CONTENT_LENGTH": str(len(whole))},
        content_type="multipart/form-data; boundary=x",
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 400
    assert _count() == 1
    assert len(list(in_force.store().list("originals"))) == 1


@pytest.mark.one_engine
def test_far_too_much_is_refused_before_it_is_read(
    at_work: tuple[factories.Browser, str],
) -> None:
    browser, path = at_work
    answer = browser.post(
        f"{path}/pictures",
        None,
        input_stream=io.BytesIO(b""),
        environ_overrides={"CONTENT_LENGTH": str(200 << 20)},
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413
    assert "20 MB" in answer.text
