"""The cookie that remembers which link first brought a visitor, until they join.

Set only by addresses that say where they hung (``?ref=…`` or ``?utm_source=…``), so whoever just
looks gets none; never changed by a later link.
"""

import json
import re
from dataclasses import asdict
from datetime import datetime

import structlog
from flask import Flask, Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import OperationalError

from ideation.accounts.attribution import KEPT_FOR, Touch
from ideation.core import clock, config
from ideation.core.db import transaction
from ideation.http.guards import is_feed
from ideation.http.session import current_token_hash
from ideation.sharing import arrivals
from ideation.sharing.models import Kind

log = structlog.get_logger(__name__)

COOKIE = "ideation_touch"
#: Pages that members share by a link of their own: what they are, and what names them.
_SHARED = {
    "web.contest": (Kind.CONTEST, "slug"),
    "web.submission": (Kind.DESIGN, "public_id"),
    "web.product": (Kind.PRODUCT, "slug"),
}
#: Who fetches a page to show its card is no visitor.
_ROBOT = re.compile(r"bot|crawl|spider|preview|externalhit|whatsapp|embed|fetch", re.I)
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
    if request.method != "GET" or not request.args or is_feed() or COOKIE in request.cookies:
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
        _count(touch, response)
    return response


def _count(touch: Touch, response: Response) -> None:
    """Let the member whose link it was know that it brought somebody."""
    shared = _SHARED.get(request.endpoint or "")
    is_person = not _ROBOT.search(request.user_agent.string) and (
        "prefetch" not in request.headers.get("Sec-Purpose", "")
    )
    if shared is None or not touch.referrer or response.status_code != 200 or not is_person:
        return
    kind, name = shared
    try:
        with transaction():
            arrivals.note(touch.referrer, kind, (request.view_args or {})[name], at=clock.now())
    except OperationalError:  # the page is there: one visit less is counted
        log.warning("arrival not counted")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="first-touch")
