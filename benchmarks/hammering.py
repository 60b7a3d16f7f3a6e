"""A load client that costs little beside the server that it shares two cores with.

One thread, plain sockets that stay open, requests made up front; of an answer it reads the status
and how long the body is. A browser does more; the same client measures ours and the floor.
"""

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

#: Makes the next request, whole, as bytes.
Requests = Iterator[bytes]


@dataclass(frozen=True)
class Run:
    """What a stretch of hammering came to."""

    seconds: float
    #: Of each answered request, in milliseconds.
    times: list[float]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which that share of the requests was answered."""
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * share))]


@dataclass
class _Connection:
    socket: socket.socket
    sent_at: float = 0.0
    got: bytearray = field(default_factory=bytearray)

    def send(self, request: bytes) -> None:
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)  # a kilobyte: it fits the socket's buffer

    def is_answered(self) -> bool:
        """Read on; whether the answer is whole. Raises AssertionError for other than 200."""
        read = self.socket.recv(65536)
        assert read, "the server hung up"
        self.got += read
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return False
        assert head.startswith(b"HTTP/1.1 200"), bytes(self.got[:600])
        self.got.clear()
        return True


def hammer(url: str, requests: Requests, seconds: float, connections: int) -> Run:
    """Keep every connection busy with one request after the other for so long."""
    parts = urlsplit(url)
    times: list[float] = []
    with selectors.DefaultSelector() as ready:
        for _ in range(connections):
            one = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ready.register(one, selectors.EVENT_READ, _Connection(one))
        began = time.perf_counter()
        for key in list(ready.get_map().values()):
            key.data.send(next(requests))
        ended = _answered(ready, requests, began + seconds, times.append)
        for key in list(ready.get_map().values()):
            key.data.socket.close()
    return Run(ended - began, times)


def _answered(
    ready: selectors.BaseSelector, requests: Requests, end: float, note: Callable[[float], None]
) -> float:
    """Send the next as each is answered, until time is up and the last answer is in; when."""
    open_now = len(ready.get_map())
    now = time.perf_counter()
    while open_now:
        for key, _events in ready.select(30):
            connection: _Connection = key.data
            if not connection.is_answered():
                continue
            now = time.perf_counter()
            note((now - connection.sent_at) * 1000)
            if now < end:
                connection.send(next(requests))
            else:
                open_now -= 1
    return now


def _length(head: bytes | bytearray) -> int:
    _, found, rest = bytes(head).lower().partition(b"content-length:")
    assert found, "an answer without a length"
    return int(rest.split(b"\r\n", 1)[0])
