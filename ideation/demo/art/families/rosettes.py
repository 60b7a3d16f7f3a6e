"""Flowers by compass: petals round a centre, once or many times."""

from math import cos, pi, sin, sqrt, tau

from ideation.demo.art.commission import Family, Job
from ideation.demo.art.inks import DARK, LIGHT, PAPER
from ideation.demo.art.shapes import (
    Shape,
    curve,
    disc,
    petal,
    placed,
    rect,
    ribbon,
    ring,
    star,
)


def bloom(job: Job) -> None:
    """One large flower, its layers overprinted."""
    f, rng, sheet = job.frame(0.1), job.rng, job.sheet
    r = f.short / 2
    count = job.many(9, 14)
    layers = rng.choice((2, 2, 3))
    lean = rng.choice((0.0, 0.0, 0.18, -0.25))
    wide = rng.uniform(1.1, 1.9)
    for layer in range(layers):
        reach = r * (1 - 0.24 * layer * (job.palette.stock.dark or rng.random() < 0.5))
        for i in range(count):
            angle = tau * (i + layer / layers) / count
            leaf = petal(f.cx, f.cy, reach, wide * tau * reach / count * 0.45, angle, lean)
            sheet.print(job.colours[layer], [leaf])
    _heart(job, f.cx, f.cy, r * rng.uniform(0.1, 0.18))


def mandala(job: Job) -> None:
    """Rings of petals, beads and rays, from the rim to the heart."""
    f, rng, sheet = job.frame(0.07), job.rng, job.sheet
    r, fold = f.short / 2, rng.choice((8, 10, 12, 16))
    edges = (1.0, rng.uniform(0.74, 0.8), 0.55, 0.33, 0.14)
    grounds = [job.a, job.line, job.b, job.c]
    if rng.random() < 0.5:
        grounds = [job.line, job.b, PAPER, job.a]
    for i, ground in enumerate(grounds):
        outer, inner = r * edges[i], r * edges[i + 1]
        sheet.stamp(ground, [disc(f.cx, f.cy, outer)])
        inks = [ink for ink in (job.c, job.a, PAPER, job.b, job.line) if ink != ground]
        many = job.many(fold * (2 if i == 0 and rng.random() < 0.4 else 1))
        style = rng.choice(("petals", "rays", "beads", "petals"))
        figures, beads = _wheel(f.cx, f.cy, inner * 0.94, outer * 0.97, many, style, 0.5 * (i % 2))
        sheet.stamp(inks[i % 2], figures)
        sheet.stamp(inks[2], beads)
    _heart(job, f.cx, f.cy, r * 0.13)


def _wheel(
    x: float, y: float, inner: float, outer: float, many: int, style: str, shift: float
) -> tuple[list[Shape], list[Shape]]:
    """Figures between two radii, and beads in the gaps they leave."""
    deep, wide = outer - inner, tau * outer / many
    figures: list[Shape] = []
    beads: list[Shape] = []
    for k in range(many):
        angle = tau * (k + shift) / many
        px, py = x + cos(angle) * inner, y + sin(angle) * inner
        if style == "petals":
            figures.append(petal(px, py, deep, wide * 0.7, angle))
        elif style == "rays":
            half = wide * 0.3 * inner / outer
            figures.append(placed([(0, -half), (deep, 0), (0, half)], px, py, turn=angle))
        else:
            far = inner + deep * 0.5
            figures.append(
                disc(x + cos(angle) * far, y + sin(angle) * far, min(wide * 0.3, deep * 0.36))
            )
        between, far = angle + pi / many, outer - deep * 0.2
        beads.append(
            disc(x + cos(between) * far, y + sin(between) * far, min(wide * 0.09, deep * 0.12))
        )
    return figures, beads


def meadow(job: Job) -> None:
    """A sheet of small flowers, no two rows alike."""
    f, rng = job.frame(0.09), job.rng
    columns = job.many(3, 5)
    cell = f.w / columns
    rows = max(1, round(f.h / cell))
    top = f.cy - rows * cell / 2
    plain = rng.random() < 0.5
    for row in range(rows):
        kinds = (rng.randint(5, 9), rng.uniform(0.8, 1.7), rng.choice((0.0, 0.25)))
        for column in range(columns):
            x, y = f.x0 + cell * (column + 0.5), top + cell * (row + 0.5)
            ink = job.colours[(row + column) % 3] if plain else rng.choice((*job.colours, job.line))
            if not plain:
                kinds = (rng.randint(4, 12), rng.uniform(0.7, 1.8), rng.choice((0.0, 0.25)))
            _flower(job, x, y, cell * 0.47, ink, *kinds)


