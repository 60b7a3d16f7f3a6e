"""WebP: RIFF chunks to the end the file states. Source: RFC 9649."""

import struct

from ideation.core.images.headers.exif import orientation_in
from ideation.core.images.headers.reader import MAX_PARTS, Header, Reader, unreadable
from ideation.core.images.refusal import Refusal, Refused

_ALPHA_FLAG = 0x10


def read_webp(reader: Reader) -> Header:
    """The header of a WebP whose chunks are all there; ``Refused`` otherwise."""
    (stated,) = struct.unpack("<4xI4x", reader.take(12))
    end = stated + 8
    if end > reader.size:
        raise Refused(Refusal.TRUNCATED, f"states {end} bytes, has {reader.size}")
    name, length = _chunk(reader)
    if name == b"VP8 ":
        return _lossy(reader)
    if name == b"VP8L":
        return _lossless(reader)
    if name == b"VP8X" and length >= 10:
        return _extended(reader, length, end)
    raise unreadable(f"first chunk {name!r}")


def _lossy(reader: Reader) -> Header:
    """RFC 6386, 9.1: three bytes of frame tag, the start code, two sides of 14 bits."""
    tag, start, width, height = struct.unpack("<3s3sHH", reader.take(10))
    if tag[0] & 1 or start != b"\x9d\x01\x2a":
        raise unreadable("no key frame")
    return Header(width & 0x3FFF, height & 0x3FFF, "RGB", has_alpha=False)


def _lossless(reader: Reader) -> Header:
    signature, bits = struct.unpack("<BI", reader.take(5))
    if signature != 0x2F:
        raise unreadable("no lossless signature")
    alpha = bool(bits >> 28 & 1)
    sides = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return Header(*sides, "RGBA" if alpha else "RGB", alpha)


def _extended(reader: Reader, length: int, end: int) -> Header:
    canvas = reader.take(10)
    reader.skip(length - 10 + length % 2)
    width = int.from_bytes(canvas[4:7], "little") + 1
    height = int.from_bytes(canvas[7:10], "little") + 1
    alpha = bool(canvas[0] & _ALPHA_FLAG)
    frames, stills, orientation = 0, 0, 1
    for _ in range(MAX_PARTS):
        if reader.at + 8 > end:
            break
        name, size = _chunk(reader)
        frames += name == b"ANMF"
        stills += name in {b"VP8 ", b"VP8L"}
        body = reader.at
        if name == b"EXIF" and size <= 1 << 16:
            orientation = orientation_in(reader.take(size))
        reader.skip(body + size - reader.at)
        if size % 2 and reader.at < end:
            reader.skip(1)
    else:
        raise Refused(Refusal.TOO_COMPLEX, f"more than {MAX_PARTS} chunks")
    if not frames and not stills:
        raise unreadable("no pixels")
    return Header(width, height, "RGBA" if alpha else "RGB", alpha, max(1, frames), orientation)


def _chunk(reader: Reader) -> tuple[bytes, int]:
    name, length = struct.unpack("<4sI", reader.take(8))
    return name, length
