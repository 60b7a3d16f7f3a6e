"""Who is here: server-side sessions behind Flask-Login.

The signed cookie holds a random token; the database holds its hash. Ending a row signs that
browser out at once. A fresh token is issued at sign-in and whenever a member's roles change.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from flask import Flask, Response, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from ideation.accounts import sessions
from ideation.accounts.grants import Permission
from ideation.accounts.models import Member, SessionRow, Standing
from ideation.accounts.policies import holds
from ideation.core import clock, config, keyed
from ideation.core.errors import NotAllowed
from ideation.core.i18n import lazy
from ideation.voting import networks

DEVICE_COOKIE = "ideation_device"
DEVICE_AGE = timedelta(days=400)

login_manager = LoginManager()
login_manager.session_protection = None  # rows in the database protect better


class Visitor(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """What Flask-Login calls a user: a member in one browser."""

    def __init__(self, row: SessionRow, token: str) -> None:
        self.row = row
        self.member = row.member
        self.token = token

    def get_id(self) -> str:
        return self.token


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> Visitor | None:
    at = clock.now()
    row = sessions.find_live(token_hash(token), at)
    if row is None:
        return None
    if sessions.is_stale(row, at):
        g.stale_session = row.id
        session.modified = True  # so that the cookie lasts as long as the session
    return Visitor(row, token)


class Sessions(SecureCookieSessionInterface):
    """Flask's cookie, save that what everyone may keep (pictures, styles) carries nobody's.

    Nor does it vary with the cookie: no browser could reuse a picture otherwise, and a shared cache
    could hand out somebody's session.
    """

    def __init__(self) -> None:
        self._serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Flask's, made once: its key and digests never change while the process lives."""
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def read(self, app: Flask, cookie: str) -> dict[str, Any]:
        """What a session's cookie holds; nothing where it was not signed here or is too old."""
        serializer = self.get_signing_serializer(app)
        longest = int(app.permanent_session_lifetime.total_seconds())
        try:
            kept = serializer.loads(cookie, max_age=longest) if serializer else {}
        except BadSignature:
            return {}
        return kept if isinstance(kept, dict) else {}

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """See Flask."""
        if not response.cache_control.public:
            super().save_session(app, session, response)


def install(app: Flask) -> None:
    """Attach the sessions, Flask-Login and the device cookie."""
    app.session_interface = Sessions()
    login_manager.init_app(app)
    app.after_request(_keep_device_cookie)


def token_hash(token: str) -> bytes:
    """What the database knows of a session token."""
    return hashlib.sha256(token.encode()).digest()


def current_token_hash() -> bytes | None:
    """Hash of the visitor's token without asking the database: for the ballot's one statement."""
    token = session.get("_user_id")
    return token_hash(token) if isinstance(token, str) else None


def current_session() -> SessionRow | None:
    """The visitor's session row, or None."""
    return current_user.row if current_user.is_authenticated else None


def current_member() -> Member | None:
    """The member who is signed in, or None."""
    return current_user.member if current_user.is_authenticated else None


def signed_in() -> Member:
    """The member who is signed in. Raises NotAllowed where nobody is."""
    member = current_member()
    if member is None:
        raise NotAllowed(lazy("Sign in to go on."))
    return member


def may(permission: Permission | str) -> bool:
    """Whether the visitor's roles include the permission."""
    member = current_member()
    return member is not None and holds(member, Permission(permission))


def stale_session() -> int | None:
    """The session that this request has looked up, where its last visit was noted long ago.

    Known without asking the database: where nobody has asked who is here, there is none.
    """
    session_id: int | None = g.get("stale_session")
    return session_id


def begin(member: Member) -> None:
    """Sign the member in with a fresh token. Call inside ``transaction()``.

    Raises NotAllowed for one who was suspended a moment ago.
    """
    if member.standing is not Standing.ACTIVE:
        raise NotAllowed(lazy("This account is closed."))
    token = sessions.begin(
        member, at=clock.now(), user_agent=request.user_agent.string, device=device_hash()
    )
    row = sessions.get_by_token(token_hash(token))
    kept = {name: session[name] for name in ("_flashes",) if name in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    login_user(Visitor(row, token))


def leave() -> None:
    """Sign this browser out. Call inside ``transaction()``."""
    row = current_session()
    if row is not None:
        sessions.end(row.id, at=clock.now())
    logout_user()
    session.clear()


def device_hash() -> bytes:
    """Keyed hash of the browser's random device cookie; a cookie is made where there is none."""
    cookie = request.cookies.get(DEVICE_COOKIE, "")
    if not 16 <= len(cookie) <= 64:
        cookie = g.setdefault("device_cookie", secrets.token_urlsafe(24))
    return keyed.digest("device", cookie)[:16]


def network_hash() -> bytes | None:
    """Keyed hash of the visitor's network; None where their address tells nothing."""
    return networks.hash_of(request.remote_addr)


def _keep_device_cookie(response: Response) -> Any:
    cookie = g.get("device_cookie")
    if cookie:
        response.set_cookie(
            DEVICE_COOKIE,
            cookie,
            max_age=DEVICE_AGE,
            secure=config.current().is_https,
            httponly=True,
            samesite="Lax",
        )
    return response
