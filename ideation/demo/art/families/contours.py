"""Maps of nowhere: heights, islands, streets, weather."""

from itertools import pairwise
from math import cos, exp, floor, hypot, pi, sin, tau

from PIL import Image

from ideation.demo.art.commission import Family, Flaw, Job
from ideation.demo.art.inks import DARK, LIGHT, PAPER
from ideation.demo.art.shapes import (
    Point,
    Shape,
    curve,
    disc,
    placed,
    polygon,
    rect,
    ribbon,
    ring,
    star,
)

Grid = list[list[float]]
_ACROSS = 56


def summit(job: Job) -> None:
    """Contour lines over tinted ground, a mark on the top."""
    sheet = job.sheet
    grid = _relief(job, job.rng.randint(3, 5))
    image = _picture(job, grid)
    low, high = job.rng.randint(105, 135), job.rng.randint(165, 195)
    sheet.levels(job.c, image, _above(low), knock=False)
    sheet.levels(job.b, image, _above(high), knock=False)
    _lines(job, grid, job.many(11, 17), job.line)
    _mark(job, _highest(job, grid))
    job.finish(0.7)


def zebra(job: Job) -> None:
    """Every second height inked, as in wood or agate."""
    sheet = job.sheet
    image = _picture(job, _relief(job, job.rng.randint(3, 6)))
    step = 255 / (job.many(8, 12) * 2)
    odd = [255 if int(v / step) % 2 else 0 for v in range(256)]
    sheet.levels(job.a, image, odd, knock=False)
    if job.rng.random() < 0.7:
        sheet.levels(job.b, image, _above(job.rng.randint(150, 190)), knock=False)
    job.finish(0.6)


def islands(job: Job) -> None:
    """An archipelago with its shallows, a ferry line and a compass rose."""
    sheet, rng = job.sheet, job.rng
    grid = _relief(job, job.many(5, 7), narrow=True)
    image = _picture(job, grid)
    sheet.print(job.a, [job.page.shape])
    for ink, level in ((job.b, 78), (PAPER, 104), (job.c, 132), (job.line, 196)):
        sheet.levels(ink, image, _above(level), knock=True)
    start, end = (
        (sheet.w * 0.04, sheet.h * rng.uniform(0.2, 0.8)),
        (sheet.w * 0.96, sheet.h * rng.uniform(0.2, 0.8)),
    )
    line = curve(
        [
            start,
            (sheet.w * 0.36, sheet.h * rng.uniform(0.2, 0.8)),
            (sheet.w * 0.66, sheet.h * rng.uniform(0.2, 0.8)),
            end,
        ],
        steps=14,
    )
    sheet.stamp(
        PAPER if not job.palette.stock.dark else job.line, [disc(x, y, 5) for x, y in line[::1]]
    )
    x, y = sheet.w * rng.choice((0.14, 0.86)), sheet.h * rng.choice((0.12, 0.88))
    sheet.stamp(job.line, [star(x, y, 62, 15, 4), ring(x, y, 36, 41)])
    job.finish(0.6)


def streets(job: Job) -> None:
    """A town plan: blocks, a river, a park, one square in a bright ink."""
    sheet, rng = job.sheet, job.rng
    count = job.many(8, 12)
    cell = 1400 / count
    turn = rng.choice((0.0, 0.2, 0.45, -0.3, pi / 4))
    gap = cell * rng.uniform(0.07, 0.11)
    xs, ys = _cuts(job, cell), _cuts(job, cell)
    middle = (sheet.w / 2, sheet.h / 2)
    for i in range(len(xs) - 1):
        for k in range(len(ys) - 1):
            ink = rng.choices((job.a, job.b, job.c, job.line), (7, 2, 1, 1))[0]
            block = rect(xs[i] + gap, ys[k] + gap, xs[i + 1] - gap, ys[k + 1] - gap)
            if rng.random() < 0.12:
                block = polygon(
                    (xs[i] + xs[i + 1]) / 2,
                    (ys[k] + ys[k + 1]) / 2,
                    min(xs[i + 1] - xs[i], ys[k + 1] - ys[k]) * 0.42,
                    40,
                )
            sheet.print(ink, [placed(block, *middle, turn=turn)])
    avenue = turn + rng.choice((0.6, -0.7, 0.9))
    for angle in (avenue, avenue + pi / 2.4)[: rng.choice((1, 2))]:
        sheet.cut([placed(rect(-1500, -gap * 1.3, 1500, gap * 1.3), *middle, turn=angle)])
    plaza = rng.uniform(0.9, 1.3) * cell
    place = (sheet.w * rng.uniform(0.3, 0.7), sheet.h * rng.uniform(0.2, 0.4))
    sheet.cut([disc(*place, plaza)])
    sheet.print(job.c, [ring(*place, plaza * 0.5, plaza * 0.78), disc(*place, plaza * 0.2)])
    y = sheet.h * rng.uniform(0.55, 0.75)
    river = curve(
        [
            (-60.0, y + rng.uniform(-150, 150)),
            (280, y + rng.uniform(-110, 110)),
            (640, y + rng.uniform(-110, 110)),
            (1060, y + rng.uniform(-200, 200)),
        ],
        steps=20,
    )
    sheet.cut([ribbon(river, cell * 0.98)])
    sheet.print(job.b, [ribbon(river, cell * 0.7)])
    job.finish(0.7)


