"""GIF: blocks up to the end of the first frame; later frames are not the picture's business.

Source: Graphics Interchange Format, version 89a (CompuServe, 1990).
"""

import struct

from ideation.core.images.headers.reader import Header, Reader, unreadable
from ideation.core.images.refusal import Refusal, Refused

SIGNATURES = (b"GIF87a", b"GIF89a")

_EXTENSION = b"!"
_IMAGE = b","
_GRAPHIC_CONTROL = 0xF9
_HAS_TABLE = 0x80
#: 20 MB in full blocks of 255 bytes are 82,000; walking as many takes some 150 ms.
_MAX_BLOCKS = 100_000


def read_gif(reader: Reader) -> Header:
    """The header of a GIF whose first frame is all there; ``Refused`` otherwise.

    Frames are not counted: of a picture that moves its first one is taken.
    """
    width, height, flags = struct.unpack("<6xHHB2x", reader.take(13))
    _skip_table(reader, flags)
    blocks = _Blocks(reader)
    has_key = False
    while (kind := reader.take(1)) == _EXTENSION:
        if reader.take(1)[0] == _GRAPHIC_CONTROL:
            has_key = bool(_control_flags(reader) & 1)
        blocks.skip()
    if kind != _IMAGE:
        raise unreadable(f"block {kind!r} where the first frame belongs")
    left, top, wide, high, flags = struct.unpack("<HHHHB", reader.take(9))
    _skip_table(reader, flags)
    reader.skip(1)
    blocks.skip()
    # A frame may reach beyond its screen, which then grows, as in browsers.
    return Header(max(width, left + wide), max(height, top + high), "P", has_alpha=has_key)


def _skip_table(reader: Reader, flags: int) -> None:
    if flags & _HAS_TABLE:
        reader.skip(3 << (flags & 7) + 1)


def _control_flags(reader: Reader) -> int:
    if reader.take(1) != b"\4":
        raise unreadable("graphic control of another length")
    return reader.take(4)[0]


class _Blocks:
    """Runs of data blocks, each a length and as many bytes, ended by an empty one."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._left = _MAX_BLOCKS

    def skip(self) -> None:
        """Pass over a run; ``Refused`` once all runs together have too many blocks."""
        length = 1
        while length:
            length = self._reader.take(1)[0]
            self._reader.skip(length)
            self._left -= 1
            if self._left < 0:
                raise Refused(Refusal.TOO_COMPLEX, f"more than {_MAX_BLOCKS} blocks")
