"""Whatever address somebody writes into whatever field, nobody here asks it anything."""

import socket
from collections.abc import Iterator

import pytest

from tests.input import payloads
from tests.input.house import House, Request
from tests.orders import buyers

pytestmark = pytest.mark.one_engine

#: Fields that nobody is asked for, by which servers elsewhere are told what to fetch.
CUSTOMARY = (
    "url uri link image image_url avatar avatar_url webhook callback feed host target file src"
)
Called = list[str]


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Iterator[Called]:
    """Where this process wanted to connect to, or whose address it asked for; nobody answers."""
    found: Called = []

    def connect(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX:
            found.append(str(address))
            raise ConnectionRefusedError(str(address))
        connect_ours(self, address)  # type: ignore[arg-type]

    def ask(host: object, *_args: object, **_kwargs: object) -> None:
        found.append(str(host))
        raise socket.gaierror(str(host))

    connect_ours = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", ask)
    monkeypatch.setattr(socket, "gethostbyname", ask)
    yield found


def test_no_address_in_any_field_is_asked(
    house: House, asked: list[Request], called: Called
) -> None:
    for number, one in enumerate(asked):
        address = payloads.INSIDE[number % len(payloads.INSIDE)]
        fields = dict.fromkeys((*one.texts, *CUSTOMARY.split()), address)
        headers = {
            "Referer": address,
            "Origin": "http://localhost",
            "X-Forwarded-Host": "evil.example",
        }
        answer = house.post(
            one.viewer, one.action, {**one.values, **fields}, query_string=fields, headers=headers
        )
        assert answer.status_code < 500, one.rule
        place = answer.headers.get("Location", "/")
        assert place.startswith("/") and place[1:2] not in {"/", "\\"}, (one.rule, place)
    assert called == []


def test_jobs_ask_nobody_but_the_house_itself(
    house: House, asked: list[Request], called: Called
) -> None:
    """A provider's letters go to the address in the settings, whatever a buyer wrote."""
    order = next(one for one in asked if one.rule == "/products/<slug>/checkout")
    address = dict.fromkeys(("name", "street_address", "city"), payloads.INSIDE[0])
    house.post(order.viewer, order.action, {**order.values, **address})
    buyers.tick()
    assert [one for one in called if "127.0.0.1" not in one] == []


def test_control_a_call_is_noticed(called: Called) -> None:
    with pytest.raises(OSError), socket.create_connection(("evil.example", 80)):
        pass
    with pytest.raises(OSError), socket.socket() as one:
        one.connect(("169.254.169.254", 80))
    assert called == ["evil.example", "('169.254.169.254', 80)"]
