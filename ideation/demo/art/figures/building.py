"""Houses and towers, their roofs and lit windows."""

from math import pi, tau

from ideation.demo.art.commission import Box, Job
from ideation.demo.art.inks import PAPER
from ideation.demo.art.shapes import (
    Shape,
    arch,
    disc,
    rect,
    segment,
)

ROOFS = ("gable", "gable", "steep", "flat", "shed", "step", "dome", "onion")


def house(job: Job, x: float, base: float, wide: float, tall: float, ink: str, roof: str) -> None:
    """A house of `tall` with its roof, its left foot at (x, base)."""
    sheet, rng = job.sheet, job.rng
    rise = min(tall * 0.45, wide * {"steep": 0.85, "gable": 0.5, "shed": 0.35}.get(roof, 0.4))
    eaves = base - tall + rise
    top = next(other for other in (job.line, job.b, job.c, job.a) if other != ink)
    if rng.random() < 0.4 and roof in ("gable", "steep", "shed"):
        sheet.stamp(top, [rect(x + wide * 0.68, eaves - rise * 0.95, x + wide * 0.8, eaves)])
    sheet.stamp(ink, [rect(x, eaves - 1, x + wide, base)])
    roof_ink = ink if roof in ("flat", "step") else rng.choice((top, top, ink))
    sheet.stamp(roof_ink, _roof(roof, x, x + wide, eaves, rise))
    lit = rng.choice([job.c, job.c, PAPER]) if ink != job.c else rng.choice((PAPER, job.line))
    windows(
        job,
        Box(x, eaves + wide * 0.04, x + wide, base - wide * 0.3),
        lit,
        0.72,
        wide / rng.choice((2, 3, 3)),
    )
    door = wide * 0.11
    dx = x + wide * rng.choice((0.3, 0.5, 0.7))
    sheet.stamp(
        top if top != lit else job.line, [arch(dx - door, base - wide * 0.3, dx + door, base)]
    )


def _roof(kind: str, x0: float, x1: float, y: float, rise: float) -> list[Shape]:
    w, mid = x1 - x0, (x0 + x1) / 2
    if kind in ("gable", "steep"):
        return [[(x0 - w * 0.04, y), (mid, y - rise), (x1 + w * 0.04, y)]]
    if kind == "shed":
        return [[(x0, y), (x0, y - rise), (x1, y - rise * 0.25), (x1, y)]]
    if kind == "step":
        return [
            rect(x0 + w * q, y - rise * (2.4 * q + 0.25), x1 - w * q, y + 1)
            for q in (0.0, 0.14, 0.28)
        ]
    if kind == "dome":
        return [
            segment(mid, y + 1, w * 0.42, pi, tau),
            rect(mid - 3, y - w * 0.55, mid + 3, y - w * 0.4),
        ]
    if kind == "onion":
        return [
            disc(mid, y - w * 0.24, w * 0.3),
            [(mid - w * 0.16, y - w * 0.44), (mid, y - w * 0.85), (mid + w * 0.16, y - w * 0.44)],
        ]
    return [rect(x0 - w * 0.03, y - 14, x1 + w * 0.03, y + 1)]


def windows(job: Job, wall: Box, ink: str, share: float, pitch: float = 34.0) -> None:
    columns = max(1, round(wall.w / pitch))
    cw = wall.w / columns
    rows = max(0, int(wall.h / (cw * 1.25)))
    panes = [
        rect(
            wall.x0 + cw * (i + 0.28),
            wall.y0 + cw * (1.25 * k + 0.3),
            wall.x0 + cw * (i + 0.72),
            wall.y0 + cw * (1.25 * k + 0.92),
        )
        for i in range(columns)
        for k in range(rows)
        if job.rng.random() < share
    ]
    job.sheet.stamp(ink, panes)


def crown(kind: str, x0: float, x1: float, y: float) -> list[Shape]:
    w, mid = x1 - x0, (x0 + x1) / 2
    if kind == "step":
        return [
            rect(x0 + w * 0.2, y - w * 0.25, x1 - w * 0.2, y + 1),
            rect(mid - w * 0.12, y - w * 0.5, mid + w * 0.12, y),
        ]
    if kind == "mast":
        return [rect(mid - 4, y - w * 0.8, mid + 4, y + 1)]
    if kind == "slope":
        return [[(x0, y + 1), (x0, y - w * 0.5), (x1, y + 1)]]
    return [segment(mid, y + 1, w / 2, pi, tau)] if kind == "round" else []
