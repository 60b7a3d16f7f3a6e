"""The signed token of a dealt ballot: proof that the deck handed this design to this voter.

A rating that comes with a valid token is a vote, any other a mark. The token names voter, contest,
submission, slot and position, 29 bytes, under 128 bits of HMAC-SHA256; 45 bytes are 60 characters
of URL-safe base64 without padding or spare bits, so one ballot has exactly one spelling. It is
signed, not encrypted: nothing in it is secret from its voter. It never expires by itself: until
close it casts and changes the vote for its design, be the ballot open, skipped or taken back.
"""

from __future__ import annotations

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple

#: The slot of a ballot that nobody dealt: its voter chose the design, in an open contest.
CHOSEN_SLOT = 255

_IDS = struct.Struct(">QQQBI")
_MAC_BYTES = 16
_LENGTH = (_IDS.size + _MAC_BYTES) * 4 // 3
_PURPOSE = b"ideation ballot 1\0"


class BadToken(ValueError):
    """The token was not signed by this instance for this voter, or was changed on the way."""


class Ballot(NamedTuple):
    """A submission dealt to a voter, in which slot of the window and at which place of theirs."""

    voter_id: int
    contest_id: int
    submission_id: int
    slot: int
    position: int


def sign(
    key: bytes, voter_id: int, contest_id: int, submission_id: int, slot: int, position: int
) -> str:
    """The token of a ballot, 60 characters. Raises ValueError for a number that does not fit.

    Ids are below 2**64, the slot below 256, the position below 2**32. The key is the caller's,
    derived from the instance's secret for this purpose alone.
    """
    try:
        ids = _IDS.pack(voter_id, contest_id, submission_id, slot, position)
    except struct.error as error:
        raise ValueError("a ballot's number is out of range") from error
    mac = hmac.digest(key, _PURPOSE + ids, "sha256")[:_MAC_BYTES]
    return urlsafe_b64encode(ids + mac).decode("ascii")


def read(key: bytes, token: str, voter_id: int) -> Ballot:
    """The ballot that a token proves was dealt to this voter; raises BadToken otherwise."""
    ballot = verify(key, token)
    if ballot.voter_id != voter_id:
        raise BadToken("the ballot was dealt to another voter")
    return ballot


def verify(key: bytes, token: str) -> Ballot:
    """The ballot that a token proves was dealt, to whoever it names; raises BadToken otherwise.

    For casting, whose one statement finds out who the voter is and compares.
    """
    spelled = token.encode("utf-8", "replace")
    if len(spelled) != _LENGTH:
        raise BadToken("a ballot's token has another length")
    try:
        ballot = Ballot(*_IDS.unpack(urlsafe_b64decode(spelled)[: _IDS.size]))
    except (ValueError, struct.error) as error:
        raise BadToken("this is no token of a ballot") from error
    # Signing afresh and comparing the whole spelling leaves no second way to write a token.
    if not hmac.compare_digest(spelled, sign(key, *ballot).encode("ascii")):
        raise BadToken("the token's signature does not fit")
    return ballot
