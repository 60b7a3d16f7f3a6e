"""A picture moves by as many places as told, and never beyond the ends."""

import pytest
from flask import Flask

from ideation.core.db import db
from ideation.submissions.models import Submission
from tests import factories
from tests.factories import pictures

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("which", "by", "order"),
    [
        (0, "2", [1, 2, 0]),
        (2, "-2", [2, 0, 1]),
        (0, "1", [1, 0, 2]),
        (1, "-9", [1, 0, 2]),
        (1, "99999999999999999999", [0, 2, 1]),
        (0, "0", [0, 1, 2]),
        (0, "a place", [1, 0, 2]),
    ],
)
def test_a_picture_moves_by_as_many_places_as_told(
    app: Flask, which: int, by: str, order: list[int]
) -> None:
    member = factories.member()
    design = pictures.draft(factories.contest("entry"), member, pictures=3)
    design_id, path = design.id, f"/designs/{design.public_id}"
    ids = [one.public_id for one in design.artworks]
    answer = factories.Browser(app, member).post(
        f"{path}/pictures/{ids[which]}/place?by={by}", {"title": "Night bus", "colour": "black"}
    )
    assert answer.status_code == 303
    db.session.expire_all()
    now = db.session.get_one(Submission, design_id).artworks
    assert [ids.index(one.public_id) for one in now] == order
    assert [one.position for one in now] == [0, 1, 2]
