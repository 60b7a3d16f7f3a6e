"""Somebody at an instance's own port: one connection, one session, forms with their token.

Sessions are begun in the database, since signing in is limited and slow on purpose; the rest is
plain HTTP. A request either has its answer or raises ``Unanswered``: nobody can tell then whether
it was done.
"""

import copy
import http.client
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from ideation.accounts import sessions
from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction


class Unanswered(Exception):
    """The connection broke, or the server said that it could not (5xx)."""


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    location: str
    body: bytes


class Visitor:
    """A member with a browser of their own."""

    def __init__(self, app: Flask, url: str, member: Member, *, seconds: float = 20) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        self._host, self._port, self._seconds = parts.hostname, parts.port, seconds
        self._connection: http.client.HTTPConnection | None = None
        with transaction():
            token = sessions.begin(
                db.session.merge(member),
                at=clock.now(),
                user_agent="tests",
                device=secrets.token_bytes(16),
            )
        raw = secrets.token_hex(20)
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = signer.dumps({"_permanent": True, "_user_id": token, "csrf_token": raw})
        csrf = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)
        #: For a browser that is to be this visitor.
        self.cookie: Any = {"name": app.config["SESSION_COOKIE_NAME"], "value": cookie, "url": url}
        self._headers = {
            "Cookie": f"{app.config['SESSION_COOKIE_NAME']}={cookie}",
            "X-CSRFToken": str(csrf),
        }

    def get(self, path: str) -> Answer:
        """Look at a page."""
        return self._send("GET", path)

    def post(self, path: str, form: Mapping[str, str], *, json: bool = False) -> Answer:
        """Send a form, with its token."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if json:
            headers["Accept"] = "application/json"
        return self._send("POST", path, urlencode(form).encode(), headers)

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        """Send one file, as the script that shows its progress does."""
        border = secrets.token_hex(16)
        head = (
            f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="art.png"\r\n'
            "Content-Type: image/png\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{border}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={border}"}
        return self._send("POST", path, body, headers)

    def send_and_hang_up(self, path: str, form: Mapping[str, str]) -> None:
        """Send a form and be gone before the answer comes, as a phone in a tunnel."""
        parts = {**self._headers, "Content-Type": "application/x-www-form-urlencoded"}
        connection = self._open()
        connection.request("POST", path, urlencode(form).encode(), parts)
        self.leave()

    def twin(self) -> "Visitor":
        """The same browser on a connection of its own, for another thread."""
        other = copy.copy(self)
        other._connection = None
        return other

    def over(self, other: "Visitor") -> "Visitor":
        """This member's session over the other's connection."""
        self._connection = other._open()
        return self

    def leave(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        try:
            connection = self._open()
            connection.request(method, path, body or None, {**self._headers, **(headers or {})})
            answer = connection.getresponse()
            said = Answer(answer.status, answer.headers.get("Location", ""), answer.read())
        except (OSError, http.client.HTTPException) as error:
            self.leave()
            raise Unanswered(f"{method} {path}: {error!r}") from error
        if said.status >= 500:
            raise Unanswered(f"{method} {path}: {said.status}")
        return said

    def _open(self) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                self._host, self._port, timeout=self._seconds
            )
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._connection
