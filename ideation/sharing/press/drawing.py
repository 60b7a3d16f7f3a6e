"""A share card on paper: pictures on one side, words on the other, our name below.

1200 × 630, the size that social sites ask for. Prints keep their own proportions.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from ideation.sharing.press import composing, faces
from ideation.sharing.press.composing import Text

WIDTH, HEIGHT = 1200, 630
#: A part of every card's key: count it up when the same facts come out otherwise.
VERSION = 1

_PAPER, _STOCK, _INK, _SOFT = "#FAF7F1", "#FFFDF9", "#1B1A17", "#5C574E"
_HOT, _SUN = "#C8321B", "#F3B61F"
_MARGIN = 64
_MOST_WIDE = 560
_GAP = 56
_CORNER = 4
_FOOT = HEIGHT - _MARGIN
_LEAST_LINE, _MOST_LINES = 40, 5
_STAR = ((50, 4), (62, 36), (96, 38), (69, 59), (79, 92), (50, 73), (21, 92), (31, 59), (4, 38))
_STAR_END = (38, 36)


def draw(cards: Sequence[Mapping[str, Any]], pictures: Sequence[str], fonts: Sequence[str]) -> None:
    """Draw the same pictures with each card's words, as JPEG into the card's file ``out``.

    A card holds also ``form`` (design, contest, product), ``tongue`` (whose shapes Chinese has),
    ``kicker``, ``title``, ``line``, ``stars`` and ``brand``, of which any text may be empty;
    ``fonts`` are folders. Raises ``OSError`` for a picture that cannot be read.
    """
    hung = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    hang = {"design": _hang_one, "contest": _hang_three, "product": _lay_out}[cards[0]["form"]]
    left = hang(hung, [_open(path) for path in pictures])
    for card in cards:
        paper = hung.copy()
        _set_words(paper, card, left - _MARGIN - _GAP, fonts)
        paper.save(card["out"], "JPEG", quality=88, progressive=True, optimize=True)


def _open(path: str) -> Image.Image:
    """One of our own renditions, no larger than needed."""
    with Image.open(path, formats=["PNG", "JPEG", "WEBP"]) as image:
        image.draft(None, (2 * _MOST_WIDE, 2 * HEIGHT))
        image.load()
        return image.copy()


def _hang_one(paper: Image.Image, pictures: list[Image.Image]) -> int:
    """One print at the right, as large as it fits. Returns where the words must end."""
    if not pictures:
        return WIDTH
    print_ = _fitted(pictures[0], _MOST_WIDE, HEIGHT - 2 * 50)
    left = WIDTH - _MARGIN - print_.width
    _hang(paper, print_, left, (HEIGHT - print_.height) // 2)
    return left


def _hang_three(paper: Image.Image, pictures: list[Image.Image]) -> int:
    """Up to three prints across each other, the last on top."""
    prints = [_fitted(one, 280, 350) for one in pictures[:3]]
    if len(prints) < 2:
        return _hang_one(paper, pictures)
    left = 1200 - _MARGIN - 300 - 105 * (len(prints) - 1)
    room = HEIGHT - 2 * 48 - max(one.height for one in prints)
    for place, one in enumerate(prints):
        right = place / (len(prints) - 1)
        across = left + place * 105 + (300 - one.width) * right
        _hang(paper, one, round(across), round(48 + room * right))
    return left


def _lay_out(paper: Image.Image, pictures: list[Image.Image]) -> int:
    """A product's own picture from edge to edge: its ground is paper already."""
    if not pictures:
        return WIDTH
    side, picture = _MOST_WIDE, pictures[0].convert("RGB")
    scale = max(side / picture.width, HEIGHT / picture.height)
    width, height = side / scale, HEIGHT / scale
    left, top = (picture.width - width) / 2, (picture.height - height) / 2
    box = (left, top, left + width, top + height)
    paper.paste(picture.resize((side, HEIGHT), Image.Resampling.LANCZOS, box), (WIDTH - side, 0))
    return WIDTH - side


def _fitted(picture: Image.Image, width: int, height: int) -> Image.Image:
    """In its own proportions, on stock where it is see-through."""
    scale = min(width / picture.width, height / picture.height)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    seen = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0).convert("RGBA")
    stock = Image.new("RGB", size, _STOCK)
    stock.paste(seen, mask=seen.getchannel("A"))
    return stock


def _hang(paper: Image.Image, print_: Image.Image, left: int, top: int) -> None:
    """With small corners and one soft shadow."""
    mask = _rounded(print_.size)
    around = 48
    shadow = Image.new("L", (print_.width + 2 * around, print_.height + 2 * around), 0)
    shadow.paste(90, (around, around), mask)
    shadow = shadow.filter(ImageFilter.GaussianBlur(16))
    paper.paste(_INK, (left + 2 - around, top + 12 - around), shadow)
    paper.paste(print_, (left, top), mask)


