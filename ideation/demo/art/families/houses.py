"""Towns: roofs, lit windows, and whoever is still awake."""

from math import pi, tau

from ideation.demo.art.commission import Box, Family, Flaw, Job
from ideation.demo.art.figures.building import ROOFS, crown, house, windows
from ideation.demo.art.inks import DARK, LIGHT, PAPER
from ideation.demo.art.shapes import (
    Shape,
    arch,
    disc,
    ellipse,
    polygon,
    rect,
    rounded,
    sector,
    segment,
    star,
    stroke,
)


def street(job: Job) -> None:
    """A row of narrow houses under a moon."""
    sheet, rng = job.sheet, job.rng
    _sky(job)
    base = sheet.h * rng.uniform(0.84, 0.92)
    _row(job, base - sheet.h * 0.06, 0.42, 0.56, (job.b, job.c), job.many(5, 7))
    _row(job, base, 0.26, 0.42, (job.a, job.line, job.b), job.many(4, 6))
    sheet.stamp(job.line, [rect(-20, base, 1020, sheet.h + 20)])
    step = sheet.w / 12
    sheet.stamp(
        PAPER, [rect(step * (i + 0.2), base + 26, step * (i + 0.8), base + 34) for i in range(12)]
    )
    job.finish(0.4, sky=True)


def heap(job: Job) -> None:
    """A hill town: houses piled up to a tower."""
    sheet, rng = job.sheet, job.rng
    _sky(job)
    rows = job.many(6, 7)
    inks = (job.a, job.b, job.c, job.line)
    for row in range(rows):
        t = row / (rows - 1) if rows > 1 else 1.0
        y = sheet.h * (0.46 + 0.5 * t)
        spread = sheet.w * (0.14 + 0.36 * t)
        count = 2 + row
        for i in range(count):
            wide = 2 * spread / count
            x = sheet.w / 2 - spread + wide * i
            tall = sheet.h * rng.uniform(0.1, 0.19) * (1.3 if row == 0 else 1)
            house(job, x - 4, y, wide + 8, tall, inks[rng.randrange(4)], rng.choice(ROOFS))
    sheet.stamp(job.line, [rect(-20, sheet.h * 0.955, 1020, sheet.h + 20)])
    job.finish(0.35, sky=True)


def facade(job: Job) -> None:
    """One block of flats, and the evening in every window."""
    f, rng, sheet = job.frame(0.07), job.rng, job.sheet
    sheet.print(job.a, [f.shape])
    columns, rows = job.many(3, 4), job.many(4, 6)
    cw, rh = f.w / columns, f.h / rows
    for row in range(rows):
        for column in range(columns):
            pane = Box(
                f.x0 + cw * (column + 0.16),
                f.y0 + rh * (row + 0.17),
                f.x0 + cw * (column + 0.84),
                f.y0 + rh * (row + 0.83),
            )
            shape = (
                arch(pane.x0, pane.y0, pane.x1, pane.y1) if row == 0 and columns < 5 else pane.shape
            )
            ink = rng.choice((job.c, job.c, PAPER, job.line, job.b))
            sheet.stamp(ink, [shape])
            if ink != job.line:
                _evening(job, pane, shape, ink)
            sheet.stamp(job.line, [rect(pane.x0 - 10, pane.y1, pane.x1 + 10, pane.y1 + 9)])


def harbour(job: Job) -> None:
    """Houses on the quay and their lights in the water."""
    sheet, rng = job.sheet, job.rng
    _sky(job)
    quay = sheet.h * rng.uniform(0.58, 0.64)
    _row(job, quay, 0.2, 0.34, (job.a, job.b, job.c), job.many(6, 8))
    sheet.stamp(job.line, [rect(-20, quay, 1020, sheet.h + 20)])
    for _ in range(job.many(26, 34)):
        x, y = rng.uniform(0, sheet.w), rng.uniform(quay + 40, sheet.h - 20)
        half = rng.uniform(18, 80)
        sheet.stamp(rng.choice((job.a, job.b, job.c)), [rounded(x - half, y, x + half, y + 8, 4)])
    for i in range(job.many(1, 3)):
        _boat(
            job,
            sheet.w * (0.2 + 0.29 * i + rng.uniform(0, 0.06)),
            quay + (sheet.h - quay) * rng.uniform(0.34, 0.72),
            rng.uniform(70, 120),
        )
    job.finish(0.45, sky=True)


