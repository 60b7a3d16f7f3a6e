"""What the press has on its shelves: inks, paper stocks, and the sets of them that sit well.

Overprinting is a matter of chemistry as much as of taste: a set is chosen so that its inks look
right beside each other *and* on top of each other. `TIMID` holds sets nobody minds and nobody
remembers, `CLASHES` those a beginner picks; lesser designs use them.
"""

from dataclasses import dataclass

Rgb = tuple[int, int, int]

PAPER = "paper"
"""Stands where an ink may stand and means: leave the stock bare."""


def _rgb(code: str) -> Rgb:
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


INKS: dict[str, Rgb] = {
    "black": _rgb("1B1A17"),
    "red": _rgb("C8321B"),
    "blue": _rgb("2446C7"),
    "green": _rgb("1E6F45"),
    "yellow": _rgb("EDAB1F"),
    "pink": _rgb("E08A92"),
    "orange": _rgb("E4682A"),
    "teal": _rgb("1B7A83"),
    "sky": _rgb("86B6DB"),
    "burgundy": _rgb("75263F"),
    "mint": _rgb("93C7A9"),
    "brown": _rgb("84513A"),
    "lilac": _rgb("A79BD0"),
    "navy": _rgb("1F2B5B"),
    "cream": _rgb("F5EBDA"),
    "olive": _rgb("7F7B33"),
    "peach": _rgb("F0B592"),
    "lime": _rgb("A8D61E"),
    "magenta": _rgb("E0218A"),
    "cyan": _rgb("19C3D6"),
    "violet": _rgb("6A1FC0"),
    "mud": _rgb("8C8468"),
}


@dataclass(frozen=True)
class Stock:
    """A paper. Inks darken a light one and cover a dark one."""

    name: str
    colour: Rgb
    dark: bool = False


STOCKS: dict[str, Stock] = {
    stock.name: stock
    for stock in (
        Stock("natural", _rgb("F7F1E6")),
        Stock("sand", _rgb("EFE2CC")),
        Stock("cool", _rgb("E7ECF2")),
        Stock("white", _rgb("FCFAF5")),
        Stock("blush", _rgb("F6DFD6")),
        Stock("butter", _rgb("F7E3AE")),
        Stock("celadon", _rgb("DCE8DA")),
        Stock("mustard", _rgb("EFB32F")),
        Stock("rose", _rgb("E9A7A8")),
        Stock("night", _rgb("1B1A17"), dark=True),
        Stock("midnight", _rgb("1E2850"), dark=True),
        Stock("pine", _rgb("1B4D36"), dark=True),
        Stock("cobalt", _rgb("2446C7"), dark=True),
        Stock("tomato", _rgb("C8321B"), dark=True),
        Stock("plum", _rgb("4A1F38"), dark=True),
    )
}


@dataclass(frozen=True)
class Palette:
    """A stock, three inks in order of weight, and the ink that draws lines and eyes."""

    stock: Stock
    a: str
    b: str
    c: str
    line: str

    @property
    def inks(self) -> tuple[str, ...]:
        """Each ink once, in printing order: light first, the line last."""
        return tuple(dict.fromkeys((self.c, self.b, self.a, self.line)))


def _sets(*rows: str) -> tuple[Palette, ...]:
    split = (row.split() for row in rows)
    return tuple(Palette(STOCKS[stock], a, b, c, line) for stock, a, b, c, line in split)


LIGHT = _sets(
    "natural red blue yellow black",
    "natural green yellow pink black",
    "natural blue pink yellow navy",
    "natural orange teal pink navy",
    "natural sky red black navy",
    "natural burgundy pink olive black",
    "natural teal orange mint navy",
    "sand blue pink red black",
    "sand green orange mint black",
    "sand red teal peach navy",
    "sand teal yellow brown black",
    "cool yellow pink sky black",
    "cool blue red peach black",
    "cool green pink lilac navy",
    "cool orange blue sky navy",
    "white red pink sky black",
    "white blue green yellow black",
    "white burgundy orange lilac navy",
    "white green red peach black",
    "blush burgundy green orange navy",
    "blush blue red yellow black",
    "blush teal orange burgundy navy",
    "butter red blue pink black",
    "butter green red olive black",
    "butter brown orange teal navy",
    "celadon green orange pink black",
    "celadon teal red mint navy",
    "celadon brown yellow teal black",
    "mustard red blue orange black",
    "mustard burgundy pink red black",
    "rose red teal burgundy navy",
    "rose green blue yellow black",
)

DARK = _sets(
    "night red green yellow cream",
    "night yellow pink sky cream",
    "night orange sky teal cream",
    "midnight yellow pink orange cream",
    "midnight sky red yellow cream",
    "midnight mint lilac yellow cream",
    "pine pink yellow mint cream",
    "pine orange peach sky cream",
    "cobalt pink orange yellow cream",
    "cobalt yellow sky orange cream",
    "tomato pink cream yellow black",
    "tomato yellow peach navy cream",
    "plum pink orange teal cream",
    "plum mint peach yellow cream",
)

TIMID = _sets(
    "sand mud peach olive brown",
    "white mud sky lilac navy",
    "natural peach olive mud black",
    "cool sky mud lilac navy",
    "blush pink peach mud brown",
    "celadon mint mud sky navy",
)

CLASHES = _sets(
    "cool lime magenta orange black",
    "butter magenta cyan mud black",
    "rose lime violet red navy",
    "celadon magenta lime mud navy",
    "mustard cyan violet lime mud",
    "white mud olive brown pink",
    "sand mud peach olive lilac",
    "blush cyan magenta lime violet",
)
