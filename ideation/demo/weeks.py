"""The pilots and the weekly series of the demo, made as if week after week had passed."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, select

from ideation.articles.models import Article
from ideation.contests import editions, lifecycle
from ideation.contests import series as weekly
from ideation.contests.briefs import Text
from ideation.contests.models import Contest, Format, PickRule
from ideation.contests.phases import Phase
from ideation.contests.schedule import find_zone
from ideation.contests.series import SeriesPlan
from ideation.contests.terms import Prize, Terms
from ideation.core.db import db, transaction
from ideation.demo.plan import ZONE, Edition, Plan
from ideation.demo.themes import SERIES, THEMES, Theme
from ideation.integrity import inspecting
from ideation.proof import batching
from ideation.spaces.models import Space
from ideation.voting import tallying
from ideation.voting.models import DealList

SLUG = "weekly-tee"
#: In the currencies that most of the cast live on; a winner chooses one.
PRIZES = (
    Prize("CNY", cash_minor=1_500_000, credit_minor=350_000),
    Prize("EUR", cash_minor=200_000, credit_minor=50_000),
    Prize("USD", cash_minor=200_000, credit_minor=50_000),
)
PILOT_PRIZES = (Prize("USD", cash_minor=30_000),)
WINNERS = 3
PILOT_WINNERS = 2
#: How long before its entries open a contest is put up.
BEFORE = timedelta(days=7)


def make_editions(plan: Plan) -> list[int]:
    """Every edition of the plan, in its order; returns the contests' ids.

    What lies behind is hidden until it is whole. Call inside ``transaction()``.
    """
    made = _make_weekly(plan) + _make_pilots(plan)
    for contest, edition in zip(made, plan.editions, strict=True):
        contest.is_whole = edition.phase in {Phase.ENTRY, Phase.UPCOMING}
        if edition.phase is not Phase.UPCOMING:
            lifecycle.open_contest(contest.id, edition.windows.entry_opens_at)
    db.session.flush()
    return [contest.id for contest in made]


def _make_weekly(plan: Plan) -> list[Contest]:
    """The series and all of its editions up to those to come."""
    first = plan.weekly[0].windows
    opens_on = first.entry_opens_at.astimezone(find_zone(plan.template.zone)).date()
    series = weekly.create(
        None,
        SeriesPlan(
            space_id=_first_space(),
            slug=SLUG,
            template=plan.template,
            starts_on=opens_on,
            terms=_terms(WINNERS, PRIZES),
            texts=SERIES,
            themes=tuple(theme.texts for theme in THEMES),
        ),
        at=first.entry_opens_at - 2 * BEFORE,
    )
    made: list[Contest] = []
    for edition in plan.weekly:
        if edition.phase is not Phase.UPCOMING:
            made += weekly.open_editions(series, edition.windows.entry_opens_at - BEFORE)
    return made + weekly.open_editions(series, plan.weekly[-3].windows.entry_opens_at)


def _make_pilots(plan: Plan) -> list[Contest]:
    """Single contests, each on its own."""
    made = []
    for number, edition in enumerate(plan.editions[len(plan.weekly) :], 1):
        on_paper = editions.Plan(
            space_id=_first_space(),
            slug=f"pilot-{number}",
            format=Format.DEALT,
            zone=ZONE,
            windows=edition.windows,
            terms=_terms(PILOT_WINNERS, PILOT_PRIZES),
            texts=_with_rules(edition.theme),
        )
        made.append(editions.create(None, on_paper, at=edition.windows.entry_opens_at - BEFORE))
    return made


def _with_rules(theme: Theme) -> dict[str, Text]:
    return {
        tag: Text(text.title, text.brief, SERIES[tag].rules) for tag, text in theme.texts.items()
    }


def begin_scoring(contest_id: int, edition: Edition) -> None:
    """Entries are in: the deck is dealt from now on."""
    with transaction():
        lifecycle.begin_scoring(contest_id, edition.windows.scoring_opens_at)


def close(contest_id: int, edition: Edition, then: Callable[[int], None]) -> None:
    """End scoring, seal, look, count, do what follows, show the edition: nobody sees it half done.

    ``then`` gets the contest's id, in the same transaction: cron must not find a date for the
    decision that has passed.
    """
    closes_at = edition.windows.scoring_closes_at
    with transaction():
        lifecycle.close(contest_id, closes_at)
        batching.seal(contest_id, at=closes_at + timedelta(seconds=10))
        inspecting.inspect(contest_id, at=closes_at + timedelta(seconds=20))
        counted, head = tallying.count(contest_id), batching.head(contest_id)
        tallying.freeze(
            counted, tallying.CLOSE, at=closes_at + timedelta(seconds=40), log_head=head
        )
        then(contest_id)
        show_within(contest_id)


def show(contest_id: int) -> None:
    """Let pages and cron see the edition."""
    with transaction():
        show_within(contest_id)


def show_within(contest_id: int) -> None:
    """The same inside an open ``transaction()``."""
    db.session.get_one(Contest, contest_id).is_whole = True
    db.session.flush()


def list_anew(contest_id: int) -> None:
    """Forget the decks' lists of what stood before designs came in behind the clock's back."""
    with transaction():
        db.session.execute(delete(DealList).where(DealList.contest_id == contest_id))


def _first_space() -> int:
    return db.session.scalars(select(Space.id).order_by(Space.id)).first() or 0


def _terms(winners: int, prizes: tuple[Prize, ...]) -> Terms:
    article_id = db.session.scalars(select(Article.id).where(Article.slug == "tee")).one()
    return Terms(
        winners=winners,
        pick_rule=PickRule.HYBRID,
        rate_bp=1000,
        article_id=article_id,
        prizes=prizes,
    )
