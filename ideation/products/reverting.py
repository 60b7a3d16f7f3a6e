"""When nothing comes of a design: from when its designers may end the agreement, and that act.

The terms say when (section 9): 180 days after the announcement without a product open for
pre-orders, 90 days after a first run that failed without another one, twelve months in which none
was on sale. From then on any of its designers may end it, at once and for all of them; a job says
so when the day has come. All rights go back, no further run can be started, and what was ordered
before is fulfilled and pays as it did. The prize stays theirs.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.contests import editions
from ideation.contests.models import Contest
from ideation.core import jobs
from ideation.core.db import db, lock_row
from ideation.core.errors import Conflict, Words
from ideation.core.i18n import date_words, lazy
from ideation.products import reverting_notices
from ideation.products.models import Product, Run, RunState
from ideation.selection import policies as selection
from ideation.selection import queries, rights
from ideation.selection.models import Agreement, AgreementState, ReleaseCause

#: The periods of the terms, section 9.
NEVER_OPENED = timedelta(days=180)
FAILED_ONCE = timedelta(days=90)
OFF_SALE = timedelta(days=365)

#: Tells designers that they may end their agreement.
TELL = jobs.declare("products.tell_reverting")


@dataclass(frozen=True)
class Way:
    """An agreement in force, and from when its designers may end it; None while a run is on."""

    agreement: Agreement
    free_from: datetime | None

    def is_free(self, at: datetime) -> bool:
        """Whether they may at this instant."""
        return self.free_from is not None and self.free_from <= at


def way_out(agreement: Agreement) -> Way | None:
    """From when the agreement may be ended; None for one that is not in force."""
    contest = agreement.submission.contest
    if agreement.state is not AgreementState.ACCEPTED or contest.announced_at is None:
        return None
    runs = _runs([agreement.id]).get(agreement.id, [])
    return Way(agreement, free_from(contest.announced_at, runs))


def free_from(announced_at: datetime, runs: Sequence[Run]) -> datetime | None:
    """The terms' clock for the runs of one product, in their order. Pure.

    None while a run is announced, open or being charged.
    """
    if not runs:
        return announced_at + NEVER_OPENED
    if any(run.state in {RunState.OPEN, RunState.CHARGING} for run in runs):
        return None
    last = runs[-1]
    off_sale = last.closes_at + OFF_SALE
    if len(runs) == 1 and last.state is RunState.FAILED and last.decided_at is not None:
        return min(off_sale, last.decided_at + FAILED_ONCE)
    return off_sale


def end(member: Member, agreement_id: int, *, at: datetime) -> Agreement:
    """End the agreement for all its designers; their rights are back.

    Raises NotFound for whoever is no party, Conflict before the day has come, while a run is on,
    and where it has ended.
    """
    agreement = queries.get_agreement(agreement_id)
    editions.get_locked(agreement.contest_id)
    agreement = queries.get_agreement(agreement_id)
    selection.check_is_party(agreement, member)
    _hold_product(agreement.id)
    way = way_out(agreement)
    if way is None:
        raise Conflict(lazy("This agreement is not in force."))
    if not way.is_free(at):
        raise Conflict(_too_early(way.free_from))
    ended = db.session.execute(
        update(Agreement)
        .where(Agreement.id == agreement.id, Agreement.state == AgreementState.ACCEPTED)
        .values(state=AgreementState.ENDED, ended_at=at)
        .execution_options(synchronize_session="fetch")
    )
    if not ended.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        raise Conflict(lazy("This agreement is not in force."))
    rights.release(agreement.contest_id, [agreement.submission_id], ReleaseCause.ENDED, at=at)
    trail.record(
        "agreement.ended",
        actor_id=member.id,
        subject_kind="agreement",
        subject_id=agreement.id,
        at=at,
        detail={"submission": agreement.submission_id},
    )
    reverting_notices.tell_ended(agreement, member, at=at)
    return agreement


def due_to_tell(at: datetime) -> list[int]:
    """Agreements whose day has come, oldest first; ``tell`` says so once, however often it is."""
    query = (
        select(Agreement.id, Contest.announced_at)
        .join(Contest, Contest.id == Agreement.contest_id)
        .where(
            Agreement.state == AgreementState.ACCEPTED,
            Contest.announced_at <= at - FAILED_ONCE,
            Contest.is_whole.is_(True),
        )
        .order_by(Agreement.id)
    )
    rows = [(key, announced) for key, announced in db.session.execute(query) if announced]
    runs = _runs([key for key, _ in rows])
    days = {key: free_from(announced, runs.get(key, [])) for key, announced in rows}
    return [key for key, day in days.items() if day is not None and day <= at]


def tell(agreement_id: int, *, at: datetime) -> None:
    """Tell its designers, and those who decide in its space, that it may be ended; once."""
    way = way_out(queries.get_agreement(agreement_id))
    if way is not None and way.free_from is not None and way.is_free(at):
        reverting_notices.tell_free(way.agreement, way.free_from, at=at)


def _runs(agreement_ids: Collection[int]) -> dict[int, list[Run]]:
    """Agreement → the runs of its product, in their order."""
    query = (
        select(Product.agreement_id, Run)
        .join(Run, Run.product_id == Product.id)
        .where(Product.agreement_id.in_(agreement_ids))
        .order_by(Run.number)
    )
    found: dict[int, list[Run]] = {}
    for agreement_id, run in db.session.execute(query):
        found.setdefault(agreement_id, []).append(run)
    return found


def _hold_product(agreement_id: int) -> None:
    """Of a run that is started and an agreement that is ended at once, one is first."""
    db.session.execute(lock_row(select(Product.id).where(Product.agreement_id == agreement_id)))


def _too_early(day: datetime | None) -> Words:
    if day is None:
        return lazy("A run of the product is on or announced, so the agreement stays in force.")
    return lazy(
        "You can end the agreement from %(date)s, if nothing is opened for pre-orders by then.",
        date=date_words(day),
    )
