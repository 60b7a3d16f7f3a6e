"""What sharing does when something happens below it."""

from datetime import datetime

from sqlalchemy import Select, select

from ideation.accounts.events import AccountErased
from ideation.branding.changing import Renamed
from ideation.core import events
from ideation.products.events import PicturesDrawn
from ideation.products.models import Product
from ideation.selection.events import WinnersAnnounced
from ideation.sharing import cards, visits
from ideation.sharing.models import Kind
from ideation.submissions.events import (
    SubmissionApproved,
    SubmissionReturned,
    SubmissionWithdrawn,
)
from ideation.submissions.models import Designer, Submission
from ideation.voting.events import TallyFrozen


@events.subscribe(SubmissionApproved)
def show_a_new_design(event: SubmissionApproved) -> None:
    """A contest's card may show it."""
    cards.outdate(Kind.CONTEST, [event.contest_id], at=event.at)


@events.subscribe(SubmissionReturned)
def hide_a_changed_design(event: SubmissionReturned) -> None:
    """Nobody sees it until it was looked at again."""
    _hide(event.submission_id, event.contest_id, event.at)


@events.subscribe(SubmissionWithdrawn)
def hide_a_withdrawn_design(event: SubmissionWithdrawn) -> None:
    """It is gone for good."""
    _hide(event.submission_id, event.contest_id, event.at)


@events.subscribe(TallyFrozen)
def show_names(event: TallyFrozen) -> None:
    """Who made what is public, and a winner's score may have been corrected."""
    cards.outdate(Kind.DESIGN, _entries(event.contest_id), at=event.at)


@events.subscribe(WinnersAnnounced)
def show_winners(event: WinnersAnnounced) -> None:
    """The winners hang on the contest's card, and their own say how many stars they got."""
    cards.outdate(Kind.CONTEST, [event.contest_id], at=event.at)
    cards.outdate(Kind.DESIGN, _entries(event.contest_id), at=event.at)


@events.subscribe(PicturesDrawn)
def show_a_product(event: PicturesDrawn) -> None:
    """A product looks otherwise."""
    cards.outdate(Kind.PRODUCT, [event.product_id], at=event.at)


@events.subscribe(AccountErased)
def forget_a_member(event: AccountErased) -> None:
    """Cards that name them are drawn anew, and what their links brought is forgotten."""
    named = select(Designer.submission_id).where(Designer.member_id == event.member_id)
    products = select(Product.id).where(Product.submission_id.in_(named))
    cards.outdate(Kind.DESIGN, named, at=event.at)
    cards.outdate(Kind.PRODUCT, products, at=event.at)
    visits.forget(event.member_id)


@events.subscribe(Renamed)
def show_the_name(event: Renamed) -> None:
    """It stands on every card."""
    cards.outdate_all(at=event.at)


def _entries(contest_id: int) -> Select[int]:
    """All, also those that were taken out: what is no longer public loses its card."""
    return select(Submission.id).where(Submission.contest_id == contest_id)


def _hide(submission_id: int, contest_id: int, at: datetime) -> None:
    """What nobody may see has no card, nor a place on its contest's."""
    cards.forget(Kind.DESIGN, submission_id, at=at)
    cards.outdate(Kind.CONTEST, [contest_id], at=at)
