"""Check that migrations and models agree and that every guard stands, on both engines."""

import sys
import tempfile
from pathlib import Path

from ideation.app import create_app
from ideation.core import config, guards
from ideation.core.db import db
from ideation.migrations import runner
from tests.servers import postgres


def main() -> None:
    """Migrate up, down and up again; print what differs and exit 1."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        problems = _problems(path, f"sqlite:///{path / 'check.db'}")
        with postgres.running(path) as url:
            problems += _problems(path, url)
    if problems:
        sys.exit("\n".join(problems))


def _problems(home: Path, url: str) -> list[str]:
    settings = config.load({"IDEATION_HOME": str(home), "IDEATION_DATABASE_URL": url})
    with create_app(settings).app_context():
        engine = db.engine
        runner.upgrade(engine)
        runner.downgrade(engine, "base")
        runner.upgrade(engine)
        found = [f"{engine.dialect.name}: {change}" for change in runner.differences(engine)]
        with engine.connect() as connection:
            found += [
                f"{engine.dialect.name}: guard {name} is missing"
                for name in guards.missing(connection)
            ]
        engine.dispose()
    return found


if __name__ == "__main__":
    main()
