"""Boxes of the ISO base media file format, which AVIF is kept in. Source: ISO/IEC 14496-12."""

from collections.abc import Iterator

from ideation.core.images.headers.reader import Reader, unreadable
from ideation.core.images.refusal import Refusal, Refused

#: Lengths with a meaning of their own: the next eight bytes hold it; all that is left.
_LONG, _REST = 1, 0
#: In one place. A picture of a hundred tiles has some three hundred properties.
MAX_BOXES = 2_000


def open_box(reader: Reader) -> tuple[bytes, int]:
    """Name of the box that begins here, and how many bytes of it follow."""
    length, name = int.from_bytes(reader.take(4), "big"), reader.take(4)
    head = 8
    if length == _LONG:
        length, head = int.from_bytes(reader.take(8), "big"), 16
    if length == _REST:
        return name, reader.size - reader.at
    if length < head:
        raise unreadable(f"box {name!r} of {length} bytes")
    return name, length - head


def boxes_in(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each box in what another one holds, all of which must be there."""
    at = 0
    for _ in range(MAX_BOXES):
        if at == len(data):
            return
        fields = Fields(data, at)
        length, name = fields.number(4), fields.number(4).to_bytes(4, "big")
        if length == _LONG:
            length = fields.number(8)
        end = len(data) if length == _REST else at + length
        if not fields.at <= end <= len(data):
            raise unreadable(f"box {name!r} of {length} bytes")
        yield name, data[fields.at : end]
        at = end
    raise Refused(Refusal.TOO_COMPLEX, f"more than {MAX_BOXES} boxes")


class Fields:
    """Numbers out of a box, one after the other; ``Refused`` where it ends too early."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data = data
        self.at = at

    def number(self, size: int) -> int:
        """The next ``size`` bytes, the highest first; 0 for none."""
        field = self._data[self.at : self.at + size]
        if len(field) < size:
            raise unreadable("a box ends within a field")
        self.at += size
        return int.from_bytes(field, "big")

    def text(self) -> bytes:
        """Bytes up to a zero."""
        end = self._data.find(b"\0", self.at)
        if end < 0:
            raise unreadable("text without end")
        found = self._data[self.at : end]
        self.at = end + 1
        return found
