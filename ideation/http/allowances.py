"""How many votes in how long: a moving window, counted in Redis, in memory while Redis is away.

Flask-Limiter, which counts everything else, asks Redis once a window and looks its limits up anew
with each request; a vote is limited by two windows, so often that it shows. This asks once.
"""

import time
from collections import OrderedDict, deque
from threading import Lock

import structlog
from redis.exceptions import RedisError

from ideation.core import queues

log = structlog.get_logger(__name__)

#: How long Redis is left alone after it did not answer.
_PAUSE_SECONDS = 5.0
#: Whose votes are remembered in memory: the last so many who voted.
_REMEMBERED = 20_000

# KEYS: the list of instants, newest first, in milliseconds. ARGV: (how many, milliseconds) of each
# window. Answers how long to wait; 0 where it was counted.
_TAKE = b"""
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local most, longest, wait = 0, 0, 0
for window = 1, #ARGV, 2 do
  local amount, span = tonumber(ARGV[window]), tonumber(ARGV[window + 1])
  local oldest = tonumber(redis.call('LINDEX', KEYS[1], amount - 1) or 0)
  wait = math.max(wait, oldest + span - now)
  most, longest = math.max(most, amount), math.max(longest, span)
end
if wait > 0 then return wait end
redis.call('LPUSH', KEYS[1], now)
redis.call('LTRIM', KEYS[1], 0, most - 1)
redis.call('PEXPIRE', KEYS[1], longest)
return 0
"""


class Allowance:
    """So many in so long, each given as (how many, seconds)."""

    def __init__(self, name: str, *windows: tuple[int, float]) -> None:
        self._prefix = f"allowance:{name}:".encode()
        self._windows = windows
        self._arguments = [
            str(int(number)).encode()
            for amount, seconds in windows
            for number in (amount, seconds * 1000)
        ]
        self._memory: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()
        self._away_until = 0.0

    def take(self, key: str) -> float:
        """Count one more of ``key``; 0, or the seconds to wait where it would be too many."""
        if time.monotonic() >= self._away_until:
            try:
                return self._take_in_redis(key) / 1000
            except RedisError as error:
                log.warning("counting votes in memory", error=type(error).__name__)
                self._away_until = time.monotonic() + _PAUSE_SECONDS
        with self._lock:
            return self._take_in_memory(key, time.monotonic())

    def _take_in_redis(self, key: str) -> int:
        """One packed command: the client's own way to it costs as much as the rest of a vote."""
        pool = queues.connection().connection_pool
        connection = pool.get_connection()
        try:
            command = (b"EVAL", _TAKE, b"1", self._prefix + key.encode(), *self._arguments)
            connection.send_packed_command(_packed(command), check_health=False)  # type: ignore[no-untyped-call]
            return int(connection.read_response())
        except BaseException:
            connection.disconnect()  # type: ignore[no-untyped-call]
            raise
        finally:
            pool.release(connection)

    def _take_in_memory(self, key: str, now: float) -> float:
        taken = self._memory.setdefault(key, deque(maxlen=max(n for n, _ in self._windows)))
        self._memory.move_to_end(key)
        if len(self._memory) > _REMEMBERED:
            self._memory.popitem(last=False)
        waits = (
            taken[amount - 1] + seconds - now
            for amount, seconds in self._windows
            if len(taken) >= amount
        )
        wait = max(waits, default=0.0)
        if wait > 0:
            return wait
        taken.appendleft(now)
        return 0.0


def _packed(command: tuple[bytes, ...]) -> list[bytes]:
    words = b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in command)
    return [b"*%d\r\n%b" % (len(command), words)]
