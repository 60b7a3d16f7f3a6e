"""Files made to do harm, or simply broken, generated the same every time."""

import random
import struct
import zlib
from collections.abc import Iterator

from tests.core.images.drawing import (
    corners,
    encoded,
    exif,
    png_chunk,
    see_through,
    swapped_profile,
    with_png_chunk,
)
from tests.core.images.hostile_frames import frame_bombs, frame_seeds

_HTML = b"<html><body><script>alert(document.cookie)</script></body></html>"
_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script>'
    b'<image href="file:///etc/passwd"/></svg>'
)
_BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">'
    b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><svg>&b;</svg>'
)
_EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99999 99999\n(%pipe%id) (r) file\n"
_ZIP = b"PK\x03\x04" + bytes(26) + b"x.html" + _HTML


def seeds() -> dict[str, bytes]:
    """Valid small pictures of every kind that may come in, to be cut, bent and extended."""
    small = corners(72, 64)
    return {
        "baseline.jpg": encoded(small, "JPEG", exif=exif(6), icc_profile=swapped_profile()),
        "progressive.jpg": encoded(small, "JPEG", progressive=True, comment=b"hello"),
        "grey.jpg": encoded(small.convert("L"), "JPEG"),
        "cmyk.jpg": encoded(small.convert("CMYK"), "JPEG"),
        "restarts.jpg": encoded(small, "JPEG", restart_marker_rows=1),
        "rgb.png": encoded(small, "PNG", icc_profile=swapped_profile(), exif=exif(3)),
        "rgba.png": encoded(see_through(72, 64), "PNG"),
        "palette.png": encoded(see_through(72, 64).quantize(16), "PNG"),
        "key.png": encoded(small, "PNG", transparency=(220, 30, 30)),
        "grey16.png": encoded(small.convert("I;16"), "PNG"),
        "bits.png": encoded(small.convert("1"), "PNG"),
        "lossy.webp": encoded(small, "WEBP", exif=exif(8), icc_profile=swapped_profile()),
        "alpha.webp": encoded(see_through(72, 64), "WEBP"),
        "lossless.webp": encoded(see_through(72, 64), "WEBP", lossless=True),
        **frame_seeds(),
    }


def hostile_files() -> dict[str, bytes]:
    """500 files by name."""
    files = dict(_bombs())
    files |= dict(frame_bombs())
    files |= dict(_polyglots())
    files |= dict(_impostors())
    files |= dict(_crooked_headers())
    rng = random.Random(500)
    kinds = list(seeds().items())
    while len(files) < 500:
        name, data = kinds[len(files) % len(kinds)]
        files[f"cut-{len(files)}-{name}"] = data[: rng.randrange(1, len(data))]
    return files


def fuzzed_files(count: int) -> Iterator[tuple[str, bytes]]:
    """Seeds with some bytes or bits changed, repeated, or left out; headers more often."""
    rng = random.Random(2000)
    kinds = list(seeds().items())
    for number in range(count):
        name, data = kinds[number % len(kinds)]
        bent = bytearray(data)
        for _ in range(rng.choice((1, 1, 2, 4, 16))):
            reach = len(bent) if rng.random() < 0.6 else min(len(bent), 200)
            at = rng.randrange(reach)
            match rng.randrange(4):
                case 0:
                    bent[at] ^= 1 << rng.randrange(8)
                case 1:
                    bent[at] = rng.choice((0, 1, 0x7F, 0x80, 0xFF))
                case 2:
                    del bent[at : at + rng.randrange(1, 9)]
                case _:
                    bent[at:at] = bent[at : at + rng.randrange(1, 33)]
        if name.endswith(".png") and rng.random() < 0.7:
            bent = bytearray(_with_true_checksums(bytes(bent)))
        yield f"fuzz-{number}-{name}", bytes(bent)


def _with_true_checksums(png: bytes) -> bytes:
    """A bent PNG whose checksums hold, so that the bend gets past them to the decoder."""
    fixed, at = bytearray(png[:8]), 8
    while at + 12 <= len(png):
        (length,) = struct.unpack_from(">I", png, at)
        if at + 12 + length > len(png):
            break
        fixed += png_chunk(png[at + 4 : at + 8], png[at + 8 : at + 8 + length])
        at += 12 + length
    return bytes(fixed) + png[at:]


