"""Land under a disc: peaks, hills, a shore, a wood."""

from math import pi, sin, tau

from ideation.demo.art.commission import Family, Job
from ideation.demo.art.inks import DARK, LIGHT, PAPER
from ideation.demo.art.shapes import Point, Shape, curve, disc, rect, ribbon, ring, rounded


def peaks(job: Job) -> None:
    """Sharp mountains leaning one way, under a large disc."""
    sheet, rng = job.sheet, job.rng
    r = sheet.w * rng.uniform(0.2, 0.3)
    x = sheet.w * rng.choice((0.34, 0.42, 0.58, 0.66))
    y = max(r + 0.07 * sheet.h, sheet.h * rng.uniform(0.25, 0.34))
    _sun(job, x, y, r, job.a)
    count = job.many(3, 6)
    pitch = sheet.w / (count - 0.4)
    lean = rng.choice((-0.22, -0.12, 0.0, 0.12, 0.22))
    base = sheet.h + 20
    capped = rng.random() < 0.45
    places = list(range(-1, count + 1))
    rng.shuffle(places)
    for place in places:
        tip_x = pitch * (place + rng.uniform(0.35, 0.65))
        tip_y = sheet.h * rng.uniform(0.46, 0.68)
        half = pitch * rng.uniform(0.85, 1.1)
        slip = lean * (base - tip_y) * 0.5
        ink = job.b if place % 2 else job.line
        mountain = [(tip_x, tip_y), (tip_x + half + slip, base), (tip_x - half + slip, base)]
        sheet.stamp(ink, [mountain])
        if capped:
            sheet.stamp(job.c, [_cap(mountain, 0.22)])
    job.finish(0.4, sky=True)


def hills(job: Job) -> None:
    """Soft hills in layers, each with its own furrows."""
    sheet, rng = job.sheet, job.rng
    r = sheet.w * rng.uniform(0.14, 0.24)
    top = sheet.h * rng.uniform(0.36, 0.46)
    _sun(job, sheet.w * rng.uniform(0.25, 0.75), top - r * rng.uniform(0.0, 0.5), r, job.c)
    count = job.many(4, 6)
    inks = [job.a, job.b, job.line, job.c]
    for i in range(count):
        y = top + (sheet.h - top) * (i / count) ** 0.9
        edge = _rolling(job, y, sheet.h * rng.uniform(0.03, 0.07))
        land = [*edge, (1040.0, sheet.h + 20), (-40.0, sheet.h + 20)]
        ink = inks[i % len(inks)]
        sheet.stamp(ink, [land])
        style = rng.choice(("plain", "furrows", "dots"))
        other = PAPER if ink != job.c else job.line
        if style == "furrows":
            step = (sheet.h - top) / count / 5
            rows = [
                ribbon([(px, py + step * k) for px, py in edge], step * 0.16) for k in range(1, 6)
            ]
            sheet.stamp(other, rows, land)
        elif style == "dots" and ink != job.line:
            sheet.halftone(job.line, land, (500, y), (500, y + sheet.h * 0.4), 12)
    job.finish(0.5, sky=True)


def mirror(job: Job) -> None:
    """A range and its reflection in still water."""
    sheet, rng = job.sheet, job.rng
    shore = sheet.h * rng.uniform(0.54, 0.62)
    r = sheet.w * rng.uniform(0.13, 0.2)
    x = sheet.w * rng.uniform(0.3, 0.7)
    _sun(job, x, shore - sheet.h * rng.uniform(0.27, 0.34), r, job.a)
    for ink, low, high in ((job.b, 0.16, 0.3), (job.line, 0.06, 0.17)):
        knots: list[Point] = [(-30.0, shore - sheet.h * low)]
        steps = job.many(5, 8)
        for i in range(steps):
            lift = rng.uniform(low, high) if i % 2 else rng.uniform(low * 0.4, low)
            knots.append((sheet.w * (i + rng.uniform(0.3, 0.7)) / steps, shore - sheet.h * lift))
        knots.append((1030.0, shore - sheet.h * low))
        land = [*knots, (1030.0, shore), (-30.0, shore)]
        sheet.stamp(ink, [land])
        image = [(px, shore + (shore - py) * 0.75) for px, py in land]
        slits = [
            rect(-30, shore + k * 16, 1030, shore + k * 16 + max(3.0, 13 - k * 0.6))
            for k in range(30)
        ]
        sheet.stamp(ink, slits, image)
    glints = [
        rounded(x - half, y, x + half, y + 9, 5)
        for k in range(8)
        for y, half in [(shore + 36 + k * (sheet.h - shore - 50) / 8, r * rng.uniform(0.3, 1.0))]
    ]
    sheet.stamp(job.a, glints)
    job.finish(0.5, sky=True)


