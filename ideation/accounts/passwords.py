"""Another password: changed by who knows the old one, or reset by who reads the mail.

Either ends every open session and every open link. Hashes come ready-made, see ``credentials``.
"""

from datetime import datetime

from ideation.accounts import confirmation, letters, queries, sessions, tokens
from ideation.accounts.models import Member, Standing, Token, TokenPurpose
from ideation.core import jobs

#: Whoever asks waits the same for known and unknown addresses: the mail is written by a worker.
SEND_RESET = jobs.declare("accounts.send_reset", queue="urgent")


def ask_reset(email: str, *, at: datetime) -> None:
    """Have the link mailed, if the address is somebody's; the answer never says which."""
    member = queries.find_by_email(email)
    jobs.enqueue(SEND_RESET, at=at, member_id=member.id if member else 0)


def send_reset(member_id: int, *, at: datetime) -> None:
    """Write the mail; nobody, and whoever has had five within the hour, gets none."""
    member = queries.by_ids([member_id]).get(member_id)
    if member is None or member.standing is Standing.ERASED:
        return
    if tokens.is_too_often(TokenPurpose.RESET, member.id, at=at):
        return
    _token, secret = tokens.issue(TokenPurpose.RESET, at=at, member_id=member.id)
    letters.reset(member, secret, at=at)


def get_reset(secret: str, *, at: datetime) -> Token:
    """The reset of a link, not used by looking. Raises NotFound."""
    return tokens.get_live(secret, {TokenPurpose.RESET}, at=at)


def reset(secret: str, password_hash: str, *, at: datetime) -> Member:
    """Set the password by the mailed link, which also confirms the address it went to.

    Raises NotFound, Conflict.
    """
    token = get_reset(secret, at=at)
    tokens.use(token, at=at)
    assert token.member_id is not None
    member = queries.get(token.member_id)
    change(member, password_hash, at=at)
    confirmation.mark_confirmed(member, at=at)
    return member


def change(member: Member, password_hash: str, *, at: datetime) -> None:
    """Set the password and sign the member out everywhere; the edge signs this browser in anew."""
    member.password_hash = password_hash
    sessions.end_all(member.id, at=at)
    tokens.end_all(member.id, {TokenPurpose.RESET, TokenPurpose.CHANGE_EMAIL}, at=at)
    letters.password_changed(member, at=at)
