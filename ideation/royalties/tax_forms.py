"""The standing of a member's tax form, set by hand: a missing one holds payouts, never accruals."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.core.db import db
from ideation.core.errors import Invalid
from ideation.core.i18n import lazy
from ideation.core.text import clean_line
from ideation.royalties.models import TaxForm, TaxFormStatus
from ideation.royalties.policies import check_may_pay_out

NOTE_LONGEST = 300


def set_status(
    actor: Member, member_id: int, status: TaxFormStatus, note: str, *, at: datetime
) -> TaxForm:
    """Note what finance has on paper. Raises NotAllowed, and Invalid for too long a note.

    The note is for finance alone; it stays out of the audit trail, which is never erased.
    """
    check_may_pay_out(actor)
    note = clean_line(note)
    if len(note) > NOTE_LONGEST:
        raise Invalid(fields={"note": lazy("At most %(n)s characters.", n=NOTE_LONGEST)})
    form = db.session.get(TaxForm, member_id)
    before = form.status if form else TaxFormStatus.MISSING
    if form is None:
        form = TaxForm(member_id=member_id)
        db.session.add(form)
    form.status, form.note, form.set_by, form.set_at = status, note, actor.id, at
    db.session.flush()
    trail.record(
        "tax_form.set",
        actor_id=actor.id,
        subject_kind="member",
        subject_id=member_id,
        at=at,
        detail={"before": before.value, "after": status.value},
    )
    return form


def by_member(member_ids: Collection[int]) -> dict[int, TaxForm]:
    """Member → their form, of those for whom somebody noted one."""
    query = select(TaxForm).where(TaxForm.member_id.in_(set(member_ids)))
    return {form.member_id: form for form in db.session.scalars(query)}
