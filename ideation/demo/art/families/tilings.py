"""Square tiles with quarter circles, and what happens when they are turned."""

from collections.abc import Callable
from math import pi

from ideation.demo.art.commission import Box, Family, Flaw, Job
from ideation.demo.art.inks import DARK, LIGHT, PAPER
from ideation.demo.art.shapes import (
    Shape,
    arc_points,
    band,
    disc,
    placed,
    polygon,
    rect,
    sector,
    segment,
)

Tile = Callable[[Job, float, float, float, int, int], None]


def quarters(job: Job) -> None:
    """One quarter disc a square, turned by a rule or by chance."""
    rule = job.rng.choice(("chance", "pinwheel", "waves", "mirror"))
    inks = [*job.colours, PAPER] if job.rng.random() < 0.5 else [job.a, job.b, job.line]

    def tile(job: Job, x: float, y: float, s: float, row: int, column: int) -> None:
        turn = {
            "chance": job.rng.randrange(4),
            "pinwheel": (row % 2) * 3 + (column % 2) * (1 - 2 * (row % 2)),
            "waves": (row + column) % 2 * 2 + row % 2,
            "mirror": [0, 1, 3, 2][row % 2 * 2 + column % 2],
        }[rule]
        ink = job.rng.choice(inks)
        if job.rng.random() < 0.3:
            ground = job.rng.choice([other for other in inks if other != ink])
            job.sheet.stamp(ground, [rect(x, y, x + s, y + s)])
        job.sheet.stamp(ink, [_quarter(x, y, s, turn)])

    _lay(job, tile, job.rng.randint(5, 9))


