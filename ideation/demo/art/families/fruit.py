"""The table: pears, lemons, cherries, a jug and the cloth under them."""

from collections.abc import Callable
from math import pi, tau

from ideation.demo.art.commission import Box, Family, Job
from ideation.demo.art.figures.produce import SERVED, citrus, melon, serve
from ideation.demo.art.inks import DARK, LIGHT, PAPER
from ideation.demo.art.shapes import (
    curve,
    disc,
    petal,
    rect,
    segment,
    stroke,
)


def market(job: Job) -> None:
    """Fruit in rows, as on a stall or a tea towel."""
    f, rng, sheet = job.frame(0.07), job.rng, job.sheet
    columns = job.many(3, 4)
    cell = f.w / columns
    rows = max(1, round(f.h / cell))
    kinds = rng.sample(SERVED, rng.choice((1, 2, 3)))
    tiles = rng.random() < 0.4
    for row in range(rows):
        for column in range(columns):
            x, y = f.x0 + cell * (column + 0.5), f.y0 + f.h / rows * (row + 0.5)
            inks = [job.a, job.b, job.c]
            if tiles and (row + column) % 2:
                sheet.stamp(
                    job.c,
                    [rect(x - cell / 2, y - f.h / rows / 2, x + cell / 2, y + f.h / rows / 2)],
                )
                inks = [job.a, job.b]
            ink = (
                inks[(row + column) % len(inks)]
                if len(kinds) == 1
                else inks[(row * 2 + column) % len(inks)]
            )
            turn = rng.choice((0, 0, pi)) if len(kinds) == 1 else rng.uniform(-0.5, 0.5)
            serve(
                job,
                kinds[(row + column) % len(kinds)],
                x,
                y,
                min(cell, f.h / rows) * 0.36,
                ink,
                turn,
            )


def single(job: Job) -> None:
    """One fruit, as large as the sheet allows."""
    f, rng, sheet = job.frame(0.12), job.rng, job.sheet
    r = f.short * rng.uniform(0.4, 0.46)
    if rng.random() < 0.5:
        sheet.print(job.c, [disc(f.cx + r * 0.3, f.cy + r * 0.3, r * 0.95)])
    else:
        sheet.print(job.c, [rect(f.x0, f.cy + r * 0.5, f.x1, f.y1)])
    kind = rng.choice([kind for kind in SERVED if kind not in ("cherry", "slice")])
    serve(job, kind, f.cx, f.cy, r, job.a, rng.uniform(-0.25, 0.25), shade=True)
    for i in range(job.many(1, 3) - 1):
        x = f.x0 + r * 0.3 if i else f.x1 - r * 0.28
        serve(job, rng.choice(("cherry", "lemon", "fig")), x, f.y1 - r * 0.24, r * 0.26, job.b, 0.3)


def bowl(job: Job) -> None:
    """A heaped bowl on a table edge."""
    f, rng, sheet = job.frame(0.1), job.rng, job.sheet
    table = f.y0 + f.h * rng.uniform(0.6, 0.68)
    _cloth(job, _spread(job, f, table))
    r = f.w * rng.uniform(0.4, 0.46)
    rim = table - r * 0.28
    size = r * 0.36
    kinds = rng.sample(SERVED, 3)
    heap = [(-0.66, -0.1), (0.68, -0.12), (-0.3, -0.62), (0.34, -0.66), (0.0, -0.16), (0.02, -1.12)]
    for i, (dx, dy) in enumerate(heap[: job.many(5, 6)]):
        ink = (job.a, job.c, job.b)[i % 3]
        serve(
            job,
            kinds[i % 3],
            f.cx + dx * r,
            rim + dy * r,
            size,
            ink,
            rng.uniform(-0.4, 0.4),
            shade=i % 2 == 0,
        )
    dish = segment(f.cx, rim, r, 0, pi)
    sheet.stamp(job.line, [[(x, rim + (y - rim) * 0.66) for x, y in dish]])
    sheet.stamp(job.line, [rect(f.cx - r * 0.34, rim + r * 0.6, f.cx + r * 0.34, rim + r * 0.74)])
    sheet.stamp(
        PAPER,
        [
            rect(f.cx - r * 1.1, rim + r * q, f.cx + r * 1.1, rim + r * (q + 0.05))
            for q in (0.14, 0.26)
        ],
        [(x, rim + (y - rim) * 0.66) for x, y in dish],
    )