def lone(job: Job) -> None:
    """One great mountain with snow, and a band of cloud."""
    sheet, rng = job.sheet, job.rng
    tip = (sheet.w * rng.choice((0.4, 0.5, 0.6)), sheet.h * rng.uniform(0.3, 0.38))
    r = sheet.w * rng.uniform(0.1, 0.16)
    away = 0.24 if tip[0] < 500 else -0.24
    _sun(job, tip[0] + sheet.w * away, tip[1] - r * 0.3, r, job.a)
    base = sheet.h * 0.86
    flank = curve([(-180, base), (sheet.w * 0.12, base - sheet.h * 0.13), (tip[0] - 45, tip[1])])
    other = curve([(tip[0] + 45, tip[1]), (sheet.w * 0.88, base - sheet.h * 0.13), (1180, base)])
    cone = [*flank, *other, (1180, sheet.h + 20), (-180, sheet.h + 20)]
    sheet.stamp(job.b, [cone])
    shade = job.c if job.palette.stock.dark else job.line
    sheet.halftone(shade, cone, (300, tip[1]), (1100, sheet.h * 1.05), 12)
    teeth: list[Point] = [(tip[0] - 420, tip[1] - 20), (tip[0] + 420, tip[1] - 20)]
    count = 2 * rng.randint(4, 6)
    for i in range(count + 1):
        deep = 0.17 if i % 2 else 0.1
        teeth.append(
            (tip[0] + 420 - 840 * i / count, tip[1] + sheet.h * deep * rng.uniform(0.85, 1.15))
        )
    sheet.stamp(job.line if job.palette.stock.dark else job.c, [teeth], cone)
    for _ in range(job.many(3, 5)):
        _cloud(
            job,
            rng.uniform(0.05, 0.95) * sheet.w,
            sheet.h * rng.uniform(0.6, 0.72),
            rng.uniform(90, 190),
        )
    front = _rolling(job, sheet.h * 0.86, sheet.h * 0.03)
    sheet.stamp(job.line, [[*front, (1040.0, sheet.h + 20), (-40.0, sheet.h + 20)]])
    job.finish(0.5, sky=True)


def pines(job: Job) -> None:
    """A wood on a slope, early or late."""
    sheet, rng = job.sheet, job.rng
    r = sheet.w * rng.uniform(0.2, 0.28)
    _sun(job, sheet.w * rng.uniform(0.36, 0.64), sheet.h * 0.36, r, job.a)
    rows = 3
    for row in range(rows):
        ink = (job.c, job.b, job.line)[row]
        ground = _rolling(job, sheet.h * (0.6 + 0.14 * row), sheet.h * 0.03)
        count = job.many(9 - 2 * row, 12 - 2 * row)
        for i in range(count):
            x = sheet.w * (i + rng.uniform(0.2, 0.8)) / count
            y = ground[min(len(ground) - 1, round((x + 40) / 1080 * (len(ground) - 1)))][1] + 16
            tall = sheet.h * rng.uniform(0.1, 0.17) * (1 + 0.35 * row)
            sheet.stamp(ink, _pine(x, y, tall))
        sheet.stamp(ink, [[*ground, (1040.0, sheet.h + 20), (-40.0, sheet.h + 20)]])
    job.finish(0.5, sky=True)


