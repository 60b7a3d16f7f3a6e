"""Small valid pictures for tests, drawn the same every time."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms, ImageDraw

#: EXIF orientation → what a camera held that way stores of an upright picture.
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
#: The colours of ``corners``, clockwise from the top left.
CORNERS = ((220, 30, 30), (30, 180, 30), (30, 30, 220), (230, 210, 20))


def corners(width: int = 320, height: int = 240, mode: str = "RGB") -> Image.Image:
    """Four quarters of different colours, so that every turn and flip shows."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    middle = width // 2, height // 2
    places = (
        (0, 0, *middle),
        (middle[0], 0, width, middle[1]),
        (*middle, width, height),
        (0, middle[1], middle[0], height),
    )
    for box, colour in zip(places, CORNERS, strict=True):
        draw.rectangle(box, fill=colour)
    return image if mode == "RGB" else image.convert(mode)


def see_through(width: int = 320, height: int = 240) -> Image.Image:
    """``corners`` with a round hole around which it fades."""
    image = corners(width, height, "RGBA")
    image.putalpha(Image.radial_gradient("L").resize((width, height)))
    return image


def encoded(image: Image.Image, format_: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def exif(orientation: int = 1, *, with_place: bool = False) -> bytes:
    """An EXIF block, on request with the names and GPS position that a phone would add."""
    block = Image.Exif()
    block[0x0112] = orientation
    if with_place:
        block[0x010F] = "SECRET-MAKER"
        block[0x013B] = "SECRET-ARTIST"
        block.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    return block.tobytes()


def swapped_profile() -> bytes:
    """sRGB's profile with red and green swapped: it shows red where green is stored."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = struct.unpack_from(">I", profile, 128)[0]
    at = {bytes(profile[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n for n in range(tags)}
    red, green = (bytes(profile[at[name] + 4 : at[name] + 12]) for name in (b"rXYZ", b"gXYZ"))
    profile[at[b"rXYZ"] + 4 : at[b"rXYZ"] + 12] = green
    profile[at[b"gXYZ"] + 4 : at[b"gXYZ"] + 12] = red
    return bytes(profile)


def png_chunk(name: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)


def with_png_chunk(png: bytes, name: bytes, data: bytes) -> bytes:
    """``png`` with one more chunk right after its header."""
    after_header = 8 + 25
    return png[:after_header] + png_chunk(name, data) + png[after_header:]