def isobars(job: Job) -> None:
    """Tomorrow's weather: pressure lines, two fronts, one storm."""
    sheet, rng = job.sheet, job.rng
    grid = _relief(job, 4)
    sheet.levels(job.c, _picture(job, grid), _above(rng.randint(140, 170)), knock=False)
    _lines(job, grid, job.many(9, 13), job.a, 4.5)
    for ink, kind in ((job.b, "cold"), (job.line, "warm")):
        y = sheet.h * rng.uniform(0.2, 0.8)
        front = curve(
            [
                (-40.0, y),
                (300, y + rng.uniform(-260, 160)),
                (680, y + rng.uniform(-160, 260)),
                (1040, y + rng.uniform(-200, 200)),
            ],
            steps=16,
        )
        sheet.stamp(ink, [ribbon(front, 15)])
        for i in range(3, len(front) - 3, 5):
            (ax, ay), (bx, by) = front[i], front[i + 2]
            tooth: Shape = [
                (ax, ay),
                (bx, by),
                ((ax + bx) / 2 + (by - ay) * 0.8, (ay + by) / 2 - (bx - ax) * 0.8),
            ]
            half = hypot(bx - ax, by - ay) / 2
            sheet.stamp(
                ink, [tooth] if kind == "cold" else [disc((ax + bx) / 2, (ay + by) / 2, half * 0.9)]
            )
    job.finish(0.8)


def orienteering(job: Job) -> None:
    """A wood, a lake, and a course of six posts."""
    sheet, rng = job.sheet, job.rng
    grid = _relief(job, rng.randint(3, 4))
    image = _picture(job, grid)
    sheet.levels(job.b, image, [255 if v < 96 else 0 for v in range(256)], knock=True)
    sheet.levels(job.c, image, _above(150), knock=False)
    _lines(job, grid, job.many(9, 12), job.c if job.c != "cream" else job.b, 4)
    posts: list[Point] = []
    for i in range(job.many(5, 7)):
        angle = tau * i / 6 + rng.uniform(-0.3, 0.3)
        reach = rng.uniform(0.2, 0.38)
        posts.append((sheet.w * (0.5 + reach * cos(angle)), sheet.h * (0.5 + reach * sin(angle))))
    sheet.stamp(job.line, [ribbon([one, two], 9) for one, two in pairwise(posts)])
    for i, post in enumerate(posts):
        if i == 0:
            sheet.stamp(job.a, [polygon(*post, 48, 3)])
        else:
            sheet.cut([disc(*post, 36)])
            sheet.print(job.a, [ring(*post, 22, 36)])
    job.finish(0.8)