def rising(job: Job) -> None:
    """Half a flower coming up over the lower edge."""
    sheet, rng = job.sheet, job.rng
    x, y = sheet.w * rng.choice((0.5, 0.5, 0.3, 0.7)), sheet.h * 1.01
    reach = min(sheet.w * 0.92, sheet.h * 0.84)
    count = job.many(13, 19)
    for layer, ink in enumerate((job.a, job.b, job.c)):
        size = reach * (1, 0.76, 0.5)[layer]
        for i in range(count):
            angle = pi + pi * (i + 0.5 * (layer % 2)) / (count - 0.5)
            wide = pi * size / count * 0.95
            if layer == 1:
                sheet.print(ink, [petal(x, y, size, wide, angle)])
            else:
                sheet.stamp(ink, [petal(x, y, size, wide, angle)])
    _heart(job, x, y, reach * 0.2)
    job.finish(0.45, sky=True)


def sunflower(job: Job) -> None:
    """Seeds by the golden angle (Vogel, 1979), petals round them."""
    f, rng, sheet = job.frame(0.1), job.rng, job.sheet
    r = f.short / 2
    core = r * rng.uniform(0.5, 0.78)
    count = job.many(20, 30)
    for i in range(count * 2):
        angle = tau * i / (count * 2)
        ink = job.c if i % 2 else job.a
        leaf = petal(
            f.cx + cos(angle) * core * 0.7,
            f.cy + sin(angle) * core * 0.7,
            r - core * 0.7,
            tau * r / count * 0.42,
            angle,
        )
        sheet.print(ink, [leaf])
    sheet.stamp(job.line, [disc(f.cx, f.cy, core)])
    seeds = job.many(150, 240)
    golden = pi * (3 - sqrt(5))
    for i in range(4, seeds):
        far = core * 0.94 * sqrt(i / seeds)
        size = core * (0.03 + 0.028 * i / seeds) * sqrt(200 / seeds)
        x, y = f.cx + far * cos(i * golden), f.cy + far * sin(i * golden)
        sheet.stamp(job.b if i % 3 else PAPER, [disc(x, y, size)])


def stems(job: Job) -> None:
    """Flowers on tall stems, as a child sees them from the grass."""
    f, rng, sheet = job.frame(0.08), job.rng, job.sheet
    count = job.many(3, 5)
    pitch = f.w / count
    stalk = job.b if job.palette.stock.dark else rng.choice((job.line, job.b))
    for i in range(count):
        x = f.x0 + pitch * (i + 0.5)
        head = f.y0 + f.h * rng.uniform(0.17, 0.46)
        r = min(pitch * rng.uniform(0.5, 0.62), head - f.y0 + pitch * 0.2, f.h * 0.24)
        sway = pitch * rng.uniform(-0.16, 0.16)
        line = curve([(x, f.y1), (x + sway, (head + f.y1) / 2), (x, head)])
        sheet.stamp(stalk, [ribbon(line, f.w * 0.016)])
        for k, t in enumerate((0.25, 0.42, 0.6)):
            px, py = line[round(t * (len(line) - 1))]
            angle = -pi / 2 + (0.9 if k % 2 else -0.9)
            sheet.stamp(stalk, [petal(px, py, pitch * 0.5, pitch * 0.19, angle)])
        ink = (job.a, job.c)[i % 2]
        _flower(job, x, head, r, ink, rng.randint(7, 13), rng.uniform(0.9, 1.6), 0.0)
    sheet.stamp(job.line, [rect(f.x0, f.y1 - 4, f.x1, f.y1 + 8)])


def _flower(
    job: Job, x: float, y: float, r: float, ink: str, count: int, wide: float, lean: float
) -> None:
    start = job.rng.uniform(0, tau)
    leaves = [
        petal(x, y, r, wide * tau * r / count * 0.5, start + tau * i / count, lean)
        for i in range(count)
    ]
    job.sheet.stamp(ink, leaves)
    others = [other for other in (*job.colours, job.line) if other != ink]
    if job.rng.random() < 0.4:
        inner = [
            petal(x, y, r * 0.62, tau * r / count * 0.3, start + tau * (i + 0.5) / count)
            for i in range(count)
        ]
        job.sheet.print(others[1], inner)
    job.sheet.stamp(others[0], [disc(x, y, r * 0.24)])
    job.sheet.stamp(PAPER, [disc(x, y, r * 0.1)])


def _heart(job: Job, x: float, y: float, r: float) -> None:
    style = job.rng.choice(("hole", "eye", "star", "ring"))
    job.sheet.cut([disc(x, y, r)])
    if style == "eye":
        job.sheet.print(job.line, [disc(x, y, r * 0.7)])
    elif style == "star":
        job.sheet.print(job.line, [star(x, y, r * 0.85, r * 0.4, 8)])
    elif style == "ring":
        job.sheet.print(job.a, [ring(x, y, r * 0.4, r * 0.75)])


FAMILY = Family(
    "rosettes",
    (bloom, mandala, meadow, rising, sunflower, stems),
    (*LIGHT, *DARK),
    (0.8, 0.8, 0.75, 1.0, 1.0),
    clear=0.2,
)
