"""The cookie that remembers which link first brought a visitor, until they join.

Set only by addresses that say where they hung (``?ref=…`` or ``?utm_source=…``), so whoever just
looks gets none; never changed by a later link.
"""

import json
from dataclasses import asdict
from datetime import datetime

from flask import Flask, Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from ideation.accounts.attribution import KEPT_FOR, Touch
from ideation.core import clock, config
from ideation.http.session import current_token_hash

COOKIE = "ideation_touch"
_MOST = 2000


def install(app: Flask) -> None:
    """Look at every visit."""
    app.after_request(_remember)


def read() -> Touch | None:
    """The visitor's first touch, where a cookie holds one that we wrote."""
    cookie = request.cookies.get(COOKIE, "")
    if not cookie:
        return None
    try:
        told = json.loads(_signer().loads(cookie))
        told["first_seen_at"] = datetime.fromisoformat(told["first_seen_at"])
        return Touch(**told)
    except (BadSignature, ValueError, TypeError, KeyError):
        return None


def forget(response: Response) -> None:
    """Drop the cookie once the member has joined."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, secure=config.current().is_https, httponly=True)


def _remember(response: Response) -> Response:
    if request.method != "GET" or not request.args or COOKIE in request.cookies:
        return response
    if current_token_hash() is not None:  # somebody with an account
        return response
    touch = Touch.of_visit(request.args, request.path, clock.now())
    if touch is None:
        return response
    told = {**asdict(touch), "first_seen_at": touch.first_seen_at.isoformat()}
    value = _signer().dumps(json.dumps(told))
    if len(value) <= _MOST:
        response.set_cookie(
            COOKIE,
            str(value),
            max_age=KEPT_FOR,
            secure=config.current().is_https,
            httponly=True,
            samesite="Lax",
        )
    return response


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="first-touch")
