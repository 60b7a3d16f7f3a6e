"""A field takes as much as it has room for: more is refused, or never reaches a table."""

import pytest

from tests.input.house import House, Request

pytestmark = pytest.mark.one_engine

#: More than any field takes, and more than a whole form may weigh.
LONG, TOO_LONG = "z" * 15_000, "z" * 1_000_000
#: In no table is there a text of a form's that is as long as this.
LONGEST = 12_000


def test_no_field_takes_a_book(house: House, asked: list[Request]) -> None:
    kept = []
    for one in asked:
        words = dict.fromkeys(one.texts, LONG)
        answer = house.post(one.viewer, one.action, {**one.values, **words})
        assert answer.status_code < 500, one.rule
        if words and _is_kept(house):
            kept.append(one.rule)
    assert kept == []


def test_no_form_may_weigh_a_megabyte(house: House, asked: list[Request]) -> None:
    for one in asked[::12]:
        answer = house.post(one.viewer, one.action, {**one.values, "words": TOO_LONG})
        assert answer.status_code == 413, (one.rule, answer.status)


def test_control_a_book_in_a_table_is_seen(house: House) -> None:
    words = {"name": "Ada", "bio": "zz", "zone": "UTC", "language": "en"}
    answer = house.post("owner", "/settings/profile", words)
    assert answer.status_code < 400 and not _is_kept(house)
    assert _is_kept(house, longest=1)


def _is_kept(house: House, longest: int = LONGEST) -> bool:
    return any(
        isinstance(value, str | bytes) and len(value) > longest and str(value).startswith("zz")
        for rows in house.rows().values()
        for row in rows
        for value in row
    )
