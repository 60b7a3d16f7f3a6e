"""Winners, products and runs in any phase, as direct rows: committed, whole, without pictures."""

import itertools
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import clock, ids
from ideation.core.db import db, transaction
from ideation.products.models import Product, ProductPrice, Run, RunState, RunVariant, Variant
from ideation.selection.models import (
    Agreement,
    AgreementParty,
    AgreementState,
    Answer,
    Decision,
    Ground,
    Outcome,
)
from ideation.submissions.models import Submission
from tests.factories.contests import contest as make_contest
from tests.factories.keys import key_of
from tests.factories.submissions import submission as make_submission

_numbers = itertools.count(1)
_DAY = timedelta(days=1)

PRICES = {"USD": 2400, "CNY": 12900, "JPY": 3200, "KWD": 7500}

#: Phase → (state, days ago it opened); a window is 14 days long.
_PHASES = {
    "upcoming": (RunState.OPEN, -3),
    "open": (RunState.OPEN, 5),
    "extended": (RunState.OPEN, 16),
    "ended": (RunState.OPEN, 14),
    "charging": (RunState.CHARGING, 14),
    "go": (RunState.GO, 16),
    "locked": (RunState.GO, 23),
    "failed": (RunState.FAILED, 15),
}


def winner(
    designer: Member | None = None,
    *,
    contest: Contest | None = None,
    shares: Mapping[Member, int] | None = None,
    announced: bool = True,
    accepted: bool = True,
    rate_bp: int = 1000,
    place: int = 1,
    **values: object,
) -> Submission:
    """A design that won its contest, its agreement accepted and the winners announced.

    ``shares`` is co-designer → basis points; what is left of 10,000 is the designer's own.
    """
    at = clock.now() - 2 * _DAY
    contest = contest or make_contest("results")
    one = make_submission(contest, designer, **values)
    others = [(key_of(other), share) for other, share in (shares or {}).items()]
    with transaction():
        one = db.session.get_one(Submission, key_of(one))
        parties = [(one.member_id, 10_000 - sum((shares or {}).values())), *others]
        one.contest.tallied_at = one.contest.tallied_at or one.contest.closed_at
        if announced:
            one.contest.announced_at = one.contest.announced_at or at
        _share(one, parties, at)
        db.session.add(
            Decision(
                submission_id=one.id,
                contest_id=one.contest_id,
                outcome=Outcome.WINNER,
                place=place,
                ground=Ground.MEMBERS,
                note="Everyone wanted it.",
                rank=place,
                decided_at=at,
                issued_at=at if announced else None,
            )
        )
        db.session.add(_agreement(one, parties, accepted, rate_bp, place, at))
    return one


def product(
    submission: Submission | None = None,
    *,
    prices: Mapping[str, int] | None = None,
    sizes: tuple[str, ...] = ("S", "M", "L"),
    colours: tuple[str, ...] = ("black",),
    published: bool = True,
    **values: object,
) -> Product:
    """A published product of a winner: a tee in three sizes, priced in four currencies."""
    number = next(_numbers)
    submission = submission or winner()
    at = clock.now() - _DAY
    with transaction():
        submission = db.session.get_one(Submission, key_of(submission))
        agreement = db.session.scalars(
            select(Agreement).where(
                Agreement.submission_id == submission.id,
                Agreement.state == AgreementState.ACCEPTED,
            )
        ).one()
        one = Product(
            **{
                "slug": f"harbour-{number}",
                "submission_id": submission.id,
                "agreement_id": agreement.id,
                "article_id": submission.contest.article_id,
                "name": f"Harbour {number}",
                "colours": list(colours),
                "placement": {"x": 500, "y": 100, "width": 800},
                "chosen_by": 1204,
                "created_at": at,
                "published_at": at if published else None,
                "prices": [
                    ProductPrice(currency=code, price_minor=minor)
                    for code, minor in (prices or PRICES).items()
                ],
                "variants": [
                    Variant(
                        sku=f"HARBOUR-{number}-{colour}-{size}".upper(),
                        size=size,
                        colour=colour,
                        position=position,
                    )
                    for position, (colour, size) in enumerate(itertools.product(colours, sizes))
                ],
                **values,
            }
        )
        db.session.add(one)
    return one


