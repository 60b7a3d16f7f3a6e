"""Whatever dies, and however often a job runs: one set of renditions, no file too many."""

import multiprocessing
import os
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from ideation.app import create_app
from ideation.core import clock, config, jobs, outbox
from ideation.core.db import db, transaction
from ideation.core.images.refusal import Refusal, Refused
from ideation.core.storage import in_force
from ideation.core.storage.local import LocalStorage
from ideation.notices.models import Notice
from ideation.submissions import artwork, leftovers, queries, rendering
from ideation.submissions.models import Artwork, ArtworkState, Rendition
from tests import factories
from tests.factories import pictures


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(Rendition)) or 0


def _stored(folder: str) -> list[str]:
    return list(in_force.store().list(folder))


def test_running_twice_has_one_effect(app: Flask) -> None:
    pictures.draft(factories.contest("entry"), factories.member())
    artwork_id = db.session.scalars(select(Artwork.id)).one()
    first, second = rendering.make(artwork_id), rendering.make(artwork_id)
    assert first is not None
    assert second is not None
    with transaction():
        assert rendering.record(first, at=clock.now())
    with transaction():
        assert not rendering.record(second, at=clock.now())
    jobs.run_due()

    assert rendering.make(artwork_id) is None
    assert _count() == 6
    assert _stored("renditions") == sorted(db.session.scalars(select(Rendition.key)))


def test_a_picture_that_cannot_be_used_says_why(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = factories.member()
    pictures.draft(factories.contest("entry"), member)

    def refuse(*_: object) -> None:
        raise Refused(Refusal.TRUNCATED)

    monkeypatch.setattr(rendering, "make_renditions", refuse)
    jobs.run_due()
    failed = db.session.scalars(select(Artwork)).one()
    assert (failed.state, failed.failure) == (ArtworkState.FAILED, "truncated")
    assert _count() == 0
    notice = db.session.scalars(select(Notice).where(Notice.member_id == member.id)).one()
    assert notice.kind == "submission.picture_failed"


def test_a_picture_removed_while_it_was_made_leaves_nothing(app: Flask) -> None:
    member = factories.member()
    submission = pictures.draft(factories.contest("entry"), member)
    one = db.session.scalars(select(Artwork)).one()
    made = rendering.make(one.id)
    assert made is not None
    public_id = one.public_id
    with transaction():
        artwork.remove(
            db.session.merge(member),
            queries.get_locked(submission.id),
            public_id,
            at=clock.now(),
        )
    with transaction():
        assert not rendering.record(made, at=clock.now())
    jobs.run_due()
    assert _stored("originals") + _stored("renditions") == []


def test_what_a_dead_process_stored_is_found_and_what_is_named_stays(app: Flask) -> None:
    pictures.draft(factories.contest("entry"), factories.member())
    jobs.run_due()
    kept = _stored("originals") + _stored("renditions")
    in_force.store().put("originals/abandoned", b"never added")
    in_force.store().put("renditions/abandoned/grid.webp", b"never added")
    with transaction():
        jobs.enqueue(leftovers.FIND, at=clock.now())
    jobs.run_due()
    assert len(_stored("originals") + _stored("renditions")) == len(kept) + 2  # grace
    clock.move(leftovers.GRACE)
    jobs.run_due()
    assert _stored("originals") + _stored("renditions") == kept


def _work_slowly(settings: config.Settings, folder: Path, outbox_id: int) -> None:
    """A worker's child that dies of its parent's kill in the middle of storing."""
    with create_app(settings).app_context():
        store = SlowStorage(folder)
        in_force.use(store)
        jobs.run(outbox_id)


class SlowStorage(LocalStorage):
    """Stores two renditions, then tells that it did and takes its time."""

    puts = 0

    def put(self, key, source):  # type: ignore[no-untyped-def]
        if self.puts == 2:
            (self.root / "half-way").touch()
            time.sleep(60)
        self.puts += 1
        return super().put(key, source)


def test_a_worker_killed_in_the_middle_is_replaced(
    app: Flask, settings: config.Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    in_force.use(LocalStorage(folder))
    pictures.draft(factories.contest("entry"), factories.member())
    outbox_id = db.session.scalars(
        select(outbox.OutboxRow.id).where(outbox.OutboxRow.job == artwork.RENDER.name)
    ).one()
    db.session.remove()

    spawn = multiprocessing.get_context("spawn")
    worker = spawn.Process(target=_work_slowly, args=(settings, folder, outbox_id))
    worker.start()
    deadline = time.monotonic() + 120
    while not (folder / "half-way").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert worker.pid
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    assert len(_stored("renditions")) == 2
    assert _count() == 0

    assert jobs.run_due() == 0  # its lease still runs
    clock.move(outbox.LEASE + timedelta(seconds=1))
    assert jobs.run_due() == 1
    assert _count() == 6
    assert _stored("renditions") == sorted(db.session.scalars(select(Rendition.key)))
    assert db.session.scalars(select(Artwork.state)).one() is ArtworkState.READY
