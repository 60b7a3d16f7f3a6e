"""RQ remembers a job whose worker was killed before its claim; we must not wait for that."""

import time

import pytest
from flask import Flask

from ideation.core import queues


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
