"""Odd little people: a body, two eyes, somewhere to go."""

from math import tau

from ideation.demo.art.commission import Box, Family, Job
from ideation.demo.art.figures.creature import BODIES, body, creature, face, pattern
from ideation.demo.art.inks import DARK, LIGHT
from ideation.demo.art.shapes import (
    arch,
    disc,
    sector,
    stroke,
)


def solo(job: Job) -> None:
    """One character, large, off somewhere."""
    f = job.frame(0.12)
    size = f.short * 0.92
    box = Box(f.cx - size * 0.42, f.cy - size * 0.5, f.cx + size * 0.42, f.cy + size * 0.38)
    if job.rng.random() < 0.6:
        _backdrop(job, f)
    creature(job, box, job.a, job.c, job.rng.choice(BODIES), legs=size * 0.3)
    _ground(job, f, box.y1 + size * 0.3)


def parade(job: Job) -> None:
    """Two to four of them, walking one behind the other."""
    f, rng = job.frame(0.08), job.rng
    count = job.many(2, 4)
    pitch = f.w / count
    floor = f.y0 + f.h * rng.uniform(0.74, 0.86)
    inks = [job.a, job.b, job.c]
    rng.shuffle(inks)
    kinds = rng.sample(BODIES, min(count, len(BODIES)))
    for i in range(count):
        legs = f.h * rng.uniform(0.09, 0.22)
        tall = min(pitch * rng.uniform(1.0, 2.4), floor - legs - f.y0 - pitch * 0.3)
        x = f.x0 + pitch * (i + 0.5)
        box = Box(x - pitch * 0.42, floor - legs - tall, x + pitch * 0.42, floor - legs)
        creature(job, box, inks[i % 3], inks[(i + 1) % 3], kinds[i % len(kinds)], legs)
    _ground(job, f, floor)


def crowd(job: Job) -> None:
    """A page of faces, each a square of its own."""
    f, rng = job.frame(0.07), job.rng
    columns = job.many(2, 4)
    cell = f.w / columns
    rows = max(1, round(f.h / cell))
    high = f.h / rows
    tiled = rng.random() < 0.7
    for row in range(rows):
        for column in range(columns):
            box = Box(
                f.x0 + cell * column,
                f.y0 + high * row,
                f.x0 + cell * (column + 1),
                f.y0 + high * (row + 1),
            )
            inks = [job.a, job.b, job.c]
            ground = inks.pop((row + 2 * column) % 3)
            if tiled:
                job.sheet.stamp(ground, [box.inset(cell * 0.02).shape])
            size = box.short * (1.0 if tiled else 1.16)
            face = Box(
                box.cx - size * 0.31,
                box.cy - size * 0.26,
                box.cx + size * 0.31,
                box.cy + size * 0.37,
            )
            creature(job, face, rng.choice((*inks, job.line)), inks[0], rng.choice(BODIES), legs=0)


def tower(job: Job) -> None:
    """They stand on each other's heads to see further."""
    f, rng = job.frame(0.08), job.rng
    count = job.many(3, 4)
    high = f.h / (count + 0.35)
    inks = [job.a, job.b, job.c, job.line]
    bodies = ("disc", "block", "egg", "bean", "arch", "cloud")
    for i in range(count):
        base = f.y1 - high * 0.3 - i * high
        wide = high * rng.uniform(0.95, 1.25) * (1 - i * 0.07)
        x = f.cx + rng.uniform(-0.05, 0.05) * f.w
        box = Box(x - wide / 2, base - high * 0.92, x + wide / 2, base)
        legs = high * 0.3 if i == 0 else high * 0.08
        creature(
            job,
            box,
            inks[i % 4],
            inks[(i + 1) % 3],
            bodies[rng.randrange(6)],
            legs,
            hat=i == count - 1,
        )
    _ground(job, f, f.y1)


def stilts(job: Job) -> None:
    """Small bodies on legs far too long for them."""
    f, rng = job.frame(0.07), job.rng
    count = job.many(3, 5)
    pitch = f.w / count
    sizes = sorted(range(count), key=lambda _: rng.random())
    for i in range(count):
        x = f.x0 + pitch * (i + 0.5)
        wide = pitch * rng.uniform(0.62, 0.8)
        top = f.y0 + f.h * (0.04 + 0.4 * sizes[i] / count)
        base = top + wide * rng.uniform(0.95, 1.25)
        box = Box(x - wide / 2, top, x + wide / 2, base)
        creature(
            job, box, job.colours[i % 3], job.colours[(i + 1) % 3], rng.choice(BODIES), f.y1 - base
        )
    _ground(job, f, f.y1)


def peeking(job: Job) -> None:
    """Someone enormous looks over the edge; someone small looks back."""
    sheet, rng = job.sheet, job.rng
    w, h = sheet.w, sheet.h
    wide = w * rng.uniform(0.62, 0.8)
    x = w * rng.choice((0.42, 0.5, 0.58))
    top = h * rng.uniform(0.34, 0.46)
    if rng.random() < 0.5:
        sheet.print(job.c, [disc(w * rng.choice((0.2, 0.8)), h * 0.2, w * 0.11)])
    box = Box(x - wide / 2, top, x + wide / 2, h + wide * 0.35)
    torso = body(rng.choice(("disc", "arch", "egg", "cloud")), box)
    sheet.stamp(job.a, [torso])
    pattern(job, torso, box, job.b)
    face(
        job,
        Box(box.x0, box.y0, box.x1, box.y0 + wide * 0.9),
        job.a,
        look=(rng.choice((-0.5, 0.5)), -0.6),
    )
    for _ in range(job.many(1, 2)):
        small = w * 0.075
        sx = x + wide * rng.uniform(-0.16, 0.16)
        perch = Box(sx - small, top - small * 1.9, sx + small, top - small * 0.4)
        creature(job, perch, job.b, job.c, rng.choice(BODIES), legs=small * 0.55)
    job.finish(0.35, sky=True)


def _backdrop(job: Job, f: Box) -> None:
    rng = job.rng
    kind = rng.choice(("disc", "arch", "rays", "block"))
    if kind == "disc":
        job.sheet.print(job.b, [disc(f.cx, f.cy, f.short * 0.48)])
    elif kind == "arch":
        job.sheet.print(job.b, [arch(f.cx - f.short * 0.42, f.y0, f.cx + f.short * 0.42, f.y1)])
    elif kind == "block":
        job.sheet.print(job.b, [f.shape])
    else:
        far = f.short * 0.5
        rays = [sector(f.cx, f.cy, far, tau * i / 18, tau * (i + 0.5) / 18) for i in range(18)]
        job.sheet.print(job.b, rays)


def _ground(job: Job, f: Box, y: float) -> None:
    if job.rng.random() < 0.6:
        job.sheet.stamp(job.line, stroke([(f.x0 + 20, y + 4), (f.x1 - 20, y + 4)], 8))


FAMILY = Family(
    "characters",
    (solo, parade, crowd, tower, stilts, peeking),
    (*LIGHT, *DARK[:6], *DARK[8:10]),
    (0.8, 0.8, 0.75, 2 / 3, 1.0),
    clear=0.2,
)
