"""Kills at every step, and work delivered twice: one effect each, and soon after the death."""

import itertools
import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from ideation.core import clock, jobs, outbox
from ideation.core.db import db, transaction
from ideation.core.outbox import OutboxRow
from tests.factories.processes import die, fork, wait

STEPS = ("before the claim", "after the claim", "mid-work", "after the effect", "after done")
JOBS = 50_000 if os.environ.get("IDEATION_TEST_SOAK") else 200

EFFECT = jobs.Job("tests.effect")


@pytest.fixture
def effects(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A table in which every effect leaves a line, and a job that writes one."""
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE effects (number integer NOT NULL)"))
    monkeypatch.setitem(jobs._catalogue, EFFECT.name, EFFECT)
    monkeypatch.setitem(jobs._handlers, EFFECT.name, _write_once)
    yield


def _write_once(number: int) -> None:
    """As every handler of ours: look, then write, in one transaction."""
    with transaction() as session:
        known = session.scalar(text("SELECT 1 FROM effects WHERE number = :n"), {"n": number})
        if not known:
            session.execute(text("INSERT INTO effects VALUES (:n)"), {"n": number})


def _write_always(number: int) -> None:
    with transaction() as session:
        session.execute(text("INSERT INTO effects VALUES (:n)"), {"n": number})


def _enqueue(count: int) -> list[int]:
    with transaction():
        for number in range(count):
            jobs.enqueue(EFFECT, at=clock.now(), number=number)
    return list(db.session.scalars(select(OutboxRow.id).order_by(OutboxRow.id)))


def _run_and_die(outbox_id: int, step: str) -> None:
    """In a fork: do the job, and die at the step."""
    write = jobs._handlers[EFFECT.name]
    claim = outbox._claim

    def claim_and_die(row_id: int) -> None:
        claim(row_id)
        die()

    def die_before_effect(number: int) -> None:
        die()

    def die_after_effect(number: int) -> None:
        write(number=number)
        die()

    if step == "before the claim":
        die()
    if step == "after the claim":
        outbox._claim = claim_and_die  # type: ignore[assignment]
    if step == "mid-work":
        jobs._handlers[EFFECT.name] = die_before_effect
    if step == "after the effect":
        jobs._handlers[EFFECT.name] = die_after_effect
    jobs.run(outbox_id)
    die()


def _kill_at_every_step(outbox_ids: list[int]) -> None:
    for outbox_id, step in zip(outbox_ids, itertools.cycle(STEPS), strict=False):
        assert wait(fork(lambda o=outbox_id, s=step: _run_and_die(o, s))) == -9


def _written() -> Counter[int]:
    db.session.rollback()
    return Counter(db.session.scalars(text("SELECT number FROM effects")))


def test_two_hundred_jobs_killed_at_every_step_have_one_effect_each(effects: None) -> None:
    ids = _enqueue(JOBS)
    _kill_at_every_step(ids)
    jobs.run_due()  # what was never claimed is done at once; the rest is held by the dead
    clock.move(timedelta(seconds=60))
    jobs.run_due()
    twice = [jobs.run(outbox_id) for outbox_id in ids[::10]]

    assert _written() == Counter(range(JOBS))
    assert not any(twice)
    assert db.session.scalar(select(OutboxRow.id).where(OutboxRow.done_at.is_(None))) is None


def test_a_handler_that_does_not_look_first_shows_its_doubles(effects: None) -> None:
    """Control: the test above can fail."""
    jobs._handlers[EFFECT.name] = _write_always
    _kill_at_every_step(_enqueue(10))
    clock.move(timedelta(seconds=60))
    jobs.run_due()
    assert max(_written().values()) == 2


def test_two_workers_at_once_do_a_job_once(effects: None) -> None:
    jobs._handlers[EFFECT.name] = _write_always
    ids = _enqueue(8)
    pids = [fork(lambda o=outbox_id: jobs.run(o)) for outbox_id in ids for _ in range(2)]
    assert [wait(pid) for pid in pids] == [0] * 16
    assert _written() == Counter(range(8))


def test_what_a_dead_worker_held_waits_for_its_lease_and_no_longer(effects: None) -> None:
    ids = _enqueue(1)
    assert wait(fork(lambda: _run_and_die(ids[0], "mid-work"))) == -9
    assert outbox.due_ids() == []
    clock.move(outbox.LEASE + timedelta(seconds=1))
    assert outbox.due_ids() == ids
    assert outbox.LEASE.total_seconds() < 50


def test_a_living_worker_keeps_its_job(effects: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "RENEW_EVERY_SECONDS", 0.05)
    seen: list[list[int]] = []

    def outlive_the_lease(number: int) -> None:
        clock.move(outbox.LEASE + timedelta(seconds=1))
        deadline = clock.now() + timedelta(seconds=10)
        while outbox.due_ids() and clock.now() < deadline:
            pass  # until the renewing thread has come by
        seen.append(outbox.due_ids())
        db.session.rollback()

    monkeypatch.setitem(jobs._handlers, EFFECT.name, outlive_the_lease)
    ids = _enqueue(1)
    assert jobs.run(ids[0])
    assert seen == [[]]


def test_work_that_always_kills_its_worker_is_given_up(effects: None) -> None:
    ids = _enqueue(1)
    for _ in range(EFFECT.attempts):
        assert wait(fork(lambda: _run_and_die(ids[0], "mid-work"))) == -9
        clock.move(timedelta(seconds=60))
    jobs.run(ids[0])
    row = db.session.get_one(OutboxRow, ids[0])
    assert row.failed_at is not None
    assert "ended its worker" in (row.error or "")


def test_a_failure_is_kept_and_tried_again_later(
    effects: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(number: int) -> None:
        raise OSError("the disk is away")

    monkeypatch.setitem(jobs._handlers, EFFECT.name, fail)
    ids = _enqueue(1)
    assert jobs.run(ids[0])
    row = db.session.get_one(OutboxRow, ids[0])
    assert (row.error, row.failed_at, row.attempts) == ("OSError: the disk is away", None, 1)
    assert not jobs.run(ids[0]), "not before its time"
    monkeypatch.setitem(jobs._handlers, EFFECT.name, _write_once)
    clock.move(timedelta(seconds=6))
    assert jobs.run(ids[0])
    assert _written() == Counter([0])


def test_a_job_that_fails_every_time_waits_for_an_operator(
    effects: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(number: int) -> None:
        raise OSError("the disk is away")

    monkeypatch.setitem(jobs._handlers, EFFECT.name, fail)
    ids = _enqueue(1)
    for _ in range(EFFECT.attempts):
        jobs.run_due()
        clock.move(timedelta(hours=2))
    assert outbox.due_ids() == []
    monkeypatch.setitem(jobs._handlers, EFFECT.name, _write_once)
    with transaction():
        assert outbox.retry(ids[0], clock.now())
    jobs.run_due()
    assert _written() == Counter([0])


def test_a_key_lets_the_first_request_through(effects: None) -> None:
    for _ in range(3):
        with transaction():
            jobs.enqueue(EFFECT, at=clock.now(), key="only one", number=1)
    jobs.run_due()
    assert db.session.scalars(select(OutboxRow.key)).all() == ["only one"]
    assert _written() == Counter([1])


def test_what_is_rolled_back_asks_for_no_work(effects: None) -> None:
    with pytest.raises(RuntimeError), transaction():
        jobs.enqueue(EFFECT, at=clock.now(), number=1)
        raise RuntimeError
    assert outbox.due_ids() == []
