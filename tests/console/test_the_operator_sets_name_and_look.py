import io
import re

import pytest
from flask import Flask
from PIL import Image, ImageDraw

from ideation.accounts.grants import Role
from ideation.branding import changing
from ideation.core import clock, identity
from ideation.core.db import transaction
from ideation.core.storage import in_force
from tests import factories


def test_name_accent_letters_language_and_zone_are_set_on_one_page(app: Flask) -> None:
    ops = _operator(app)
    assert ops.get("/console/branding").status_code == 200
    assert ops.post("/console/branding", _form()).status_code == 303
    ours = identity.current()
    assert (ours.name, ours.accent, ours.letters) == ("Print Room", "#0b6bb8", "book")
    assert (ours.language, ours.zone) == ("zh-Hant", "Asia/Taipei")
    page = factories.Browser(app).get("/how-winners-are-found").text
    assert "· Print Room</title>" in page


@pytest.mark.one_engine
def test_its_colours_come_after_ours_in_every_page(app: Flask) -> None:
    visitor = factories.Browser(app, sees_styles=True)
    assert "--accent-day: #0b6bb8;" not in visitor.get("/how-winners-are-found").text
    _save(accent="#0b6bb8", letters="book")
    page = visitor.get("/how-winners-are-found").text
    assert page.index("+prints.css") < page.index("--accent-day: #0b6bb8;") < page.index("</head>")
    assert 'rel="preload"' not in page  # a font that nothing is set in is not fetched
    icon = re.search(r'rel="icon" href="([^"]+)"', page)
    assert icon is not None
    assert "#0b6bb8" in visitor.get(icon[1]).text


def test_a_page_in_a_frame_asks_for_its_colours_which_may_be_kept_for_good(app: Flask) -> None:
    contest = factories.contest("entry")
    _save(accent="#0b6bb8", letters="book")
    visitor = factories.Browser(app)
    page = visitor.get(f"/embed/contests/{contest.slug}").text
    address = re.search(r'href="(/theme/[^"]+\.css)"', page)
    assert address is not None
    answer = visitor.get(address[1])
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "--accent-day: #0b6bb8;" in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/theme/0b6bb8-6db4f5/book/00000000.css", 200),
        ("/theme/0b6bb8-6db4f5/comic/00000000.css", 404),
        ("/theme/0b6bb8-red/book/00000000.css", 404),
        ("/theme/0b6bb8;}-6db4f5/book/00000000.css", 404),
        ("/theme/0B6BB8/icon.svg", 404),
    ],
)
def test_an_address_of_another_sheet_is_not_kept_and_of_none_is_not_there(
    app: Flask, path: str, status: int
) -> None:
    answer = factories.Browser(app).get(path)
    assert answer.status_code == status
    assert "immutable" not in answer.headers.get("Cache-Control", "")


@pytest.mark.one_engine
def test_a_colour_that_cannot_be_read_is_refused_with_what_was_typed(app: Flask) -> None:
    ops = _operator(app)
    answer = ops.post("/console/branding", _form(accent="#ffd400", name="Kept as typed"))
    assert answer.status_code == 422
    assert "hard to read" in answer.text and "#ffd400" in answer.text
    assert "Kept as typed" in answer.text
    assert identity.current().name == "Ideation"


@pytest.mark.one_engine
def test_the_preview_shows_what_is_not_saved_yet(app: Flask) -> None:
    ops = _operator(app)
    shown = ops.get("/console/branding/preview?name=<b>Maybe&accent=%230b6bb8&letters=typed").text
    assert "&lt;b&gt;Maybe" in shown and "#0b6bb8" in shown and "monospace" in shown
    refused = ops.get("/console/branding/preview?name=Maybe&accent=%23ffd400&letters=").text
    assert "hard to read" in refused
    assert identity.current().name == "Ideation"


@pytest.mark.one_engine
def test_a_logo_takes_the_place_of_the_name_and_can_be_taken_away(app: Flask) -> None:
    ops = _operator(app)
    answer = ops.post("/console/branding", _form(logo=_upload(_mark())))
    assert answer.status_code == 303
    logo = identity.current().logo
    assert logo is not None and logo.vanishes_in == "dark"
    page = factories.Browser(app).get("/how-winners-are-found").text
    assert f'<img src="/media/{logo.key}" alt="Print Room" width="400" height="100"' in page
    assert "brand--lost-in-dark" in page
    assert factories.Browser(app).get(f"/media/{logo.key}").status_code == 200
    ops.post("/console/branding", _form(drop_logo="1"))
    assert identity.current().logo is None
    assert in_force.store().exists(logo.key)  # mail that is out already shows it


@pytest.mark.one_engine
def test_a_hostile_file_and_a_logo_beside_a_wrong_field_leave_nothing_behind(app: Flask) -> None:
    ops = _operator(app)
    svg = (io.BytesIO(b"<svg onload='alert(1)'/>"), "logo.png")
    refused = ops.post("/console/branding", _form(logo=svg))
    assert refused.status_code == 422 and "SVG" in refused.text
    assert ops.post("/console/branding", _form(name="", logo=_upload(_mark()))).status_code == 422
    assert list(in_force.store().list()) == []


@pytest.mark.parametrize("path", ["/console/branding", "/console/branding/preview", "/styleguide"])
@pytest.mark.one_engine
def test_only_operators_come_in(app: Flask, path: str) -> None:
    manager = factories.member("Mia", roles=(Role.PRODUCT_MANAGER,))
    assert factories.Browser(app, manager).get(path).status_code == 403
    assert factories.Browser(app, factories.member("Ada")).get(path).status_code == 404
    assert _operator(app).get(path).status_code == 200


@pytest.mark.one_engine
def test_visitors_whom_nobody_knows_begin_with_the_instances_language_and_zone(app: Flask) -> None:
    _save(language="zh-Hant", zone="Asia/Taipei")
    page = (
        factories.Browser(app).get("/how-winners-are-found", headers={"Accept-Language": "fr"}).text
    )
    assert '<html lang="zh-Hant"' in page
    page = (
        factories.Browser(app).get("/how-winners-are-found", headers={"Accept-Language": "en"}).text
    )
    assert '<html lang="en"' in page


def _operator(app: Flask) -> factories.Browser:
    return factories.Browser(app, factories.member("Ops", roles=(Role.OPERATOR,)))


def _save(**wanted: str) -> None:
    with transaction():
        changing.save(None, **wanted, at=clock.now())  # type: ignore[arg-type]


def _form(**values: object) -> dict[str, object]:
    chosen = {"accent": "#0b6bb8", "letters": "book", "language": "zh-Hant", "zone": "Asia/Taipei"}
    return {"name": "Print Room", **chosen, **values}


def _mark() -> Image.Image:
    image = Image.new("RGBA", (400, 100), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((10, 10, 90, 90), fill=(20, 20, 20, 255))
    return image


def _upload(image: Image.Image) -> tuple[io.BytesIO, str]:
    data = io.BytesIO()
    image.save(data, "PNG")
    data.seek(0)
    return data, "logo.png"
