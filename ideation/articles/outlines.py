"""What articles look like from the front: outlines and print areas, as data.

Drawn twice from the same lines: as SVG beside the form in which a designer places the art, and
by the worker that makes a product's pictures. The canvas is 1000 units wide and 1120 high. Paths
are SVG's, absolute, of M, L, C and Z alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

WIDTH, HEIGHT = 1000, 1120


@dataclass(frozen=True)
class Area:
    """A rectangle on the canvas, in its units."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Outline:
    """An article from the front."""

    silhouette: str
    #: Where its print area lies, as large as it may be.
    area: Area
    #: Seams, and rows of stitches beside them.
    seams: tuple[str, ...] = ()
    stitches: tuple[str, ...] = ()
    #: What lies behind: the inside of a collar, a second handle.
    behind: str = ""
    #: What lies before it: a handle sewn on.
    before: str = ""
    #: A label sewn to what lies behind.
    label: Area | None = None
    #: How far from the print area's edge what matters should stay, since no print sits to the
    #: millimetre.
    margin_mm: float = 10


TEE = Outline(
    silhouette=(
        "M404 168 C376 184 318 202 270 217 C204 240 128 300 60 372 C56 377 55 381 58 386"
        " C84 428 114 464 147 494 C151 498 156 498 160 494 C186 472 208 450 226 432"
        " C232 580 228 790 221 964 C220 972 224 977 232 978 C316 988 406 990 500 990"
        " C594 990 684 988 768 978 C776 977 780 972 779 964 C772 790 768 580 774 432"
        " C792 450 814 472 840 494 C844 498 849 498 853 494 C886 464 916 428 942 386"
        " C945 381 944 377 940 372 C872 300 796 240 730 217 C682 202 624 184 596 168"
        " C588 166 582 168 580 174 C574 238 542 278 500 278 C458 278 426 238 420 174"
        " C418 168 412 166 404 168 Z"
    ),
    behind=(
        "M406 168 C434 182 466 187 500 187 C534 187 566 182 594 168"
        " C590 240 548 290 500 290 C452 290 410 240 406 168 Z"
    ),
    seams=(
        "M389 176 C394 254 440 303 500 303 C560 303 606 254 611 176",
        "M270 217 C248 276 232 352 227 430",
        "M730 217 C752 276 768 352 773 430",
    ),
    stitches=(
        "M72 366 C98 408 128 444 163 476",
        "M928 366 C902 408 872 444 837 476",
        "M222 950 C312 960 404 963 500 963 C596 963 688 960 778 950",
        "M222 956 C312 966 404 969 500 969 C596 969 688 966 778 956",
    ),
    area=Area(338, 330, 324, 432),
    label=Area(474, 200, 52, 27),
)

TOTE = Outline(
    silhouette=(
        "M238 430 C330 435 420 437 500 437 C580 437 670 435 762 430 C766 620 771 830 776 1016"
        " C777 1030 770 1036 757 1037 C590 1043 410 1043 243 1037 C230 1036 223 1030 224 1016"
        " C229 830 234 620 238 430 Z"
    ),
    behind=(
        "M392 440 C394 256 440 108 512 108 C584 108 636 250 640 440 L608 440"
        " C604 268 562 142 512 142 C462 142 426 268 424 440 Z"
    ),
    before=(
        "M360 524 L360 440 C360 262 410 130 488 130 C566 130 616 262 616 440 L616 524"
        " L582 524 L582 440 C580 278 542 166 488 166 C434 166 396 278 394 440 L394 524 Z"
    ),
    seams=("M237 476 C330 481 420 483 500 483 C580 483 670 481 763 476",),
    stitches=(
        "M237 471 C330 476 420 478 500 478 C580 478 670 476 763 471",
        "M366 484 L388 484 L388 518 L366 518 L366 484 L388 518",
        "M588 484 L610 484 L610 518 L588 518 L588 484 L610 518",
    ),
    area=Area(318, 560, 364, 420),
)

SWEATSHIRT = Outline(
    silhouette=(
        "M404 176 C376 190 320 206 278 222 C226 242 196 280 180 340 C150 470 118 640 96 800"
        " L92 850 C91 858 95 862 102 864 L176 876 C184 877 189 873 190 866 L196 816"
        " C210 700 226 590 246 500 C250 640 248 790 242 900 L240 968 C240 978 245 983 254 984"
        " C336 992 418 994 500 994 C582 994 664 992 746 984 C755 983 760 978 760 968 L758 900"
        " C752 790 750 640 754 500 C774 590 790 700 804 816 L810 866 C811 873 816 877 824 876"
        " L898 864 C905 862 909 858 908 850 L904 800 C882 640 850 470 820 340"
        " C804 280 774 242 722 222 C680 206 624 190 596 176 C588 174 582 176 580 182"
        " C574 236 544 268 500 268 C456 268 426 236 420 182 C418 176 412 174 404 176 Z"
    ),
    behind=(
        "M406 176 C434 190 466 195 500 195 C534 195 566 190 594 176"
        " C590 240 548 282 500 282 C452 282 410 240 406 176 Z"
    ),
    seams=(
        "M386 184 C392 254 440 302 500 302 C560 302 608 254 614 184",
        "M278 222 C258 300 248 400 246 500",
        "M722 222 C742 300 752 400 754 500",
        "M96 800 C130 808 164 813 196 816",
        "M904 800 C870 808 836 813 804 816",
        "M242 914 C328 922 414 924 500 924 C586 924 672 922 758 914",
    ),
    area=Area(342, 350, 316, 421),
    label=Area(474, 207, 52, 27),
)

PRINT = Outline(
    silhouette="M195 130 L805 130 L805 984 L195 984 Z",
    area=Area(195, 130, 610, 854),
    margin_mm=5,
)

#: Any other article: a plain board, since nobody has drawn it yet.
BOARD = Outline(
    silhouette=(
        "M216 150 L784 150 C800 150 808 158 808 174 L808 946 C808 962 800 970 784 970"
        " L216 970 C200 970 192 962 192 946 L192 174 C192 158 200 150 216 150 Z"
    ),
    area=Area(242, 200, 516, 720),
)

_BY_SLUG: Mapping[str, Outline] = {
    "tee": TEE,
    "tote": TOTE,
    "print": PRINT,
    "sweatshirt": SWEATSHIRT,
}


def outline_of(slug: str) -> Outline:
    """The article's outline; a plain board for one that nobody has drawn."""
    return _BY_SLUG.get(slug, BOARD)


def print_area(slug: str, width_mm: float, height_mm: float) -> tuple[Area, float]:
    """Where a print area of this size lies, and how many units a millimetre is.

    As large as the outline allows, and in its middle.
    """
    room = outline_of(slug).area
    scale = min(room.width / width_mm, room.height / height_mm)
    width, height = width_mm * scale, height_mm * scale
    left = room.left + (room.width - width) / 2
    return Area(left, room.top + (room.height - height) / 2, width, height), scale


def safe_area(slug: str, width_mm: float, height_mm: float) -> Area:
    """The part of such a print area within which what matters should stay."""
    area, scale = print_area(slug, width_mm, height_mm)
    margin = outline_of(slug).margin_mm * scale
    return Area(
        area.left + margin, area.top + margin, area.width - 2 * margin, area.height - 2 * margin
    )
