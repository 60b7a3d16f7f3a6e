"""A fish, a bird and the head of a cat."""

from math import pi

from ideation.demo.art.commission import Job
from ideation.demo.art.inks import PAPER
from ideation.demo.art.shapes import (
    Shape,
    arc_points,
    curve,
    disc,
    ellipse,
    petal,
    placed,
    rect,
    ribbon,
    stroke,
)


def fish(
    job: Job,
    x: float,
    y: float,
    size: float,
    ink: str,
    flip: bool = False,
    fancy: bool = False,
    upright: bool = False,
    slim: float = 0.0,
) -> None:
    """A fish `size` from middle to nose, swimming left unless flipped."""
    rng, sheet = job.rng, job.sheet
    deep = slim / size if slim else rng.uniform(0.36, 0.5)
    turn = (pi / 2 if upright else 0.0) + (pi if flip else 0.0)

    def put(shape: Shape) -> Shape:
        if flip and not upright:
            return [(2 * x - px, py) for px, py in placed(shape, x, y, size)]
        return placed(shape, x, y, size, turn)

    back = curve([(-1, 0), (-0.55, -deep * 0.85), (0, -deep), (0.5, -deep * 0.5), (0.72, -0.06)])
    body = [*back, *((px, -py) for px, py in reversed(back))]
    tail: Shape = [(0.62, 0), (1.0, -deep * 0.8), (0.9, 0), (1.0, deep * 0.8)]
    trim = next(o for o in (job.c, job.b, job.a, job.line) if o != ink)
    fins: list[Shape] = [
        [(-0.2, -deep * 0.8), (0.34, -deep * 1.35), (0.4, -deep * 0.5)],
        [(0.0, deep * 0.8), (0.34, deep * 1.25), (0.36, deep * 0.5)],
    ]
    if not slim:
        sheet.stamp(trim if fancy else ink, [put(fin) for fin in fins])
    sheet.stamp(ink, [put(tail), put(body)])
    style = "scales" if fancy else rng.choice(("stripes", "plain", "dots", "bands", "scales"))
    skin = PAPER if style in ("stripes", "dots") or (fancy and rng.random() < 0.5) else trim
    shell = put(body)
    sheet.stamp(skin, [put(shape) for shape in _skin(style, deep)], shell)
    sheet.stamp(PAPER, [put(rect(-0.52, -1, -0.47, 1))], shell)
    sheet.stamp(PAPER, [put(disc(-0.7, -deep * 0.16, deep * 0.17))])
    pupil = job.line if ink != job.line else trim
    sheet.stamp(pupil, [put(disc(-0.71, -deep * 0.16, deep * 0.09))])


def _skin(style: str, deep: float) -> list[Shape]:
    """Markings of a fish `deep` from its middle to its back."""
    if style == "stripes":
        edges = (-deep * 0.5, -deep * 0.07, deep * 0.36)
        return [rect(-0.3, q, 0.7, q + deep * 0.13) for q in edges]
    if style == "bands":
        return [rect(q, -1, q + 0.1, 1) for q in (-0.25, 0.0, 0.25, 0.5)]
    if style == "dots":
        places = [(-0.2 + 0.2 * i, (k - 1) * deep * 0.45) for i in range(4) for k in range(3)]
        return [disc(x, y, deep * 0.1) for x, y in places]
    if style == "scales":
        return [
            arc_points(
                -0.3 + 0.17 * i, deep * (0.34 * k + 0.17 * (i % 2)), deep * 0.2, -pi / 2, pi / 2
            )
            for i in range(6)
            for k in range(-3, 3)
        ]
    return []


def bird(job: Job, x: float, foot: float, size: float, ink: str, flip: bool) -> None:
    """A plump bird that stands at (x, foot), facing left unless flipped."""
    sheet, rng = job.sheet, job.rng
    s = -1 if flip else 1

    def put(shape: Shape) -> Shape:
        return [(x + s * px * size, foot + py * size) for px, py in shape]

    trim = next(o for o in (job.b, job.c, job.a) if o != ink)
    legs = [*stroke([(-0.1, -0.5), (-0.12, 0.0)], 0.07), *stroke([(0.14, -0.5), (0.12, 0.0)], 0.07)]
    sheet.stamp(job.line, [put(leg) for leg in legs])
    body = curve(
        [
            (-0.62, -1.62),
            (-0.2, -1.5),
            (0.3, -1.1),
            (1.25, -0.62),
            (0.5, -0.42),
            (0.0, -0.3),
            (-0.62, -0.66),
            (-0.86, -1.2),
        ],
        closed=True,
    )
    sheet.stamp(trim, [put([(-0.86, -1.36), (-1.22, -1.2), (-0.84, -1.12)])])
    sheet.stamp(ink, [put(body)])
    sheet.stamp(trim, [put(petal(-0.3, -0.98, 1.1, 0.42, 0.28, 0.06))])
    sheet.stamp(PAPER, [put(disc(-0.56, -1.32, 0.11))])
    if rng.random() < 0.9:
        sheet.stamp(job.line if ink != job.line else trim, [put(disc(-0.57, -1.32, 0.055))])


def cat_head(job: Job, x: float, y: float, r: float, ink: str) -> None:
    """Face to face with a cat of head radius `r`; one in four is asleep."""
    sheet = job.sheet

    def put(shape: Shape) -> Shape:
        return placed(shape, x, y, r)

    ears: list[Shape] = [[(s * 0.96, -0.1), (s * 0.86, -1.15), (s * 0.16, -0.66)] for s in (-1, 1)]
    sheet.stamp(ink, [*map(put, ears), put(ellipse(0, 0, 1, 0.82))])
    pen = PAPER if ink == job.line else job.line
    asleep = job.rng.random() < 0.25
    for s in (-0.42, 0.42):
        if asleep:
            lid = arc_points(s, -0.16, 0.18, 0.1 * pi, 0.9 * pi)
            sheet.stamp(pen, [put(ribbon(lid, 0.06))])
        else:
            sheet.stamp(job.b if ink == job.line else PAPER, [put(ellipse(s, -0.06, 0.21, 0.18))])
            sheet.stamp(pen, [put(ellipse(s, -0.06, 0.06, 0.16))])
    whiskers = [
        ribbon([(s * 0.36, 0.34), (s * 1.1, 0.3 + lift)], 0.03)
        for s in (-1, 1)
        for lift in (-0.08, 0.16)
    ]
    nose: Shape = [(-0.1, 0.24), (0.1, 0.24), (0, 0.36)]
    sheet.stamp(pen, [put(shape) for shape in (nose, *whiskers)])