def png_of_sides(width: int, height: int, pixels: bytes = b"") -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    data = png_chunk(b"IDAT", pixels or zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + header + data + png_chunk(b"IEND", b"")


def _jpeg_of_sides(jpeg: bytes, width: int, height: int) -> bytes:
    at = next(jpeg.index(start) for start in (b"\xff\xc0\0", b"\xff\xc2\0") if start in jpeg)
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def _bombs() -> Iterator[tuple[str, bytes]]:
    """Little to send, much to open: sides, inflation, scans, parts."""
    sides = (1, 63, 7072, 7080, 16_383, 30_000, 65_500, 100_000, 2**31 - 1, 2**32 - 1)
    kinds = seeds()
    for width in sides:
        for height in sides:
            yield f"bomb-sides-{width}x{height}.png", png_of_sides(width, height)
            if width < 65_536 and height < 65_536:
                for name in ("baseline.jpg", "progressive.jpg"):
                    bomb = _jpeg_of_sides(kinds[name], width, height)
                    yield f"bomb-sides-{width}x{height}-{name}", bomb
    inflated = zlib.compress(bytes(64 << 20), 9)
    png = kinds["rgb.png"]
    for name, data in {
        "iCCP": b"x\0\0" + inflated,
        "zTXt": b"x\0\0" + inflated,
        "iTXt": b"x\0\1\0\0\0" + inflated,
        "eXIf": bytes(1 << 20),
        "tEXt": b"x\0" + bytes(8 << 20),
    }.items():
        yield f"bomb-{name}.png", with_png_chunk(png, name.encode(), data)
    many = png_chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(1 << 20), 9)) * 200
    yield "bomb-many-zTXt.png", png[:33] + many + png[33:]
    yield "bomb-pixels.png", png_of_sides(64, 64, inflated)
    yield "bomb-parts.png", png[:33] + png_chunk(b"teXt", b"") * 200_000 + png[33:]
    yield "bomb-parts.jpg", b"\xff\xd8" + b"\xff\xe5\0\2" * 500_000 + kinds["grey.jpg"][2:]
    yield "bomb-filling.jpg", b"\xff\xd8" + b"\xff" * 2_000_000 + kinds["grey.jpg"][2:]
    for side in (64, 2000):
        yield f"bomb-scans-{side}.jpg", scan_bomb(side)
    vp8x = b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + b"\xfe\x3f\0" * 2
    body = vp8x + kinds["lossless.webp"][12:]
    yield "bomb-canvas.webp", b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def scan_bomb(side: int) -> bytes:
    """A progressive JPEG of many pixels whose last scan is repeated a thousand times."""
    progressive = seeds()["progressive.jpg"]
    start = progressive.rindex(b"\xff\xda")
    scan = progressive[start:-2]
    return _jpeg_of_sides(progressive[:start], side, side) + scan * 1000 + b"\xff\xd9"


def _polyglots() -> Iterator[tuple[str, bytes]]:
    """One file, two meanings: a picture to us, a page, a script or an archive to somebody else."""
    yield "poly-gif-script.gif", b"GIF89a/*" + bytes(100) + b"*/=1;alert(1)//"
    for name, data in seeds().items():
        for label, tail in {"html": _HTML, "zip": _ZIP, "svg": _SVG, "php": b"<?php 1;"}.items():
            yield f"poly-tail-{label}-{name}", data + tail
    for payload, label in ((_HTML, "html"), (b"=alert(1);", "script")):
        jpeg = seeds()["baseline.jpg"]
        comment = b"\xff\xfe" + struct.pack(">H", len(payload) + 2) + payload
        yield f"poly-comment-{label}.jpg", jpeg[:2] + comment + jpeg[2:]
        text = with_png_chunk(seeds()["rgb.png"], b"tEXt", b"Comment\0" + payload)
        yield f"poly-text-{label}.png", text


def _impostors() -> Iterator[tuple[str, bytes]]:
    """What is no accepted picture at all, under the name of one."""
    bodies = {
        "svg": _SVG,
        "laughs": _BILLION_LAUGHS,
        "eps": _EPS,
        "html": _HTML,
        "zip": _ZIP,
        "bmp": encoded(corners(), "BMP"),
        "tiff": encoded(corners(), "TIFF"),
        "ico": encoded(corners(), "ICO"),
        "ppm": encoded(corners(), "PPM"),
        "pdf": encoded(corners(), "PDF"),
        "jp2": encoded(corners(), "JPEG2000"),
        "psd": b"8BPS\0\1" + bytes(600),
        "heic": b"\0\0\0\x18ftypheic" + bytes(400),
        "empty": b"",
        "nul": bytes(4096),
        "text": b"just words",
        "noise": random.Random(1).randbytes(4096),
        "elf": b"\x7fELF" + bytes(400),
    }
    for label, body in bodies.items():
        for extension in ("png", "jpg", "webp"):
            yield f"impostor-{label}.{extension}", body
    for magic in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x10\0\0\0WEBP"):
        for body in (b"", _HTML, bytes(64), random.Random(2).randbytes(512)):
            yield f"only-magic-{magic[:4].hex()}-{len(body)}", magic + body


def _crooked_headers() -> Iterator[tuple[str, bytes]]:
    """Fields that no honest program writes."""
    png = seeds()["rgba.png"]
    for depth in (0, 1, 3, 16, 255):
        for colour_type in range(8):
            header = struct.pack(">IIBBBBB", 72, 64, depth, colour_type, 0, 0, 0)
            yield (
                f"crooked-{depth}-{colour_type}.png",
                png[:8] + png_chunk(b"IHDR", header) + png[33:],
            )
    two_frames = struct.pack(">II", 2, 0)
    yield "crooked-animated.png", with_png_chunk(png, b"acTL", two_frames)
    loop = struct.pack("<4sIIHH", b"II*\0", 8, 0, 0, 0)[:8] + b"\xff\xff" + bytes(6000)
    yield "crooked-exif.png", with_png_chunk(png, b"eXIf", loop)
    frames = [corners(72, 64), see_through(72, 64).convert("RGB")]
    moving = encoded(frames[0], "WEBP", save_all=True, append_images=[frames[1].rotate(90)])
    yield "crooked-animated.webp", moving
