"""Plain figures printed over each other; the third colour is the point."""

from math import cos, pi, sin, tau

from ideation.demo.art.commission import Box, Family, Job
from ideation.demo.art.inks import LIGHT
from ideation.demo.art.shapes import (
    Shape,
    arch,
    disc,
    placed,
    polygon,
    rect,
    ring,
    rounded,
    scallop,
    sector,
    segment,
)

KINDS = ("disc", "half", "quarter", "square", "triangle", "arch", "pill", "scallop", "cross")


def figure(kind: str, cx: float, cy: float, r: float, turn: float = 0.0) -> Shape:
    """A plain figure of about radius `r`."""
    shape = {
        "disc": lambda: disc(0, 0, r),
        "half": lambda: placed(segment(0, 0, r * 1.15, pi, tau), 0, r * 0.575),
        "quarter": lambda: placed(sector(0, 0, r * 1.75, -pi / 2, 0), -r * 0.85, r * 0.85),
        "square": lambda: rect(-r * 0.88, -r * 0.88, r * 0.88, r * 0.88),
        "triangle": lambda: placed(polygon(0, 0, r * 1.2, 3), 0, r * 0.2),
        "arch": lambda: arch(-r * 0.8, -r, r * 0.8, r),
        "pill": lambda: rounded(-r * 0.55, -r * 1.15, r * 0.55, r * 1.15, r),
        "scallop": lambda: scallop(0, 0, r, 8),
        "cross": lambda: _cross(r),
    }[kind]()
    return placed(shape, cx, cy, turn=turn)


def trio(job: Job) -> None:
    """Three large figures round one centre."""
    f, rng, sheet = job.frame(0.12), job.rng, job.sheet
    r = f.short * rng.uniform(0.3, 0.35)
    reach = f.short / 2 - r * 0.82
    count = job.many(3)
    start = rng.choice((-pi / 2, pi / 2, pi / 6))
    kinds = rng.sample(KINDS[:8], 3)
    for i in range(count):
        angle = start + tau * i / count
        x, y = f.cx + reach * cos(angle) * 1.05, f.cy + reach * sin(angle) * f.h / f.w
        shape = figure(kinds[i % 3], x, y, r, rng.randrange(4) * pi / 2)
        if i == 1 and rng.random() < 0.5:
            sheet.halftone(job.colours[1], shape, (x, y - r), (x, y + r), 13)
        else:
            sheet.print(job.colours[i % 3], [shape])
    sheet.stamp(job.line, [disc(f.cx, f.cy, r * 0.14)])


def totem(job: Job) -> None:
    """Figures balanced on one another, each biting into the next."""
    f = job.frame(0.1)
    columns = 1 if f.h > f.w * 1.15 else job.rng.choice((2, 3))
    wide = f.w / columns
    for i in range(columns):
        _column(job, Box(f.x0 + wide * (i + 0.04), f.y0, f.x0 + wide * (i + 0.96), f.y1))


def _column(job: Job, f: Box) -> None:
    rng = job.rng
    count = job.many(3, 6)
    weights = [rng.uniform(0.7, 1.4) for _ in range(count)]
    kinds = [rng.choice(KINDS[:8]) for _ in range(count)]
    shares = [0.575 if kind == "half" else 1.0 for kind in kinds]
    unit = f.h * 1.2 / sum(q * share for q, share in zip(weights, shares, strict=True))
    y, inks = f.y0, [*job.colours]
    for i, (kind, weight, share) in enumerate(zip(kinds, weights, shares, strict=True)):
        r = min(weight * unit / 2, f.w / 2)
        shape = figure(kind, f.cx, y + r * share, r, rng.choice((0, 0, pi)))
        job.sheet.print(inks[i % 3], [shape])
        if kind in ("disc", "scallop") and rng.random() < 0.6:
            job.sheet.stamp(job.line, [ring(f.cx, y + r, r * 0.22, r * 0.34)])
        y += r * 2 * share * 0.8