def strata(job: Job) -> None:
    """The ground cut open: sky above, layers below."""
    sheet, rng = job.sheet, job.rng
    top = sheet.h * rng.uniform(0.4, 0.5)
    r = sheet.w * rng.uniform(0.12, 0.2)
    _sun(job, sheet.w * rng.choice((0.3, 0.7)), top * 0.5, r, job.a)
    count = job.many(7, 10)
    inks = [job.line, job.b, PAPER, job.a, job.c]
    tilt = rng.uniform(-0.14, 0.14)
    fault = sheet.w * rng.uniform(0.35, 0.65)
    slip = sheet.h * rng.choice((-0.06, 0.06, 0.08))
    depth = 0.0
    for i in range(count):
        lift = _rolling(job, top + depth, sheet.h * 0.012)
        edge = [(x, y + tilt * (x - 500) + (slip if x > fault else 0)) for x, y in lift]
        sheet.stamp(inks[i % 5], [[*edge, (1040.0, sheet.h + 200), (-40.0, sheet.h + 200)]])
        depth += (sheet.h - top) / count * rng.uniform(0.5, 1.6)
    job.finish(0.6, sky=True)


def _sun(job: Job, x: float, y: float, r: float, ink: str) -> None:
    style = job.rng.choice(("plain", "plain", "plain", "halo", "cut", "dots"))
    if style == "halo":
        job.sheet.print(ink, [disc(x, y, r * 0.72), ring(x, y, r * 0.86, r)])
    elif style == "cut":
        job.sheet.print(ink, [disc(x, y, r)])
        bars = [
            rect(x - r, y + r * q, x + r, y + r * (q + 0.04 + q * 0.1))
            for q in (0.1, 0.3, 0.5, 0.7)
        ]
        job.sheet.cut(bars)
    elif style == "dots":
        job.sheet.halftone(ink, disc(x, y, r), (x, y + r * 1.5), (x, y - r * 0.3), 12)
    else:
        job.sheet.print(ink, [disc(x, y, r)])


def _cap(mountain: Shape, depth: float) -> Shape:
    (tx, ty), (rx, ry), (lx, ly) = mountain
    right = (tx + (rx - tx) * depth, ty + (ry - ty) * depth)
    left = (tx + (lx - tx) * depth, ty + (ly - ty) * depth)
    dip = (ry - ty) * depth
    middle = ((left[0] + right[0]) / 2, right[1])
    return [
        (tx, ty), right, ((right[0] + middle[0]) / 2, right[1] - dip * 0.3),
        (middle[0], middle[1] + dip * 0.15), ((left[0] + middle[0]) / 2, left[1] - dip * 0.3), left,
    ]  # fmt: skip


def _rolling(job: Job, y: float, height: float) -> list[Point]:
    n, phase, second = job.rng.uniform(0.6, 1.5), job.rng.uniform(0, tau), job.rng.uniform(0, tau)
    return [
        (
            float(x),
            y
            + height * sin(tau * n * x / 1000 + phase)
            + height * 0.35 * sin(2.3 * n * pi * x / 500 + second),
        )
        for x in range(-40, 1041, 12)
    ]


def _cloud(job: Job, x: float, y: float, half: float) -> None:
    t = half * 0.17
    bars = [
        rounded(x - half, y, x + half, y + t, t),
        rounded(x - half * 0.4, y - t, x + half * 1.3, y + 1, t),
    ]
    job.sheet.stamp(PAPER, bars)


def _pine(x: float, y: float, tall: float) -> list[Shape]:
    tiers = [
        [
            (x, y - tall + tall * 0.24 * k),
            (x + w, y - tall * 0.58 + tall * 0.24 * k),
            (x - w, y - tall * 0.58 + tall * 0.24 * k),
        ]
        for k, w in ((0, tall * 0.15), (1, tall * 0.21), (2, tall * 0.27))
    ]
    return [*tiers, rect(x - tall * 0.04, y - tall * 0.2, x + tall * 0.04, y)]


FAMILY = Family(
    "ridges",
    (peaks, hills, mirror, lone, pines, strata),
    (*LIGHT, *DARK),
    (0.8, 0.75, 0.75, 2 / 3, 1.0, 4 / 3),
    clear=0.08,
)
