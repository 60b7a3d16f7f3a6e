"""By when an offered agreement must be answered: within five days, and before the public date.

A promise to its designers, so an offer keeps its date. The public date cannot be moved before or
behind it either: a contest's dates stand from its close on, and offers are made after that.
"""

from datetime import datetime, timedelta

#: How long a winner's designers have to answer, where the public date leaves them so long.
ANSWER_WITHIN = timedelta(days=5)
#: They never have less: a contract is read, slept over and talked about.
ANSWER_LEAST = timedelta(days=2)
#: From the last answer to the public date, for whoever announces.
LEFT_TO_ANNOUNCE = timedelta(hours=12)


def answer_by(public_date: datetime | None, at: datetime) -> datetime:
    """When an offer made now lapses unanswered.

    It is early enough to announce by the public date wherever that leaves two days. Where it does
    not, the date cannot be relied on any more and nobody is hurried: the five days hold.
    """
    if public_date is None or not _leaves_time(public_date, at):
        return at + ANSWER_WITHIN
    return min(at + ANSWER_WITHIN, public_date - LEFT_TO_ANNOUNCE)


def is_late(public_date: datetime | None, at: datetime) -> bool:
    """Whether answers to an offer made now may come after a public date that is still ahead."""
    return public_date is not None and at < public_date and not _leaves_time(public_date, at)


def _leaves_time(public_date: datetime, at: datetime) -> bool:
    return public_date - LEFT_TO_ANNOUNCE - at >= ANSWER_LEAST
