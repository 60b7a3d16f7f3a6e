"""Questions about members."""

from collections.abc import Callable, Collection

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from ideation.accounts.credentials import email_key
from ideation.accounts.grants import Role
from ideation.accounts.models import Attribution, DeviceUse, Grant, Member, Standing
from ideation.core.db import db
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.core.paging import Page, paginate

_NOBODY = lazy("Nobody of this name is here.")


def get(member_id: int) -> Member:
    """The member of an id. Raises NotFound."""
    member = db.session.get(Member, member_id)
    if member is None:
        raise NotFound(_NOBODY)
    return member


def get_by_handle(handle: str) -> Member:
    """The member of a handle, whatever their standing. Raises NotFound."""
    member = find_by_handle(handle)
    if member is None:
        raise NotFound(_NOBODY)
    return member


def find_by_handle(handle: str) -> Member | None:
    """The member of a handle; a leading @ and capitals do not matter."""
    return db.session.scalar(
        select(Member).where(Member.handle == handle.strip().lstrip("@").lower())
    )


def find_by_share_code(code: str) -> Member | None:
    """The member whose links carry the code."""
    return db.session.scalar(select(Member).where(Member.share_code == code)) if code else None


def find_by_email(email: str) -> Member | None:
    """The member of an address, however it is spelled."""
    key = email_key(email)
    return db.session.scalar(select(Member).where(Member.email_key == key)) if key else None


def by_ids(member_ids: Collection[int]) -> dict[int, Member]:
    """Members by id, in one statement: the batch twin of ``get``."""
    if not member_ids:
        return {}
    rows = db.session.scalars(select(Member).where(Member.id.in_(set(member_ids))))
    return {member.id: member for member in rows}


def by_handles(handles: Collection[str]) -> dict[str, Member]:
    """Members by handle, written as it is kept; whoever is not there is left out."""
    if not handles:
        return {}
    rows = db.session.scalars(select(Member).where(Member.handle.in_(set(handles))))
    return {member.handle: member for member in rows}


def has_operator() -> bool:
    """Whether anybody who takes part runs this instance."""
    return count_operators() > 0


def count_operators() -> int:
    """How many members who take part are operators."""
    query = (
        select(func.count(func.distinct(Grant.member_id)))
        .join(Member, Member.id == Grant.member_id)
        .where(Grant.role == Role.OPERATOR, Member.standing == Standing.ACTIVE)
    )
    return db.session.scalar(query) or 0


def has_team() -> bool:
    """Whether a second person wears a hat."""
    query = select(func.count(func.distinct(Grant.member_id)))
    return (db.session.scalar(query) or 0) > 1


def list_members(search: str = "", which: str = "all", *, page: int = 1) -> Page[Member]:
    """Members, newest first, by name, handle or address, and by ``which``: all, staff,
    unconfirmed, suspended or erased."""
    query = _WHICH.get(which, _WHICH["all"])
    words = search.strip().lstrip("@")
    if words:
        query = query.where(
            or_(
                Member.name.icontains(words, autoescape=True),
                Member.handle.icontains(words, autoescape=True),
                Member.email_key.icontains(words.casefold(), autoescape=True),
            )
        )
    query = query.options(selectinload(Member.grants))
    return paginate(query.order_by(Member.registered_at.desc(), Member.id.desc()), page)


_here = select(Member).where(Member.standing != Standing.ERASED)
_WHICH: dict[str, Select[Member]] = {
    "all": _here,
    "staff": _here.where(Member.id.in_(select(Grant.member_id))),
    "unconfirmed": _here.where(Member.email_confirmed_at.is_(None)),
    "suspended": select(Member).where(Member.standing == Standing.SUSPENDED),
    "erased": select(Member).where(Member.standing == Standing.ERASED),
}


def list_named(
    typed: str, spells: Callable[[str, str], bool], limit: int = 12, latest: int = 2_000
) -> list[Member]:
    """Members who take part, by name or handle and nothing else: what everybody sees of them.

    Names in Chinese answer to their sound as well, by ``spells(typed, name)``, among the latest
    members: sounds are not kept, so each is asked in turn.
    """
    here = select(Member).where(Member.standing == Standing.ACTIVE)
    words = typed.strip().lstrip("@")
    named = or_(
        Member.name.icontains(words, autoescape=True),
        Member.handle.icontains(words, autoescape=True),
    )
    found = list(db.session.scalars(here.where(named).order_by(Member.id.desc()).limit(limit)))
    if len(found) < limit and words.isascii():
        names = select(Member.id, Member.name).where(Member.standing == Standing.ACTIVE)
        rows = db.session.execute(names.order_by(Member.id.desc()).limit(latest))
        alike = [key for key, name in rows if not name.isascii() and spells(words, name)]
        known = {member.id for member in found}
        more = by_ids([key for key in alike[:limit] if key not in known])
        found += more.values()
    return found[:limit]


def list_sharing_browser(member_id: int) -> list[Member]:
    """Other members who signed in from one of this member's browsers."""
    theirs = aliased(DeviceUse)
    query = (
        select(Member)
        .join(theirs, theirs.member_id == Member.id)
        .join(DeviceUse, DeviceUse.device == theirs.device)
        .where(DeviceUse.member_id == member_id, Member.id != member_id)
        .distinct()
        .order_by(Member.id)
    )
    return list(db.session.scalars(query))


def find_attribution(member_id: int) -> Attribution | None:
    """How the member came here, where it is known."""
    return db.session.get(Attribution, member_id)