def towers(job: Job) -> None:
    """A big city, seen from a hill, in two layers."""
    sheet, rng = job.sheet, job.rng
    _sky(job)
    for ink, low, high, count in (
        (job.b, 0.35, 0.62, job.many(6, 8)),
        (job.a, 0.18, 0.46, job.many(6, 9)),
    ):
        pitch = (sheet.w + 30) / count  # the last one runs off the sheet
        for i in range(count):
            tall = sheet.h * rng.uniform(low, high)
            x0, x1 = pitch * i + rng.uniform(-12, 12), pitch * (i + 1) - rng.uniform(0, 20)
            block = rect(x0, sheet.h - tall, x1, sheet.h + 20)
            top = rng.choice(("flat", "step", "mast", "slope", "round"))
            sheet.stamp(ink, [block, *crown(top, x0, x1, sheet.h - tall)])
            lit = job.c if ink == job.a or rng.random() < 0.5 else PAPER
            windows(job, Box(x0, sheet.h - tall, x1, sheet.h), lit, rng.uniform(0.3, 0.6))
    job.finish(0.4, sky=True)


def hut(job: Job) -> None:
    """One small house, a great deal of night."""
    sheet, rng = job.sheet, job.rng
    f = job.frame(0.1)
    r = f.short * rng.uniform(0.3, 0.4)
    sheet.print(job.b, [disc(f.cx + f.w * rng.choice((-0.1, 0.0, 0.12)), f.y0 + r + f.h * 0.05, r)])
    base = f.y0 + f.h * rng.uniform(0.74, 0.82)
    sheet.stamp(job.line, [ellipse(f.cx, base + f.w * 0.36, f.w * 0.54, f.w * 0.38)])
    wide = f.w * rng.uniform(0.26, 0.36)
    x = f.cx + f.w * rng.uniform(-0.16, 0.02) - wide * 0.3
    house(
        job,
        x,
        base + 10,
        wide,
        wide * rng.uniform(0.8, 1.5),
        job.a,
        rng.choice(("gable", "steep", "shed")),
    )
    for _ in range(job.many(2, 3)):
        tx = x + wide * rng.choice((-0.5, 1.3, 1.7))
        tall = wide * rng.uniform(0.6, 1.2)
        sheet.stamp(job.line, stroke([(tx, base + 34), (tx, base - tall * 0.4)], 9))
        sheet.stamp(job.c, [ellipse(tx, base - tall * 0.62, tall * 0.26, tall * 0.42)])


def _row(job: Job, base: float, low: float, high: float, inks: tuple[str, ...], count: int) -> None:
    x, pitch, last = -20.0, job.sheet.w / count, ""
    while x < job.sheet.w:
        wide = pitch * job.rng.uniform(0.75, 1.25)
        ink = job.rng.choice([other for other in inks if other != last] or list(inks))
        house(
            job,
            x,
            base,
            wide + 3,
            job.sheet.h * job.rng.uniform(low, high),
            ink,
            job.rng.choice(ROOFS),
        )
        x, last = x + wide, ink


