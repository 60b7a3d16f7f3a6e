"""AVIF: the box that says what the file holds, and whether all of that is there.

Sources: AV1 Image File Format 1.2.0; ISO/IEC 23008-12 (items, their properties).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ideation.core.images.headers.boxes import MAX_BOXES, Fields, boxes_in, open_box
from ideation.core.images.headers.reader import MAX_PARTS, Header, Reader, unreadable
from ideation.core.images.refusal import Refusal, Refused

_MAX_META = 1 << 20
_ALPHA = frozenset(
    {
        b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
        b"urn:mpeg:hevc:2015:auxid:1",
    }
)
#: Quarter turns against the clock, then a mirror (none, top to bottom, left to right) → EXIF's
#: orientation, which this format passes over.
_ORIENTATIONS = {
    (0, None): 1,
    (0, 0): 4,
    (0, 1): 2,
    (1, None): 8,
    (1, 0): 5,
    (1, 1): 7,
    (2, None): 3,
    (2, 0): 2,
    (2, 1): 4,
    (3, None): 6,
    (3, 0): 7,
    (3, 1): 5,
}


@dataclass
class _Meta:
    """What the box tells of items, by their numbers."""

    primary: int = 0
    #: Name and content, in order; associations count them from 1.
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)
    associations: dict[int, list[int]] = field(default_factory=dict)
    #: Items that belong to others as their alpha or the like: (item, of which item).
    auxiliaries: list[tuple[int, int]] = field(default_factory=list)
    #: Where the last byte of any item lies in the file.
    end: int = 0

    def of(self, item: int) -> dict[bytes, bytes]:
        """The item's properties by name."""
        known = range(1, len(self.properties) + 1)
        wanted = (index for index in self.associations.get(item, ()) if index in known)
        return dict(self.properties[index - 1] for index in wanted)


def read_avif(reader: Reader) -> Header:
    """The header of an AVIF whose items are all there; ``Refused`` otherwise."""
    meta = _read(_find_meta(reader))
    if meta.end > reader.size:
        raise Refused(Refusal.TRUNCATED, f"needs {meta.end} bytes, has {reader.size}")
    own = meta.of(meta.primary)
    if b"ispe" not in own:
        raise unreadable("a primary item without sides")
    sides = Fields(own[b"ispe"], 4)
    width, height = sides.number(4), sides.number(4)
    auxiliaries = (item for item, of in meta.auxiliaries if of == meta.primary)
    has_alpha = any(_is_alpha(meta.of(item)) for item in auxiliaries)
    mode = ("L" if _is_grey(own) else "RGB") + ("A" if has_alpha else "")
    return Header(width, height, mode, has_alpha, orientation=_orientation(own))


def _find_meta(reader: Reader) -> bytes:
    for _ in range(MAX_BOXES):
        name, length = open_box(reader)
        if name == b"meta":
            if length > _MAX_META:
                raise Refused(Refusal.TOO_COMPLEX, f"{length} bytes to describe the picture")
            return reader.take(length)
        reader.skip(length)
    raise Refused(Refusal.TOO_COMPLEX, f"more than {MAX_BOXES} boxes")


def _read(data: bytes) -> _Meta:
    meta = _Meta()
    for name, content in boxes_in(data[4:]):
        match name:
            case b"pitm":
                meta.primary = Fields(content, 4).number(4 if content[:1] > b"\0" else 2)
            case b"iprp":
                _read_properties(meta, content)
            case b"iref":
                meta.auxiliaries += _auxiliaries(content)
            case b"iloc":
                meta.end = _end_of_items(content)
    return meta


def _read_properties(meta: _Meta, data: bytes) -> None:
    for name, content in boxes_in(data):
        if name == b"ipco":
            meta.properties += boxes_in(content)
        elif name == b"ipma":
            meta.associations |= _associations(content)


def _associations(data: bytes) -> dict[int, list[int]]:
    fields = Fields(data)
    version, flags = fields.number(1), fields.number(3)
    size = 2 if flags & 1 else 1
    highest = (1 << 8 * size - 1) - 1  # the bit above says that a reader must know the property
    found: dict[int, list[int]] = {}
    for _ in range(_bounded(fields.number(4))):
        item = fields.number(4 if version else 2)
        found[item] = [fields.number(size) & highest for _ in range(fields.number(1))]
    return found


def _auxiliaries(data: bytes) -> Iterator[tuple[int, int]]:
    size = 4 if data[:1] > b"\0" else 2
    for name, content in boxes_in(data[4:]):
        if name == b"auxl":
            fields = Fields(content)
            item = fields.number(size)
            for _ in range(_bounded(fields.number(2))):
                yield item, fields.number(size)


def _end_of_items(data: bytes) -> int:
    """Where in the file the last byte of its items lies. ISO/IEC 14496-12, 8.11.3."""
    fields = Fields(data)
    version, _, sizes = fields.number(1), fields.number(3), fields.number(2)
    offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    end, parts = 0, 0
    for _ in range(_bounded(fields.number(wide))):
        fields.number(wide)
        # Within the box of items' data, or counted from another item: not places in the file.
        is_elsewhere = version > 0 and fields.number(2) & 15
        fields.number(2)
        start = fields.number(base)
        extents = fields.number(2)
        parts = _bounded(parts + extents)
        for _ in range(extents):
            fields.number(index if version else 0)
            reach = start + fields.number(offset) + fields.number(length)
            end = end if is_elsewhere else max(end, reach)
    return end


def _bounded(count: int) -> int:
    """``count``, unless it is more than is worth walking: some parts cost no byte at all."""
    if count > MAX_PARTS:
        raise Refused(Refusal.TOO_COMPLEX, f"{count} parts")
    return count


def _is_alpha(properties: dict[bytes, bytes]) -> bool:
    return b"auxC" in properties and Fields(properties[b"auxC"], 4).text() in _ALPHA


def _is_grey(properties: dict[bytes, bytes]) -> bool:
    return b"pixi" in properties and Fields(properties[b"pixi"], 4).number(1) == 1


def _orientation(properties: dict[bytes, bytes]) -> int:
    turns = Fields(properties[b"irot"]).number(1) & 3 if b"irot" in properties else 0
    mirror = Fields(properties[b"imir"]).number(1) & 1 if b"imir" in properties else None
    return _ORIENTATIONS[turns, mirror]
