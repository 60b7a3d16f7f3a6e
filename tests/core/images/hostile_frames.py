"""Files made to do harm in the formats that may hold more than one frame: AVIF and GIF."""

import struct
from collections.abc import Iterator

from PIL import Image

from tests.core.images.drawing import corners, encoded, exif, see_through, swapped_profile

_SCRIPT = b"<script>alert(document.cookie)</script>"
_TRAILER = b"\0;"


def frame_seeds() -> dict[str, bytes]:
    """Valid small pictures, to be cut, bent and extended."""
    small = corners(72, 64)
    turned = [small.rotate(90), small.rotate(180)]
    return {
        "lossy.avif": encoded(small, "AVIF", exif=exif(6), icc_profile=swapped_profile()),
        "alpha.avif": encoded(see_through(72, 64), "AVIF"),
        "grey.avif": encoded(small.convert("L"), "AVIF", exif=exif(7)),
        "palette.gif": encoded(small.quantize(16), "GIF", interlace=True, comment=b"hello"),
        "key.gif": encoded(see_through(72, 64), "GIF"),
        "moving.gif": encoded(small, "GIF", save_all=True, append_images=turned),
    }


def frame_bombs() -> Iterator[tuple[str, bytes]]:
    """Little to send, much to open, or to walk."""
    yield from _avif_bombs()
    yield from _gif_bombs()


def gif(screen: tuple[int, int], frame: tuple[int, int, int, int], pixels: bytes) -> bytes:
    """A GIF of two colours with one frame: (left, top, width, height) on a screen."""
    head = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x80, 0, 0) + bytes(3) + b"\xff\xff\xff"
    return head + b"," + struct.pack("<HHHHB", *frame, 0) + pixels + _TRAILER


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def with_sides(avif: bytes, width: int, height: int) -> bytes:
    """The AVIF saying that it has these sides, whatever its pixels say."""
    at = avif.index(b"ispe") + 8
    return avif[:at] + struct.pack(">II", width, height) + avif[at + 8 :]


def disguised(animation: bytes) -> bytes:
    """An animated AVIF that calls itself a still, everywhere."""
    return animation.replace(b"avis", b"avif")


def moving_avif(count: int) -> bytes:
    frames = [corners(72, 64).rotate(n) for n in range(count)]
    return encoded(frames[0], "AVIF", save_all=True, append_images=frames[1:], speed=10)


def _avif_bombs() -> Iterator[tuple[str, bytes]]:
    still = frame_seeds()["alpha.avif"]
    for width, height in ((0, 0), (1, 1), (7000, 7000), (65_535, 65_535), (2**32 - 1,) * 2):
        yield f"bomb-ispe-{width}x{height}.avif", with_sides(still, width, height)
    large = encoded(Image.new("RGB", (3000, 3000)), "AVIF", speed=10)
    yield "bomb-more-than-it-says.avif", with_sides(large, 72, 64)
    animation = moving_avif(24)
    yield "bomb-moving.avif", animation
    yield "bomb-moving-in-disguise.avif", disguised(animation)
    head, rest = still[: still.index(b"meta") - 4], still[still.index(b"meta") - 4 :]
    yield "bomb-free.avif", head + box(b"free", b"") * 1_000_000 + rest
    yield "bomb-long.avif", head + struct.pack(">I4sQ", 1, b"meta", 2**63)
    yield "bomb-to-the-end.avif", head + struct.pack(">I4s", 0, b"meta") + bytes(2 << 20)
    yield "bomb-nothing.avif", head + box(b"meta", b"")
    yield "poly-free.avif", head + rest + box(b"free", _SCRIPT)
    for label, part in _tedious_parts():
        yield f"bomb-{label}.avif", head + box(b"meta", bytes(4) + part) + still


def _tedious_parts() -> Iterator[tuple[str, bytes]]:
    """Parts that state more entries than they have bytes for."""
    yield "extents", box(b"iloc", b"\1\0\0\0\0\0" + b"\xff\xff" + b"\0\1\0\0\0\0\xff\xff" * 65_535)
    yield "items", box(b"iloc", b"\2\0\0\0\0\0" + b"\xff" * 4)
    yield "associations", box(b"iprp", box(b"ipma", bytes(4) + b"\xff" * 4 + b"\0\1\xff"))
    yield "references", box(b"iref", bytes(4) + box(b"auxl", b"\0\1\xff\xff"))
    yield "properties", box(b"iprp", box(b"ipco", box(b"free", b"") * 100_000))
    yield "no-text", box(b"iprp", box(b"ipco", box(b"auxC", bytes(4) + b"x" * 100)))


def _gif_bombs() -> Iterator[tuple[str, bytes]]:
    # Ten by ten pixels, in codes of two bits to begin with.
    sound = bytes.fromhex("02168c2d99872a1cdc33a00275ec95faa8de608c04914c01")
    for side in (0, 1, 72, 7000, 7072, 65_535):
        yield f"bomb-screen-{side}.gif", gif((side, side), (0, 0, 10, 10), sound)
        yield f"bomb-frame-{side}.gif", gif((1, 1), (side, side, side, side), sound)
    for code in (0, 1, 9, 12, 13, 255):
        yield f"crooked-code-{code}.gif", gif((72, 64), (0, 0, 72, 64), bytes([code]) + sound[1:])
    yield "bomb-pixels.gif", gif((72, 64), (0, 0, 72, 64), b"\2" + b"\xff" + bytes(255) * 9_000)
    still = encoded(corners(72, 64).quantize(16), "GIF")
    start = 13 + (3 << (still[10] & 7) + 1)
    head, frame = still[:start], still[start:-1]
    yield "bomb-frames.gif", head + frame * 5_000 + b";"
    yield "bomb-extensions.gif", head + b"!\xfe\0" * 1_000_000 + frame + b";"
    yield "bomb-tiny-blocks.gif", head + b"!\xfe" + b"\1x" * 1_000_000 + _TRAILER
    comment = bytes([len(_SCRIPT)]) + _SCRIPT + b"\0"
    yield "poly-comment.gif", head + b"!\xfe" + comment + frame + b";"
    yield "poly-control.gif", head + b"!\xf9\7" + bytes(7) + b"\0" + frame + b";"
