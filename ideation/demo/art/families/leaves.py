"""Paper cut with scissors: fronds, seaweed, a vase by a window."""

from math import cos, pi, sin, tau

from ideation.demo.art.commission import Box, Family, Job
from ideation.demo.art.inks import DARK, LIGHT, PAPER
from ideation.demo.art.shapes import (
    Point,
    Shape,
    curve,
    disc,
    ellipse,
    heading,
    petal,
    placed,
    rect,
    ribbon,
    rounded,
)


def cutouts(job: Job) -> None:
    """Coloured blocks, a frond cut out of each."""
    f, rng, sheet = job.frame(0.06), job.rng, job.sheet
    columns = job.many(2, 3)
    rows = max(1, round(f.h / (f.w / columns) / rng.choice((1.0, 1.4))))
    w, h = f.w / columns, f.h / rows
    inks = [job.a, job.b, job.c, job.line, PAPER]
    shifts = rng.sample(range(5), 5)
    for row in range(rows):
        for column in range(columns):
            ground = inks[(row * 2 + column + shifts[0]) % 5]
            ink = inks[(row * 2 + column + shifts[0] + rng.choice((1, 2, 3))) % 5]
            box = Box(
                f.x0 + w * column, f.y0 + h * row, f.x0 + w * (column + 1), f.y0 + h * (row + 1)
            )
            sheet.stamp(ground, [box.inset(3).shape])
            size = min(w, h) * 0.44
            lean = rng.choice((0, 0, 0.3, -0.3, pi / 2, pi))
            alga = _alga(job, box.cx, box.cy, size, lean, box.h / box.w)
            sheet.stamp(ink, alga, box.inset(6).shape)


def frond(job: Job) -> None:
    """One large branch from edge to edge, on a block of colour."""
    f, rng, sheet = job.frame(0.1), job.rng, job.sheet
    if rng.random() < 0.65:
        back = rng.choice(("disc", "block", "pebble"))
        if back == "disc":
            sheet.print(job.c, [disc(f.cx + f.w * 0.06, f.cy - f.h * 0.12, f.w * 0.36)])
        elif back == "block":
            sheet.print(job.c, [rect(f.x0, f.y0 + f.h * 0.1, f.x1 - f.w * 0.16, f.y1 - f.h * 0.18)])
        else:
            sheet.print(job.c, [_pebble(job, f.cx, f.cy - f.h * 0.05, f.w * 0.42)])
    side = rng.choice((-1, 1))
    spine = curve(
        [
            (f.cx - side * f.w * 0.16, f.y1),
            (f.cx - side * f.w * 0.02, f.cy + f.h * 0.16),
            (f.cx + side * f.w * 0.05, f.cy - f.h * 0.18),
            (f.cx + side * f.w * rng.uniform(0.08, 0.24), f.y0 + f.h * 0.04),
        ]
    )
    count = job.many(5, 9)
    wide, spread = rng.uniform(0.22, 0.4), rng.uniform(0.9, 1.3)
    two = rng.random() < 0.45
    length = f.w * rng.uniform(0.36, 0.44)
    for i in range(count):
        t = 0.2 + 0.76 * i / count
        knot = min(len(spine) - 2, round(t * (len(spine) - 1)))
        x, y = spine[knot]
        size = length * (1.05 - 0.62 * t)
        along = heading((x, y), spine[knot + 1])
        for s in (-1, 1):
            ink = job.b if two and s > 0 else job.a
            angle = along + s * spread * (1.05 - 0.35 * t)
            sheet.stamp(ink, [petal(x, y, size, size * wide, angle, -s * 0.16)])
    sheet.stamp(
        job.a, [petal(*spine[-3], length * 0.42, length * 0.42 * wide, -pi / 2 + side * 0.25)]
    )
    sheet.stamp(job.line, [ribbon(spine, lambda t: f.w * 0.02 * (1.2 - t))])