def _rounded(size: tuple[int, int]) -> Image.Image:
    """A mask with four small corners, each drawn at eight times its size."""
    corner = Image.new("L", (_CORNER * 8, _CORNER * 8), 0)
    ImageDraw.Draw(corner).ellipse((0, 0, _CORNER * 16, _CORNER * 16), fill=255)
    corner = corner.resize((_CORNER, _CORNER), Image.Resampling.BOX)
    mask = Image.new("L", size, 255)
    for across, mirrored in ((0, corner), (size[0] - _CORNER, ImageOps.mirror(corner))):
        mask.paste(mirrored, (across, 0))
        mask.paste(ImageOps.flip(mirrored), (across, size[1] - _CORNER))
    return mask


def _set_words(
    paper: Image.Image, card: Mapping[str, Any], width: int, folders: Sequence[str]
) -> None:
    """What cannot be written in any font is left out, each text for itself."""
    pen = ImageDraw.Draw(paper)

    def text(key: str, *, heavy: bool) -> Text | None:
        return composing.compose(
            str(card[key]), heavy=heavy, tongue=card["tongue"], folders=folders
        )

    top, is_contest = _MARGIN, card["form"] == "contest"
    kicker = text("kicker", heavy=is_contest)
    if kicker is not None:
        size = _fitting(kicker, width, 132) if is_contest else 28
        shown = composing.shortened(kicker, size, width)
        top = _put(pen, shown, _MARGIN, top, size, _INK if is_contest else _SOFT)
    foot = _brand(pen, text("brand", heavy=True), str(card["stars"]), width)
    line = text("line", heavy=False)
    if line is not None:
        foot = _line(pen, line, foot - 22, width)
    title = text("title", heavy=True)
    if title is not None:
        largest = 92 if kicker is None else 60 if is_contest else 76
        _title(pen, title, top + 30 if kicker else top, width, foot - 24, largest)


def _line(pen: ImageDraw.ImageDraw, line: Text, bottom: int, width: int) -> int:
    """Two lines at most, ending at ``bottom``; returns where they begin."""
    size, lines = 30, composing.lines_of(line, 30, width)
    if len(lines) > 2:
        rest = Text(tuple(piece for one in lines[1:] for piece in one.pieces), line.is_rtl)
        lines = [lines[0], composing.shortened(rest, size, width)]
    top = start = bottom - round(size * 1.3) * len(lines)
    for one in lines:
        _put(pen, composing.shortened(one, size, width), _MARGIN, top, size, _SOFT)
        top += round(size * 1.3)
    return start


def _brand(pen: ImageDraw.ImageDraw, brand: Text | None, stars: str, width: int) -> int:
    """The heavy rule, our name under it, and the stars where they are public."""
    rule = _FOOT - 56
    pen.rectangle((_MARGIN, rule, _MARGIN + width, rule + 3), fill=_INK)
    pen.rectangle((_MARGIN, _FOOT - 22, _MARGIN + 21, _FOOT - 1), fill=_HOT)
    room = width - 36
    if stars:
        figures = composing.compose(stars, heavy=True, tongue="en", folders=faces.FOLDERS)
        if figures is not None:
            across = round(figures.width(34))
            figures.draw(pen, (_MARGIN + width - across, _FOOT), 34, _INK)
            _star(pen, _MARGIN + width - across - 44, _FOOT - 31, 34)
            room -= across + 70
    if brand is not None:
        composing.shortened(brand, 30, room).draw(pen, (_MARGIN + 36, _FOOT), 30, _INK)
    return rule


def _star(pen: ImageDraw.ImageDraw, left: int, top: int, size: int) -> None:
    shape = [(left + x * size / 100, top + y * size / 100) for x, y in (*_STAR, _STAR_END)]
    pen.polygon(shape, fill=_SUN, outline=_INK, width=2)


def _title(
    pen: ImageDraw.ImageDraw, title: Text, top: int, width: int, bottom: int, largest: int
) -> None:
    """As large as it fits between ``top`` and ``bottom``; too long a one is cut."""
    size = largest
    lines = composing.lines_of(title, size, width)
    while size > _LEAST_LINE and not _fits(lines, size, width, bottom - top):
        size -= 4
        lines = composing.lines_of(title, size, width)
    most = max(1, min(_MOST_LINES, int((bottom - top) / (size * 1.14))))
    if len(lines) > most:
        rest = Text(tuple(piece for one in lines[most - 1 :] for piece in one.pieces), title.is_rtl)
        lines = [*lines[: most - 1], rest]
    for line in lines:
        shown = composing.shortened(line, size, width)
        left = _MARGIN + (width - shown.width(size) if title.is_rtl else 0)
        top = _put(pen, shown, left, top, size, _INK)


def _fits(lines: list[Text], size: int, width: int, height: int) -> bool:
    is_narrow = all(line.width(size) <= width for line in lines)
    return is_narrow and len(lines) <= _MOST_LINES and len(lines) * size * 1.14 <= height


def _fitting(text: Text, width: int, largest: int) -> int:
    """The largest size at which it stands on one line."""
    across = text.width(largest)
    return largest if across <= width else max(44, int(largest * width / across))


def _put(pen: ImageDraw.ImageDraw, text: Text, left: float, top: int, size: int, ink: str) -> int:
    """One line below ``top``; returns where the next begins."""
    text.draw(pen, (left, top + round(size * 0.86)), size, ink)
    return top + round(size * 1.14)
