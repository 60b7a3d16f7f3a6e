"""How light falls on an article: its folds as data, and the relief made of them.

A relief is a grey picture as large as the canvas: 128 is flat, darker lies in shadow, lighter
faces the light, which comes from the upper left. It does not depend on the colour, so each is
made once a process.
"""

import functools
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter

from ideation.articles.outlines import Outline, outline_of
from ideation.products import canvas

_FLAT = 128
#: Folds and clouds are soft: half the resolution is more than enough.
_COARSE = 0.5


@dataclass(frozen=True)
class Fold:
    """A crease along a path: its shaded side, and the lit side ``lit`` units away from it."""

    path: str
    width: float
    depth: int
    lit: tuple[float, float] = (-14, -8)
    blur: float = 9


@dataclass(frozen=True)
class Cloth:
    """How an article hangs: folds, how round its edges are, how coarse its threads are."""

    folds: tuple[Fold, ...]
    #: Units over which the surface bends away at its edges, and how dark it gets there.
    edge: float
    edge_depth: float
    clouds: float
    #: How much threads show, and their cells along and across, for warp and weft.
    thread: float
    warp: tuple[int, int]
    weft: tuple[int, int]


_TEE = Cloth(
    folds=(
        # From the armpits across the chest, and down the sides.
        Fold("M230 440 C268 478 318 526 380 556", 18, 84, (-3, -13), 6),
        Fold("M234 436 C262 454 300 480 336 492", 12, 60, (-2, -10), 4),
        Fold("M770 440 C732 478 684 522 628 548", 18, 90, (4, -13), 6),
        Fold("M766 436 C738 454 704 474 668 486", 12, 66, (2, -10), 4),
        Fold("M234 462 C254 540 262 620 304 720", 30, 54, (17, -2), 13),
        Fold("M766 462 C746 540 740 610 700 706", 30, 66, (-17, -2), 13),
        # From the shoulders, where the cloth hangs.
        Fold("M322 210 C312 280 298 336 266 404", 22, 44, (14, 2), 12),
        Fold("M678 210 C688 280 702 336 734 404", 22, 52, (-14, 2), 12),
        Fold("M430 312 C452 330 548 330 570 312", 16, 30, (0, -12), 9),
        # Across the belly and at the hem.
        Fold("M252 842 C330 806 396 744 446 656", 40, 40, (-8, -22), 18),
        Fold("M752 870 C690 826 636 770 596 700", 40, 48, (8, -22), 18),
        Fold("M300 900 C352 872 404 836 430 790", 16, 34, (-4, -11), 7),
        Fold("M352 984 C344 910 356 846 340 764", 26, 54, (-16, 0), 12),
        Fold("M566 986 C578 920 560 868 574 790", 24, 44, (-16, 0), 13),
        Fold("M690 980 C684 930 702 880 692 830", 20, 50, (-13, 0), 9),
        Fold("M450 988 C442 944 458 912 448 874", 18, 42, (-12, 0), 9),
        Fold("M262 976 C256 930 268 900 260 852", 16, 46, (11, 0), 8),
        # The sleeves.
        Fold("M224 418 C196 404 162 370 138 332", 18, 84, (8, -12), 6),
        Fold("M776 418 C804 404 838 370 862 332", 18, 92, (-8, -12), 6),
        Fold("M212 438 C176 436 142 424 106 394", 15, 66, (5, -11), 6),
        Fold("M788 438 C824 436 858 424 894 394", 15, 74, (-5, -11), 6),
        Fold("M256 266 C216 290 176 326 150 376", 22, 36, (-10, -12), 10),
        Fold("M744 266 C784 290 824 326 850 376", 22, 48, (10, -12), 10),
    ),
    edge=15,
    edge_depth=0.42,
    clouds=0.20,
    thread=0.036,
    warp=(1150, 300),
    weft=(820, 900),
)

_TOTE = Cloth(
    folds=(
        Fold("M376 528 C372 600 350 690 322 800", 26, 56, (-15, 0), 13),
        Fold("M600 528 C606 600 632 690 668 800", 26, 62, (-15, 0), 13),
        Fold("M250 500 C262 640 254 800 268 968", 28, 48, (15, 0), 13),
        Fold("M750 500 C738 640 746 800 732 968", 28, 56, (-15, 0), 13),
        Fold("M288 1024 C356 980 400 908 432 806", 34, 42, (-8, -16), 17),
        Fold("M706 1026 C650 988 606 918 574 838", 34, 48, (6, -16), 17),
        Fold("M398 446 C440 474 556 474 580 446", 20, 40, (0, -12), 9),
        Fold("M228 1020 C250 1002 280 992 310 988", 12, 44, (0, -9), 5),
        Fold("M772 1020 C750 1002 720 992 690 988", 12, 48, (0, -9), 5),
    ),
    edge=13,
    edge_depth=0.40,
    clouds=0.15,
    thread=0.06,
    warp=(760, 150),
    weft=(140, 860),
)

