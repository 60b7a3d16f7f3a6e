"""The parts of an encoded picture, by name: what a test for metadata must look at."""

import struct

#: What pixels need, and nothing that could tell of a person, a place or a program.
BARE = {
    "JPEG": {"SOI", "APP0", "DQT", "SOF", "DHT", "SOS", "EOI"},
    "PNG": {"IHDR", "IDAT", "IEND"},
    "WEBP": {"VP8 ", "VP8L", "VP8X", "ALPH"},
    # The picture and its alpha as items of AV1, and what they are made of.
    "AVIF": {"ftyp", "mdat", "hdlr", "pitm", "iloc", "infe av01", "iref"}
    | {"ipma", "ispe", "pixi", "av1C", "auxC", "colr nclx"},
}
#: Boxes of boxes, and how many bytes of their own come before these.
_AVIF_BOXES = {"meta": 4, "iinf": 6, "iprp": 0, "ipco": 0}
#: Boxes that say after so many bytes what they hold.
_AVIF_KINDS = {"infe": 8, "colr": 0}
_JPEG = {0xE0: "APP0", 0xDB: "DQT", 0xC0: "SOF", 0xC2: "SOF", 0xC4: "DHT", 0xDA: "SOS"}
_WEBP_METADATA_FLAGS = 0x20 | 0x08 | 0x04  # ICC, EXIF, XMP


def parts(data: bytes) -> set[str]:
    """Names of a picture's segments or chunks, down to its last byte."""
    if data.startswith(b"\xff\xd8"):
        return _jpeg_parts(data)
    if data.startswith(b"\x89PNG"):
        return _png_parts(data)
    if data[4:8] == b"ftyp":
        return _avif_parts(data)
    assert data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return _webp_parts(data)


def is_bare(data: bytes, format_: str) -> bool:
    """Whether the picture holds pixels and no metadata at all."""
    return parts(data) <= BARE[format_]


def _jpeg_parts(data: bytes) -> set[str]:
    found, at = {"SOI"}, 2
    while True:
        marker = data[at + 1]
        if marker == 0xD9:
            return found | {"EOI"} | ({"trailing"} if data[at + 2 :] else set())
        (length,) = struct.unpack_from(">H", data, at + 2)
        name = _JPEG.get(marker, f"{marker:02X}")
        # JFIF alone has 16 bytes; more would be a thumbnail.
        found.add(name if name != "APP0" or length == 16 else "APP0+")
        at += 2 + length
        if marker == 0xDA:
            while not (data[at] == 0xFF and data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7):
                at += 1


def _png_parts(data: bytes) -> set[str]:
    found, at = set(), 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name = data[at + 4 : at + 8].decode("latin-1")
        found.add(name if "IEND" not in found else "trailing")
        at += 12 + length
    return found


def _webp_parts(data: bytes) -> set[str]:
    found, at = set(), 12
    end = struct.unpack_from("<I", data, 4)[0] + 8
    while at < end:
        name = data[at : at + 4].decode("latin-1")
        (length,) = struct.unpack_from("<I", data, at + 4)
        if name == "VP8X" and data[at + 8] & _WEBP_METADATA_FLAGS:
            found.add("VP8X+")
        found.add(name)
        at += 8 + length + length % 2
    return found | ({"trailing"} if len(data) > end else set())


def _avif_parts(data: bytes) -> set[str]:
    found, at = set(), 0
    while at < len(data):
        length, name = (
            struct.unpack_from(">I", data, at)[0],
            data[at + 4 : at + 8].decode("latin-1"),
        )
        inside = data[at + 8 : at + length]
        if name in _AVIF_BOXES:
            found |= _avif_parts(inside[_AVIF_BOXES[name] :])
        elif name in _AVIF_KINDS:
            kind = inside[_AVIF_KINDS[name] :][:4].decode("latin-1")
            found.add(f"{name} {kind}")
        else:
            found.add(name)
        assert length >= 8, "a box of no length"
        at += length
    return found
