"""Who made a design, and each one's share.

The member who hands it in names co-designers by handle. Each is told and agrees by their own
act; until then they are not named in public. Handing in does not wait for them, since a deadline
must not hang on somebody's inbox; a share that changes must be agreed to again. Whoever does not
want to be named leaves, and the share falls back to the member who handed it in.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.sql.base import ExecutableOption

from ideation.accounts.models import Member, Standing
from ideation.accounts.policies import may_take_part
from ideation.core.db import db
from ideation.core.errors import Invalid, NotFound, Words
from ideation.core.i18n import lazy
from ideation.notices import telling
from ideation.submissions import bars, drafting, notices, policies
from ideation.submissions.models import Designer, Submission

#: Basis points of a whole.
WHOLE = 10_000
MOST_DESIGNERS = 5


def shown(submission: Submission) -> list[Member]:
    """The members to name in public, the one who handed it in first."""
    return [designer.member for designer in submission.designers if has_agreed(designer)]


def named(submission: Submission) -> list[Member]:
    """Of those, everybody who is still with us."""
    return [member for member in shown(submission) if member.standing is not Standing.ERASED]


def loaded() -> ExecutableOption:
    """For queries whose designs are named: everybody in one statement."""
    return selectinload(Submission.designers).joinedload(Designer.member)


def load(designs: Collection[Submission]) -> None:
    """Everybody named on designs that were found without them, in one statement and its batches."""
    keys = [design.id for design in designs]
    query = select(Submission).where(Submission.id.in_(keys)).options(loaded())
    db.session.scalars(query.execution_options(populate_existing=True)).all()


def has_agreed(designer: Designer) -> bool:
    """Whether the designer may be named; handing in is the first one's agreement."""
    return designer.position == 0 or designer.agreed_at is not None


def divide(
    member: Member, submission: Submission, shares: Mapping[str, int], *, at: datetime
) -> None:
    """Set all designers: handle → basis points, the member's own included.

    Raises Invalid (field ``shares``) where the shares do not sum to 10,000, a handle is unknown
    or cannot take part, or there are too many; and what ``require_editable`` raises.
    """
    drafting.require_editable(member, submission, at)
    wanted = {handle.strip().lstrip("@").lower(): share for handle, share in shares.items()}
    if wanted == {one.member.handle: one.share_bp for one in submission.designers}:
        return
    people = _people(submission, wanted)
    if sum(wanted.values()) != WHOLE:
        raise _wrong(
            lazy(
                "The shares add up to %(sum)s%%. They must add up to 100%%.",
                sum=in_percent(sum(wanted.values())),
            )
        )
    current = {designer.member_id: designer for designer in submission.designers}
    for designer in list(submission.designers):
        if designer.member_id not in people:
            submission.designers.remove(designer)
    for position, (member_id, share) in enumerate(people.items()):
        known = current.get(member_id)
        if known is None:
            submission.designers.append(
                Designer(member_id=member_id, position=position, share_bp=share)
            )
        else:
            if known.share_bp != share:
                known.agreed_at = None
            known.share_bp, known.position = share, position
    submission.updated_at = at
    db.session.flush()
    _ask(submission, at)


def agree(member: Member, submission: Submission, *, at: datetime) -> None:
    """Agree to be named with one's share. Raises NotFound for whoever was not named."""
    designer = _own(member, submission)
    if designer.agreed_at is None:
        designer.agreed_at = at
        db.session.flush()
        telling.tell(
            submission.member_id,
            notices.AGREED,
            at=at,
            params={"title": submission.title, "about": member.id},
            link=notices.edit_link(submission),
            key=f"agreed:{submission.id}:{member.id}:{designer.share_bp}",
        )


def leave(member: Member, submission: Submission, *, at: datetime) -> None:
    """Not be a designer of it (any more); the share falls to whoever handed it in.

    Raises NotFound.
    """
    designer = _own(member, submission)
    submission.designers.remove(designer)
    for other in submission.designers:
        if other.member_id == submission.member_id:
            other.share_bp += designer.share_bp
    db.session.flush()
    telling.tell(
        submission.member_id,
        notices.LEFT,
        at=at,
        params={"title": submission.title, "about": member.id},
        link=notices.edit_link(submission),
    )


def read_percent(typed: str) -> int:
    """``62.5`` or ``62,5 %`` → 6250 basis points. Raises Invalid unless it is 0.01 to 100."""
    whole, _, rest = typed.strip().rstrip("%％ ").replace(",", ".").partition(".")
    digits = whole + rest
    if whole and digits.isascii() and digits.isdigit() and len(whole) <= 3 and len(rest) <= 2:
        share = int(whole) * 100 + int(rest.ljust(2, "0"))
        if 0 < share <= WHOLE:
            return share
    raise _wrong(lazy("Write each share as a number from 0.01 to 100, such as 40 or 12.5."))


def in_percent(share_bp: int) -> str:
    """6250 → ``62.5``, as it may be typed again."""
    whole, rest = divmod(share_bp, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


def _own(member: Member, submission: Submission) -> Designer:
    for designer in submission.designers:
        if designer.member_id == member.id and not policies.is_owner(submission, member):
            return designer
    raise NotFound(lazy("You are not named as a co-designer here."))


def _people(submission: Submission, wanted: Mapping[str, int]) -> dict[int, int]:
    """Member id → share, the owner first."""
    own = submission.member.handle
    if own not in wanted:
        raise _wrong(lazy("Keep a share of your own."))
    if len(wanted) > MOST_DESIGNERS:
        raise _wrong(lazy("At most %(most)s designers.", most=MOST_DESIGNERS))
    if any(share <= 0 for share in wanted.values()):
        raise _wrong(lazy("Each designer needs a share above 0."))
    members = db.session.scalars(select(Member).where(Member.handle.in_(wanted)))
    found = {member.handle: member for member in members}
    for handle in wanted:
        if handle not in found:
            raise _wrong(lazy("Nobody here is called @%(handle)s.", handle=handle))
        if not may_take_part(found[handle]):
            raise _wrong(lazy("@%(handle)s cannot enter contests.", handle=handle))
        if bars.find(found[handle].id, submission.contest):
            raise _wrong(lazy("@%(handle)s cannot enter this contest.", handle=handle))
    order = [own, *(handle for handle in wanted if handle != own)]
    return {found[handle].id: wanted[handle] for handle in order}


def _ask(submission: Submission, at: datetime) -> None:
    """Tell each who has not agreed, once for each share they are offered."""
    for designer in submission.designers:
        if designer.member_id == submission.member_id or designer.agreed_at is not None:
            continue
        telling.tell(
            designer.member_id,
            notices.NAMED,
            at=at,
            params={
                "title": submission.title,
                "about": submission.member_id,
                "share": in_percent(designer.share_bp),
            },
            link=notices.link(submission),
            key=f"named:{submission.id}:{designer.member_id}:{designer.share_bp}",
        )


def _wrong(words: Words) -> Invalid:
    return Invalid(fields={"shares": words})
