"""Every column of every table, slipped into every request that changes something: it is ignored.

Each request is sent twice to the same house, alone and with the columns in its form and its
address; both leave the same database, row for row, and both are answered alike.
"""

import ast
from pathlib import Path

import pytest
from flask import Flask, request
from sqlalchemy import select

import ideation
from ideation.accounts.models import Member
from ideation.core.db import db, transaction
from ideation.http.guards import Who, who
from ideation.http.session import signed_in
from tests.input import extras
from tests.input.house import House, Request, Rows

pytestmark = pytest.mark.one_engine

_DRAFT = {"title", "story", "tags", "colour", "sources", "position", "place"}
#: Fields of a form that no page of this house shows as it stands, route by route.
READ_ON_PURPOSE = {
    "/console/beginning/<name>/words": {"language", "zone", "accent"},
    "/console/members/<handle>/restoration": {"reason"},
    "/console/members/<handle>/roles/removals": {"role", "scope"},
    "/console/orders/<public_id>/parcel/corrections": {"reason", "carrier", "tracking_number"},
    "/console/orders/<public_id>/refunds": {"is_faulty"},
    "/console/orders/<public_id>/refunds/preview": {"is_faulty"},
    "/console/payments/refunds/<public_id>/settlement": {"outcome", "note"},
    "/designs/<public_id>/entry": _DRAFT,
    "/designs/<public_id>/pictures/<picture>/place": _DRAFT,
    "/designs/<public_id>/pictures/<picture>/removal": _DRAFT,
    "/designs/<public_id>/words": _DRAFT,
    "/settings/payouts": {"kind", "name", "address", "account", "bank", "bic", "country"},
}
#: How many routes the requests have to move for the comparison to mean something.
MOVED_AT_LEAST = 60


def test_no_column_gets_in_by_a_form_or_an_address(house: House, asked: list[Request]) -> None:
    every = extras.columns(house.world.viewers["staff"] or 0)
    house.restore()
    before, moved, wrong = house.rows(), set(), []
    for one in asked:
        plain, after = _send(house, one, {})
        if after != before:
            moved.add(one.rule)
        known = one.names | one.values.keys() | READ_ON_PURPOSE.get(one.rule, set())
        slipped, other = _send(house, one, extras.without(every, known))
        if other != after or slipped != plain:
            wrong.append(f"{one.rule}: {plain} {slipped} {_first_difference(after, other)}")
    assert not wrong, "\n".join(wrong)
    assert {one.rule for one in asked} == _changing(house.app)
    assert len(moved) >= MOVED_AT_LEAST, sorted({one.rule for one in asked} - moved)


def test_no_view_reads_json() -> None:
    """A body that is no form says nothing to anybody, but to the door for payment providers."""
    readers = {
        path.name
        for path in Path(ideation.__file__).parent.rglob("*.py")
        if "request." in (source := path.read_text())
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and node.attr in {"json", "get_json", "data", "get_data", "stream"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "request"
    }
    assert readers == {"webhooks.py"}


def test_control_a_view_that_takes_what_it_is_given_is_found(house: House) -> None:
    @who(Who.SIGNED_IN)
    def careless() -> str:
        with transaction():
            member = db.session.get_one(Member, signed_in().id)
            for name, value in request.values.items():
                if name in {"name", "bio", "share_code"}:
                    setattr(member, name, value)
        return "done"

    every = extras.columns(1)
    one = Request("/careless", "owner", "/preferences/theme", {"name": "Ada"}, frozenset(), ())
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(house.app.view_functions, "web.set_theme", careless)
        _, after = _send(house, one, {})
        _, other = _send(house, one, extras.without(every, {"name"}))
    assert after != other
    assert db.session.scalar(select(Member.share_code).where(Member.bio == extras.MARK))


def _send(house: House, one: Request, slipped: dict[str, str]) -> tuple[int, Rows]:
    answer = house.post(
        one.viewer,
        one.action,
        {**one.values, **slipped},
        query_string=slipped,
        headers={"Accept": "application/json"},
    )
    assert answer.status_code < 500, one.rule
    return answer.status_code, house.rows()


def _first_difference(one: Rows, other: Rows) -> str:
    for table in one:
        if one[table] != other[table]:
            rows = (one[table] - other[table], other[table] - one[table])
            return f"{table}: {' or '.join(str(next(iter(each), '')) for each in rows)}"[:600]
    return ""


def _changing(app: Flask) -> set[str]:
    return {rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())}
