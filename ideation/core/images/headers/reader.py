"""Reading a stranger's file without trusting a length in it."""

from dataclasses import dataclass
from typing import BinaryIO

from ideation.core.images.refusal import Refusal, Refused

#: More chunks or segments than any honest program writes, few enough to walk in some 20 ms.
MAX_PARTS = 20_000


@dataclass(frozen=True)
class Header:
    """What a file says of itself; sides are as stored, before ``orientation`` turns them."""

    width: int
    height: int
    mode: str
    has_alpha: bool
    frames: int = 1
    orientation: int = 1


class Reader:
    """A seekable stream that raises ``Refused(TRUNCATED)`` where it ends too early."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self.size = size

    @property
    def at(self) -> int:
        return self._stream.tell()

    def take(self, count: int) -> bytes:
        """Exactly ``count`` bytes."""
        data = self._stream.read(count)
        if len(data) < count:
            raise Refused(Refusal.TRUNCATED, f"ends at byte {self.size}")
        return data

    def skip(self, count: int) -> None:
        """Pass over ``count`` bytes, which must exist."""
        if self.at + count > self.size:
            raise Refused(Refusal.TRUNCATED, f"ends at byte {self.size}")
        self._stream.seek(count, 1)

    def find(self, needle: bytes) -> bool:
        """Whether ``needle`` occurs in what is left, read in blocks."""
        tail = b""
        while block := self._stream.read(1 << 20):
            if needle in tail + block:
                return True
            tail = block[-len(needle) + 1 :]
        return False


def unreadable(detail: str) -> Refused:
    """The refusal of a file that breaks its format's rules."""
    return Refused(Refusal.UNREADABLE, detail)
