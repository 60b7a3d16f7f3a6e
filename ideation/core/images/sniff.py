"""What a file is by its first bytes, whatever its name or its sender says."""

import re

from ideation.core.images.headers import gif, jpeg, png
from ideation.core.images.refusal import Refusal

#: How many bytes of the beginning are enough for every rule below.
PREFIX = 1024

_MAGIC: tuple[tuple[bytes, Refusal], ...] = (
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
#: ISO base media brands, of what is no AVIF.
_BRANDS = {
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
    """``"JPEG"``, ``"PNG"``, ``"WEBP"``, ``"AVIF"`` or ``"GIF"`` by the file's beginning.

    Of anything else, the reason to refuse it.
    """
    if start.startswith(jpeg.SIGNATURE):
        return "JPEG"
    if start.startswith(png.SIGNATURE):
        return "PNG"
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "WEBP"
    if start.startswith(gif.SIGNATURES):
        return "GIF"
    for magic, refusal in _MAGIC:
        if start.startswith(magic):
            return refusal
    if start[4:8] == b"ftyp":
        return _by_brands(start)
    return Refusal.SVG if _is_svg(start) else Refusal.NOT_A_PICTURE


def _by_brands(start: bytes) -> str | Refusal:
    """By what its first box says that the file may be read as: the major brand, then others."""
    end = min(int.from_bytes(start[:4], "big"), len(start))
    major = start[8:12]
    brands = {major, *(start[at : at + 4] for at in range(16, end - 3, 4))}
    if b"avis" in brands:
        return Refusal.ANIMATED
    if major == b"avif" or (major == b"mif1" and b"avif" in brands):
        return "AVIF"
    return _BRANDS.get(major, Refusal.NOT_A_PICTURE)


def _is_svg(start: bytes) -> bool:
    """Whether it is XML with an svg element near the top; UTF-16 shows once its zeros go."""
    for mark in _TEXT_MARKS:
        start = start.removeprefix(mark)
    text = start.replace(b"\0", b"").lstrip()
    return text.startswith(b"<") and _SVG.search(text) is not None