def vase(job: Job) -> None:
    """A vase of branches on a table by a window."""
    f, rng, sheet = job.frame(0.08), job.rng, job.sheet
    table = f.y1 - f.h * rng.uniform(0.14, 0.2)
    if rng.random() < 0.6:
        sheet.print(job.c, [rounded(f.x0 + f.w * 0.1, f.y0, f.x1 - f.w * 0.1, table, 26)])
    sheet.stamp(job.b, [rect(f.x0, table, f.x1, f.y1)])
    wide, tall = f.w * rng.uniform(0.13, 0.19), f.h * rng.uniform(0.24, 0.3)
    foot = table + f.h * 0.06
    mouth = (f.cx, foot - tall)
    count = job.many(5, 8)
    for i in range(count):
        t = (i / max(1, count - 1)) * 2 - 1
        tip = (f.cx + t * f.w * 0.4, f.y0 + f.h * (0.04 + 0.24 * abs(t) + rng.uniform(0, 0.06)))
        bow = (f.cx + t * f.w * 0.13, mouth[1] - f.h * 0.16)
        line = curve([(mouth[0] + t * wide * 0.3, mouth[1] + 20), bow, tip])
        ink = (job.a, job.line)[i % 2]
        sheet.stamp(ink, [ribbon(line, 8)])
        _sprig(
            job,
            line,
            f.w * rng.uniform(0.1, 0.15),
            ink,
            rng.choice(("leaf", "leaf", "berry", "round")),
        )
    sheet.stamp(job.line if rng.random() < 0.5 else job.a, [_vase(f.cx, foot, wide, tall)])
    body = _vase(f.cx, foot, wide, tall)
    bands = [
        rect(f.cx - wide * 2, foot - tall * q, f.cx + wide * 2, foot - tall * (q - 0.05))
        for q in (0.35, 0.5, 0.65)
    ]
    if rng.random() < 0.6:
        sheet.stamp(PAPER, bands, body)


def scatter(job: Job) -> None:
    """Scraps on the studio floor: leaves and pebbles, evenly strewn."""
    f, rng, sheet = job.frame(0.03), job.rng, job.sheet
    columns = job.many(3, 4)
    cell = f.w / columns
    rows = max(1, round(f.h / cell))
    for row in range(rows):
        for column in range(columns):
            x = (
                f.x0
                + cell * (column + 0.5 + rng.uniform(-0.06, 0.06))
                + (cell * 0.12 if row % 2 else -cell * 0.12)
            )
            y = f.y0 + f.h / rows * (row + 0.5) + rng.uniform(-0.06, 0.06) * cell
            ink = (job.a, job.b, job.c, job.line)[(row + column * 2 + rng.randrange(2)) % 4]
            kind = rng.choice(("alga", "alga", "alga", "pebble", "leaf"))
            if kind == "alga":
                shapes = _alga(job, x, y, cell * 0.42, rng.uniform(0, tau), 1.15)
            elif kind == "pebble":
                shapes = [_pebble(job, x, y, cell * 0.26)]
            else:
                turn = rng.uniform(0, tau)
                shapes = [
                    petal(
                        x - cos(turn) * cell * 0.4,
                        y - sin(turn) * cell * 0.4,
                        cell * 0.8,
                        cell * 0.34,
                        turn,
                        0.14,
                    )
                ]
            sheet.stamp(ink, shapes)


def wreath(job: Job) -> None:
    """A ring of leaves round a sun, a bird's way out of the middle."""
    f, rng, sheet = job.frame(0.09), job.rng, job.sheet
    r = f.short * 0.4
    sheet.print(job.c, [disc(f.cx, f.cy, r * rng.choice((0.5, 0.62, 0.78)))])
    count = job.many(18, 28)
    start = rng.uniform(0, tau)
    gap = rng.choice((0.0, 0.0, 0.14))
    for i in range(count):
        angle = start + tau * (1 - gap) * i / count
        x, y = f.cx + r * cos(angle), f.cy + r * sin(angle)
        for s, ink in ((-1, job.a), (1, job.b)):
            size = r * rng.uniform(0.3, 0.42)
            sheet.stamp(ink, [petal(x, y, size, size * 0.42, angle + pi / 2 + s * 0.75, 0.1 * s)])
        if i % 3 == 0:
            far = r * rng.choice((0.8, 1.2))
            sheet.stamp(
                job.line,
                [disc(f.cx + far * cos(angle + 0.1), f.cy + far * sin(angle + 0.1), r * 0.045)],
            )


