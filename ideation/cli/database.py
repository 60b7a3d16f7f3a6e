"""``ideation migrate``: the database brought to what the code expects."""

import click
from sqlalchemy.exc import OperationalError

from ideation import defaults
from ideation.app import create_app
from ideation.cli.context import fail, load_settings
from ideation.core import clock
from ideation.core.db import db
from ideation.migrations import runner


@click.command()
@click.option("--check", is_flag=True, help="Only say whether anything is pending; exit 1 if so.")
def migrate(check: bool) -> None:
    """Bring the database up to date. Safe to run again."""
    with create_app(load_settings()).app_context():
        try:
            pending = runner.pending(db.engine)
            if check:
                _report(pending)
                return
            apply()
        except OperationalError as error:
            fail(f"The database does not answer: {str(error.orig).splitlines()[0]}")
        click.echo(f"Migrated: {', '.join(pending)}." if pending else "The database is up to date.")


def apply() -> None:
    """Run what is pending and make what every instance begins with."""
    runner.upgrade(db.engine)
    defaults.ensure(clock.now())


def _report(pending: list[str]) -> None:
    if pending:
        fail(f"Pending: {', '.join(pending)}. Run `ideation migrate`.")
    click.echo("The database is up to date.")
