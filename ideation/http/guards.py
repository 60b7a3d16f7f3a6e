"""Deny first: every route declares who may call it, and the build fails on one that does not.

    @bp.get("/console/members")
    @who(Permission.MANAGE_MEMBERS)
    def index() -> str: ...

The guard answers for the route; rules about one object stand in the domains' ``policies.py``.
"""

import enum
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.wrappers import Response

from ideation.accounts.grants import Permission
from ideation.core.errors import NotAllowed
from ideation.core.i18n import lazy
from ideation.http.session import current_member, may

View = TypeVar("View", bound=Callable[..., Any])


class Who(enum.Enum):
    """Who may call a route, where it is not a matter of permission."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    #: The one statement that casts a ballot decides itself, in its round trip.
    BALLOT = "ballot"
    #: A file that is the same for everyone: nobody asks who is here, so it costs no query.
    FILE = "file"
    #: A feed, a calendar, a page for other sites' frames: the same for everyone at its address,
    #: which also says its language. Nobody asks who is here, and no cookie is read.
    FEED = "feed"


Needs: TypeAlias = Who | Permission


def who(needs: Needs) -> Callable[[View], View]:
    """Declare who may call the view. Stands directly above the function."""

    def declare(view: View) -> View:
        view.ideation_who = needs  # type: ignore[attr-defined]
        return view

    return declare


def declared(app: Flask, endpoint: str) -> Needs | None:
    """What a route declares; None where it declares nothing."""
    return getattr(app.view_functions[endpoint], "ideation_who", None)


def decides_itself() -> bool:
    """Whether the request is one for which nobody looks up who is here.

    A ballot's one statement finds out by itself; a file is the same for everyone.
    """
    return request.endpoint is not None and (
        declared(current_app, request.endpoint) in {Who.BALLOT, Who.FILE, Who.FEED}
    )


def is_feed() -> bool:
    """Whether the answer may depend on nothing but the address."""
    return request.endpoint is not None and (declared(current_app, request.endpoint) is Who.FEED)


def install(app: Flask) -> None:
    """Ask the guard before every request."""
    app.before_request(_enforce)


def refuse_undeclared(app: Flask) -> None:
    """Raise RuntimeError that names every route without a declaration."""
    open_doors = sorted(name for name in app.view_functions if declared(app, name) is None)
    if open_doors:
        raise RuntimeError(f"routes that do not say who may call them: {', '.join(open_doors)}")


def _enforce() -> Response | None:
    if request.endpoint is None:
        return None  # Flask answers 404 or 405 itself
    needs = declared(current_app, request.endpoint)
    if needs in {Who.ANYONE, Who.BALLOT, Who.FILE, Who.FEED}:
        return None
    if current_member() is None:
        return _ask_to_sign_in()
    if needs is Who.SIGNED_IN:
        return None
    if isinstance(needs, Permission) and may(needs):
        return None
    if isinstance(needs, Permission) and not may(Permission.ENTER_CONSOLE):
        raise PageNotFound()  # what is behind the console's door is nobody else's business
    raise NotAllowed(lazy("Your roles do not include this."))


def wants_json() -> bool:
    """Whether the caller is a script of ours (fetch) rather than a browser showing a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" and (
        request.accept_mimetypes[best] > request.accept_mimetypes["text/html"]
    )


def _ask_to_sign_in() -> Response:
    if wants_json():
        raise SignInNeeded(lazy("Sign in to go on."))
    after = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("web.sign_in", next=after or None))


class SignInNeeded(NotAllowed):
    """Nobody is signed in; 401 to scripts, a way to sign in for people."""

    status = 401
