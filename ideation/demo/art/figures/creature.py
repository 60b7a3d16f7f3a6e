"""One creature: body, limbs, a hat, and a face that looks somewhere."""

from math import pi, tau

from ideation.demo.art.commission import Box, Job
from ideation.demo.art.inks import PAPER
from ideation.demo.art.shapes import (
    Shape,
    arc_points,
    arch,
    curve,
    disc,
    ellipse,
    petal,
    placed,
    rect,
    ribbon,
    rounded,
    scallop,
    segment,
    stroke,
)

BODIES = ("disc", "arch", "egg", "block", "drop", "bean", "cloud", "tooth")


def creature(
    job: Job, box: Box, ink: str, trim: str, kind: str, legs: float, hat: bool | None = None
) -> None:
    rng, sheet = job.rng, job.sheet
    limb = box.w * rng.choice((0.05, 0.07, 0.1))
    skin = job.line if ink != job.line else trim
    if legs > 0:
        _legs(job, box, legs, limb, skin)
    if legs > 0 and rng.random() < 0.7:
        _arms(job, box, limb, skin)
    torso = body(kind, box)
    if hat is not False:
        _topping(job, box, trim)
    sheet.stamp(ink, [torso])
    if rng.random() < 0.5:
        pattern(job, torso, box, trim if trim != ink else job.line)
    face(job, box, ink)


def body(kind: str, box: Box) -> Shape:
    w, h, x, y = box.w, box.h, box.cx, box.cy
    r = box.short / 2
    if kind == "disc":
        return ellipse(x, box.y1 - max(r, h / 2), r * 1.04, max(r, h / 2))
    if kind == "arch":
        return arch(box.x0, box.y0, box.x1, box.y1)
    if kind == "egg":
        return curve(
            [(x, box.y0), (box.x1, y + h * 0.14), (x, box.y1), (box.x0, y + h * 0.14)], closed=True
        )
    if kind == "block":
        return rounded(box.x0, box.y0, box.x1, box.y1, w * 0.16)
    if kind == "drop":
        points = [
            (x + w * 0.02, box.y0),
            (x + w * 0.3, y - h * 0.08),
            (box.x1, y + h * 0.24),
            (x, box.y1),
            (box.x0, y + h * 0.24),
            (x - w * 0.3, y - h * 0.08),
        ]
        return curve(points, closed=True)
    if kind == "bean":
        points = [
            (x - w * 0.2, box.y0),
            (x + w * 0.34, box.y0 + h * 0.16),
            (x + w * 0.34, y + h * 0.1),
            (box.x1, y + h * 0.36),
            (x, box.y1),
            (box.x0, y + h * 0.3),
            (x - w * 0.4, y),
        ]
        return curve(points, closed=True)
    if kind == "cloud":
        return [(x + (px - x), y + (py - y) * h / w) for px, py in scallop(x, y, w / 2, 9, 0.08)]
    return [*arch(box.x0, box.y0, box.x1, box.y1 - h * 0.12)[2:], *_hem(box)]


def _hem(box: Box) -> Shape:
    teeth = 4
    return [
        (box.x1 - box.w * i / (teeth * 2), box.y1 if i % 2 else box.y1 - box.h * 0.12)
        for i in range(teeth * 2 + 1)
    ]


def face(job: Job, box: Box, ink: str, look: tuple[float, float] | None = None) -> None:
    rng, sheet = job.rng, job.sheet
    on_dark = ink in (job.line, "navy", "black")
    pen = PAPER if on_dark and not job.palette.stock.dark else job.line
    if job.palette.stock.dark:
        pen = PAPER
    white = (
        "cream"
        if job.palette.stock.dark and "cream" in sheet.palette.inks and ink != "cream"
        else PAPER
    )
    pupil = PAPER if white == "cream" else job.line
    eyes = rng.choice((2, 2, 2, 2, 1, 3))
    size = box.w * (0.11 if eyes == 2 else 0.15 if eyes == 1 else 0.085)
    size *= rng.uniform(0.8, 1.25)
    y = box.y0 + box.h * rng.uniform(0.34, 0.42)
    gap = size * rng.uniform(2.3, 3.0)
    dx, dy = look or (rng.choice((-0.45, 0, 0.45)), rng.choice((-0.2, 0, 0.35)))
    style = rng.choice(("round", "round", "round", "dots", "sleepy"))
    for i in range(eyes):
        x = box.cx + (i - (eyes - 1) / 2) * gap
        if style == "dots":
            sheet.stamp(pen, [ellipse(x, y, size * 0.4, size * 0.55)])
            continue
        if white == PAPER and pupil == PAPER:
            pupil = ink
        sheet.stamp(white, [disc(x, y, size)])
        sheet.stamp(pupil, [disc(x + dx * size, y + dy * size, size * 0.5)])
        if style == "sleepy":
            sheet.stamp(ink, [segment(x, y, size * 1.08, pi, tau)])
            sheet.stamp(pen, [rect(x - size, y - size * 0.07, x + size, y + size * 0.07)])
    _mouth(job, box, y + size * 1.7, pen)