def leaves(job: Job) -> None:
    """A lens from corner to corner in each square."""
    crossed = job.rng.random() < 0.5
    chance = job.rng.random() < 0.4

    def tile(job: Job, x: float, y: float, s: float, row: int, column: int) -> None:
        lean = job.rng.randrange(2) if chance else (row + column) % 2
        ink = job.colours[(row // 2 + column // 2) % 3 if crossed else job.rng.randrange(3)]
        if crossed and (row + column) % 3 == 0:
            job.sheet.stamp(job.line, [rect(x, y, x + s, y + s)])
            ink = PAPER if job.rng.random() < 0.4 else job.b
        job.sheet.stamp(ink, [_lens(x, y, s, lean)])

    _lay(job, tile, job.rng.randint(4, 8))


def rainbows(job: Job) -> None:
    """Nested quarter rings that sometimes meet and sometimes do not."""
    bands = job.rng.choice((3, 3, 4))
    inks = [job.a, job.b, job.c, job.line]
    job.rng.shuffle(inks)

    def tile(job: Job, x: float, y: float, s: float, _row: int, _column: int) -> None:
        turn = job.rng.randrange(4)
        for i in range(bands):
            ink = inks[i] if i < bands - 1 or bands == 4 else PAPER
            job.sheet.stamp(ink, [_quarter(x, y, s * (1 - i / bands), turn, s)])

    _lay(job, tile, job.rng.randint(3, 6))


def truchet(job: Job) -> None:
    """Ribbons that wander from edge to edge and never end."""
    thick = job.rng.uniform(0.2, 0.36)
    ground = job.rng.choice((None, job.b))
    if ground:
        job.sheet.print(ground, [job.page.shape])

    def tile(job: Job, x: float, y: float, s: float, _row: int, _column: int) -> None:
        flip = job.rng.randrange(2)
        inner, outer = s * (0.5 - thick / 2), s * (0.5 + thick / 2)
        for corner in (flip, flip + 2):
            cx, cy = x + s * (corner in (1, 2)), y + s * (corner in (2, 3))
            start = corner * pi / 2
            job.sheet.stamp(job.a, [band(cx, cy, inner, outer, start, start + pi / 2)])
            if corner == flip and job.rng.random() < 0.4:
                dot = job.c if ground is None else job.line
                job.sheet.stamp(dot, [disc(cx, cy, s * (0.5 - thick) * 0.62)])

    _lay(job, tile, job.rng.randint(5, 8))


def hills(job: Job) -> None:
    """Half discs stacked like roof tiles or a crowd of hills."""
    inks = [job.a, job.b, job.c, job.line]
    job.rng.shuffle(inks)
    rings = job.rng.choice((2, 3))
    page, columns = _area(job), job.rng.randint(4, 7)
    if job.flaw is Flaw.CROWDED:
        columns *= 3
    s = page.w / columns
    rise = s * job.rng.uniform(0.42, 0.55)
    row, y = 0, page.y0
    while y < page.y1 + s:
        for column in range(-1, columns + 1):
            x = page.x0 + s * (column + 0.5 + 0.5 * (row % 2))
            for i in range(rings):
                ink = inks[(row + i) % 4] if i < 2 else PAPER
                top = segment(x, y + rise, s / 2 * (1 - i * 0.32), pi, 2 * pi)
                job.sheet.stamp(ink, [top])
        row, y = row + 1, y + rise
    job.sheet.trim(page.shape)


def patchwork(job: Job) -> None:
    """Squares of two sizes, each with a figure of its own."""
    area = _area(job)
    columns = {Flaw.CROWDED: 11, Flaw.EMPTY: 2}.get(job.flaw, 0) if job.flaw else 0
    columns = columns or job.rng.choice((3, 4, 4, 5))
    s = area.w / columns
    rows = max(1, round(area.h / s))
    height = area.h / rows
    for row in range(rows):
        for column in range(columns):
            x, y = area.x0 + column * s, area.y0 + row * height
            if job.rng.random() < 0.4:
                for i in range(4):
                    _patch(job, x + s / 2 * (i % 2), y + height / 2 * (i // 2), s / 2, height / 2)
            else:
                _patch(job, x, y, s, height)


def _patch(job: Job, x: float, y: float, w: float, h: float) -> None:
    rng = job.rng
    inks = [job.a, job.b, job.c, job.line, PAPER]
    ground = rng.choice(inks[:4])
    ink = rng.choice([other for other in inks if other != ground])
    box = Box(x, y, x + w, y + h)
    job.sheet.stamp(ground, [box.shape])
    kind = rng.choice(("quarter", "quarter", "half", "disc", "lens", "triangle", "bars"))
    turn = rng.randrange(4) * pi / 2
    shapes: dict[str, Callable[[], list[Shape]]] = {
        "quarter": lambda: [placed(sector(-0.5, -0.5, 1, 0, pi / 2), 0, 0)],
        "half": lambda: [segment(0, 0.5, 0.5, pi, 2 * pi)],
        "disc": lambda: [disc(0, 0, 0.001), polygon(0, 0, 0.34, 60)],
        "lens": lambda: [_lens(-0.5, -0.5, 1, 0)],
        "triangle": lambda: [[(-0.5, 0.5), (0.5, 0.5), (-0.5, -0.5)]],
        "bars": lambda: [rect(-0.5, -0.5 + i / 4, 0.5, -0.375 + i / 4) for i in range(4)],
    }
    fitted = [
        [(box.cx + px * w, box.cy + py * h) for px, py in placed(shape, 0, 0, turn=turn)]
        for shape in shapes[kind]()
    ]
    job.sheet.stamp(ink, fitted)


def _lay(job: Job, tile: Tile, columns: int) -> None:
    """Fill the sheet with whole tiles, row by row."""
    if job.flaw is Flaw.CROWDED:
        columns = columns * 2 + 4
    area = _area(job)
    if job.flaw is Flaw.EMPTY:
        columns = 2
    s = area.w / columns
    rows = max(1, round(area.h / s))
    top = area.cy - rows * s / 2 if area.x0 > 0 else area.y0
    if area.x0 <= 0 and rows * s < area.h:
        rows += 1
    for row in range(rows):
        for column in range(columns):
            tile(job, area.x0 + column * s, top + row * s, s, row, column)


def _area(job: Job) -> Box:
    if job.flaw is not None or job.rng.random() < 0.5:
        return job.frame(job.rng.choice((0.06, 0.09)))
    return Box(0, 0, job.sheet.w, job.sheet.h)


def _quarter(x: float, y: float, r: float, turn: int, cell: float | None = None) -> Shape:
    s = r if cell is None else cell
    cx, cy = x + s * (turn in (1, 2)), y + s * (turn in (2, 3))
    return sector(cx, cy, r, turn * pi / 2, (turn + 1) * pi / 2)


def _lens(x: float, y: float, s: float, lean: int) -> Shape:
    if lean:
        return [*arc_points(x + s, y, s, pi / 2, pi), *arc_points(x, y + s, s, -pi / 2, 0)]
    return [*arc_points(x, y, s, 0, pi / 2), *arc_points(x + s, y + s, s, pi, 1.5 * pi)]


FAMILY = Family("tilings", (quarters, leaves, rainbows, truchet, hills, patchwork), (*LIGHT, *DARK))
