"""A scene that many tests begin with is played once a process, and put back for each of them."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.engine import make_url

from ideation.core.db import db
from tests.reused_database import Content, ReusedDatabase

Scene = TypeVar("Scene")


@dataclass
class Stages:
    """The scenes of a test process, by engine and name; each is what was written and returned.

    Only rows are kept: a scene that leaves files, mail on its way or a moved clock behind is to
    be played anew. What it returns must hold keys, not rows.
    """

    folder: Path
    _known: dict[tuple[str, str], tuple[Any, Any]] = field(default_factory=dict)

    def play(self, url: str, reused: ReusedDatabase | None, build: Callable[[], Scene]) -> Scene:
        """What ``build`` returns, its rows in the database of the test."""
        key = (make_url(url).get_backend_name(), f"{build.__module__}.{build.__qualname__}")
        if key not in self._known:
            scene = build()
            db.session.remove()
            self._known[key] = (scene, self._keep(url, reused))
            return scene
        scene, content = self._known[key]
        db.session.remove()
        if reused is not None:
            reused.load(content)
        else:
            db.engine.dispose()
            for end in ("-wal", "-shm"):
                Path(f"{_file(url)}{end}").unlink(missing_ok=True)
            shutil.copy(content, _file(url))
        known: Scene = scene
        return known

    def _keep(self, url: str, reused: ReusedDatabase | None) -> Content | Path:
        if reused is not None:
            return reused.save()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        copy = self.folder / f"{len(self._known)}.db"
        shutil.copy(_file(url), copy)
        return copy


def _file(url: str) -> Path:
    return Path(str(make_url(url).database))
