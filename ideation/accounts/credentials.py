"""Passwords: hashed with Argon2id, refused where common, checked in the same time for everyone.

Hashing takes some 50 ms on purpose, so it happens outside of transactions: callers hash first and
hand the hash to the rule that stores it.
"""

from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from ideation.accounts.models import Member, Standing
from ideation.core.db import db, lock_row
from ideation.core.errors import Invalid, NotAllowed
from ideation.core.i18n import lazy
from ideation.core.text import clean_line

LEAST = 10
#: Argon2 reads all of it; the bound keeps a request from being work.
MOST = 200

_NO_FIT = lazy("Address and password do not fit together.")

#: The 30,000 most used passwords of published leaks, in order (zxcvbn's list, MIT licence).
COMMON: tuple[str, ...] = tuple(FREQUENCY_LISTS["passwords"])
_COMMON = frozenset(COMMON)

# OWASP's first choice for Argon2id: 19 MiB, two passes, one lane. Eight threads that all check a
# password at once then take 152 MiB, which the smallest rented machine still has.
_hasher = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))


def use_cheap_hashing() -> None:
    """For tests: parameters that take no time, and no strength either."""
    global _hasher
    _hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    _nobodys_hash.cache_clear()


def hashed(password: str, *about: str) -> str:
    """The hash to store. ``about`` are the member's name and address, which it must not be.

    Raises Invalid with the field ``password``: too short, too long, or among the first guesses.
    """
    if len(password) < LEAST:
        raise Invalid(fields={"password": lazy("At least %(n)s characters.", n=LEAST)})
    if len(password) > MOST:
        raise Invalid(fields={"password": lazy("At most %(n)s characters.", n=MOST)})
    if is_common(password) or _is_about(password, about):
        raise Invalid(
            fields={
                "password": lazy(
                    "This is one of the first that others would try. Three or four words of "
                    "your own make a good one."
                )
            }
        )
    return _hasher.hash(password)


def is_common(password: str) -> bool:
    """Whether it is among the 30,000 most used, whatever its case."""
    return password.lower() in _COMMON


def authenticate(email: str, password: str) -> Member:
    """The member whom address and password belong to.

    An unknown address, a wrong password and an account without one give the same answer after
    the same work. Raises Invalid; and NotAllowed, after the right password alone, where the
    member is suspended.
    """
    member = db.session.scalar(select(Member).where(Member.email_key == email_key(email)))
    stored = member.password_hash if member is not None else None
    is_right = _verifies(password, stored or _nobodys_hash()) and stored is not None
    if member is None or not is_right or member.standing is Standing.ERASED:
        raise Invalid(fields={"password": _NO_FIT})
    if member.standing is Standing.SUSPENDED:
        raise NotAllowed(
            lazy(
                "This account is suspended: %(reason)s Write to whoever runs this site.",
                reason=member.suspended_reason,
            )
        )
    return member


def hold(member_id: int, verified: str | None) -> Member:
    """The member, held until commit, whose password hash is still the one just ``verified``.

    Whoever changes the password ends the open sessions: before this, and the old password no
    longer opens one; or after it, and the new session ends as well. Raises Invalid.
    """
    query = lock_row(select(Member).where(Member.id == member_id))
    member: Member | None = db.session.scalar(query)
    if member is None or member.password_hash != verified:
        raise Invalid(fields={"password": _NO_FIT})
    return member


def check(member: Member, password: str, field: str = "password") -> None:
    """Make sure that whoever is signed in knows the password. Raises Invalid with the field."""
    stored = member.password_hash
    if not (_verifies(password, stored or _nobodys_hash()) and stored is not None):
        raise Invalid(fields={field: lazy("This is not your password.")})


def needs_rehash(member: Member) -> bool:
    """Whether the stored hash was made with older parameters."""
    stored = member.password_hash
    return stored is not None and _hasher.current_hasher.check_needs_rehash(stored)


def rehashed(password: str) -> str:
    """The hash of a password that was just proven right, with the parameters of today."""
    return _hasher.hash(password)


def email_key(email: str) -> str:
    """What makes two spellings one address: case and white space do not count."""
    return clean_line(email).casefold()


def _verifies(password: str, stored: str) -> bool:
    return len(password) <= MOST and _hasher.verify(password, stored)


def _is_about(password: str, about: tuple[str, ...]) -> bool:
    """Whether it is little more than the member's own names, or one letter over and over."""
    bare = password.casefold()
    names = {
        part
        for words in about
        for whole in (words.casefold(), words.partition("@")[0].casefold())
        for part in (whole, *whole.replace(".", " ").split())
        if len(part) >= 3
    }
    for name in sorted(names, key=len, reverse=True):
        bare = bare.replace(name, "")
    return len(set(password.casefold())) <= 2 or len(bare.strip("0123456789!?.-_ ")) < 4


@cache
def _nobodys_hash() -> str:
    """What an unknown address is checked against, made with the parameters of today."""
    return _hasher.hash("nobody has this password")
