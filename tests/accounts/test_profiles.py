import io

import pytest
from flask import Flask
from PIL import Image

from ideation.accounts import profiles, queries
from ideation.core.db import db
from ideation.core.errors import Invalid
from ideation.core.storage import in_force
from tests import factories
from tests.factories.people import PASSWORD


def _form(**values: object) -> dict[str, object]:
    return {"name": "Ada", "language": "en", "zone": "Europe/Lisbon", **values}


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https://user:secret@example.org",
        "https://nodots",
        'https://example.org/"onmouseover=',
        "ftp://example.org",
        "https://[broken",
    ],
)
def test_only_web_addresses_are_links(link: str) -> None:
    with pytest.raises(Invalid):
        profiles.parse_links(link)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("told", "kept"), [("Asia/Taipei", "Asia/Taipei"), ("localtime", "UTC"), ("x" * 64, "UTC")]
)
def test_who_joins_lives_in_the_browsers_zone_where_there_is_such_a_zone(
    app: Flask, told: str, kept: str
) -> None:
    browser = factories.Browser(app)
    browser.client.set_cookie("ideation_zone", told)
    form = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD, "agree": "1"}
    assert browser.post("/join", form).status_code == 303
    assert queries.get_by_handle("ada").zone == kept


def test_links_are_cleaned_and_counted() -> None:
    typed = " https://a.example/x \n\nhttp://b.example\nhttps://a.example/x"
    assert profiles.parse_links(typed) == ["https://a.example/x", "http://b.example"]
    with pytest.raises(Invalid):
        profiles.parse_links("\n".join(f"https://{n}.example" for n in range(6)))


@pytest.mark.one_engine
def test_a_portrait_is_re_encoded_square_served_and_replaced(app: Flask) -> None:
    member = factories.member("Ada")
    browser = factories.Browser(app, member)
    keys = []
    for colour in ("red", "blue"):
        answer = browser.post("/settings/profile", _form(portrait=_picture(colour)))
        assert answer.status_code == 303, answer.text
        db.session.refresh(member)
        assert member.avatar_key is not None
        keys.append(member.avatar_key)
    assert not in_force.store().exists(keys[0])
    served = browser.get(f"/media/{keys[1]}")
    with Image.open(io.BytesIO(served.data)) as image:
        assert (image.format, image.size) == ("WEBP", (256, 256))
        assert not image.getexif()
    assert keys[1] in browser.get(f"/members/{member.handle}").text
    browser.post("/settings/profile/portrait/removal")
    assert list(in_force.store().list()) == []


@pytest.mark.one_engine
def test_what_is_no_picture_is_refused_and_leaves_nothing_behind(app: Flask) -> None:
    member = factories.member("Ada")
    browser = factories.Browser(app, member)
    svg = (io.BytesIO(b"<svg onload='alert(1)'/>"), "me.png")
    assert browser.post("/settings/profile", _form(portrait=svg)).status_code == 422
    wrong_name = browser.post("/settings/profile", _form(name="", portrait=_picture("red")))
    assert wrong_name.status_code == 422
    assert list(in_force.store().list()) == []


def test_a_name_may_change_and_the_handle_stays(app: Flask) -> None:
    member = factories.member("Ada")
    handle = member.handle
    factories.Browser(app, member).post("/settings/profile", _form(name="<b>Åda</b>", bio="*hi*"))
    page = factories.Browser(app).get(f"/members/{handle}").text
    assert "&lt;b&gt;Åda&lt;/b&gt;" in page
    assert "<em>hi</em>" in page


def _picture(colour: str) -> tuple[io.BytesIO, str]:
    data = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    Image.new("RGB", (400, 300), colour).save(data, "JPEG", exif=exif)
    data.seek(0)
    return data, "me.jpg"
