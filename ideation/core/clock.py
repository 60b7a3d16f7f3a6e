"""The one clock of all processes.

Nothing else asks the time. ``now()`` is the system's, shifted by the seconds written in the file
that the setting ``IDEATION_CLOCK_FILE`` names, so that journey tests can move web, worker and
cron at once. Without the setting, as in production, there is no shift and no file is read.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

_file: Path | None = None


def use_file(path: Path | None) -> None:
    """Read the shift from ``path`` from now on; None for the plain clock."""
    global _file
    _file = path


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC) + shift()


def shift() -> timedelta:
    """How far the clock is moved; zero where it is not."""
    if _file is None:
        return timedelta()
    try:
        return timedelta(seconds=float(_file.read_text() or 0))
    except FileNotFoundError:
        return timedelta()


def move(by: timedelta) -> None:
    """Move the clock of every process that reads the same file; for tests.

    Raises RuntimeError where no clock file is set.
    """
    if _file is None:
        raise RuntimeError("the clock moves only where IDEATION_CLOCK_FILE is set")
    total = (shift() + by).total_seconds()
    fresh = _file.with_name(f"{_file.name}.{os.getpid()}")
    fresh.write_text(str(total))
    fresh.replace(_file)
