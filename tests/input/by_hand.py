"""Requests that no page of the furnished house offers, and what is written into empty fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.integrity.models import Case
from ideation.orders.models import Order, OrderState
from ideation.products.models import Product, Run
from ideation.royalties.models import Payout, PayoutBatch
from ideation.selection.models import Agreement
from ideation.submissions.models import Artwork, State, Submission
from tests.access.world import World
from tests.factories.people import PASSWORD

Values = Mapping[str, str]

#: Route → what is written into fields that a page leaves empty, or where a guess is wrong.
WRITTEN: dict[str, Values] = {
    "/console/contests": {"title-en": "Small towns", "brief-en": "Draw one.", "slug": "towns"},
    "/console/series": {
        "title-en": "Towns",
        "brief-en": "Draw one.",
        "themes-en": "Harbour\nNight",
        "slug": "towns",
        "action": "save",
    },
    "/console/contests/<slug>/decision/reasons": {"note": "Drawn with care."},
    "/console/contests/<slug>/integrity/reports": {"handles": "ada-lind-1"},
    "/console/networks": {"cidr": "198.51.100.0/24"},
    "/console/shipping": {"countries": "IS", "first_0": "5", "further_0": "1"},
    "/settings/payouts": {"iban": "DE89370400440532013000"},
    "/sandbox/cards/<token>": {"number": "4242 4242 4242 4242", "expiry": "12/39", "cvc": "123"},
    "/sign-in": {"email": "{owner}", "password": PASSWORD},
    "/settings/password": {"password": "eleven loud herons"},
    "/console/contests/<slug>/jury": {"who": "{juror}"},
}


@dataclass(frozen=True)
class ByHand:
    """A form that is posted by hand."""

    action: str
    viewer: str = "owner"
    values: Values = field(default_factory=dict)


def requests(world: World) -> dict[str, ByHand]:
    """Route → one request that means it, to things that exist."""
    running = db.session.scalars(select(Contest).order_by(Contest.id)).first()
    assert running is not None
    contest, decided = f"/contests/{running.slug}", f"/contests/{world.known['contests'][0]}"
    announced = f"/contests/{world.known['contests'][1]}"
    drafts = select(Submission).where(Submission.state == State.DRAFT)
    draft, design = _one(drafts), world.known["design"][0]
    picture = _one(select(Artwork).where(Artwork.submission_id == draft.id))
    agreement = f"/agreements/{_one(select(Agreement)).public_id}"
    product, run = _one(select(Product)), _one(select(Run))
    paid = _one(select(Order).where(Order.state == OrderState.PAID))
    batch, payout = _one(select(PayoutBatch)), _one(select(Payout))
    case = _one(select(Case)).public_id
    own, order = f"/designs/{draft.public_id}", f"/console/orders/{paid.public_id}"
    payday, desk = f"/console/payouts/{batch.public_id}", f"/console{decided}"
    staff = "staff"
    return {
        "/agreements/<public_id>/answer": ByHand(f"{agreement}/answer", values=_YES),
        "/agreements/<public_id>/termination": ByHand(f"{agreement}/termination", values=_SURE),
        "/console/beginning/<name>/words": ByHand(
            "/console/beginning/house/words", staff, {"name": "Ours"}
        ),
        "/console/beginning/mail": ByHand("/console/beginning/mail", staff),
        "/console/contests/<slug>/brief": ByHand(
            f"/console{contest}/brief", staff, {**_WORDS, "title-en": "Towns", "brief-en": "Draw."}
        ),
        "/console/contests/<slug>/cancellation": ByHand(
            f"/console{contest}/cancellation", staff, _WORDS
        ),
        "/console/contests/<slug>/dates": ByHand(f"/console{contest}/dates", staff, _WORDS),
        "/console/contests/<slug>/decision/announcement": ByHand(
            f"{desk}/decision/announcement", staff
        ),
        "/console/contests/<slug>/integrity/looks": ByHand(f"{desk}/integrity/looks", staff),
        "/console/contests/<slug>/proof/<int:number>/downloads": ByHand(
            f"/console{announced}/proof/1/downloads", staff
        ),
        "/console/members/<handle>/approval": ByHand(
            f"/console/members/{world.known['members'][0]}/approval", staff
        ),
        "/console/members/<handle>/roles/removals": ByHand(
            f"/console/members/{world.known['members'][0]}/roles/removals", staff
        ),
        "/console/orders/<public_id>/parcel": ByHand(f"{order}/parcel", staff, _PARCEL),
        "/console/orders/<public_id>/refunds": ByHand(
            f"{order}/refunds", staff, {**_WORDS, **_REFUND}
        ),
        "/console/payouts": ByHand("/console/payouts", staff, {"pay_on": "2031-05-02"}),
        "/console/payouts/<public_id>/export": ByHand(f"{payday}/export", staff),
        "/console/payouts/<public_id>/lines/<payout_id>": ByHand(
            f"{payday}/lines/{payout.public_id}", staff, {"outcome": "withheld", **_WORDS}
        ),
        "/console/products/<slug>": ByHand(
            f"/console/products/{product.slug}", staff, {"name": "Tee", "words": "Soft."}
        ),
        "/console/products/<slug>/publication": ByHand(
            f"/console/products/{product.slug}/publication", staff
        ),
        "/console/runs/<public_id>/production": ByHand(
            f"/console/runs/{run.public_id}/production", staff
        ),
        "/contests/<slug>/intents": ByHand(f"{contest}/intents", values={"size": "M"}),
        "/designs/<public_id>/entry": ByHand(f"{own}/entry", values=_ENTRY),
        "/designs/<public_id>/intents": ByHand(f"/designs/{design}/intents", values=_WANTED),
        "/designs/<public_id>/marks": ByHand(
            f"/designs/{design}/marks", "staff", values={"stars": "4"}
        ),
        "/designs/<public_id>/pictures/<picture>/place": ByHand(
            f"{own}/pictures/{picture.public_id}/place", values={"place": "0"}
        ),
        "/designs/<public_id>/pictures/<picture>/removal": ByHand(
            f"{own}/pictures/{picture.public_id}/removal"
        ),
        "/designs/<public_id>/words": ByHand(f"{own}/words", values={"title": "Tide"}),
        "/reviews/<public_id>/reply": ByHand(f"/reviews/{case}/reply", values={"words": "No."}),
        "/settings/privacy/erasure": ByHand(
            "/settings/privacy/erasure", "newcomer", {"password": PASSWORD, "sure": "1"}
        ),
        "/welcome/end": ByHand("/welcome/end"),
    }


_YES = {"answer": "accept", "agreed": "1"}
_SURE = {"sure": "1"}
_WORDS = {"reason": "Words", "note": "Words"}
_PARCEL = {"carrier": "DHL", "tracking_number": "JD0146"}
_REFUND = {"what": "all", "key": "aaaabbbbcccc", "agreed": "2400"}
_ENTRY = {"original": "1", "licence": "1"}
_WANTED = {"size": "M", "most": "20", "currency": "USD", "wanted": "1"}


def _one(query: Any) -> Any:
    return db.session.scalars(query).first()