def _mouth(job: Job, box: Box, y: float, pen: str) -> None:
    rng, sheet = job.rng, job.sheet
    w, x = box.w * rng.uniform(0.09, 0.17), box.cx + box.w * rng.uniform(-0.03, 0.03)
    style = rng.choice(("smile", "smile", "flat", "open", "beak", "teeth"))
    if style == "smile":
        sheet.stamp(pen, stroke(arc_points(x, y - w * 0.3, w, 0.2 * pi, 0.8 * pi), w * 0.2))
    elif style == "flat":
        sheet.stamp(pen, stroke([(x - w * 0.7, y + w * 0.4), (x + w * 0.7, y + w * 0.4)], w * 0.2))
    elif style == "open":
        sheet.stamp(pen, [ellipse(x, y + w * 0.5, w * 0.42, w * 0.55)])
    elif style == "beak":
        sheet.stamp(
            job.c if job.c != pen else job.b, [[(x - w * 0.6, y), (x + w * 0.6, y), (x, y + w)]]
        )
    else:
        sheet.stamp(pen, [segment(x, y, w * 1.2, 0, pi)])
        sheet.stamp(
            PAPER if pen != PAPER else job.line,
            [
                rect(x - w * 0.5, y, x - w * 0.06, y + w * 0.36),
                rect(x + w * 0.06, y, x + w * 0.5, y + w * 0.36),
            ],
        )


def _legs(job: Job, box: Box, legs: float, limb: float, ink: str) -> None:
    rng = job.rng
    stride = box.w * rng.choice((0.0, 0.12, 0.22))
    top, foot = box.y1 - box.h * 0.2, box.y1 + legs
    ahead = rng.choice((-1, 1))
    for side in (-1, 1):
        x = box.cx + side * box.w * 0.17
        end = x + side * stride
        knee = (
            (x + end) / 2 + ahead * min(legs * 0.16, box.w * 0.16) * rng.choice((0, 0, 1)),
            (box.y1 + foot) / 2,
        )
        line = curve([(x, top), (x, box.y1), knee, (end, foot - limb / 2)])
        job.sheet.stamp(ink, stroke(line, limb))
        shoe = rounded(
            end - limb * (0.6 if ahead > 0 else 2.2),
            foot - limb * 1.05,
            end + limb * (2.2 if ahead > 0 else 0.6),
            foot,
            limb * 0.6,
        )
        job.sheet.stamp(ink, [shoe])


def _arms(job: Job, box: Box, limb: float, ink: str) -> None:
    rng = job.rng
    for side in (-1, 1):
        lift = rng.choice((-0.35, -0.1, 0.28))
        x, y = box.cx + side * box.w * 0.3, box.cy + box.h * 0.1
        reach = box.w * rng.uniform(0.22, 0.34)
        hand = (box.cx + side * (box.w * 0.44 + reach), y + lift * box.h)
        elbow = ((x + hand[0]) / 2, (y + hand[1]) / 2 + box.h * 0.1)
        job.sheet.stamp(ink, stroke(curve([(x, y), elbow, hand]), limb))
        job.sheet.stamp(ink, [disc(*hand, limb * 0.85)])


def _topping(job: Job, box: Box, ink: str) -> None:
    """Something on the head, drawn in body widths about the crown."""
    tops: dict[str, list[Shape]] = {
        "none": [],
        "horns": [petal(s * 0.2, 0.2, 0.42, 0.14, -pi / 2 + s * 0.35) for s in (-1, 1)],
        "antenna": [
            shape
            for s in (-1, 1)
            for shape in (
                ribbon([(s * 0.08, 0.1), (s * 0.2, -0.2)], 0.03),
                disc(s * 0.2, -0.2, 0.055),
            )
        ],
        "cone": [[(-0.2, 0.12), (0.2, 0.12), (0.03, -0.34)]],
        "tuft": [petal(0, 0.12, 0.34, 0.1, -pi / 2 + q * 0.45) for q in (-2, -1, 0, 1, 2)],
        "ears": [disc(s * 0.3, 0.1, 0.15) for s in (-1, 1)],
        "leaf": [*stroke([(0, 0.1), (0, -0.1)], 0.03), petal(0, -0.06, 0.3, 0.13, -0.5)],
        "bowler": [segment(0, 0.06, 0.22, pi, tau), rounded(-0.34, 0.04, 0.34, 0.11, 0.03)],
    }
    shapes = tops[job.rng.choice(tuple(tops))]
    job.sheet.stamp(ink, [placed(shape, box.cx, box.y0, box.w) for shape in shapes])


def pattern(job: Job, torso: Shape, box: Box, ink: str) -> None:
    rng, sheet = job.rng, job.sheet
    style = rng.choice(("stripes", "dots", "shade", "belly", "trousers"))
    low = box.y0 + box.h * 0.64
    if style == "stripes":
        step = box.h * 0.1
        sheet.stamp(
            ink,
            [rect(box.x0, low + i * step, box.x1, low + (i + 0.5) * step) for i in range(5)],
            torso,
        )
    elif style == "dots":
        pitch = box.w * 0.16
        sheet.stamp(
            ink,
            [
                disc(
                    box.x0 + pitch * (i + 0.5 * (k % 2)),
                    low + pitch * (k + 0.3) * 0.8,
                    pitch * 0.22,
                )
                for i in range(8)
                for k in range(5)
            ],
            torso,
        )
    elif style == "shade":
        sheet.halftone(
            ink,
            torso,
            (box.cx, box.y0 + box.h * 0.45),
            (box.cx, box.y1 + box.h * 0.1),
            max(7.0, box.w * 0.03),
        )
    elif style == "belly":
        sheet.stamp(ink, [ellipse(box.cx, box.y1 - box.h * 0.08, box.w * 0.3, box.h * 0.22)], torso)
    else:
        sheet.stamp(ink, [rect(box.x0 - 9, box.y0 + box.h * 0.76, box.x1 + 9, box.y1 + 9)], torso)
