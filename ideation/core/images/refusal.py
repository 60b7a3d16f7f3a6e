"""Why a picture cannot be used, as codes that outlive their wording."""

from enum import StrEnum


class Refusal(StrEnum):
    """A reason the designer can act on; the value is what the database stores."""

    EMPTY = "empty"
    TOO_HEAVY = "too_heavy"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    TOO_LONG = "too_long"
    ANIMATED = "animated"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    TOO_COMPLEX = "too_complex"
    NOT_A_PICTURE = "not_a_picture"
    # A picture or a document all right, only in no format that is accepted:
    SVG = "svg"
    PRINT_FILE = "print_file"
    HEIC = "heic"
    TIFF = "tiff"
    BMP = "bmp"
    LAYERED = "layered"
    OTHER_FORMAT = "other_format"


class Refused(Exception):
    """The picture cannot be used; ``detail`` is for the log, members read ``messages``."""

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
