"""``ideation results``: look at a contest's result, count it again, and prove it to others."""

import importlib.util
from pathlib import Path
from types import ModuleType

import click
from sqlalchemy import select

from ideation.cli.context import fail, with_app
from ideation.contests import queries as contests
from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.http.assets import STATIC
from ideation.http.templating import stars
from ideation.proof import batching, checking, files, replaying, writing
from ideation.proof.replaying import Aside, Place, Question, Rule
from ideation.voting import queries
from ideation.voting.models import Tally, TallyRow
from ideation.voting.recount import recount as count_again
from ideation.voting.scoring import LEAST_PRIOR, MOST_PRIOR

CHECKER = STATIC / "verify_results.py"


@click.group()
def results() -> None:
    """Show results, and count them again."""


@results.command()
@click.argument("slug", required=False)
@with_app
def recount(slug: str | None) -> None:
    """Count every frozen tally again from its votes and weights; fail loudly where one differs.

    Also compares the votes with the ballot log, and hashes that log again to compare it with its
    heads. SLUG names one contest; without it all are counted.
    """
    counted = count_again(contests.get_by_slug(slug) if slug else None)
    found = [str(mismatch) for mismatch in counted.mismatches]
    batches = 0
    for contest in _contests(slug):
        name, checked = contest.slug, checking.verify(contest)
        batches += checked.batches
        found += [f"{name}, ballot log: {difference}" for difference in checked.differences]
    for difference in found:
        click.echo(difference, err=True)
    looked_at = (
        f"contests: {counted.contests}, tallies: {counted.tallies}, votes: {counted.votes}, "
        f"sealed batches: {batches}"
    )
    if found:
        fail(f"{len(found)} differences ({looked_at}). Do not announce these results.")
    click.echo(f"Every count agrees ({looked_at}).")


@results.command(context_settings={"ignore_unknown_options": True})
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def verify(file: str, options: tuple[str, ...]) -> None:
    """Count FILE, as downloaded from a contest's page of proof, once more.

    Runs the very page that everybody can download, and needs neither settings nor database. Ends
    with 0 where all agrees, 1 where something differs, 2 where the file cannot be read.
    """
    raise SystemExit(_load(CHECKER).main([file, *options]))


@results.command()
@click.argument("slug", required=False)
@click.option("--check", is_flag=True, help="Hash every line of the log again, and compare.")
@with_app
def heads(slug: str | None, check: bool) -> None:
    """Print the heads under which the ballot log of SLUG, or of every contest, is sealed."""
    differs = False
    for contest in _contests(slug):
        batches = batching.list_batches(contest.id)
        if not batches and slug is None:
            continue
        lines = sum(batch.leaves for batch in batches)
        click.echo(f"{contest.slug}: {len(batches)} batches, {lines} lines")
        for batch in batches:
            click.echo(
                f"  {batch.number:>4}  {batch.at:%Y-%m-%d %H:%M}  {batch.leaves:>6} lines  "
                f"{bytes(batch.head).hex()}"
            )
        if check:
            checked = checking.verify(contest)
            for difference in checked.differences:
                click.echo(f"  DIFFERS: {difference}", err=True)
            differs = differs or bool(checked.differences)
    if differs:
        fail("The ballot log is not as it was sealed.")
    if check:
        click.echo("Every line is as it was sealed.")


@results.command(name="files")
@click.argument("slug")
@click.option("--number", type=int, help="Of which tally; of all without it.")
@click.option("--rebuild", is_flag=True, help="Make them anew, and compare with what was said.")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="Copy them there.")
@with_app
def list_files(slug: str, number: int | None, rebuild: bool, to: Path | None) -> None:
    """List the files of a contest's tallies: everybody's, and the auditors'."""
    contest_id = contests.get_by_slug(slug).id
    changed = False
    for (of, kind), file in sorted(files.of_tallies(contest_id).items()):
        if number is not None and of != number:
            continue
        place, said = file.storage_key, f"{slug} tally {of} {kind:<8} {file.size:>12} bytes"
        click.echo(f"{said}  {file.digest}")
        if rebuild and not writing.rebuild(contest_id, of, kind):
            changed = True
            click.echo("  DIFFERS: made anew, it is another text", err=True)
        if to is not None:
            click.echo(f"  {files.copy(place, to / files.name_of(slug, of, kind))}")
    if changed:
        fail("What is in the database is no longer what was published.")


