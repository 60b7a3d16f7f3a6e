"""JPEG: segments up to the first scan, then whether an end mark follows. Source: ITU-T T.81, B."""

import struct

from ideation.core.images.headers.exif import orientation_in
from ideation.core.images.headers.reader import MAX_PARTS, Header, Reader, unreadable
from ideation.core.images.refusal import Refusal, Refused

SIGNATURE = b"\xff\xd8\xff"

_START_OF_SCAN = 0xDA
_END = 0xD9
_APP1 = 0xE1
#: SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC), which only share the range.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Markers without a length: restarts, TEM.
_BARE = frozenset(range(0xD0, 0xD8)) | {0x01}
_MODES = {1: "L", 3: "RGB", 4: "CMYK"}


def read_jpeg(reader: Reader) -> Header:
    """The header of a JPEG that has an end mark after its first scan; ``Refused`` otherwise.

    Coded pixels never contain the end mark (a 0xFF in them is followed by 0x00 or a restart), so
    finding it needs no decoding. A file of several pictures (a phone's) counts as its first.
    """
    reader.take(2)
    frame: tuple[int, int, str] | None = None
    orientation = 1
    for _ in range(MAX_PARTS):
        marker = _marker(reader)
        if marker in _BARE:
            continue
        if marker == _END:
            raise unreadable("no scan")
        length = struct.unpack(">H", reader.take(2))[0] - 2
        if length < 0:
            raise unreadable(f"segment {marker:02X}")
        if marker == _START_OF_SCAN:
            break
        if marker in _FRAMES:
            frame = _frame(reader.take(length))
        elif marker == _APP1:
            data = reader.take(length)
            if data.startswith(b"Exif\0\0"):
                orientation = orientation_in(data)
        else:
            reader.skip(length)
    else:
        raise Refused(Refusal.TOO_COMPLEX, f"more than {MAX_PARTS} segments")
    if frame is None:
        raise unreadable("a scan before its frame")
    if not reader.find(b"\xff\xd9"):
        raise Refused(Refusal.TRUNCATED, "no end mark")
    return Header(*frame, has_alpha=False, orientation=orientation)


def _marker(reader: Reader) -> int:
    """The next marker; any number of 0xFF may stand before it as filling, up to a bound."""
    if reader.take(1) != b"\xff":
        raise unreadable("no marker where one belongs")
    for _ in range(MAX_PARTS):
        code = reader.take(1)[0]
        if code != 0xFF:
            return code
    raise unreadable("filling without end")


def _frame(data: bytes) -> tuple[int, int, str]:
    if len(data) < 6:
        raise unreadable("short frame header")
    bits, height, width, components = struct.unpack_from(">BHHB", data)
    mode = _MODES.get(components)
    if bits != 8 or mode is None:
        raise unreadable(f"{components} components of {bits} bits")
    return width, height, mode
