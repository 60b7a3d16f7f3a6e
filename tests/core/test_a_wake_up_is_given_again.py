"""RQ remembers a job whose worker was killed before its claim; we must not wait for that.

Nor may workers that are behind be woken for the same rows again and again.
"""

import time
from datetime import timedelta

import pytest
from flask import Flask

from ideation.core import clock, jobs, outbox, queues
from ideation.core.db import transaction
from ideation.core.mail import compose
from ideation.submissions import artwork
from workers.schedule import FORGET

MINUTE = timedelta(minutes=1)


@pytest.mark.one_engine
def test_the_same_wake_up_is_given_once_for_a_while(app: Flask) -> None:
    assert queues.wake(17, 0, "default")
    assert not queues.wake(17, 0, "default")


@pytest.mark.one_engine
def test_it_is_given_again_within_a_minute_though_redis_still_knows_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert queues.wake(17, 0, "default")
    queues.connection().delete("rq:queue:default")  # taken by a worker that died at once
    later = time.time() + 31
    monkeypatch.setattr(queues.time, "time", lambda: later)
    assert queues.wake(17, 0, "default")


@pytest.mark.one_engine
def test_workers_that_are_behind_are_not_woken_for_the_same_rows_without_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = outbox.MOST_WAITING + 20
    with transaction():
        for _ in range(rows):
            jobs.enqueue(FORGET, at=clock.now())
    assert queues.count_waiting(FORGET.queue) == rows, "each commit wakes its own"
    for minutes in range(1, 4):
        later = time.time() + 60 * minutes
        monkeypatch.setattr(queues.time, "time", lambda later=later: later)
        assert outbox.sweep() == 0
    assert queues.count_waiting(FORGET.queue) == rows

    queues.connection().flushall()  # the wake-ups are lost: all are given again, as there is room
    assert outbox.sweep() == outbox.MOST_WAITING


@pytest.mark.one_engine
@pytest.mark.parametrize("waiting", [0, outbox.MOST_WAITING])
def test_what_is_urgent_waits_behind_no_other_queue(app: Flask, waiting: int) -> None:
    now = clock.now()
    with transaction():
        for _ in range(600):
            jobs.enqueue(artwork.RENDER, at=now - MINUTE, artwork_id=1)
        jobs.enqueue(compose.SEND, at=now, due_at=now + MINUTE, mail_id=1)
    queues.connection().flushall()
    for row_id in range(waiting):
        queues.wake(10_000 + row_id, 0, artwork.RENDER.queue)
    clock.move(MINUTE)
    outbox.sweep()
    assert queues.count_waiting(compose.SEND.queue) == 1
    assert queues.count_waiting(artwork.RENDER.queue) == outbox.MOST_WAITING
