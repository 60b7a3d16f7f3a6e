"""Fruit, whole and cut, each drawn in a square from -1 to 1."""

from collections.abc import Callable
from math import cos, pi, sin, tau

from ideation.demo.art.commission import Job
from ideation.demo.art.inks import PAPER
from ideation.demo.art.shapes import (
    Shape,
    curve,
    disc,
    ellipse,
    petal,
    placed,
    ring,
    sector,
    segment,
    stroke,
)

Part = tuple[str, list[Shape]]


def serve(
    job: Job, kind: str, x: float, y: float, r: float, ink: str, turn: float, shade: bool = False
) -> None:
    if kind == "slice":
        return citrus(job, x, y, r * 0.96, ink)
    leaf = job.b if ink != job.b else job.c
    parts = KINDS[kind](ink, leaf, job.line)
    for part, (part_ink, shapes) in enumerate(parts):
        laid = [placed(shape, x, y, r, turn) for shape in shapes]
        if part_ink == PAPER and job.palette.stock.dark:
            part_ink = job.line  # a glint is never darker than the fruit
        job.sheet.stamp(part_ink, laid)
        if part == 0 and shade:
            for shape in laid:
                job.sheet.halftone(
                    job.line, shape, (x - r * 0.5, y - r * 0.4), (x + r * 1.7, y + r * 1.3), 11
                )
    return None


def _pear(ink: str, leaf: str, pen: str) -> list[Part]:
    body = curve(
        [
            (0, -0.85),
            (0.28, -0.62),
            (0.36, -0.2),
            (0.7, 0.36),
            (0.48, 0.88),
            (0, 1.0),
            (-0.48, 0.88),
            (-0.7, 0.36),
            (-0.36, -0.2),
            (-0.28, -0.62),
        ],
        closed=True,
    )
    return [
        (ink, [body]),
        (pen, stroke(curve([(0, -0.78), (0.04, -1.0), (0.14, -1.2)]), 0.08)),
        (leaf, [petal(0.06, -0.96, 0.6, 0.26, -0.4, -0.1)]),
        (PAPER, [ellipse(-0.32, 0.36, 0.08, 0.2, 0.2)]),
    ]


def _apple(ink: str, leaf: str, pen: str) -> list[Part]:
    body = curve(
        [
            (0, -0.58),
            (0.42, -0.78),
            (0.88, -0.42),
            (0.84, 0.26),
            (0.42, 0.84),
            (0, 0.72),
            (-0.42, 0.84),
            (-0.84, 0.26),
            (-0.88, -0.42),
            (-0.42, -0.78),
        ],
        closed=True,
    )
    return [
        (ink, [body]),
        (pen, stroke([(0, -0.48), (0.08, -1.0)], 0.09)),
        (leaf, [petal(0.08, -0.86, 0.62, 0.28, -0.35)]),
        (PAPER, [ellipse(-0.54, -0.18, 0.08, 0.2, 0.2)]),
    ]


def _lemon(ink: str, leaf: str, pen: str) -> list[Part]:
    body = curve(
        [
            (-1.0, 0),
            (-0.8, -0.18),
            (-0.4, -0.56),
            (0.2, -0.6),
            (0.72, -0.24),
            (1.02, 0),
            (0.72, 0.24),
            (0.2, 0.6),
            (-0.4, 0.56),
            (-0.8, 0.18),
        ],
        closed=True,
    )
    pores = [
        disc(q * 0.22 - 0.1, p * 0.2, 0.03)
        for q, p in ((-2, -1), (0, -1), (-1, 1), (1, 1), (2, 0), (0, 0))
    ]
    return [(ink, [body]), (pen, pores), (leaf, [petal(-0.92, -0.04, 0.75, 0.32, -1.9, 0.1)])]


def _cherry(ink: str, leaf: str, pen: str) -> list[Part]:
    stems = [
        *stroke(curve([(-0.45, 0.4), (-0.24, -0.4), (0.14, -0.95)]), 0.06),
        *stroke(curve([(0.5, 0.5), (0.42, -0.3), (0.14, -0.95)]), 0.06),
    ]
    return [
        (ink, [disc(-0.48, 0.5, 0.42), disc(0.52, 0.56, 0.4)]),
        (pen, stems),
        (leaf, [petal(0.14, -0.92, 0.75, 0.34, 0.3)]),
        (PAPER, [ellipse(-0.62, 0.4, 0.06, 0.13, 0.3), ellipse(0.4, 0.46, 0.06, 0.13, 0.3)]),
    ]


def _fig(ink: str, leaf: str, pen: str) -> list[Part]:
    body = curve(
        [
            (0, -0.95),
            (0.16, -0.6),
            (0.7, 0.12),
            (0.56, 0.7),
            (0, 0.9),
            (-0.56, 0.7),
            (-0.7, 0.12),
            (-0.16, -0.6),
        ],
        closed=True,
    )
    ribs = [
        placed(petal(0, 0, 1.25, 0.06, pi / 2, lean), 0, -0.5) for lean in (-0.3, -0.1, 0.1, 0.3)
    ]
    return [(ink, [body]), (leaf, ribs), (pen, stroke([(0, -0.86), (0.05, -1.06)], 0.12))]


def _plain_orange(ink: str, leaf: str, pen: str) -> list[Part]:
    return [
        (ink, [disc(0, 0, 0.9)]),
        (leaf, [petal(0, -0.8, 0.6, 0.26, -0.4)]),
        (pen, [disc(0, -0.76, 0.07)]),
    ]


def citrus(job: Job, x: float, y: float, r: float, ink: str) -> None:
    job.sheet.stamp(ink, [disc(x, y, r)])
    job.sheet.stamp(PAPER, [disc(x, y, r * 0.88)])
    count = job.rng.choice((8, 9, 10))
    start = job.rng.uniform(0, tau)
    for i in range(count):
        angle = start + tau * i / count
        px, py = x + cos(angle) * r * 0.08, y + sin(angle) * r * 0.08
        half = pi / count * 0.84
        job.sheet.print(ink, [sector(px, py, r * 0.72, angle - half, angle + half)])
    if job.rng.random() < 0.5:
        other = next(o for o in (job.b, job.c, job.a) if o != ink)
        job.sheet.print(other, [ring(x, y, r * 0.93, r)])


def melon(job: Job, x: float, y: float, r: float, ink: str, turn: float) -> None:
    rind = job.b if ink != job.b else job.a
    place: Callable[[Shape], Shape] = lambda shape: placed(shape, x, y, 1, turn)  # noqa: E731
    lift = -r * 0.45
    job.sheet.stamp(rind, [place(segment(0, lift, r, 0, pi))])
    job.sheet.stamp(PAPER, [place(segment(0, lift, r * 0.87, 0, pi))])
    job.sheet.stamp(ink, [place(segment(0, lift, r * 0.79, 0, pi))])
    seeds = [
        ellipse(cos(q) * r * p, lift + sin(q) * r * p, r * 0.025, r * 0.055, q - pi / 2)
        for p, n in ((0.32, 4), (0.58, 7))
        for q in [pi * (i + 0.5) / n for i in range(n)]
    ]
    job.sheet.stamp(job.line, [place(seed) for seed in seeds])


KINDS: dict[str, Callable[[str, str, str], list[Part]]] = {
    "pear": _pear,
    "apple": _apple,
    "lemon": _lemon,
    "cherry": _cherry,
    "fig": _fig,
    "orange": _plain_orange,
}

SERVED = (*KINDS, "slice")