def garden(job: Job) -> None:
    """Tall plants side by side, each of a different kind, up from the lower edge."""
    sheet, rng = job.sheet, job.rng
    count = job.many(4, 6)
    pitch = sheet.w / count
    kinds = ["leaf", "round", "berry", "blade", "fan", "leaf"]
    rng.shuffle(kinds)
    for i in range(count):
        x = pitch * (i + 0.5)
        top = sheet.h * rng.uniform(0.1, 0.36)
        line = curve(
            [
                (x, sheet.h + 10),
                (x + rng.uniform(-0.1, 0.1) * pitch, sheet.h * 0.65),
                (x + rng.uniform(-0.16, 0.16) * pitch, top),
            ]
        )
        ink = (job.a, job.b, job.line, job.c)[i % 4]
        sheet.stamp(ink, [ribbon(line, pitch * 0.07)])
        _sprig(job, line, pitch * rng.uniform(0.58, 0.72), ink, kinds[i % 6])
    ground = sheet.h * 0.93
    sheet.stamp(job.line, [rect(-20, ground, 1020, sheet.h + 20)])
    job.finish(0.4, sky=True)


def _sprig(job: Job, line: list[Point], size: float, ink: str, kind: str) -> None:
    steps = {"fan": 16, "blade": 9, "berry": 8}.get(kind, 7)
    for i in range(steps):
        t = 0.34 + 0.64 * i / (steps - 1)
        x, y = line[round(t * (len(line) - 1))]
        shrink = 1.1 - 0.55 * t
        for s in (-1, 1):
            angle = -pi / 2 + s * 0.85
            far = (x + cos(angle) * size * 0.42 * shrink, y + sin(angle) * size * 0.42 * shrink)
            if kind == "berry":
                job.sheet.stamp(ink, [ribbon([(x, y), far], 5)])
                job.sheet.stamp(
                    job.b if ink != job.b else job.a, [disc(*far, size * 0.15 * shrink)]
                )
            elif kind == "round":
                job.sheet.stamp(
                    ink, [ellipse(far[0], far[1], size * 0.27 * shrink, size * 0.2 * shrink, angle)]
                )
            elif kind == "fan":
                job.sheet.stamp(
                    ink, [petal(x, y, size * 0.95 * shrink, size * 0.11, angle + 0.2 * s, 0.1 * s)]
                )
            else:
                wide = 0.42 if kind == "leaf" else 0.2
                job.sheet.stamp(
                    ink, [petal(x, y, size * shrink, size * wide * shrink, angle, -0.12 * s)]
                )


def _alga(job: Job, x: float, y: float, size: float, turn: float, tall: float) -> list[Shape]:
    """A seaweed as scissors make it: a stem and rounded lobes, in pairs."""
    rng = job.rng
    pairs = rng.randint(3, 5)
    reach = size * min(tall, 1.35)
    shapes = [ribbon(curve([(0, reach), (size * 0.08, 0), (0, -reach * 0.9)]), size * 0.16)]
    shapes.append(ellipse(0, -reach * 0.84, size * 0.12, size * 0.2))
    for i in range(pairs):
        t = i / (pairs - 1)
        root = reach * (0.72 - 1.35 * t)
        for s in (-1, 1):
            length = size * (0.88 - 0.42 * abs(t - 0.35)) * rng.uniform(0.82, 1.0)
            tip = (s * length, root - size * 0.34)
            arm = curve([(0, root + size * 0.1), (s * length * 0.5, root + size * 0.02), tip])
            shapes.append(ribbon(arm, lambda q: size * (0.13 + 0.1 * q)))
            shapes.append(disc(*tip, size * 0.115))
    fit = 0.92
    return [placed(shape, x, y, fit, turn) for shape in shapes]


def _pebble(job: Job, x: float, y: float, r: float) -> Shape:
    knots = [
        (
            x + r * job.rng.uniform(0.8, 1.15) * cos(tau * i / 7),
            y + r * job.rng.uniform(0.8, 1.15) * sin(tau * i / 7),
        )
        for i in range(7)
    ]
    return curve(knots, closed=True)


def _vase(x: float, foot: float, wide: float, tall: float) -> Shape:
    right = curve(
        [
            (x + wide * 0.5, foot - tall),
            (x + wide * 0.42, foot - tall * 0.84),
            (x + wide, foot - tall * 0.5),
            (x + wide * 0.9, foot - tall * 0.2),
            (x + wide * 0.55, foot),
        ]
    )
    return [*right, *((2 * x - px, py) for px, py in reversed(right))]


FAMILY = Family(
    "leaves",
    (cutouts, frond, vase, scatter, wreath, garden),
    (*LIGHT, *DARK),
    (0.8, 0.75, 0.75, 2 / 3, 1.0),
    clear=0.15,
)