@results.command()
@click.argument("slug")
@click.option("--number", type=int, help="Which tally; the latest without it.")
@click.option("--limit", default=20, show_default=True, help="How many designs.")
@with_app
def show(slug: str, number: int | None, limit: int) -> None:
    """Print a contest's tally: ranks, scores, intervals, votes."""
    contest = contests.get_by_slug(slug)
    tally = queries.get_tally(contest.id, number) if number else queries.find_tally(contest.id)
    if tally is None:
        fail(f"{slug} has not been counted yet.")
    click.echo(
        f"{slug}, tally {tally.number} ({tally.cause}): {tally.counted} votes of {tally.voters} "
        f"members, {tally.uncounted} not counted; mean {stars(tally.mean)}, prior {tally.prior}"
    )
    click.echo(f"digest {tally.digest}")
    _print_rows(tally, limit)


@results.command()
@click.argument("slug")
@click.option(
    "--rule", type=click.Choice([one.value for one in Rule]), default="fair", show_default=True
)
@click.option("--prior", type=click.IntRange(LEAST_PRIOR, MOST_PRIOR), help="Else its own.")
@click.option(
    "--aside", type=click.Choice([one.value for one in Aside]), default="as-is", show_default=True
)
@click.option("--without-light", is_flag=True, help="Leave voters with fewer than three votes out.")
@click.option("--with-unconfirmed", is_flag=True, help="Count those without an address as well.")
@with_app
def replay(
    slug: str,
    rule: str,
    prior: int | None,
    aside: str,
    without_light: bool,
    with_unconfirmed: bool,
) -> None:
    """Count a past contest otherwise, and print who would have won beside who did."""
    contest = contests.get_by_slug(slug)
    question = Question(Rule(rule), prior, Aside(aside), without_light, with_unconfirmed)
    again = replaying.replay(contest, question)
    submissions = queries.submissions_by_id([line.entry for line in again.lines])
    click.echo(
        f"{slug}: {again.counted} votes count, {again.uncounted} do not; mean {stars(again.mean)}, "
        f"prior {again.prior if question.rule is Rule.FAIR else '–'} "
        f"(tally {again.tally.number}: {again.tally.counted} and "
        f"{again.tally.uncounted}, mean {stars(again.tally.mean)}, prior {again.tally.prior})"
    )
    if not again.knows_clusters:
        click.echo("Who shared a browser is no longer known: votes capped for it stay capped.")
    click.echo("   now  then")
    for line in again.lines:
        now, then = _place(line.after), _place(line.before)
        click.echo(f"{now}  {then}  {submissions[line.entry].title}")
    click.echo(f"Places that go to another design: {len(again.comes_in)} of {contest.winners}.")


def _place(place: Place | None) -> str:
    return f"{place.rank:>4} {stars(place.score)}" if place else "   –     "


def _print_rows(tally: Tally, limit: int) -> None:
    rows = queries.list_leading(tally, limit)
    submissions = queries.submissions_by_id([row.submission_id for row in rows])
    for row in rows:
        click.echo(_line(row, submissions[row.submission_id].title))
    db.session.rollback()


def _line(row: TallyRow, title: str) -> str:
    given = "/".join(str(count) for count in row.histogram)
    return (
        f"{row.rank:>4}  {stars(row.score)}  ({stars(row.low)} to {stars(row.high)})  "
        f"{row.counted:>5} votes  {given:<20} {title}"
    )


def _contests(slug: str | None) -> list[Contest]:
    if slug:
        return [contests.get_by_slug(slug)]
    return list(db.session.scalars(select(Contest).order_by(Contest.id)))


def _load(path: Path) -> ModuleType:
    """The checker as it is served: it imports nothing of ours, so that it can be read alone."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