def table(job: Job) -> None:
    """Still life: a bottle, a jug, and what is left of lunch."""
    f, rng, sheet = job.frame(0.08), job.rng, job.sheet
    edge = f.y0 + f.h * rng.uniform(0.56, 0.64)
    below = _spread(job, f, edge)
    if below.x0 < 0:
        f = Box(0, 0, sheet.w, sheet.h).inset(40)
        sheet.print(job.c, [rect(below.x0, -14, below.x1, edge)])
    else:
        sheet.print(job.c, [rect(f.x0, f.y0, f.x1, edge)])
    _cloth(job, below)
    foot = edge + f.h * 0.12
    things: list[Callable[[float, float, float], None]] = [
        lambda x, y, s: _bottle(job, x, y, s),
        lambda x, y, s: _jug(job, x, y, s),
        lambda x, y, s: _glass(job, x, y, s),
    ]
    rng.shuffle(things)
    count = job.many(3)
    for i in range(count):
        things[i % 3](
            f.x0 + f.w * (i + 0.5 + rng.uniform(-0.08, 0.08)) / count,
            foot,
            f.h * rng.uniform(0.34, 0.46),
        )
    kinds = rng.sample(SERVED, 3)
    size = f.w * rng.uniform(0.1, 0.125)
    for i in range(job.many(4)):
        x = f.x0 + f.w * (0.14 + 0.24 * i)
        serve(
            job,
            kinds[i % 3],
            x,
            foot + size * rng.uniform(0.5, 1.1),
            size,
            (job.a, job.c)[i % 2],
            rng.uniform(-0.5, 0.5),
        )


def slices(job: Job) -> None:
    """Half fruits, cut side up, overprinted."""
    f, rng = job.frame(0.08), job.rng
    columns = job.many(2, 3) + (1 if f.w > f.h * 1.2 else 0)
    cell = f.w / columns
    rows = max(1, round(f.h / cell))
    high = f.h / rows
    half = rng.random() < 0.5
    for row in range(rows):
        for column in range(columns):
            x, y, r = (
                f.x0 + cell * (column + 0.5),
                f.y0 + high * (row + 0.5),
                min(cell, high) * 0.44,
            )
            ink = (job.a, job.b, job.c)[(row + column) % 3]
            if half and (row + column) % 2:
                melon(job, x, y, r, ink, rng.choice((0.0, pi, pi / 2)))
            else:
                citrus(job, x, y, r, ink)


