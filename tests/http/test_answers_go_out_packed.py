"""Text is packed for browsers that unpack it; what anybody reads stays the same."""

import gzip

import pytest
from flask import Flask, Response
from werkzeug.test import TestResponse

from ideation.http.assets import static_url
from ideation.http.guards import Who, who

UNPACKS = {"Accept-Encoding": "gzip, deflate, br"}
SHEETS = ("tokens", "base", "components", "prints")

pytestmark = pytest.mark.one_engine


def _get(app: Flask, path: str, **headers: str) -> TestResponse:
    return app.test_client().get(path, headers={**UNPACKS, **headers})


def test_a_page_is_the_same_packed_and_a_third_of_its_length(app: Flask) -> None:
    packed, plain = _get(app, "/how-winners-are-found"), app.test_client().get("/terms")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.content_length == len(packed.data)
    whole = gzip.decompress(packed.data)
    assert whole.rstrip().endswith(b"</html>")
    assert len(packed.data) < len(whole) / 3
    assert "Content-Encoding" not in plain.headers
    for answer in (packed, plain):
        vary = ", ".join(answer.headers.getlist("Vary"))
        assert {"Accept-Encoding", "Cookie", "Accept-Language"} <= set(vary.split(", "))


def test_a_pages_length_tells_nothing_about_what_is_in_it(app: Flask) -> None:
    app.add_url_rule("/same", "same", who(Who.ANYONE)(lambda: "the same words " * 100))
    lengths = {len(_get(app, "/same").data) for _ in range(40)}
    assert len(lengths) > 5


def test_a_sheet_is_packed_once_and_known_by_its_tag(app: Flask) -> None:
    path = static_url("css/base.css")
    first, again = _get(app, path), _get(app, path)
    assert first.data == again.data
    assert "immutable" in first.headers["Cache-Control"]
    assert first.headers["ETag"].startswith("W/")
    known = _get(app, path, **{"If-None-Match": first.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")


def test_sheets_come_joined_in_the_order_of_their_names(app: Flask) -> None:
    client = app.test_client()
    joined = client.get(static_url(f"css/{'+'.join(SHEETS)}.css"))
    alone = [client.get(static_url(f"css/{name}.css")).data for name in SHEETS]
    assert joined.data == b"\n".join(alone)
    assert joined.mimetype == "text/css"


@pytest.mark.parametrize(
    "path",
    [
        "css/tokens+nowhere.css",
        "css/base+../../pyproject.css",
        "css/../../wsgi.js",
        "css/" + "+".join(["base"] * 9) + ".css",
        "js/main+frame.js",
    ],
)
def test_what_is_no_sheet_of_ours_is_not_found(app: Flask, path: str) -> None:
    assert _get(app, static_url(path)).status_code == 404


@pytest.mark.parametrize("asks", ["", "br", "gzip;q=0", "identity"])
def test_who_does_not_unpack_it_gets_it_plain(app: Flask, asks: str) -> None:
    answer = _get(app, "/", **{"Accept-Encoding": asks})
    assert "Content-Encoding" not in answer.headers
    assert b"</html>" in answer.data


def test_pictures_and_what_is_short_are_left_alone(app: Flask) -> None:
    icon = _get(app, static_url("img/touch-icon.png"))
    short = _get(app, "/healthz")
    for answer in (icon, short):
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers


def test_what_is_streamed_is_left_alone(app: Flask) -> None:
    @who(Who.ANYONE)
    def parts() -> Response:
        return Response((b"row," * 300 for _ in range(3)), mimetype="text/plain")

    app.add_url_rule("/streamed", "streamed", parts)
    answer = _get(app, "/streamed")
    assert "Content-Encoding" not in answer.headers
    assert len(answer.data) == 3600
