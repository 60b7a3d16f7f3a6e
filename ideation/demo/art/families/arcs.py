"""Circles inside circles: suns, rainbows, ripples, arches."""

from math import cos, pi, sin, tau

from ideation.demo.art.commission import Family, Job
from ideation.demo.art.inks import DARK, LIGHT, PAPER
from ideation.demo.art.shapes import arch, band, disc, rect, ring, sector, segment


def horizon(job: Job) -> None:
    """Half a target above the line, its dark half below."""
    sheet, rng = job.sheet, job.rng
    y = sheet.h * rng.uniform(0.56, 0.66)
    r = min(sheet.w * rng.uniform(0.4, 0.52), y * 0.86)
    x = sheet.w * rng.choice((0.5, 0.5, 0.32, 0.68))
    count = job.many(5, 8)
    for i in range(count):
        outer = r * (1 - i / count)
        ink = (job.a, job.b)[i % 2] if rng.random() < 0.92 else job.c
        sheet.stamp(ink, [segment(x, y, outer, pi, tau)])
    if rng.random() < 0.6:
        sheet.stamp(job.line, [rect(-20, y, 1020, sheet.h + 20)])
        rings = [
            band(x, y, r * (1 - (i + 0.5) / count), r * (1 - i / count), 0, pi)
            for i in range(count)
        ]
        sheet.stamp(job.c, rings)
    else:
        step = (sheet.h - y) / 9
        for i in range(9):
            sheet.stamp(
                (job.line, job.b)[i % 2],
                [rect(-20, y + step * i, 1020, y + step * (i + 0.35 + 0.05 * i))],
            )
    job.finish(0.4, sky=True)


def nested(job: Job) -> None:
    """Arches within arches, one or several."""
    f, rng, sheet = job.frame(0.09), job.rng, job.sheet
    columns = job.many(1, 3)
    gap = f.w * 0.04 if columns > 1 else 0.0
    wide = (f.w - gap * (columns - 1)) / columns
    inks = [job.a, job.b, job.c, job.line, PAPER]
    for column in range(columns):
        rng.shuffle(inks)
        count = rng.randint(4, 6) if columns < 3 else 4
        x0 = f.x0 + (wide + gap) * column
        top = f.y0 + (0 if columns == 1 else f.h * rng.choice((0, 0.12, 0.25)))
        flip = columns > 1 and rng.random() < 0.35
        for i in range(count):
            inset = wide * 0.5 * i / count
            shape = arch(x0 + inset, top + inset, x0 + wide - inset, f.y1)
            if flip:
                shape = [(x, top + f.y1 - y) for x, y in shape]
            sheet.stamp(inks[i % 5], [shape])


def ripples(job: Job) -> None:
    """Two or three stones in one pond, rings over rings."""
    sheet, rng = job.sheet, job.rng
    thick = rng.uniform(15, 24)
    reach = job.many(9, 14)
    centres = [
        (sheet.w * rng.uniform(0.12, 0.4), sheet.h * rng.uniform(0.15, 0.45)),
        (sheet.w * rng.uniform(0.6, 0.9), sheet.h * rng.uniform(0.55, 0.88)),
        (sheet.w * rng.uniform(0.6, 0.85), sheet.h * rng.uniform(0.1, 0.3)),
    ][: rng.choice((2, 3))]
    for (x, y), ink in zip(centres, job.colours, strict=False):
        rings = [
            ring(x, y, thick * 2 * i + thick * 0.5, thick * 2 * i + thick * 1.5)
            for i in range(1, reach)
        ]
        sheet.print(ink, [*rings, disc(x, y, thick * 0.9)])
    job.finish(0.6)


def eccentric(job: Job) -> None:
    """Discs that share a point on the rim, not a centre."""
    f, rng, sheet = job.frame(0.08), job.rng, job.sheet
    r = f.short / 2
    count = job.many(6, 9)
    angle = rng.choice((pi / 2, -pi / 2, 0.8, 2.2, pi))
    inks = [job.a, job.b, PAPER, job.line, job.c]
    order = inks[: rng.choice((2, 3, 4, 5))]
    for i in range(count):
        radius = r * (1 - i / count)
        slide = (r - radius) * rng.choice((0.92,))
        sheet.stamp(
            order[i % len(order)],
            [disc(f.cx + cos(angle) * slide, f.cy + sin(angle) * slide, radius)],
        )


def rays(job: Job) -> None:
    """A sun with all its rays, straight from a fruit crate."""
    sheet, rng = job.sheet, job.rng
    x, y = sheet.w * rng.choice((0.5, 0.5, 0.3)), sheet.h * rng.choice((0.46, 0.62, 1.0, 0.3))
    r = sheet.w * rng.uniform(0.16, 0.24)
    count = job.many(12, 20)
    far = sheet.w + sheet.h
    turn = rng.uniform(0, tau)
    fan = [
        sector(x, y, far, turn + tau * i / count, turn + tau * (i + 0.5) / count)
        for i in range(count)
    ]
    sheet.print(job.b, fan)
    sheet.stamp(PAPER, [disc(x, y, r * 1.34)])
    sheet.stamp(job.a, [disc(x, y, r * 1.2)])
    if rng.random() < 0.6:
        sheet.stamp(job.c, [disc(x, y, r * 0.84)])
    else:
        sheet.halftone(job.line, disc(x, y, r * 1.2), (x, y - r), (x, y + r * 1.9), 11)
    job.finish(0.75)


def serpent(job: Job) -> None:
    """Half rings, up and down in turn, that join into striped snakes."""
    f, rng, sheet = job.frame(0.07), job.rng, job.sheet
    bands = rng.choice((3, 3, 4))
    bends = job.many(2, 4)
    thick = rng.uniform(0.17, 0.26)
    hollow = 1 - bands * thick
    r = f.w / (2 + (bends - 1) * (1 + hollow))
    inks = [job.a, job.b, job.c, job.line]
    rows = max(1, round((f.h - r) / (r * 1.25)))
    pitch = (f.h - 2 * r) / max(1, rows - 1)
    for row in range(rows):
        order = [inks[(i + row) % 4] for i in range(bands)]
        y = f.y0 + r + pitch * row
        for bend in range(bends):
            x = f.x0 + r + bend * r * (1 + hollow)
            up = bend % 2 == 0
            for i in range(bands):
                ink = order[i] if up else order[bands - 1 - i]
                outer = r * (1 - i * thick)
                start, end = (pi, tau) if up else (0.0, pi)
                sheet.stamp(ink, [band(x, y, outer - r * thick, outer, start, end)])


FAMILY = Family(
    "arcs",
    (horizon, nested, ripples, eccentric, rays, serpent),
    (*LIGHT, *DARK),
    (0.8, 0.75, 0.75, 2 / 3, 1.0, 1.0),
    clear=0.1,
)
