"""What commands share: the application around them, and refusals in one sentence."""

import functools
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import click
from sqlalchemy.exc import OperationalError

from ideation.app import create_app
from ideation.core import config
from ideation.core.db import db
from ideation.core.errors import DomainError
from ideation.migrations import runner

Command = TypeVar("Command", bound=Callable[..., Any])


def fail(sentence: str) -> NoReturn:
    """End the command: say what is wrong and what to do."""
    raise click.ClickException(sentence)


def load_settings() -> config.Settings:
    """The settings, or the sentence that says which one is broken."""
    try:
        return config.load()
    except config.ConfigError as error:
        fail(str(error))


def with_app(command: Command) -> Command:
    """Run the command inside the application, on a database that is up to date."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        with create_app(load_settings()).app_context():
            try:
                refuse_pending()
                return command(*args, **kwargs)
            except DomainError as error:
                fail(str(error))
            except OperationalError as error:
                fail(f"The database does not answer: {str(error.orig).splitlines()[0]}")
            finally:
                db.session.remove()

    return run  # type: ignore[return-value]


def refuse_pending() -> None:
    """Fail where the database is older than the code."""
    if runner.pending(db.engine):
        fail("The database is not up to date. Run `ideation migrate` first.")
