"""``ideation settings``: what can be set, what it means, what is in force."""

import click

from ideation.cli.context import load_settings
from ideation.core.config import SETTINGS, Setting, Settings

MASK = "••••••"


@click.command()
def settings() -> None:
    """List every setting with its meaning, default and value; secrets are masked."""
    in_force = load_settings()
    for setting in SETTINGS:
        click.secho(setting.name, bold=True)
        click.echo(f"  {setting.meaning}")
        default = setting.default_words or setting.default or "none"
        click.echo(f"  default {default}; now {_shown(setting, in_force)}")


def _shown(setting: Setting, in_force: Settings) -> str:
    value = getattr(in_force, setting.field)
    if value in (None, ""):
        return "not set"
    return _masked(str(value)) if setting.secret else str(value)


def _masked(value: str) -> str:
    """Nothing of a key; of an address all but who signs in and its options."""
    scheme, found, rest = value.partition("://")
    if not found:
        return MASK
    person, at, place = rest.partition("?")[0].rpartition("@")
    return f"{scheme}://{MASK + at if person else ''}{place}{'?' + MASK if '?' in rest else ''}"