def run(
    product: Product | None = None,
    *,
    goal: int = 50,
    caps: int | Mapping[str, int | None] | None = None,
    phase: str = "open",
    now: datetime | None = None,
    **values: object,
) -> Run:
    """A run in a phase: upcoming, open, extended, ended, charging, go, locked, failed.

    ``ended`` is still open as far as the rows know: the clock has not ended it yet. ``caps`` is
    one number for every variant, or size → number. Nobody has ordered anything: units are the
    orders' to count, so even a ``go`` has none unless a test places and charges them.
    """
    now = now or clock.now()
    product = product or _product()
    state, age = _PHASES[phase]
    # A minute more, so that what is over is over by any clock read before this call.
    opens = now - age * _DAY - timedelta(minutes=1)
    closes = opens + 14 * _DAY
    was_extended = phase == "extended"
    with transaction():
        product = db.session.get_one(Product, key_of(product))
        one = Run(
            **{
                "public_id": ids.public_id(),
                "product_id": product.id,
                "number": len(product.runs) + 1,
                "state": state,
                "goal": goal,
                "opens_at": opens,
                "opened_at": opens if opens <= now else None,
                "closes_at": closes + 7 * _DAY if was_extended else closes,
                "extended_at": closes if was_extended else None,
                "ships_from": (closes + 30 * _DAY).date(),
                "ships_by": (closes + 44 * _DAY).date(),
                "locks_at": closes + 8 * _DAY,
                "locked_at": closes + 8 * _DAY if phase == "locked" else None,
                "charging_at": closes if state in {RunState.CHARGING, RunState.GO} else None,
                "decided_at": closes if state in {RunState.GO, RunState.FAILED} else None,
                "created_at": opens - _DAY,
                "stock": [
                    RunVariant(
                        variant_id=variant.id,
                        cap=caps.get(variant.size) if isinstance(caps, Mapping) else caps,
                    )
                    for variant in product.variants
                ],
                **values,
            }
        )
        db.session.add(one)
    return one


#: ``run`` has an argument of that name.
_product = product


def _share(one: Submission, parties: list[tuple[int, int]], at: datetime) -> None:
    """Divide the design as the agreement will, everyone having agreed to be named."""
    from_row = {designer.member_id: designer for designer in one.designers}
    for position, (member_id, share) in enumerate(parties):
        designer = from_row.get(member_id)
        if designer is None:
            designer = type(one.designers[0])(member_id=member_id, agreed_at=at)
            one.designers.append(designer)
        designer.position, designer.share_bp = position, share


def _agreement(
    one: Submission,
    parties: list[tuple[int, int]],
    accepted: bool,
    rate_bp: int,
    place: int,
    at: datetime,
) -> Agreement:
    return Agreement(
        public_id=ids.public_id(),
        contest_id=one.contest_id,
        submission_id=one.id,
        place=place,
        terms_version="1",
        terms_hash="0" * 64,
        rate_bp=rate_bp,
        minimums=[
            {"currency": "USD", "minimum_minor": 100, "from_minor": 1000},
            {"currency": "JPY", "minimum_minor": 150, "from_minor": 1500},
            {"currency": "KWD", "minimum_minor": 300, "from_minor": 3000},
        ],
        prizes=[],  # none was promised, since nobody posts one for rows written by hand
        state=AgreementState.ACCEPTED if accepted else AgreementState.OFFERED,
        offered_at=at,
        expires_at=at + 5 * _DAY,
        answered_at=at if accepted else None,
        parties=[
            AgreementParty(
                member_id=member_id,
                position=position,
                share_bp=share,
                answer=Answer.ACCEPTED if accepted else None,
                answered_at=at if accepted else None,
                language="en" if accepted else "",
            )
            for position, (member_id, share) in enumerate(parties)
        ],
    )
