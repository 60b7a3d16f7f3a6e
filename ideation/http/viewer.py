"""Who is looking, as a number: what is drawn by lot for a viewer stays the same for them."""

import hmac

from flask import request

from ideation.core import config
from ideation.http.session import current_member


def lot() -> int:
    """62 bits that are a member's own on every device, and a visitor's on theirs.

    For a visitor they come from a keyed hash of address and browser, of which nothing is kept:
    reading a page needs no cookie.
    """
    member = current_member()
    who = f"member:{member.id}" if member else f"{request.remote_addr}:{request.user_agent.string}"
    key = config.current().secret_key.encode()
    return int.from_bytes(hmac.digest(key, b"lot:" + who.encode(), "sha256")[:8]) >> 2
