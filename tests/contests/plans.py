"""Plans as an operator would fill them in; tests replace what they are about."""

import dataclasses
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from ideation.articles.models import Article
from ideation.contests.briefs import Text
from ideation.contests.editions import Plan
from ideation.contests.models import Format, PickRule
from ideation.contests.schedule import WeeklyTemplate, Windows
from ideation.contests.series import SeriesPlan
from ideation.contests.terms import Prize, Terms
from ideation.core.db import db
from ideation.spaces.models import Space

WEEK = timedelta(days=7)


def plan(opens_at: datetime, **values: Any) -> Plan:
    """A single contest: a week of entries, a week of scoring, a week to decide."""
    whole = Plan(
        space_id=db.session.scalars(select(Space.id).order_by(Space.id)).first() or 0,
        slug="small-cities",
        format=Format.DEALT,
        zone="Europe/Lisbon",
        windows=windows(opens_at),
        terms=terms(),
        texts={"en": Text("Small cities", "A tee about the town you would miss.", "Be kind.")},
    )
    return dataclasses.replace(whole, **values)


def windows(opens_at: datetime, **values: datetime) -> Windows:
    whole = Windows(
        entry_opens_at=opens_at,
        entry_closes_at=opens_at + WEEK,
        scoring_opens_at=opens_at + WEEK,
        scoring_closes_at=opens_at + 2 * WEEK,
        decision_due_at=opens_at + 3 * WEEK,
    )
    return dataclasses.replace(whole, **values)


def terms(**values: Any) -> Terms:
    whole = Terms(
        winners=6,
        pick_rule=PickRule.HYBRID,
        rate_bp=1000,
        article_id=db.session.scalars(select(Article.id).where(Article.slug == "tee")).one(),
        prizes=(Prize("USD", 200_000, 50_000),),
    )
    return dataclasses.replace(whole, **values)


def series_plan(**values: Any) -> SeriesPlan:
    """Mondays at noon in Lisbon from January 2026."""
    whole = SeriesPlan(
        space_id=db.session.scalars(select(Space.id).order_by(Space.id)).first() or 0,
        slug="the-weekly",
        template=WeeklyTemplate("Europe/Lisbon", 0, 12 * 60),
        starts_on=date(2026, 1, 5),
        terms=terms(),
        texts={"en": Text("The weekly", "One tee a week.", "Your own work.")},
    )
    return dataclasses.replace(whole, **values)
