"""Our RQ worker: it calls one function, survives Redis going away, and leaves no orphan behind."""

import signal
import time
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from ideation.core import queues
from ideation.core.lifeline import die_with_parent
from workers import perform

log = structlog.get_logger(__name__)

_PAUSE_SECONDS = 1.0


class OutboxJob(Job):
    """A job whose function is always ours.

    RQ imports whatever name Redis holds; whoever can write there must not choose what we run.
    """

    @property
    def func(self) -> Any:
        return perform

    @property
    def success_callback(self) -> None:
        return None

    @property
    def failure_callback(self) -> None:
        return None

    @property
    def stopped_callback(self) -> None:
        return None


class HouseWorker(Worker):
    """A worker that forks a child for every job; the child dies with it."""

    job_class = OutboxJob
    max_connection_wait_time = 4.0
    is_leaving = False

    def subscribe(self) -> None:
        """Listen to no commands: stopping workers is the supervisor's business, not Redis's."""

    def unsubscribe(self) -> None:
        """Nothing was subscribed to."""

    def handle_warm_shutdown_request(self) -> None:
        """Remember that we were asked to go, whatever state Redis is in."""
        self.is_leaving = True

    def setup_work_horse_signals(self) -> None:
        """In the child: a worker killed in its tracks takes its job along; the lease ends later."""
        super().setup_work_horse_signals()  # type: ignore[no-untyped-call]
        die_with_parent(signal.SIGKILL)


def work(redis_url: str) -> None:
    """Work the queues until told to stop; where Redis goes away, wait for it and begin again.

    The worker's connection is its own: RQ stretches its time-out to wait for work, and what a
    job asks of Redis must not hang that long.
    """
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    is_leaving = False
    while not is_leaving:
        signal.signal(signal.SIGTERM, _leave)
        signal.signal(signal.SIGINT, _leave)
        _wait_for(Redis.from_url(redis_url, socket_connect_timeout=2))
        # A fresh one: what was opened before RQ stretched the time-out keeps the client's own 5 s,
        # and waiting for work would end in an error every 5 s.
        is_leaving = _work_until_it_ends(Redis.from_url(redis_url, socket_connect_timeout=2))


def _work_until_it_ends(connection: Redis) -> bool:
    """Whether it ended because we were asked to leave."""
    worker: HouseWorker | None = None
    try:
        worker = HouseWorker(
            list(queues.QUEUES),
            connection=connection,
            serializer=JSONSerializer,
            job_monitoring_interval=5,
        )
        worker.work(logging_level="ERROR")
    except RedisError as error:
        log.warning("redis went away", error=type(error).__name__)
    return worker is not None and worker.is_leaving


def _wait_for(connection: Redis) -> None:
    is_told = False
    while True:
        try:
            connection.ping()
            return
        except RedisError:
            if not is_told:
                log.warning("redis is away; waiting for it")
            is_told = True
            time.sleep(_PAUSE_SECONDS)


def _leave(_signal: int, _frame: object) -> None:
    raise SystemExit(0)
