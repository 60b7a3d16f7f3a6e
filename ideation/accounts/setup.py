"""The first operator: by a one-time link that the process prints, and once in the house's life.

There is no default password, and without the link nobody becomes operator. Two who use links at
the same moment meet at the primary key of one fact, so one of them does.
"""

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from ideation.accounts import confirmation, queries, registration, roles, tokens
from ideation.accounts.grants import Role
from ideation.accounts.models import Member, Token, TokenPurpose
from ideation.accounts.registration import Newcomer
from ideation.audit import trail
from ideation.core.db import db, is_postgresql
from ideation.core.errors import Conflict
from ideation.core.i18n import lazy
from ideation.core.instance import InstanceFact

SET_UP = "set_up"


def create_setup_link(at: datetime) -> str | None:
    """A fresh secret for /setup/<secret>, in the open transaction; older ones end.

    None where the house has an operator. The trail says when one was made: by the system, since
    who has the command line has the house.
    """
    if queries.has_operator():
        return None
    token, secret = tokens.issue(TokenPurpose.SETUP, at=at)
    trail.record(
        "instance.setup_link_made", actor_id=None, subject_kind="token", subject_id=token.id, at=at
    )
    return secret


def get_link(secret: str, *, at: datetime) -> Token:
    """The setup link of a secret, not used by looking. Raises NotFound."""
    return tokens.get_live(secret, {TokenPurpose.SETUP}, at=at)


def begin(secret: str, newcomer: Newcomer, *, at: datetime) -> Member:
    """Make the first operator; their address needs no mail to be theirs.

    Raises NotFound for a link that is used or old, Conflict where somebody was faster.
    """
    tokens.use(get_link(secret, at=at), at=at)
    if not _claim(at):
        raise Conflict(lazy("This site has its operator already. Ask them for a role."))
    member = registration.add(newcomer, at=at)
    roles.give(member, Role.OPERATOR, by=None, at=at)
    confirmation.mark_confirmed(member, at=at)
    trail.record(
        "instance.set_up", actor_id=member.id, subject_kind="member", subject_id=member.id, at=at
    )
    return member


def _claim(at: datetime) -> bool:
    """Whether this call is the one that sets the house up; the loser waits here for the winner."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    claimed = db.session.scalar(
        insert(InstanceFact)
        .values(name=SET_UP, value="", at=at)
        .on_conflict_do_nothing()
        .returning(InstanceFact.name)
    )
    return claimed is not None and not queries.has_operator()
