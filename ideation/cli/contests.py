"""``ideation contests`` and ``ideation series``: what the console does, from a shell.

Texts come from a TOML file with a table a language, since a brief does not fit on a command line.
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import click

from ideation.cli.context import fail, with_app
from ideation.contests import editions, queries, terms, wall_time, words
from ideation.contests import series as rules
from ideation.contests.briefs import Text, series_texts, texts_of
from ideation.contests.editions import INSTANTS, Plan
from ideation.contests.models import Contest, Format, PickRule
from ideation.contests.phases import phase
from ideation.contests.schedule import WeeklyTemplate, Windows
from ideation.contests.series import SeriesPlan
from ideation.contests.terms import Prize, Terms
from ideation.core import clock, money
from ideation.core.db import transaction
from ideation.core.errors import Invalid

TEXTS_HELP = "TOML file: a table [en], [zh-Hans] or [zh-Hant] with title, brief and rules."
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def contests() -> None:
    """List, make, change and call off contests."""


@contests.command("list")
@with_app
def contests_list() -> None:
    """Every contest with its phase, the latest first."""
    at = clock.now()
    page = queries.list_managed(None, size=200)
    for one in page.items:
        click.echo(f"{one.slug:<32} {words.PHASES[phase(one, at)]!s:<16} {words.full_name(one)}")
    if not page.items:
        click.echo("No contest yet. `ideation series create --help` says how to begin.")


def _promises(command: Any) -> Any:
    """The options that contests and series share."""
    for option in (
        click.option("--article", default="tee", show_default=True, help="Slug of the article."),
        click.option("--winners", type=int, default=6, show_default=True),
        click.option("--rate", default="10", show_default=True, help="Royalty in percent."),
        click.option(
            "--pick-rule",
            type=click.Choice([rule.value for rule in PickRule]),
            default="hybrid",
            show_default=True,
        ),
        click.option(
            "--prize", multiple=True, help="For each winner, as USD:2000 or USD:2000:500 (credit)."
        ),
        click.option("--texts", type=_FILE, required=True, help=TEXTS_HELP),
        click.option("--zone", default="UTC", show_default=True, help="IANA time zone."),
    ):
        command = option(command)
    return command


@contests.command("create")
@click.argument("slug")
@click.option("--entry-opens", required=True, help="As '2026-11-23 12:00', in --zone.")
@click.option("--entry-closes", required=True)
@click.option("--scoring-opens", help="By default when entry closes.")
@click.option("--scoring-closes", required=True)
@click.option("--decision-due", required=True)
@click.option(
    "--format", "format_", type=click.Choice([one.value for one in Format]), default="dealt"
)
@click.option("--quorum", type=int, help="Jurors that each design needs, with --format jury.")
@_promises
@with_app
def contests_create(slug: str, format_: str, texts: Path, zone: str, **options: Any) -> None:
    """Make a single contest that opens by itself."""
    options["scoring_opens"] = options["scoring_opens"] or options["entry_closes"]
    with transaction():
        plan = Plan(
            space_id=queries.list_spaces()[0].id,
            slug=slug,
            format=Format(format_),
            zone=zone,
            windows=_windows(options, zone, None),
            terms=_terms(options),
            texts=_texts(texts),
            quorum=options["quorum"],
        )
        editions.create(None, plan, at=clock.now())
    click.echo(f"Made {slug}.")


@contests.command("change")
@click.argument("slug")
@click.option("--entry-opens", help="As '2026-11-23 12:00', in the contest's zone.")
@click.option("--entry-closes")
@click.option("--scoring-opens")
@click.option("--scoring-closes")
@click.option("--decision-due")
@click.option("--texts", type=_FILE, help=TEXTS_HELP)
@click.option("--reason", default="", help="Needed once entries have opened; everybody reads it.")
@with_app
def contests_change(slug: str, texts: Path | None, reason: str, **options: Any) -> None:
    """Change dates or words; after opening with a public reason, after the close never."""
    at = clock.now()
    with transaction():
        contest = editions.get_locked(queries.get_by_slug(slug).id)
        windows = _windows(options, contest.zone, contest)
        words_now = _texts(texts) if texts else texts_of(contest)
        if contest.entry_opens_at is not None and at < contest.entry_opens_at:
            plan = Plan(
                contest.space_id,
                slug,
                contest.format,
                contest.zone,
                windows,
                terms.of(contest),
                words_now,
                contest.quorum,
            )
            editions.change(None, contest.id, plan, at=at)
        else:
            if any(options.values()):
                editions.move_dates(None, contest.id, windows, reason=reason, at=at)
            if texts:
                editions.correct_brief(None, contest.id, words_now, reason=reason, at=at)
    click.echo(f"Changed {slug}.")


@contests.command("cancel")
@click.argument("slug")
@click.option("--reason", required=True, help="Everybody reads it on the contest's page.")
@with_app
def contests_cancel(slug: str, reason: str) -> None:
    """Call a contest off, until it closes. This cannot be undone."""
    with transaction():
        editions.cancel(None, queries.get_by_slug(slug).id, reason=reason, at=clock.now())
    click.echo(f"Called off {slug}.")


@click.group()
def series() -> None:
    """List, make and pause weekly series."""


@series.command("list")
@with_app
def series_list() -> None:
    """Every series with its weekly moment."""
    found = queries.list_series()
    counts = queries.count_editions([one.id for one in found])
    for one in found:
        opens = f"{_DAYS[one.weekday]} {one.minute_of_day // 60:02d}:{one.minute_of_day % 60:02d}"
        state = "running" if one.is_active else "paused"
        title = next(iter(series_texts(one).values())).title
        click.echo(
            f"{one.slug:<24} {state:<8} {opens} {one.zone}, "
            f"{counts.get(one.id, 0)} editions: {title}"
        )
    if not found:
        click.echo("No series yet. `ideation series create --help` says how to begin.")


@series.command("create")
@click.argument("slug")
@click.option("--weekday", type=click.Choice(_DAYS), default="mon", show_default=True)
@click.option("--time", "opens", default="12:00", show_default=True, help="When entries open.")
@click.option("--entry-days", type=int, default=7, show_default=True)
@click.option("--scoring-days", type=int, default=7, show_default=True)
@click.option("--decision-days", type=int, default=7, show_default=True)
@click.option("--starts-on", help="First day it may open, as 2026-11-23; today by default.")
@_promises
@with_app
def series_create(
    slug: str, weekday: str, opens: str, starts_on: str | None, texts: Path, zone: str, **rest: Any
) -> None:
    """Make a weekly series and the editions that it owes at once."""
    at = clock.now()
    days = [rest[name] for name in ("entry_days", "scoring_days", "decision_days")]
    with transaction():
        try:
            hour, _, minute = opens.partition(":")
            first = date.fromisoformat(starts_on) if starts_on else at.date()
            template = WeeklyTemplate(
                zone, _DAYS.index(weekday), int(hour) * 60 + int(minute), *days
            )
        except ValueError as error:
            fail(f"{error}.")
        plan = SeriesPlan(
            queries.list_spaces()[0].id, slug, template, first, _terms(rest), _texts(texts)
        )
        made = rules.open_editions(rules.create(None, plan, at=at), at)
        slugs = [contest.slug for contest in made]
    click.echo(f"Made {slug} and its first editions: {', '.join(slugs)}.")


@series.command("pause")
@click.argument("slug")
@with_app
def series_pause(slug: str) -> None:
    """Make no further editions; those that exist run their course."""
    with transaction():
        rules.pause(None, queries.get_series(slug).id, at=clock.now())
    click.echo(f"Paused {slug}.")


@series.command("resume")
@click.argument("slug")
@with_app
def series_resume(slug: str) -> None:
    """Make editions again."""
    at = clock.now()
    with transaction():
        rules.open_editions(rules.resume(None, queries.get_series(slug).id, at=at), at)
    click.echo(f"{slug} runs again.")


def _windows(options: dict[str, Any], zone: str, contest: Contest | None) -> Windows:
    """Each instant as given, else the contest's own. Raises Invalid."""
    instants = {}
    for name in INSTANTS:
        typed = options[name.removesuffix("_at")]
        if typed:
            instants[name] = wall_time.read(typed, zone)
        elif contest is not None:
            instants[name] = getattr(contest, name)
    try:
        return Windows(**instants)
    except ValueError as error:
        raise Invalid(f"{error}.") from error


def _terms(options: dict[str, Any]) -> Terms:
    article = next((one for one in queries.list_articles() if one.slug == options["article"]), None)
    return Terms(
        winners=options["winners"],
        pick_rule=PickRule(options["pick_rule"]),
        rate_bp=money.parse(options["rate"], "USD"),  # two digits, as percent has here
        article_id=article.id if article else 0,
        prizes=tuple(_prize(text) for text in options["prize"]),
    )


def _prize(text: str) -> Prize:
    code, _, amounts = text.partition(":")
    if not money.is_known(code):
        fail(f"--prize {text}: write a currency and an amount, such as USD:2000.")
    cash, _, credit = amounts.partition(":")
    return Prize(code, money.parse(cash, code), money.parse(credit or "0", code))


def _texts(path: Path) -> dict[str, Text]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return {
            tag: Text(
                words["title"].strip(), words["brief"].strip(), words.get("rules", "").strip()
            )
            for tag, words in tables.items()
        }
    except (
        tomllib.TOMLDecodeError,
        UnicodeDecodeError,
        KeyError,
        TypeError,
        AttributeError,
    ) as error:
        fail(f"{path}: {error}. {TEXTS_HELP}")