def _sky(job: Job) -> None:
    rng, sheet = job.rng, job.sheet
    x, y, r = (
        sheet.w * rng.choice((0.24, 0.72, 0.5)),
        sheet.h * rng.uniform(0.14, 0.22),
        sheet.w * rng.uniform(0.08, 0.15),
    )
    if rng.random() < 0.6:
        sheet.print(job.c, [disc(x, y, r)])
        if rng.random() < 0.5:
            sheet.cut([disc(x + r * 0.42, y - r * 0.2, r * 0.88)])
    else:
        sheet.print(job.c, [disc(x, y, r * 0.7)])
    if job.palette.stock.dark or rng.random() < 0.25:
        count = 60 if job.flaw is Flaw.CROWDED else 26
        places = [
            (rng.uniform(20, sheet.w - 20), rng.uniform(20, sheet.h * 0.5)) for _ in range(count)
        ]
        sheet.print(
            job.line,
            [star(px, py, q, q * 0.35, 4) for px, py in places for q in [rng.uniform(4, 13)]],
        )


def _boat(job: Job, x: float, y: float, size: float) -> None:
    hull = [
        (x - size, y),
        (x + size, y),
        (x + size * 0.7, y + size * 0.36),
        (x - size * 0.75, y + size * 0.36),
    ]
    job.sheet.stamp(job.a, [hull])
    job.sheet.stamp(
        PAPER,
        [
            rect(x - 3, y - size * 1.5, x + 3, y),
            [(x + 10, y - size * 1.45), (x + size * 0.85, y - 12), (x + 10, y - 12)],
        ],
    )
    job.sheet.stamp(
        job.c, [[(x - 10, y - size * 1.25), (x - size * 0.6, y - 12), (x - 10, y - 12)]]
    )


def _evening(job: Job, pane: Box, shape: Shape, ink: str) -> None:
    """What one sees from across the street: a plant, a cat, a lamp, a curtain, a person."""
    kind = job.rng.choice(
        ("plant", "cat", "lamp", "curtain", "person", "cross", "blind", "nothing")
    )
    pen, w, h, x, base = job.line, pane.w, pane.h, pane.cx, pane.y1
    figures: dict[str, list[Shape]] = {
        "plant": [
            rect(x - w * 0.12, base - h * 0.2, x + w * 0.12, base),
            *(
                ellipse(x + q * w * 0.16, base - h * 0.38, w * 0.07, h * 0.2, q * 0.6)
                for q in (-1, 0, 1)
            ),
        ],
        "cat": [
            ellipse(x, base - h * 0.14, w * 0.17, h * 0.17),
            disc(x + w * 0.08, base - h * 0.36, w * 0.1),
            polygon(x + w * 0.02, base - h * 0.44, w * 0.06, 3),
            polygon(x + w * 0.14, base - h * 0.44, w * 0.06, 3),
        ],
        "lamp": [
            rect(x - 3, pane.y0, x + 3, pane.y0 + h * 0.24),
            segment(x, pane.y0 + h * 0.4, w * 0.2, pi, tau),
        ],
        "curtain": [
            sector(pane.x0, pane.y0, w * 0.5, 0, pi / 2),
            sector(pane.x1, pane.y0, w * 0.5, pi / 2, pi),
            rect(pane.x0, pane.y0, pane.x0 + w * 0.12, base),
            rect(pane.x1 - w * 0.12, pane.y0, pane.x1, base),
        ],
        "person": [
            disc(x, base - h * 0.48, w * 0.13),
            arch(x - w * 0.22, base - h * 0.32, x + w * 0.22, base),
        ],
        "cross": [
            rect(x - 4, pane.y0, x + 4, base),
            rect(pane.x0, pane.cy - 4, pane.x1, pane.cy + 4),
        ],
        "blind": [
            rect(pane.x0, pane.y0 + h * 0.09 * i, pane.x1, pane.y0 + h * (0.09 * i + 0.045))
            for i in range(6)
        ],
        "nothing": [],
    }
    job.sheet.stamp(job.b if kind == "curtain" and ink != job.b else pen, figures[kind], shape)


FAMILY = Family(
    "houses",
    (street, heap, facade, harbour, towers, hut),
    (*DARK, *LIGHT[::2]),
    (0.8, 0.75, 0.75, 2 / 3, 1.0, 4 / 3),
    clear=0.06,
)
