"""Being forgotten: what names a member goes, what others count on stays without a name.

Gone: name, address, password, picture, bio, links, roles, browsers, open links, mail written to
them, and the secret from which their pseudonym was made, so that nobody can tell again which
ballots were theirs. Kept: the numbers of votes, the entries that took part (each domain decides
on ``AccountErased``), consents and the audit trail, which hold numbers only.

Nobody is erased before what is open between us is settled: see ``hindrances``.
"""

from datetime import datetime

from sqlalchemy import delete, select, update

from ideation.accounts import handles, hindrances, roles, sessions
from ideation.accounts.events import AccountErased
from ideation.accounts.models import DeviceUse, Grant, Member, SessionRow, Standing, Token
from ideation.audit import trail
from ideation.core import events, ids
from ideation.core.db import after_commit, db, lock_row
from ideation.core.errors import Conflict
from ideation.core.i18n import lazy
from ideation.core.mail.models import Mail
from ideation.core.storage import in_force


def erase(member_id: int, *, at: datetime) -> None:
    """Forget the member, at their own wish; the edge has checked their password.

    Raises Conflict for the last operator, where something is to be settled first, and where it
    is done already.
    """
    roles.lock_operators()
    member = _hold(member_id)
    if member.standing is Standing.ERASED:
        raise Conflict(lazy("This account has been erased."))
    roles.refuse_last_operator(member)
    for hindrance in hindrances.list_for(member.id, at):
        raise Conflict(hindrance.words)
    _forget_traces(member, at)
    _empty(member, at)
    events.publish(AccountErased(member.id, at))
    trail.record(
        "member.erased", actor_id=member.id, subject_kind="member", subject_id=member.id, at=at
    )


def _hold(member_id: int) -> Member:
    """The member, locked: an order of theirs that is being written is seen, and hinders."""
    db.session.execute(lock_row(select(Member.id).where(Member.id == member_id)))
    return db.session.get_one(Member, member_id, populate_existing=True)


def _forget_traces(member: Member, at: datetime) -> None:
    sessions.end_all(member.id, at=at)
    db.session.execute(delete(Mail).where(Mail.to.in_(_addresses(member))))
    db.session.execute(
        update(SessionRow)
        .where(SessionRow.member_id == member.id)
        .values(user_agent="", device=None)
    )
    db.session.execute(delete(Token).where(Token.member_id == member.id))
    db.session.execute(delete(DeviceUse).where(DeviceUse.member_id == member.id))
    db.session.execute(delete(Grant).where(Grant.member_id == member.id))
    if member.avatar_key:
        key = member.avatar_key
        after_commit(lambda: in_force.store().delete(key))


def _addresses(member: Member) -> set[str]:
    """Where mail to the member went: addresses of today, former ones, and ones never confirmed.

    The links by which they changed name them, and are kept no shorter than mail is.
    """
    payloads = db.session.scalars(select(Token.payload).where(Token.member_id == member.id))
    said = {payload.get(name) for payload in payloads for name in ("email", "old")}
    return {address for address in {member.email, *said} if address}


def _empty(member: Member, at: datetime) -> None:
    # When the address was confirmed and the account suspended stays: it names nobody, and says
    # whether the member's votes count, today and in every later tally.
    db.session.execute(
        update(Member)
        .where(Member.id == member.id)
        .values(
            handle=handles.erased_handle(),
            name="",
            email=None,
            email_key=None,
            password_hash=None,
            standing=Standing.ERASED,
            bio="",
            links=[],
            avatar_key=None,
            suspended_reason="",
            erased_at=at,
            pseudonym_secret=None,
            share_code=ids.public_id(),
        )
    )
    db.session.expire(member)
