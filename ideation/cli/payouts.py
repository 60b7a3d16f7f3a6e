"""``ideation payouts``: what an operator does about bank details from a shell."""

import click

from ideation.cli.context import fail, with_app
from ideation.core import clock
from ideation.core.db import transaction
from ideation.royalties import resealing
from ideation.royalties.resealing import Resealed

_MOST_NAMED = 20


@click.group()
def payouts() -> None:
    """Keep designers' bank details readable, and only to the key in force."""


@payouts.command()
@with_app
def reseal() -> None:
    """Seal every bank detail with the first key of IDEATION_VAULT_KEY; others may go afterwards.

    The setting names the new key first and the old ones after it, with commas between. It may be
    stopped and run again at any time, while the site is in use.
    """
    done = Resealed()
    while True:
        with transaction():
            batch = resealing.reseal(done.last_id)
        if batch is None:
            break
        done += batch
    with transaction():
        resealing.note(done, at=clock.now())
    click.echo(f"{done.changed} sealed anew, {done.current} had the first key already.")
    if done.unopened:
        named = ", ".join(map(str, done.unopened[:_MOST_NAMED]))
        fail(
            f"No key in IDEATION_VAULT_KEY opens {len(done.unopened)} of them (payout_details "
            f"{named}). Add the key that they were sealed with and run this again; their owners "
            "can also enter them once more."
        )
    click.echo("Every bank detail opens with the first key alone: the others can go.")
