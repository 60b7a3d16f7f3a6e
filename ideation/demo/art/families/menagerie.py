"""Animals in few cuts: fish, birds, a cat under the moon."""

from math import pi, sin, tau

from ideation.demo.art.commission import Family, Job
from ideation.demo.art.figures.animal import bird, cat_head, fish
from ideation.demo.art.inks import DARK, LIGHT, PAPER
from ideation.demo.art.shapes import (
    Point,
    curve,
    disc,
    petal,
    rect,
    ribbon,
    rounded,
    stroke,
)


def shoal(job: Job) -> None:
    """Fish in rows, all one way but one."""
    f, rng = job.frame(0.06), job.rng
    columns = job.many(2, 3)
    length = f.w / columns
    rows = max(1, round(f.h / (length * rng.uniform(0.44, 0.56))))
    high = f.h / rows
    odd = (rng.randrange(rows), rng.randrange(columns))
    shift = rng.random() < 0.5
    for row in range(rows):
        for column in range(columns - (1 if shift and row % 2 else 0)):
            x = f.x0 + length * (column + 0.5 + (0.5 if shift and row % 2 else 0))
            y = f.y0 + high * (row + 0.5)
            ink = (
                job.a
                if (row, column) == odd
                else (job.b, job.line, job.b, job.c)[(row + column) % 4]
            )
            fish(job, x, y, length * 0.43, ink, flip=(row, column) == odd)


def big_fish(job: Job) -> None:
    """One grand fish, scales and all."""
    f, rng, sheet = job.frame(0.1), job.rng, job.sheet
    size = f.w * 0.48
    if rng.random() < 0.6:
        sheet.print(job.c, [disc(f.cx, f.cy, f.short * 0.42)])
    fish(job, f.cx, f.cy, size, job.a, flip=rng.random() < 0.5, fancy=True)
    count = job.many(3, 5)
    for i in range(count):
        y = f.y1 - f.h * 0.02 - i * f.h * 0.05
        line = [(f.x0 + f.w * k / 60, y + 10 * sin(k / 60 * tau * 4 + i)) for k in range(61)]
        sheet.print(job.b, [ribbon(line, 8)])


def wires(job: Job) -> None:
    """Birds on telephone wires, in some order known to them."""
    sheet, rng = job.sheet, job.rng
    sheet.print(
        job.c,
        [
            disc(
                sheet.w * rng.uniform(0.3, 0.7),
                sheet.h * rng.uniform(0.3, 0.6),
                sheet.w * rng.uniform(0.2, 0.3),
            )
        ],
    )
    count = job.many(4, 6)
    for row in range(count):
        y = sheet.h * (0.14 + 0.8 * row / count)
        sag = sheet.h * 0.04
        line: list[Point] = [(float(x), y + sag * sin(pi * x / 1000)) for x in range(-20, 1041, 20)]
        sheet.stamp(job.line, [ribbon(line, 5)])
        places = rng.sample(range(9), job.many(1, 4) if job.flaw is None else min(9, job.many(3)))
        for place in places:
            x = 100 + place * 100.0
            bird(
                job,
                x,
                y + sag * sin(pi * x / 1000),
                66 * rng.uniform(0.85, 1.15),
                rng.choice((job.a, job.a, job.b, job.line)),
                rng.random() < 0.5,
            )
    job.finish(0.45)


def cat(job: Job) -> None:
    """A cat sits; the moon looks."""
    f, rng, sheet = job.frame(0.1), job.rng, job.sheet
    r = f.short * rng.uniform(0.3, 0.42)
    sheet.print(job.c, [disc(f.cx + f.w * rng.choice((-0.16, 0.16)), f.y0 + r + f.h * 0.02, r)])
    size = f.short * 0.36
    foot = f.y1 - f.h * 0.08
    x = f.cx + f.w * rng.choice((-0.08, 0.05))
    tail = curve(
        [
            (x + size * 0.4, foot - size * 0.1),
            (x + size * 1.15, foot - size * 0.16),
            (x + size * 1.1, foot - size * rng.uniform(0.7, 1.2)),
            (x + size * 0.85, foot - size * 1.1),
        ]
    )
    ink = rng.choice((job.line, job.a))
    sheet.stamp(ink, stroke(tail, size * 0.17))
    body = curve(
        [
            (x - size * 0.28, foot - size * 1.35),
            (x + size * 0.3, foot - size * 1.3),
            (x + size * 0.66, foot - size * 0.4),
            (x + size * 0.6, foot),
            (x - size * 0.56, foot),
            (x - size * 0.6, foot - size * 0.4),
        ],
        closed=True,
    )
    sheet.stamp(ink, [body])
    if rng.random() < 0.6:
        other = job.b
        stripes = [
            rect(x - size, foot - size * q, x + size, foot - size * (q - 0.09))
            for q in (0.3, 0.55, 0.8, 1.05)
        ]
        sheet.stamp(other, stripes, body)
    cat_head(job, x, foot - size * 1.5, size * 0.46, ink)
    sheet.stamp(job.b, [rounded(f.x0, foot - 4, f.x1, foot + f.h * 0.035, 12)])


def pair(job: Job) -> None:
    """Two birds, face to face, and a plant between them."""
    f, rng, sheet = job.frame(0.1), job.rng, job.sheet
    stem = [(f.cx, f.y1), (f.cx, f.y0 + f.h * 0.16)]
    sheet.stamp(job.line, [ribbon(stem, f.w * 0.016)])
    count = job.many(4, 6)
    for i in range(count):
        y = f.y1 - f.h * (0.08 + 0.72 * i / count)
        size = f.w * (0.32 - 0.2 * i / count)
        for s in (-1, 1):
            angle = -pi / 2 + s * 1.0
            sheet.stamp(
                job.b if i % 2 else job.c, [petal(f.cx, y, size, size * 0.36, angle, -0.1 * s)]
            )
    top = f.y0 + f.h * 0.14
    sheet.stamp(job.a, [petal(f.cx, top, f.w * 0.15, f.w * 0.06, tau * i / 8) for i in range(8)])
    sheet.stamp(job.line, [disc(f.cx, top, f.w * 0.035)])
    size = f.w * 0.15
    for s in (-1, 1):
        for y in (f.cy + f.h * 0.02, f.y1 - f.h * 0.04)[: rng.choice((1, 2))]:
            bird(job, f.cx + s * f.w * 0.3, y, size, job.a, flip=s < 0)


def tin(job: Job) -> None:
    """Sardines, shoulder to shoulder."""
    f, rng, sheet = job.frame(0.09), job.rng, job.sheet
    sheet.print(job.b, [rounded(f.x0, f.y0, f.x1, f.y1, f.w * 0.1)])
    inner = f.inset(f.w * 0.045)
    sheet.stamp(PAPER, [rounded(inner.x0, inner.y0, inner.x1, inner.y1, f.w * 0.07)])
    inner = inner.inset(f.w * 0.035)
    count = job.many(4, 6)
    pitch = inner.w / count
    odd = rng.randrange(count)
    for i in range(count):
        x = inner.x0 + pitch * (i + 0.5)
        fish(
            job,
            x,
            inner.cy,
            inner.h * 0.48,
            job.a if i != odd else job.line,
            flip=i == odd or i % 2 == 9,
            upright=True,
            slim=pitch * 0.44,
        )


FAMILY = Family(
    "menagerie",
    (shoal, big_fish, wires, cat, pair, tin),
    (*LIGHT, *DARK),
    (0.8, 0.8, 0.75, 2 / 3, 1.0, 1.0),
    clear=0.12,
)
