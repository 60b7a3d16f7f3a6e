"""The one field of EXIF that matters before decoding: which way is up."""

import struct

_ORIENTATION = 0x0112
_SHORT = 3


def orientation_in(tiff: bytes) -> int:
    """EXIF orientation 1 to 8 of a TIFF block; 1 where it is missing or makes no sense.

    Source: CIPA DC-008 (Exif 3.0), 4.6.5: tag 0x0112 of the first directory, a SHORT.
    """
    tiff = tiff.removeprefix(b"Exif\0\0")
    endian = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if endian is None:
        return 1
    try:
        (start,) = struct.unpack_from(endian + "I", tiff, 4)
        (count,) = struct.unpack_from(endian + "H", tiff, start)
        for entry in range(min(count, 512)):
            tag, kind, _, value = struct.unpack_from(endian + "HHIH", tiff, start + 2 + 12 * entry)
            if tag == _ORIENTATION:
                return int(value) if kind == _SHORT and 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1
