"""Coming by the link in a mail: the notice that the mail told is read, as in the bell.

Only the member whose notice it is reads by it. A program that looks at links before they are
delivered is nobody, and so is whoever the mail was passed on to; a browser that fetches a page
ahead has not shown it. Who still has to sign in brings the word along.
"""

from urllib.parse import urlencode

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.http.guards import decides_itself
from ideation.http.session import current_member
from ideation.notices import queries, references


def install(app: Flask) -> None:
    """Before the guard: what is read was told, whatever became of where it leads."""
    app.before_request(_read)


def _read() -> Response | None:
    """Read it and go on to the page's own address, which is the one to pass on."""
    reference = request.args.get(references.NAME, "")
    if not reference or request.method != "GET" or request.endpoint is None or _is_ahead():
        return None
    member = None if decides_itself() else current_member()
    if member is None:
        return None
    member_id = member.id
    notice_id = references.find(member_id, reference)
    db.session.rollback()
    if notice_id is not None:
        with transaction():
            queries.open_one(member_id, notice_id, at=clock.now())
    rest = [pair for pair in request.args.items(multi=True) if pair[0] != references.NAME]
    page = url_for(request.endpoint, **(request.view_args or {}))
    return redirect(page + (f"?{urlencode(rest)}" if rest else ""), 303)


def _is_ahead() -> bool:
    return "prefetch" in request.headers.get("Sec-Purpose", "")
