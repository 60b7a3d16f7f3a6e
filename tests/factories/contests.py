"""Contests in any phase, and series."""

import hashlib
import itertools
import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import select

from ideation.articles.models import Article
from ideation.contests.models import (
    Brief,
    Contest,
    ContestPrize,
    Format,
    PickRule,
    Series,
    SeriesPrize,
    SeriesText,
)
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.spaces.models import Space

_numbers = itertools.count(1)

#: Phase → how many days ago its entries opened, where each window is seven days long.
_AGE = {"upcoming": -2, "entry": 3, "scoring": 10, "tallying": 15, "decision": 15, "results": 22}


def contest(phase: str = "scoring", *, now: datetime | None = None, **values: object) -> Contest:
    """A contest of the given phase, committed: a week each to enter, to score and to decide.

    ``decision`` and ``results`` are closed, but no tally is made: close and tally them for one.
    """
    now = now or clock.now()
    number = next(_numbers)
    opens = now - timedelta(days=_AGE[phase])
    week = timedelta(days=7)
    tie_seed = secrets.token_bytes(32)
    with transaction():
        one = Contest(
            **{
                "space_id": db.session.scalars(select(Space.id)).first(),
                "slug": f"contest-{number}",
                "format": Format.DEALT,
                "entry_opens_at": opens,
                "entry_closes_at": opens + week,
                "scoring_opens_at": opens + week,
                "scoring_closes_at": opens + 2 * week,
                "decision_due_at": opens + 3 * week,
                "zone": "Europe/Lisbon",
                "winners": 6,
                "pick_rule": PickRule.HYBRID,
                "rate_bp": 1000,
                "article": db.session.scalars(select(Article).where(Article.slug == "tee")).one(),
                "briefs_frozen_at": opens if opens <= now else None,
                "tie_seed": tie_seed,
                "tie_seed_hash": hashlib.sha256(tie_seed).hexdigest(),
                "deal_seed": secrets.token_bytes(32),
                "created_at": opens - week,
                "prizes": [ContestPrize(currency="USD", cash_minor=200_000, credit_minor=50_000)],
                "briefs": [
                    Brief(
                        version=1,
                        language="en",
                        title=f"Small cities {number}",
                        brief="A tee about the town you would miss.",
                        rules="Your own work, six colours at most.",
                        written_at=opens,
                    )
                ],
                **values,
            }
        )
        if phase in {"decision", "results"} and "closed_at" not in values:
            one.closed_at = one.scoring_closes_at
        db.session.add(one)
    return one


def series(**values: object) -> Series:
    """A weekly series: Mondays at noon in Lisbon."""
    number = next(_numbers)
    with transaction():
        one = Series(
            **{
                "space_id": db.session.scalars(select(Space.id)).first(),
                "slug": f"weekly-{number}",
                "zone": "Europe/Lisbon",
                "weekday": 0,
                "minute_of_day": 12 * 60,
                "entry_days": 7,
                "scoring_days": 7,
                "decision_days": 7,
                "article_id": db.session.scalars(
                    select(Article.id).where(Article.slug == "tee")
                ).one(),
                "starts_on": date(2026, 1, 5),
                "created_at": clock.now(),
                "texts": [
                    SeriesText(
                        language="en", name="The weekly", brief="One tee a week.", rules="Be kind."
                    )
                ],
                "prizes": [SeriesPrize(currency="USD", cash_minor=200_000, credit_minor=50_000)],
                **values,
            }
        )
        db.session.add(one)
    return one
