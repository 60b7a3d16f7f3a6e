"""Who is looking, as a number: what is drawn by lot for a viewer stays the same for them."""

from flask import request

from ideation.core import keyed
from ideation.http.session import current_member


def lot() -> int:
    """62 bits that are a member's own on every device, and a visitor's on theirs.

    For a visitor they come from a keyed hash of address and browser, of which nothing is kept:
    reading a page needs no cookie.
    """
    member = current_member()
    who = f"member:{member.id}" if member else f"{request.remote_addr}:{request.user_agent.string}"
    return int.from_bytes(keyed.digest("lot", who)[:8]) >> 2
