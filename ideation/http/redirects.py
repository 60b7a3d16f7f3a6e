"""Where to go next: only to a page of this very site, whatever the address says."""

import re
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

LONGEST = 1000
#: What a path and query may hold, as bytes on the wire; a second slash or a backslash at the
#: beginning would name another host, a colon before it a scheme, a control the next header.
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def safe_next(target: str | None, fallback: str) -> str:
    """``target`` where it is a path on this site, else ``fallback``."""
    if target and len(target) <= LONGEST and _PATH.fullmatch(target):
        return target
    return fallback


def asked_next() -> str:
    """The ``next`` of the form or address, where it is safe; else nothing."""
    return safe_next(request.values.get("next"), "")


def back(endpoint: str = "web.home", **values: Any) -> Response:
    """On to ``next`` where one was asked for, else to an endpoint; by GET."""
    return redirect(asked_next() or url_for(endpoint, **values), 303)