def branch(job: Job) -> None:
    """A laden branch across the sheet."""
    f, rng, sheet = job.frame(0.08), job.rng, job.sheet
    kind = rng.choice(("lemon", "cherry", "pear", "orange", "fig", "apple"))
    if rng.random() < 0.4:
        sheet.print(job.c, [disc(f.cx, f.cy, f.short * 0.42)])
    side = rng.choice((-1, 1))
    line = curve(
        [
            (f.cx - side * f.w * 0.5, f.y0 + f.h * 0.12),
            (f.cx - side * f.w * 0.1, f.y0 + f.h * 0.3),
            (f.cx + side * f.w * 0.12, f.cy + f.h * 0.12),
            (f.cx + side * f.w * 0.36, f.y1 - f.h * 0.06),
        ]
    )
    sheet.stamp(job.line, stroke(line, f.w * 0.022))
    count = job.many(8, 11)
    leaf = job.b
    for i in range(count):
        x, y = line[round((i + 0.5) / count * (len(line) - 1))]
        s = 1 if i % 2 else -1
        angle = pi / 4 * (2 - side) + s * rng.uniform(0.8, 1.5)
        size = f.w * rng.uniform(0.26, 0.34)
        sheet.stamp(leaf, [petal(x, y, size, size * 0.4, angle, 0.12 * s)])
    for i in range(count // 2 + 1):
        x, y = line[round((0.12 + 0.8 * i / (count // 2 + 1)) * (len(line) - 1))]
        size = f.w * rng.uniform(0.11, 0.135)
        shift = (1 if i % 2 else -1) * size * 1.3
        serve(job, kind, x + shift, y + size * 1.25, size, job.a, rng.uniform(-0.3, 0.3))


def _spread(job: Job, f: Box, top: float) -> Box:
    """The table's front: to the edges of the sheet, or within the frame."""
    if job.flaw is None and job.rng.random() < 0.6:
        return Box(job.page.x0, top, job.page.x1, job.page.y1)
    return Box(f.x0, top, f.x1, f.y1)


def _cloth(job: Job, box: Box) -> None:
    rng, sheet = job.rng, job.sheet
    style = rng.choice(("plain", "stripes", "check", "dots"))
    if style == "plain":
        sheet.print(job.b, [box.shape])
        return
    step = box.w / rng.choice((10, 14, 18))
    uprights = [
        rect(box.x0 + step * 2 * i, box.y0, box.x0 + step * (2 * i + 1), box.y1)
        for i in range(int(box.w / step / 2) + 1)
    ]
    if style == "stripes":
        sheet.print(job.b, uprights, box.shape)
    elif style == "check":
        sheet.print(job.b, uprights, box.shape)
        bars = [
            rect(box.x0, box.y0 + step * 2 * i, box.x1, box.y0 + step * (2 * i + 1))
            for i in range(int(box.h / step / 2) + 1)
        ]
        sheet.print(job.a if not job.palette.stock.dark else job.b, bars, box.shape)
    else:
        sheet.print(job.b, [box.shape])
        spots = [
            disc(box.x0 + step * (i + 0.5 * (k % 2)), box.y0 + step * (k + 0.5) * 0.9, step * 0.16)
            for i in range(20)
            for k in range(20)
        ]
        sheet.stamp(PAPER, spots, box.shape)


def _bottle(job: Job, x: float, foot: float, tall: float) -> None:
    w = tall * 0.15
    side = curve(
        [
            (x + w * 0.36, foot - tall),
            (x + w * 0.36, foot - tall * 0.72),
            (x + w, foot - tall * 0.54),
            (x + w, foot - tall * 0.3),
            (x + w, foot),
        ]
    )
    job.sheet.stamp(job.a, [[*side, *((2 * x - px, py) for px, py in reversed(side))]])
    job.sheet.stamp(
        PAPER, [rect(x - w * 0.78, foot - tall * 0.42, x + w * 0.78, foot - tall * 0.16)]
    )
    job.sheet.stamp(job.b, [disc(x, foot - tall * 0.29, w * 0.42)])
    job.sheet.stamp(
        job.line, [rect(x - w * 0.44, foot - tall * 1.02, x + w * 0.44, foot - tall * 0.9)]
    )


def _jug(job: Job, x: float, foot: float, tall: float) -> None:
    tall *= 0.72
    w = tall * 0.34
    handle = stroke(
        curve(
            [
                (x + w * 0.6, foot - tall * 0.82),
                (x + w * 1.7, foot - tall * 0.7),
                (x + w * 0.8, foot - tall * 0.22),
            ]
        ),
        tall * 0.07,
    )
    job.sheet.stamp(job.line, handle)
    right = curve(
        [
            (x + w * 0.62, foot - tall),
            (x + w * 0.5, foot - tall * 0.78),
            (x + w, foot - tall * 0.38),
            (x + w * 0.66, foot),
        ]
    )
    body = [
        *right,
        *((2 * x - px, py) for px, py in reversed(right)),
        (x - w * 0.95, foot - tall * 1.02),
    ]
    job.sheet.stamp(job.line, [body])
    job.sheet.stamp(
        PAPER, [petal(x, foot - tall * 0.4, w * 0.62, w * 0.3, tau * i / 6) for i in range(6)], body
    )


def _glass(job: Job, x: float, foot: float, tall: float) -> None:
    tall *= 0.5
    w = tall * 0.3
    job.sheet.print(
        job.b,
        [[(x - w, foot - tall), (x + w, foot - tall), (x + w * 0.76, foot), (x - w * 0.76, foot)]],
    )
    job.sheet.print(
        job.a,
        [
            [
                (x - w * 0.92, foot - tall * 0.62),
                (x + w * 0.92, foot - tall * 0.62),
                (x + w * 0.76, foot),
                (x - w * 0.76, foot),
            ]
        ],
    )


FAMILY = Family(
    "fruit",
    (market, single, bowl, table, slices, branch),
    (*LIGHT, *DARK),
    (0.8, 0.8, 0.75, 1.0, 1.0, 4 / 3),
    clear=0.15,
)
