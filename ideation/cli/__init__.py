"""``ideation …``: one module a subject."""

import click

from ideation import __version__
from ideation.cli import (
    accounts,
    contests,
    database,
    demo,
    doctor,
    ledger,
    payouts,
    results,
    settings,
    up,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ideation")
def main() -> None:
    """Run a community that proposes designs, scores them and sees the best ones made."""


main.add_command(up.up)
main.add_command(accounts.setup_link)
main.add_command(database.migrate)
main.add_command(contests.contests)
main.add_command(contests.series)
main.add_command(results.results)
main.add_command(ledger.ledger)
main.add_command(payouts.payouts)
main.add_command(settings.settings)
main.add_command(doctor.doctor)
main.add_command(demo.demo)
