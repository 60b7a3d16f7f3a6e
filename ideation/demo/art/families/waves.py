"""Lines that swell: water, wind, a flag, a sound."""

from collections.abc import Callable
from math import cos, exp, pi, sin, sqrt, tau

from ideation.demo.art.commission import Family, Job
from ideation.demo.art.inks import DARK, LIGHT, PAPER
from ideation.demo.art.shapes import Point, Shape, disc, ribbon, ring

Along = Callable[[float], float]
Swell = list[tuple[float, float, float]]  # amplitude, waves across the sheet, phase


def ribbons(job: Job) -> None:
    """Separate ribbons that run together and apart."""
    sheet, rng = job.sheet, job.rng
    count = job.many(12, 18)
    pitch = (sheet.h + 80) / count
    swell = _swell(job, pitch * rng.uniform(0.5, 0.8))
    order = [job.a, job.b, job.c, job.a, job.line][: rng.choice((3, 5))]
    drift = rng.uniform(0.15, 0.4)
    for i in range(count):
        lift = _lifted(swell, i * drift, 0.6 + 0.8 * sin(pi * i / count))
        line = [(x, -40 + pitch * (i + 0.5) + lift(x)) for x in range(-20, 1041, 12)]
        sheet.stamp(order[i % len(order)], [ribbon(line, pitch * 0.5)])
    job.finish(0.35)


def bands(job: Job) -> None:
    """Broad waves, one in front of the other, under an open sky."""
    sheet, rng = job.sheet, job.rng
    count = job.many(5, 9)
    top = sheet.h * rng.uniform(0.25, 0.42)
    r = sheet.w * rng.uniform(0.13, 0.19)
    x = sheet.w * rng.choice((0.28, 0.38, 0.62, 0.72))
    sheet.print(job.c, [disc(x, top - r * rng.uniform(0.1, 0.55), r)])
    inks = [job.a, job.b, PAPER, job.line] if rng.random() < 0.5 else [job.b, job.a, job.line]
    pitch = (sheet.h - top) / count
    for i in range(count):
        swell = _swell(job, pitch * 0.45)
        lift = _lifted(swell, i, 1.0)
        edge = [(float(q), top + pitch * i + lift(q)) for q in range(-20, 1041, 10)]
        sheet.stamp(inks[i % len(inks)], [[*edge, (1040, sheet.h + 20), (-20, sheet.h + 20)]])
    job.finish(0.55, sky=True)


def moire(job: Job) -> None:
    """Two sets of lines, one over the other."""
    sheet, rng = job.sheet, job.rng
    count = job.many(15, 40)
    upright = rng.random() < 0.5
    along, across = (sheet.h, sheet.w) if upright else (sheet.w, sheet.h)
    pitch = across * 1.3 / count
    steps = 64
    for ink, sway in ((job.a, 1.0), (job.b, rng.choice((-1.0, -0.6, 0.5)))):
        swell = _swell(job, across * rng.uniform(0.05, 0.09))
        shapes = []
        for i in range(count):
            y = -across * 0.15 + pitch * i
            lift = _lifted(swell, i * 1.2 / count * sway, 0.4 + 1.2 * i / count)
            line = [
                (along * (k / steps * 1.04 - 0.02), y + lift(1000 * k / steps) * sway)
                for k in range(steps + 1)
            ]
            if upright:
                line = [(py, px) for px, py in line]
            shapes.append(ribbon(line, pitch * 0.46))
        sheet.print(ink, shapes)
    job.finish(0.6)


def swelling(job: Job) -> None:
    """Straight lines that grow thick where something round lies beneath."""
    sheet, rng = job.sheet, job.rng
    f = job.frame(0.09)
    count = job.many(30, 44)
    pitch = f.h / count
    bumps = [
        (
            f.x0 + f.w * rng.uniform(0.22, 0.78),
            f.y0 + f.h * rng.uniform(0.18, 0.82),
            f.short * rng.uniform(0.22, 0.4),
        )
        for _ in range(rng.randint(2, 4))
    ]
    ground = rng.choice(bumps)
    sheet.print(job.b, [disc(ground[0], ground[1], ground[2])])
    lines: list[Shape] = []
    for i in range(count):
        y = f.y0 + pitch * (i + 0.5)
        line = [(f.x0 + f.w * k / 90, y) for k in range(91)]
        lines.append(ribbon(line, _thickness(line, bumps, pitch)))
    sheet.print(job.a, lines)


def detour(job: Job) -> None:
    """Stripes that make way for a disc."""
    sheet, rng = job.sheet, job.rng
    count = job.many(15, 23)
    pitch = (sheet.w + 60) / count
    r = sheet.w * rng.uniform(0.15, 0.22)
    cx, cy = sheet.w * rng.choice((0.35, 0.5, 0.65)), sheet.h * rng.choice((0.36, 0.5, 0.62))
    order = [job.a, job.b] if rng.random() < 0.6 else [job.a, job.b, job.line]
    for i in range(count):
        base = -30 + pitch * (i + 0.5)
        side = 1 if base >= cx else -1
        push = r * 1.25 * exp(-abs(base - cx) / (r * 1.7))
        line = [
            (base + side * push * exp(-(((y - cy) / (r * 1.25)) ** 2)), float(y))
            for y in range(-20, int(sheet.h) + 30, 12)
        ]
        sheet.stamp(order[i % len(order)], [ribbon(line, pitch * 0.48)])
    sheet.stamp(job.c, [disc(cx, cy, r * 0.78)])
    job.finish(0.4)


def scales(job: Job) -> None:
    """The old wave pattern of fans over fans."""
    sheet, rng = job.sheet, job.rng
    columns = job.many(4, 7)
    r = sheet.w / columns / 2
    inks = [job.a, job.b, job.c]
    row, y = 0, -r
    rings = rng.choice((3, 4))
    special = rng.random() < 0.6
    while y < sheet.h + 2 * r:
        for column in range(-1, columns + 1):
            x = 2 * r * (column + 0.5 + 0.5 * (row % 2))
            ink = inks[row % 3] if not special else (job.b if rng.random() < 0.14 else job.a)
            sheet.stamp(PAPER, [disc(x, y, r)])
            step = r / rings
            sheet.print(
                ink, [ring(x, y, r - step * (i + 0.62), r - step * i - 2) for i in range(rings)]
            )
        row, y = row + 1, y + r * 0.52
    job.finish(0.45)


def _thickness(line: list[Point], bumps: list[tuple[float, float, float]], pitch: float) -> Along:
    def at(t: float) -> float:
        x, y = line[round(t * (len(line) - 1))]
        height = max(1 - ((x - bx) ** 2 + (y - by) ** 2) / (r * r) for bx, by, r in bumps)
        return pitch * (0.1 + 0.82 * sqrt(max(0.0, height)))

    return at


def _swell(job: Job, height: float) -> Swell:
    rng = job.rng
    return [
        (height, rng.uniform(0.7, 1.6), rng.uniform(0, tau)),
        (height * 0.45, rng.uniform(1.8, 3.0), rng.uniform(0, tau)),
    ]


def _lifted(swell: Swell, shift: float, scale: float) -> Along:
    def at(x: float) -> float:
        return scale * sum(h * cos(tau * n * x / 1000 + p + shift) for h, n, p in swell)

    return at


FAMILY = Family(
    "waves",
    (ribbons, bands, moire, swelling, detour, scales),
    (*LIGHT, *DARK),
    (0.8, 0.75, 0.75, 2 / 3, 1.0, 1.25),
    clear=0.08,
)