def pairs(job: Job) -> None:
    """A sampler: two figures to a square, in every combination."""
    f, rng = job.frame(0.09), job.rng
    columns = job.many(2, 4)
    cell = f.w / columns
    rows = max(1, round(f.h / cell))
    top = f.cy - rows * cell / 2
    kinds = rng.sample(KINDS, 5)
    inks = [(job.a, job.b), (job.b, job.c), (job.a, job.c)]
    slide = rng.choice((0.1, 0.14))
    for row in range(rows):
        for column in range(columns):
            x, y = f.x0 + cell * (column + 0.5), top + cell * (row + 0.5)
            under, over = inks[(row + column) % 3]
            one, two = rng.sample(kinds, 2)
            d, r = cell * slide, cell * 0.35
            side = -1 if (row + column) % 2 else 1
            job.sheet.print(under, [figure(one, x - d * side, y - d * 0.6, r)])
            job.sheet.print(
                over, [figure(two, x + d * side, y + d * 0.6, r, rng.randrange(4) * pi / 2)]
            )


def chain(job: Job) -> None:
    """Rows of discs that overlap their neighbours."""
    f, rng = job.frame(0.1), job.rng
    rows = job.many(3, 5)
    pitch_y = f.h / rows
    r = pitch_y * 0.46
    columns = max(2, round((f.w - 2 * r) / (r * 1.2)) + 1)
    pitch_x = (f.w - 2 * r) / (columns - 1)
    kind = rng.choice(("disc", "disc", "half", "scallop", "pill"))
    for row in range(rows):
        y = f.y0 + pitch_y * (row + 0.5)
        shift = row % 3
        for i in range(columns):
            x = f.x0 + r + pitch_x * i
            ink = job.colours[(i % 2 + shift) % 3]
            job.sheet.print(ink, [figure(kind, x, y, r, pi * ((i + row) % 2))])


def slats(job: Job) -> None:
    """A large disc behind bars, like a sun through a blind."""
    f, rng, sheet = job.frame(0.1), job.rng, job.sheet
    r = f.short * rng.uniform(0.36, 0.42)
    x, y = (
        f.cx + rng.choice((-0.06, 0, 0.06)) * f.w,
        f.y0 + r + (f.h - 2 * r) * rng.uniform(0.1, 0.5),
    )
    sheet.print(job.a, [disc(x, y, r)])
    count = job.many(7, 11)
    pitch = f.h / count
    upright = rng.random() < 0.45
    if upright:
        pitch = f.w / count
    grow = rng.choice((0.0, 0.7))
    for i in range(count):
        part = 0.5 + (i / count - 0.5) * grow
        if upright:
            sheet.print(job.b, [rect(f.x0 + pitch * i, f.y0, f.x0 + pitch * (i + part), f.y1)])
        else:
            sheet.print(job.b, [rect(f.x0, f.y1 - pitch * (i + part), f.x1, f.y1 - pitch * i)])
    half = r * rng.uniform(0.45, 0.6)
    sheet.print(job.c, [segment(f.x0 + half if x > f.cx else f.x1 - half, f.y1, half, pi, tau)])


def lens(job: Job) -> None:
    """Two great figures that share a middle, and a fine one on it."""
    f, rng, sheet = job.frame(0.1), job.rng, job.sheet
    kind, fine = (
        rng.choice(("disc", "arch", "square", "scallop")),
        rng.choice(("disc", "pill", "cross")),
    )
    r = f.short * 0.36
    lean = rng.choice((pi / 2, pi / 3, 2 * pi / 3, pi / 4))
    d = r * 0.5
    dx, dy = cos(lean) * d, sin(lean) * d * min(1.35, f.h / f.w)
    sheet.print(job.a, [figure(kind, f.cx - dx, f.cy - dy, r)])
    other = figure(kind, f.cx + dx, f.cy + dy, r)
    if rng.random() < 0.5:
        sheet.halftone(
            job.b, other, (f.cx + dx, f.cy + dy + r * 1.3), (f.cx + dx, f.cy + dy - r * 0.6)
        )
    else:
        sheet.print(job.b, [other])
    sheet.print(job.c, [figure(fine, f.cx, f.cy, r * 0.34, lean)])


def _cross(r: float) -> Shape:
    t = r * 0.36
    return [
        (-t, -r), (t, -r), (t, -t), (r, -t), (r, t), (t, t),
        (t, r), (-t, r), (-t, t), (-r, t), (-r, -t), (-t, -t),
    ]  # fmt: skip


FAMILY = Family(
    "overprint",
    (trio, totem, pairs, chain, slats, lens),
    LIGHT,
    (0.8, 0.75, 0.75, 2 / 3, 1.0),
    clear=0.2,
)
