"""``ideation results``: look at a contest's result, and count everything again."""

import click

from ideation.cli.context import fail, with_app
from ideation.contests import queries as contests
from ideation.core.db import db
from ideation.http.templating import stars
from ideation.voting import queries
from ideation.voting.models import Tally, TallyRow
from ideation.voting.recount import recount as count_again


@click.group()
def results() -> None:
    """Show results, and count them again."""


@results.command()
@click.argument("slug", required=False)
@with_app
def recount(slug: str | None) -> None:
    """Count every frozen tally again from its votes and weights; fail loudly where one differs.

    Also compares the votes with the ballot log. SLUG names one contest; without it all are counted.
    """
    counted = count_again(contests.get_by_slug(slug) if slug else None)
    for mismatch in counted.mismatches:
        click.echo(str(mismatch), err=True)
    looked_at = f"contests: {counted.contests}, tallies: {counted.tallies}, votes: {counted.votes}"
    if counted.mismatches:
        fail(f"{len(counted.mismatches)} differences ({looked_at}). Do not announce these results.")
    click.echo(f"Every count agrees ({looked_at}).")


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
