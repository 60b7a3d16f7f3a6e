"""``ideation setup-link``: the way to the first operator."""

import click

from ideation.accounts import setup
from ideation.cli.context import fail, with_app
from ideation.core import clock, config
from ideation.core.db import transaction


@click.command("setup-link")
@with_app
def setup_link() -> None:
    """Print a one-time link that makes its visitor the operator; the last one printed counts."""
    with transaction():
        token = setup.create_setup_link(clock.now())
    if token is None:
        fail("There is an operator already; they give roles under Console → Members.")
    click.echo(f"{config.current().base_url}/setup/{token}")
