"""Real worker processes, a real Redis that is killed and flushed, a real mail server."""

import signal
import time
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from rq.serializers import JSONSerializer
from sqlalchemy import select

from ideation.core import clock, outbox, queues
from ideation.core.db import db
from ideation.core.outbox import OutboxRow
from tests.factories.mails import waiting_mail
from tests.servers.mailing import Mailbox
from tests.servers.valkey import Valkey
from tests.workers.conftest import Start, until


def _all_done() -> bool:
    db.session.rollback()
    query = select(OutboxRow.id).where(OutboxRow.job == "mail.send", OutboxRow.done_at.is_(None))
    return not db.session.scalars(query).all()


def test_a_commit_wakes_a_worker(start: Start, mailbox: Mailbox) -> None:
    start("run")
    sent = [waiting_mail() for _ in range(3)]
    until(_all_done, "three mails are sent", seconds=5)
    assert sorted(mailbox.message_ids) == sorted(sent)


def test_a_worker_killed_at_work_is_followed_by_another(start: Start, mailbox: Mailbox) -> None:
    mailbox.seconds = 3
    first = start("run")
    message_id = waiting_mail()
    until(lambda: mailbox.messages, "the mail is being sent")
    first.kill()  # with the server's answer still to come
    time.sleep(3.5)
    mailbox.seconds = 0
    clock.move(outbox.LEASE + timedelta(seconds=5))
    start("cron")
    start("run")
    until(_all_done, "the mail is sent")
    assert mailbox.message_ids == [message_id] * 2, "the kill fell between the 250 and the commit"


def test_a_worker_asked_to_stop_finishes_what_it_does(start: Start, mailbox: Mailbox) -> None:
    mailbox.seconds = 2
    worker = start("run")
    message_id = waiting_mail()
    until(lambda: mailbox.messages, "the mail is being sent")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    assert mailbox.message_ids == [message_id]
    assert _all_done()


@pytest.mark.one_engine
def test_an_idle_worker_stops_at_once(start: Start) -> None:
    worker = start("run")
    asked = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(5) == 0
    assert time.monotonic() - asked < 3


def test_redis_flushed_between_commit_and_wake_loses_nothing(
    start: Start, mailbox: Mailbox, own_redis: Valkey
) -> None:
    message_ids = [waiting_mail() for _ in range(3)]
    own_redis.flush()
    start("run")
    start("cron")
    until(_all_done, "the sweeper finds them")
    assert sorted(mailbox.message_ids) == sorted(message_ids)


def test_redis_killed_and_back_finds_its_worker_waiting(
    start: Start, mailbox: Mailbox, own_redis: Valkey
) -> None:
    worker = start("run")
    start("cron")
    own_redis.kill()
    began = time.monotonic()
    message_ids = [waiting_mail() for _ in range(5)]
    assert time.monotonic() - began < 2, "nobody waits for Redis"
    time.sleep(10)
    assert mailbox.messages == []
    own_redis.start()
    until(_all_done, "the worker is back")
    assert sorted(mailbox.message_ids) == sorted(message_ids)
    assert worker.poll() is None, "it outlived Redis"


@pytest.mark.one_engine
def test_redis_cannot_choose_what_a_worker_calls(
    start: Start, tmp_path_factory: pytest.TempPathFactory
) -> None:
    marker = tmp_path_factory.mktemp("called") / "marker"
    start("run")
    job = queues.queue("urgent").enqueue_call("os.mkdir", args=(str(marker),))
    until(lambda: job.get_status(refresh=True) in {"finished", "failed"}, "it was looked at")
    assert not marker.exists()


@pytest.mark.one_engine
def test_jobs_are_json_never_pickles(start: Start) -> None:
    assert queues.queue("urgent").serializer is JSONSerializer
    waiting_mail()
    names = queues.connection().keys("rq:job:*")
    stored = queues.connection().hget(names[0], "data")  # type: ignore[index]
    assert b"workers.perform" in zlib.decompress(stored)  # type: ignore[arg-type]


@pytest.mark.one_engine
def test_a_worker_waits_in_silence(start: Start, said: Path) -> None:
    start("run")
    time.sleep(8)
    assert said.read_text() == ""
