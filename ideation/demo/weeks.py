"""The weekly series of the demo and its editions, made as if week after week had passed."""

from datetime import timedelta

from sqlalchemy import select

from ideation.articles.models import Article
from ideation.contests import lifecycle
from ideation.contests import series as weekly
from ideation.contests.models import Contest, PickRule
from ideation.contests.phases import Phase
from ideation.contests.schedule import find_zone
from ideation.contests.series import SeriesPlan
from ideation.contests.terms import Prize, Terms
from ideation.core.db import db, transaction
from ideation.demo.plan import Edition, Plan
from ideation.demo.themes import SERIES, THEMES
from ideation.spaces.models import Space
from ideation.voting import tallying

SLUG = "weekly-tee"
PRIZE = Prize("USD", cash_minor=200_000, credit_minor=50_000)


def make_editions(plan: Plan) -> list[int]:
    """The series and every edition up to those to come; returns the contests' ids in order.

    What lies behind is hidden until it is whole. Call inside ``transaction()``.
    """
    first = plan.editions[0].windows
    opens_on = first.entry_opens_at.astimezone(find_zone(plan.template.zone)).date()
    series = weekly.create(
        None,
        SeriesPlan(
            space_id=db.session.scalars(select(Space.id).order_by(Space.id)).first() or 0,
            slug=SLUG,
            template=plan.template,
            starts_on=opens_on,
            terms=_terms(),
            texts=SERIES,
            themes=tuple(theme.texts for theme in THEMES),
        ),
        at=plan.created_at,
    )
    made: list[Contest] = []
    week_before = timedelta(days=7)
    for edition in plan.editions:
        at = edition.windows.entry_opens_at - week_before
        if edition.phase is not Phase.UPCOMING:
            made += weekly.open_editions(series, at)
    made += weekly.open_editions(series, plan.editions[-3].windows.entry_opens_at)
    for contest, edition in zip(made, plan.editions, strict=True):
        contest.is_whole = edition.phase in {Phase.ENTRY, Phase.UPCOMING}
        if edition.phase is not Phase.UPCOMING:
            lifecycle.open_contest(contest.id, edition.windows.entry_opens_at)
    db.session.flush()
    return [contest.id for contest in made]


def begin_scoring(contest_id: int, edition: Edition) -> None:
    """Entries are in: the deck is dealt from now on."""
    with transaction():
        lifecycle.begin_scoring(contest_id, edition.windows.scoring_opens_at)


def close(contest_id: int, edition: Edition) -> None:
    """End scoring, count at once, and show the edition: nobody ever sees it half done."""
    closes_at = edition.windows.scoring_closes_at
    with transaction():
        lifecycle.close(contest_id, closes_at)
        counted = tallying.count(contest_id)
        tallying.freeze(counted, tallying.CLOSE, at=closes_at + timedelta(seconds=40))
        show_within(contest_id)


def show(contest_id: int) -> None:
    """Let pages and cron see the edition."""
    with transaction():
        show_within(contest_id)


def show_within(contest_id: int) -> None:
    """The same inside an open ``transaction()``."""
    db.session.get_one(Contest, contest_id).is_whole = True
    db.session.flush()


def _terms() -> Terms:
    article_id = db.session.scalars(select(Article.id).where(Article.slug == "tee")).one()
    return Terms(
        winners=6,
        pick_rule=PickRule.HYBRID,
        rate_bp=1000,
        article_id=article_id,
        prizes=(PRIZE,),
    )
