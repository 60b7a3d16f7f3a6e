import io
import re

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import event, select

from ideation.core import jobs
from ideation.core.db import db
from ideation.core.storage import in_force
from ideation.submissions.models import Artwork, Rendition
from tests import factories
from tests.factories import pictures
from tests.factories.pictures import png


@pytest.fixture
def renditions(app: Flask) -> list[Rendition]:
    member = factories.member()
    submission = pictures.draft(factories.contest("entry"), member)
    secret = png(hue=99, secret="SECRET-ARTIST")
    browser = factories.Browser(app, member)
    answer = browser.post(
        f"/designs/{submission.public_id}/pictures",
        {"pictures": (io.BytesIO(secret), "a.png")},
        headers={"Accept": "application/json"},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 201
    jobs.run_due()
    assert b"SECRET-ARTIST" in secret
    return list(db.session.scalars(select(Rendition).order_by(Rendition.id)))


def test_served_bytes_are_the_rendition_without_metadata(
    app: Flask, renditions: list[Rendition]
) -> None:
    assert len(renditions) == 12
    for one in renditions:
        kind, key, size = one.format, one.key, (one.width, one.height)
        answer = factories.Browser(app).get(f"/media/{key}")
        assert answer.status_code == 200
        assert answer.content_type == f"image/{kind}"
        assert b"SECRET" not in answer.data
        image = Image.open(io.BytesIO(answer.data))
        assert image.size == size
        assert not image.getexif()
        assert "icc_profile" not in image.info


def test_they_may_be_kept_for_good_and_carry_nobody(
    app: Flask, renditions: list[Rendition]
) -> None:
    path = f"/media/{renditions[0].key}"
    browser = factories.Browser(app, factories.member())
    queries: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: queries.append(args[2]))
    answer = browser.get(path)
    asked = [query for query in queries if query.startswith("SELECT")]
    assert asked == []
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert re.fullmatch(
        r'inline; filename="[a-z0-9]+-(small|grid)\.(avif|webp|jpeg)"',
        answer.headers["Content-Disposition"],
    )
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "Cookie" in browser.get("/my/designs").headers["Vary"]  # the control

    again = browser.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_originals_and_everything_else_are_not_there(
    app: Flask, renditions: list[Rendition]
) -> None:
    browser = factories.Browser(app, factories.member())
    public_id = db.session.scalars(select(Artwork.public_id)).first()
    in_force.store().put("secrets/key.webp", b"no")
    assert in_force.store().exists(f"originals/{public_id}")
    for key in (
        f"originals/{public_id}",
        f"renditions/../originals/{public_id}",
        f"renditions/%2e%2e/originals/{public_id}",
        f"renditions/{public_id}/original.png",
        f"renditions/{public_id}/grid.webp/",
        f"renditions/{public_id}/grid.svg",
        "renditions/nobody/grid.webp",
        "avatars/nobody.webp",
        "secrets/key.webp",
        "avatars/../secrets/key.webp",
        "../ideation.db",
        "%2e%2e/ideation.db",
        "/etc/passwd",
        "renditions/a\x00/grid.webp",
    ):
        answer = browser.get(f"/media/{key}")
        assert answer.status_code in {308, 404}, key
        if answer.status_code == 308:
            assert browser.get(answer.location).status_code == 404
