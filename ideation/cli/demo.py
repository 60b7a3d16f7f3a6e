"""``ideation demo``: a community to look at, and its removal."""

import gc
import signal
import sys
from pathlib import Path

import click
from flask import Flask, current_app

from ideation.accounts import setup
from ideation.cli.context import fail, with_app
from ideation.core import clock, config
from ideation.core.db import transaction
from ideation.demo import filling, removal, summary
from ideation.demo.filling import Wanted
from ideation.demo.progress import Progress


@click.command()
@click.option(
    "--designs",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of pictures to hand in instead of drawn ones.",
)
@click.option("--seed", default="1", show_default=True, help="Another seed, another community.")
@click.option("--remove", is_flag=True, help="Take the demo away, with its database and files.")
@click.option("--yes", is_flag=True, help="Remove without asking.")
@with_app
def demo(designs: Path | None, seed: str, remove: bool, yes: bool) -> None:
    """Fill an empty instance with a community, or remove one that was."""
    if remove:
        _remove(yes)
    else:
        _fill(Wanted(seed=seed, designs=designs))


def _fill(wanted: Wanted) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # `ideation up` stops: tidy up first
    gc.freeze()  # what is loaded by now stays: a minute of collecting need not walk it again
    progress = Progress()
    # Flask's documented way to hand the application to a thread.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    refused = filling.fill(wanted, app.app_context, progress)
    progress.step("Recounting")
    made = summary.take()
    progress.end()
    click.echo("The demo is here:")
    for what, how_many in [*made.rows(), ("Seconds", f"{progress.seconds:.1f}")]:
        click.echo(f"  {what:<12}{how_many}")
    for line in refused:
        click.echo(f"  Not handed in: {line}")
    for line in made.mismatches:
        click.secho(f"  {line}", fg="red")
    if not made.is_whole:
        fail("Something is missing: the lines above say what.")


def _remove(yes: bool) -> None:
    removal.check()
    if not yes:
        click.confirm(
            "This deletes the whole database of this instance and every file in its store. Go on?",
            abort=True,
        )
    removal.remove(clock.now())
    with transaction():
        token = setup.create_setup_link(clock.now())
    click.echo("The demo is gone; the instance is empty and stays so.")
    click.echo(f"Become its operator, once: {config.current().base_url}/setup/{token}")