_SWEATSHIRT = Cloth(
    folds=(
        # From the armpits across the chest, and where the ribbed hem gathers the body.
        Fold("M250 510 C290 540 338 580 396 604", 20, 76, (-3, -13), 7),
        Fold("M750 510 C710 540 660 576 608 598", 20, 82, (4, -13), 7),
        Fold("M256 540 C270 630 276 720 300 800", 30, 50, (17, -2), 13),
        Fold("M744 540 C730 630 724 720 700 800", 30, 60, (-17, -2), 13),
        Fold("M330 226 C320 300 304 360 274 430", 22, 40, (14, 2), 12),
        Fold("M670 226 C680 300 696 360 726 430", 22, 48, (-14, 2), 12),
        Fold("M432 312 C454 328 546 328 568 312", 16, 30, (0, -12), 9),
        Fold("M270 896 C340 860 400 820 440 752", 36, 46, (-8, -22), 16),
        Fold("M736 900 C676 866 630 826 596 764", 36, 54, (8, -22), 16),
        Fold("M380 908 C372 872 380 842 370 800", 22, 46, (-14, 0), 10),
        Fold("M540 912 C548 876 538 850 548 812", 22, 42, (-14, 0), 10),
        Fold("M640 908 C634 880 644 858 636 826", 18, 44, (-12, 0), 9),
        # The sleeves: bent at the elbow, heaped above the cuff.
        Fold("M236 470 C206 452 184 420 174 384", 18, 76, (8, -12), 7),
        Fold("M764 470 C794 452 816 420 826 384", 18, 84, (-8, -12), 7),
        Fold("M222 604 C196 600 166 586 142 562", 18, 70, (4, -12), 7),
        Fold("M778 604 C804 600 834 586 858 562", 18, 78, (-4, -12), 7),
        Fold("M212 664 C186 664 154 652 132 632", 14, 60, (4, -11), 6),
        Fold("M788 664 C814 664 846 652 868 632", 14, 66, (-4, -11), 6),
        Fold("M200 776 C170 778 132 766 106 752", 16, 66, (2, -11), 6),
        Fold("M800 776 C830 778 868 766 894 752", 16, 72, (-2, -11), 6),
    ),
    edge=17,
    edge_depth=0.42,
    clouds=0.20,
    thread=0.045,
    warp=(700, 240),
    weft=(520, 640),
)

_SHEET = Cloth(
    folds=(Fold("M200 990 C330 962 670 962 800 990", 60, 16, (0, -40), 26),),
    edge=4,
    edge_depth=0.12,
    clouds=0.028,
    thread=0.013,
    warp=(1000, 1120),
    weft=(600, 660),
)
_BY_SLUG = {"tee": _TEE, "tote": _TOTE, "sweatshirt": _SWEATSHIRT}


def cloth_of(slug: str) -> Cloth:
    """How an article hangs; what is not cloth is flat."""
    return _BY_SLUG.get(slug, _SHEET)


@functools.lru_cache(maxsize=8)
def relief(slug: str, scale: float) -> Image.Image:
    """The article's relief at a scale, 128 where it is flat."""
    cloth, outline = cloth_of(slug), outline_of(slug)
    soft = _folded(cloth)
    soft = _add(soft, _clouds(), cloth.clouds)
    soft = _add(soft, _rounding(cloth, outline), cloth.edge_depth)
    whole = weave(slug, scale).copy()
    whole = _add(soft.resize(whole.size, Image.Resampling.BICUBIC), whole, 1)
    for path in outline.seams:
        whole = _pressed(whole, canvas.line(path, 2.0, scale), 0.30, scale)
    for path in outline.stitches:
        whole = _pressed(whole, canvas.dashes(path, 1.3, 4.4, 2.6, scale), 0.42, scale)
    return whole


@functools.lru_cache(maxsize=8)
def weave(slug: str, scale: float) -> Image.Image:
    """The threads alone, for parts that lie apart from the folds."""
    cloth, size = cloth_of(slug), canvas.size_at(scale)
    threads = Image.blend(
        canvas.noise(cloth.warp, size, seed=11), canvas.noise(cloth.weft, size, seed=12), 0.5
    )
    return _add(Image.new("L", size, _FLAT), threads, cloth.thread * 2)


def _folded(cloth: Cloth) -> Image.Image:
    ground = Image.new("L", canvas.size_at(_COARSE), _FLAT)
    for fold in cloth.folds:
        shade = canvas.stroke(fold.path, fold.width, fold.depth, fold.blur, _COARSE)
        lit = canvas.moved(shade, *fold.lit, _COARSE)
        ground = ImageChops.subtract(ground, shade.point(lambda value: round(value * 0.62)))
        ground = ImageChops.add(ground, lit.point(lambda value: round(value * 0.46)))
    return ground


def _clouds() -> Image.Image:
    """Slow changes of light, larger than any fold."""
    size = canvas.size_at(_COARSE)
    wide = canvas.noise((6, 7), size, seed=5)
    fine = canvas.noise((15, 13), size, seed=8)
    return Image.blend(wide, fine, 0.4).filter(ImageFilter.GaussianBlur(12 * _COARSE))


def _rounding(cloth: Cloth, outline: Outline) -> Image.Image:
    """Darker towards the edges, most at those that face away from the light."""
    mask = canvas.fill(outline.silhouette, _COARSE)
    blurred = mask.filter(ImageFilter.GaussianBlur(cloth.edge * _COARSE))
    away = canvas.moved(blurred, -cloth.edge / 3, -cloth.edge / 3, _COARSE)
    # In the middle it is white (no change); what is lost at the edges is shade.
    return away.point(lambda value: _FLAT - round((255 - value) / 2))


def _pressed(ground: Image.Image, mask: Image.Image, depth: float, scale: float) -> Image.Image:
    """A groove along the mask, and its lit lip below it."""
    groove = mask.filter(ImageFilter.GaussianBlur(0.7 * scale))
    lip = canvas.moved(groove, 1.2, 2.0, scale)
    ground = ImageChops.subtract(ground, groove.point(lambda value: round(value * depth)))
    return ImageChops.add(ground, lip.point(lambda value: round(value * depth / 2)))


def _add(ground: Image.Image, other: Image.Image, share: float) -> Image.Image:
    """Add what of ``other`` differs from flat, times ``share``."""
    table = [round(_FLAT + (value - _FLAT) * share) for value in range(256)]
    return ImageChops.add(ground, other.point(table), scale=1, offset=-_FLAT)
