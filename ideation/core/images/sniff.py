"""What a file is by its first bytes, whatever its name or its sender says."""

import re

from ideation.core.images.headers import jpeg, png
from ideation.core.images.refusal import Refusal

#: How many bytes of the beginning are enough for every rule below.
PREFIX = 1024

_MAGIC: tuple[tuple[bytes, Refusal], ...] = (
    (b"GIF87a", Refusal.GIF),
    (b"GIF89a", Refusal.GIF),
    (b"%PDF-", Refusal.PRINT_FILE),
    (b"%!PS", Refusal.PRINT_FILE),
    (b"\xc5\xd0\xd3\xc6", Refusal.PRINT_FILE),
    (b"II*\0", Refusal.TIFF),
    (b"MM\0*", Refusal.TIFF),
    (b"II+\0", Refusal.TIFF),
    (b"MM\0+", Refusal.TIFF),
    (b"8BPS", Refusal.LAYERED),
    (b"gimp xcf", Refusal.LAYERED),
    (b"\0\0\0\x0cjP  \r\n\x87\n", Refusal.OTHER_FORMAT),
    (b"\xff\x4f\xff\x51", Refusal.OTHER_FORMAT),
    (b"\0\0\0\x0cJXL \r\n\x87\n", Refusal.OTHER_FORMAT),
    (b"\xff\x0a", Refusal.OTHER_FORMAT),
    (b"\0\0\1\0", Refusal.OTHER_FORMAT),
    (b"\0\0\2\0", Refusal.OTHER_FORMAT),
    (b"BM", Refusal.BMP),
)
#: ISO base media brands (bytes 8 to 12, after "ftyp").
_BRANDS = {
    b"avif": Refusal.AVIF,
    b"avis": Refusal.AVIF,
    b"heic": Refusal.HEIC,
    b"heix": Refusal.HEIC,
    b"hevc": Refusal.HEIC,
    b"heim": Refusal.HEIC,
    b"heis": Refusal.HEIC,
    b"mif1": Refusal.HEIC,
    b"msf1": Refusal.HEIC,
}
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_TEXT_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def sniff(start: bytes) -> str | Refusal:
    """``"JPEG"``, ``"PNG"`` or ``"WEBP"``, else the reason to refuse what begins with ``start``."""
    if start.startswith(jpeg.SIGNATURE):
        return "JPEG"
    if start.startswith(png.SIGNATURE):
        return "PNG"
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "WEBP"
    for magic, refusal in _MAGIC:
        if start.startswith(magic):
            return refusal
    if start[4:8] == b"ftyp":
        return _BRANDS.get(start[8:12], Refusal.NOT_A_PICTURE)
    return Refusal.SVG if _is_svg(start) else Refusal.NOT_A_PICTURE


def _is_svg(start: bytes) -> bool:
    """Whether it is XML with an svg element near the top; UTF-16 shows once its zeros go."""
    for mark in _TEXT_MARKS:
        start = start.removeprefix(mark)
    text = start.replace(b"\0", b"").lstrip()
    return text.startswith(b"<") and _SVG.search(text) is not None