def _relief(job: Job, hills: int, narrow: bool = False) -> Grid:
    """Heights from 0 to 1 over the sheet, a little beyond its edges."""
    rng, sheet = job.rng, job.sheet
    if job.flaw is Flaw.EMPTY:
        hills = 1
    down = round(_ACROSS * sheet.h / sheet.w)
    reach = (0.1, 0.19) if narrow else (0.16, 0.34)
    bumps = [
        (
            rng.uniform(0.1, 0.9),
            rng.uniform(0.1, 0.9) * sheet.h / sheet.w,
            rng.uniform(*reach),
            rng.uniform(0.7, 1.3),
            rng.uniform(0.6, 1.5),
        )
        for _ in range(hills)
    ]
    n, m, p, q = rng.uniform(5, 9), rng.uniform(5, 9), rng.uniform(0, tau), rng.uniform(0, tau)
    rough = rng.uniform(0.05, 0.11)
    rows = []
    for k in range(down):
        y = k / (_ACROSS - 1)
        row = []
        for i in range(_ACROSS):
            x = i / (_ACROSS - 1)
            mass = sum(
                s * exp(-(((x - bx) / r) ** 2 + ((y - by) / (r * e)) ** 2))
                for bx, by, r, s, e in bumps
            )
            row.append(
                mass
                + rough * (sin(n * x + p + 1.7 * sin(m * y)) + cos(m * y + q + 1.4 * sin(n * x)))
            )
        rows.append(row)
    low, high = min(map(min, rows)), max(map(max, rows))
    return [[(v - low) / (high - low) for v in row] for row in rows]


def _picture(job: Job, grid: Grid) -> Image.Image:
    field = Image.new("F", (len(grid[0]), len(grid)))
    field.putdata([v * 255 for row in grid for v in row])
    return job.sheet.stretched(field)


def _above(level: int) -> list[int]:
    return [255 if v >= level else 0 for v in range(256)]


def _lines(job: Job, grid: Grid, count: int, ink: str, width: float = 3.2) -> None:
    """Contour lines by marching squares (Lorensen and Cline, 1987, in the plane)."""
    sx, sy = job.sheet.w / (len(grid[0]) - 1), job.sheet.h / (len(grid) - 1)
    thin: list[list[Point]] = []
    bold: list[list[Point]] = []
    for k in range(len(grid) - 1):
        upper, lower = grid[k], grid[k + 1]
        for i in range(len(upper) - 1):
            a, b, c, d = upper[i], upper[i + 1], lower[i + 1], lower[i]
            first = floor(min(a, b, c, d) * count) + 1
            last = floor(max(a, b, c, d) * count)
            for n in range(first, last + 1):
                points = [(x * sx, y * sy) for x, y in _crossings(i, k, (a, b, c, d), n / count)]
                (bold if n % 5 == 0 else thin).extend(
                    [points[j], points[j + 1]] for j in range(0, len(points) - 1, 2)
                )
    job.sheet.strokes(ink, thin, width)
    job.sheet.strokes(ink, bold, width * 2)


def _crossings(
    i: int, k: int, corners: tuple[float, float, float, float], level: float
) -> list[Point]:
    places = ((i, k), (i + 1, k), (i + 1, k + 1), (i, k + 1))
    found: list[Point] = []
    for n in range(4):
        one, two = corners[n], corners[(n + 1) % 4]
        if (one < level) != (two < level):
            t = (level - one) / (two - one)
            (x0, y0), (x1, y1) = places[n], places[(n + 1) % 4]
            found.append((x0 + (x1 - x0) * t, y0 + (y1 - y0) * t))
    return found


def _highest(job: Job, grid: Grid) -> Point:
    _, i, k = max((v, i, k) for k, row in enumerate(grid) for i, v in enumerate(row))
    return i / (len(grid[0]) - 1) * job.sheet.w, k / (len(grid) - 1) * job.sheet.h


def _mark(job: Job, place: Point) -> None:
    x, y = place
    job.sheet.cut([disc(x, y, 40)])
    job.sheet.print(
        job.a, [polygon(x, y + 5, 34, 3)] if job.rng.random() < 0.6 else [disc(x, y, 26)]
    )


def _cuts(job: Job, cell: float) -> list[float]:
    places = [-1000.0]
    while places[-1] < 1000:
        places.append(places[-1] + cell * job.rng.choice((0.6, 0.8, 1.0, 1.0, 1.5)))
    return places


FAMILY = Family(
    "contours",
    (summit, zebra, islands, streets, isobars, orienteering),
    (*LIGHT, *DARK),
    (0.8, 0.75, 0.75, 2 / 3, 1.0, 4 / 3),
)
