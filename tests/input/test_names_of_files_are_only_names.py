"""What a file is called decides nothing: sent under a hostile name it does what it does anyway.

Each form that takes a file is posted twice, once with an honest name and once with another; what
is left in the database and on the disk is compared.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

import ideation
from ideation.core import config
from ideation.core.storage import in_force
from ideation.core.storage.memory import MemoryStorage
from tests.access.walking import Stop
from tests.factories.pictures import png
from tests.input import forms, payloads, reading
from tests.input.house import House, Rows
from tests.servers import chromium

pytestmark = [pytest.mark.one_engine, pytest.mark.browser]

HONEST = "art.png"
NAMES = (
    "../../../../../../../tmp/pwned.png",
    "..\\..\\pwned.png",
    "/etc/passwd",
    "art.png\x00.exe",
    "art.php",
    "art.png; filename=pwned.html",
    "%2e%2e%2fpwned.png",
    "CON.png",
    ".htaccess",
    "=1+1.png",
    "\u202egnp.exe",
    "a" * 5_000 + ".png",
    payloads.LINES + ".png",
    payloads.MARKUP[0],
    payloads.MARKUP[3],
    payloads.SUMS[0] + payloads.SUMS[6],
)
#: Every door through which a picture comes; tables have a test of their own.
DOORS = {
    "/settings/profile",
    "/designs/<public_id>",
    "/designs/<public_id>/pictures",
    "/console/branding",
    "/console/beginning/house",
}


@dataclass(frozen=True)
class Door:
    """A form with a field for a file, filled in."""

    rule: str
    viewer: str
    action: str
    field: str
    values: dict[str, Any]


@pytest.fixture
def doors(house: House, stops: dict[str, Stop]) -> list[Door]:
    found = list(_doors(house, stops))
    (form,) = (one for one in found if one.field == "pictures")
    by_script = f"{form.action}/pictures"
    return [*found, Door(f"{form.rule}/pictures", form.viewer, by_script, form.field, {})]


def test_these_are_all_doors_for_files(doors: list[Door]) -> None:
    assert {one.rule for one in doors} == DOORS
    root = Path(ideation.__file__).parent
    asking = (one for one in root.rglob("*.py") if "request.files" in one.read_text())
    assert {one.relative_to(root).as_posix() for one in asking} == {
        "web/settings.py",
        "web/drafts.py",
        "web/uploads.py",
        "console/branding.py",
        "console/beginning.py",
        "console/parcels.py",
    }


def test_a_picture_does_the_same_under_any_name(house: House, doors: list[Door]) -> None:
    picture, bodies = png(900, 900), []
    for number, door in enumerate(doors):
        _send(house, door, picture, HONEST)
        expected = _left(house)
        for name in NAMES[number::5]:  # each is looked at, which takes its time
            answer = _send(house, door, picture, name)
            assert answer.status_code < 500 and "X-Pwned" not in answer.headers, (door.rule, name)
            assert _left(house) == expected, (door.rule, name)
            bodies.append((f"{door.rule} {name[:20]!r}", answer.text))
    with chromium.running() as browser:
        assert reading.shapes(browser, bodies) == []
    assert reading.sums(bodies) == []


def test_what_is_no_picture_is_named_in_words(house: House, doors: list[Door]) -> None:
    design = next(one for one in doors if one.rule == "/designs/<public_id>")
    bodies = []
    for name in NAMES:
        answer = _send(house, design, b"no picture", name)
        assert answer.status_code == 422, name
        assert not set("\u202e\x00") & set(answer.text)
        bodies.append((repr(name[:20]), answer.text))
    assert sum("pwned" in body for _, body in bodies) > 3, "they are shown at all"
    assert "a" * 61 not in bodies[11][1]
    with chromium.running() as browser:
        assert reading.shapes(browser, bodies) == []


def test_control_a_name_that_is_kept_or_used_is_seen(house: House, doors: list[Door]) -> None:
    design = next(one for one in doors if one.rule == "/designs/<public_id>")
    picture = png(900, 900)
    _send(house, design, picture, HONEST)
    expected = _left(house)
    _send(house, design, picture, HONEST)
    assert _left(house) == expected, "nothing else tells two requests apart"
    _send(house, replace(design, values={**design.values, "title": ["art.png"]}), picture, HONEST)
    assert _left(house) != expected, "a name that reaches a table"
    (Path(config.current().home) / "pwned.png").write_bytes(b"")
    assert "pwned.png" in _left(house)[1], "a file of that name"


def _doors(house: House, stops: dict[str, Stop]) -> Iterator[Door]:
    seen = set()
    for stop in stops.values():
        for form in forms.on_page(stop.address, stop.viewer, stop.body):
            for one in form.fields:
                if one.kind != "file":
                    continue
                rule, _ = house.app.url_map.bind("localhost").match(
                    form.action.partition("?")[0], "POST", return_rule=True
                )
                if rule.rule not in seen:
                    seen.add(rule.rule)
                    yield Door(rule.rule, form.viewer, form.action, one.name, form.filled())


def _send(house: House, door: Door, data: bytes, name: str) -> TestResponse:
    """The form with the file, under a name that can hold anything (RFC 8187)."""
    mark = b"--a-mark-between-fields"
    parts = [
        f'Content-Disposition: form-data; name="{field}"\r\n\r\n{value}'.encode()
        for field, values in door.values.items()
        for value in values
    ]
    called = f"form-data; name=\"{door.field}\"; filename*=UTF-8''{quote(name)}"
    head = f"Content-Disposition: {called}\r\nContent-Type: image/png\r\n\r\n"
    parts.append(head.encode() + data)
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
    in_force.use(MemoryStorage())
    return house.post(
        door.viewer,
        door.action,
        {},
        input_stream=io.BytesIO(body),
        content_length=len(body),
        content_type=f"multipart/form-data; boundary={mark[2:].decode()}",
    )


def _left(house: House) -> tuple[Rows, set[str]]:
    """Every row, and the name of every file."""
    home = Path(config.current().home)
    on_disk = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    return house.rows(), on_disk | set(in_force.store().list())
