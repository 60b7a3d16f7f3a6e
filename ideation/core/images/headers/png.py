"""PNG: chunks up to the end mark. Source: PNG Specification, third edition (W3C, 2025)."""

import struct
from dataclasses import dataclass

from ideation.core.images.headers.exif import orientation_in
from ideation.core.images.headers.reader import MAX_PARTS, Header, Reader, unreadable
from ideation.core.images.refusal import Refusal, Refused

SIGNATURE = b"\x89PNG\r\n\x1a\n"

#: Colour type → (mode, has an alpha channel, bit depths that may go with it).
_COLOUR_TYPES = {
    0: ("L", False, {1, 2, 4, 8, 16}),
    2: ("RGB", False, {8, 16}),
    3: ("P", False, {1, 2, 4, 8}),
    4: ("LA", True, {8, 16}),
    6: ("RGBA", True, {8, 16}),
}


@dataclass
class _Seen:
    """What the chunks told so far."""

    transparency: bool = False
    pixels: bool = False
    frames: int = 1
    orientation: int = 1


def read_png(reader: Reader) -> Header:
    """The header of a PNG whose chunks are all there; ``Refused`` otherwise."""
    reader.take(len(SIGNATURE))
    length, name = _chunk(reader)
    if name != b"IHDR" or length != 13:
        raise unreadable("no IHDR")
    width, height, depth, colour_type = struct.unpack(">IIBB3x4x", reader.take(17))
    mode, alpha, depths = _COLOUR_TYPES.get(colour_type, ("", False, set()))
    if depth not in depths:
        raise unreadable(f"colour type {colour_type} at {depth} bits")
    seen = _walk(reader)
    return Header(
        width,
        height,
        _pillow_mode(mode, depth),
        alpha or seen.transparency,
        seen.frames,
        seen.orientation,
    )


def _pillow_mode(mode: str, depth: int) -> str:
    if mode == "L":
        return {1: "1", 16: "I;16"}.get(depth, "L")
    return mode


def _walk(reader: Reader) -> _Seen:
    """Go from chunk to chunk until IEND; what follows it is not the picture's business."""
    seen = _Seen()
    for _ in range(MAX_PARTS):
        length, name = _chunk(reader)
        if name == b"IEND":
            if not seen.pixels:
                raise unreadable("no IDAT")
            reader.skip(length + 4)
            return seen
        if name == b"acTL" and length == 8 and not seen.pixels:
            seen.frames = max(1, struct.unpack(">I4x", reader.take(8))[0])
            reader.skip(4)
        elif name == b"eXIf" and length <= 1 << 16:
            seen.orientation = orientation_in(reader.take(length))
            reader.skip(4)
        else:
            seen.pixels |= name == b"IDAT"
            seen.transparency |= name == b"tRNS"
            reader.skip(length + 4)
    raise Refused(Refusal.TOO_COMPLEX, f"more than {MAX_PARTS} chunks")


def _chunk(reader: Reader) -> tuple[int, bytes]:
    length, name = struct.unpack(">I4s", reader.take(8))
    if not name.isalpha():
        raise unreadable(f"chunk {name!r}")
    return length, name
