"""A browser without JavaScript: keeps cookies, carries the CSRF token, may be signed in."""

import re
import secrets
from collections.abc import Callable
from contextvars import Context
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from ideation.accounts import sessions
from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.http import sheets
from ideation.http.assets import fingerprint

_RULES = re.compile(rb"<style>.*?</style>", re.DOTALL)


class Browser:
    """One person's browser. ``device`` separates machines: members that share it form a cluster.

    It was here before and has the sheets of the house; a page's own it skips, or a class that no
    element has would be found in every page. ``sees_styles`` is for those who look at these.
    """

    def __init__(
        self,
        app: Flask,
        member: Member | None = None,
        *,
        device: bytes = b"",
        base_url: str = "http://localhost",
        sees_styles: bool = False,
    ) -> None:
        self.app = app
        self.base_url = base_url
        self.client = app.test_client()
        self.sees_styles = sees_styles
        if not sees_styles:
            host = urlsplit(base_url).hostname or "localhost"
            self.client.set_cookie(sheets.COOKIE, fingerprint(), domain=host)
        self.device = device or secrets.token_bytes(16)
        self._raw_token = secrets.token_hex(20)
        if member is not None:
            self.sign_in(member)

    def sign_in(self, member: Member) -> None:
        """Open a real session row for the member and keep its token."""
        with transaction():
            token = sessions.begin(
                db.session.merge(member), at=clock.now(), user_agent="tests", device=self.device
            )
        with self.client.session_transaction(base_url=self.base_url) as stored:
            stored.permanent = True
            stored["_user_id"] = token
            stored["csrf_token"] = self._raw_token

    @property
    def csrf_token(self) -> str:
        """A valid token for this browser's session."""
        with self.client.session_transaction(base_url=self.base_url) as stored:
            stored["csrf_token"] = self._raw_token
        secret = self.app.config["SECRET_KEY"]
        return str(URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(self._raw_token))

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """GET, as a person who types an address or follows a link."""
        return self._alone(self.client.get, path, **{"base_url": self.base_url, **kwargs})

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """POST a form, its CSRF token included."""
        headers = {"X-CSRFToken": self.csrf_token, **kwargs.pop("headers", {})}
        kwargs = {"base_url": self.base_url, **kwargs}
        return self._alone(self.client.post, path, data=data, headers=headers, **kwargs)

    def post_json(self, path: str, data: dict[str, Any]) -> TestResponse:
        """POST as our scripts do: a form out, JSON back."""
        return self.post(path, data, headers={"Accept": "application/json"})

    def _alone(self, send: Callable[..., TestResponse], *args: Any, **kwargs: Any) -> TestResponse:
        """Send outside the test's own application context, so that the request gets its own."""
        response = Context().run(send, *args, **kwargs)
        db.session.rollback()  # the test looks at the database afresh
        db.session.expire_all()
        if response.mimetype == "text/html" and not self.sees_styles:
            response.set_data(_RULES.sub(b"<style></style>", response.get_data()))
        return response
