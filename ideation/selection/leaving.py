"""A co-designer leaves a design, as long as no agreement counts on them."""

from datetime import datetime

from ideation.accounts.models import Member
from ideation.contests import editions
from ideation.core.errors import Conflict
from ideation.core.i18n import lazy
from ideation.selection import queries
from ideation.submissions import designers
from ideation.submissions import queries as submissions


def leave(member: Member, public_id: str, *, at: datetime) -> None:
    """Not be a designer of it (any more); the share falls to whoever handed it in.

    Raises NotFound for whoever was not named, Conflict from the offer of an agreement on: it
    froze who signs, and for which share. The contest's lock keeps an offer from coming between.
    """
    editions.get_locked(submissions.get_visible(public_id, member).contest_id)
    submission = submissions.get_for_change(public_id, member)
    if queries.find_living(submission.id) is not None:
        raise Conflict(
            lazy(
                "Its agreement names you and your share, so you cannot leave it any more. While "
                "it is unanswered you can decline it."
            )
        )
    designers.leave(member, submission, at=at)
