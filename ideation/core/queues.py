"""Redis as an alarm clock: it wakes workers, and holds nothing that cannot be lost."""

import time

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.job import Job as RQJob
from rq.serializers import JSONSerializer

log = structlog.get_logger(__name__)

#: In order of urgency: a worker empties the first before it looks at the next.
QUEUES = ("urgent", "images", "default", "cards")
#: What RQ calls, by name; ``workers`` defines it.
ENTRY = "workers.perform"

#: How long a wake-up counts as given; within it the same one is not sent again.
_REMEMBERED_SECONDS = 30

_redis: Redis | None = None

_NOTE_EVERY_SECONDS = 60.0
_noted_at = -_NOTE_EVERY_SECONDS


def connect(url: str) -> Redis:
    """Use this server from now on. Short time-outs: a page never waits long for Redis."""
    global _redis
    _redis = Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=2)
    return _redis


def connection() -> Redis:
    """The server in use. Raises RuntimeError before ``connect``."""
    if _redis is None:
        raise RuntimeError("queues.connect() has not been called")
    return _redis


def queue(name: str) -> Queue:
    """An RQ queue that speaks JSON: with pickles, writing to Redis would be running code."""
    return Queue(name, connection=connection(), serializer=JSONSerializer)


def wake(outbox_id: int, attempt: int, queue_name: str) -> bool:
    """Tell a worker about a row; False where Redis is away or already knows.

    Nothing is lost by False: the sweeper comes by. The id changes twice a minute, because RQ keeps
    that of a job whose worker was killed before it claimed the row.
    """
    job_id = f"outbox-{outbox_id}-{attempt}-{int(time.time() // _REMEMBERED_SECONDS)}"
    try:
        if RQJob.exists(job_id, connection=connection()):
            return False
        queue(queue_name).enqueue_call(
            ENTRY,
            args=(outbox_id,),
            job_id=job_id,
            result_ttl=0,
            failure_ttl=60,
            timeout=3600,
        )
    except RedisError as error:
        _note_absence(type(error).__name__)
        return False
    return True


def count_waiting(queue_name: str) -> int:
    """Wake-ups that no worker has taken yet; 0 where Redis is away."""
    try:
        return int(queue(queue_name).count)
    except RedisError:
        return 0


def _note_absence(error: str) -> None:
    """Say so once in a while: everything that is written wakes somebody."""
    global _noted_at
    if time.monotonic() - _noted_at > _NOTE_EVERY_SECONDS:
        _noted_at = time.monotonic()
        log.warning("redis is away", error=error)


def is_reachable() -> bool:
    """Whether Redis answers now."""
    try:
        return bool(connection().ping())
    except RedisError:
        return False
