"""Outlines: every shape is a closed list of points, so that all of them turn, move and clip alike.

Angles are radians clockwise from three o'clock, since y grows downwards.
"""

from collections.abc import Callable, Iterable, Sequence
from math import atan2, ceil, cos, hypot, pi, sin, tau

Point = tuple[float, float]
Shape = list[Point]


def ellipse(cx: float, cy: float, rx: float, ry: float, turn: float = 0.0) -> Shape:
    count = 24 + int(max(rx, ry) / 3)
    points = [(rx * cos(tau * i / count), ry * sin(tau * i / count)) for i in range(count)]
    return placed(points, cx, cy, turn=turn)


def disc(cx: float, cy: float, r: float) -> Shape:
    return ellipse(cx, cy, r, r)


def rect(x0: float, y0: float, x1: float, y1: float) -> Shape:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def rounded(x0: float, y0: float, x1: float, y1: float, r: float) -> Shape:
    r = min(r, abs(x1 - x0) / 2, abs(y1 - y0) / 2)
    corners = ((x1 - r, y1 - r), (x0 + r, y1 - r), (x0 + r, y0 + r), (x1 - r, y0 + r))
    return [
        point
        for i, (x, y) in enumerate(corners)
        for point in arc_points(x, y, r, i * pi / 2, (i + 1) * pi / 2)
    ]


def arch(x0: float, y0: float, x1: float, y1: float) -> Shape:
    """A doorway: straight feet, a round head."""
    r = (x1 - x0) / 2
    return [(x1, y1), (x0, y1), *arc_points(x0 + r, y0 + r, r, pi, tau)]


def sector(cx: float, cy: float, r: float, start: float, end: float) -> Shape:
    return [(cx, cy), *arc_points(cx, cy, r, start, end)]


def segment(cx: float, cy: float, r: float, start: float, end: float) -> Shape:
    """A disc cut along the chord between two angles."""
    return arc_points(cx, cy, r, start, end)


def band(cx: float, cy: float, inner: float, outer: float, start: float, end: float) -> Shape:
    """The part of a ring between two angles; a whole ring from 0 to tau."""
    inside = arc_points(cx, cy, inner, start, end)
    return [*arc_points(cx, cy, outer, start, end), *reversed(inside)]


def ring(cx: float, cy: float, inner: float, outer: float) -> Shape:
    return band(cx, cy, inner, outer, 0, tau)


def arc_points(cx: float, cy: float, r: float, start: float, end: float) -> Shape:
    count = max(4, ceil(abs(end - start) / tau * (24 + abs(r) / 3)))
    step = (end - start) / count
    return [
        (cx + r * cos(start + step * i), cy + r * sin(start + step * i)) for i in range(count + 1)
    ]


def polygon(cx: float, cy: float, r: float, sides: int, turn: float = -pi / 2) -> Shape:
    return [
        (cx + r * cos(turn + tau * i / sides), cy + r * sin(turn + tau * i / sides))
        for i in range(sides)
    ]


def star(cx: float, cy: float, outer: float, inner: float, tips: int, turn: float = 0) -> Shape:
    return [
        (
            cx + (inner if i % 2 else outer) * cos(turn + pi * i / tips),
            cy + (inner if i % 2 else outer) * sin(turn + pi * i / tips),
        )
        for i in range(tips * 2)
    ]


def scallop(cx: float, cy: float, r: float, lobes: int, depth: float = 0.12) -> Shape:
    """A disc with a soft, lobed edge: a biscuit, a cloud, a flower from above."""
    count = lobes * 16
    radii = [r * (1 - depth + depth * abs(sin(lobes * pi * i / count)) * 2) for i in range(count)]
    return [
        (cx + q * cos(tau * i / count), cy + q * sin(tau * i / count)) for i, q in enumerate(radii)
    ]


def petal(x: float, y: float, length: float, width: float, angle: float, lean: float = 0) -> Shape:
    """A leaf-like lens that starts at (x, y); `lean` bends its tip sideways."""
    steps = 18
    side: list[Point] = []
    back: list[Point] = []
    for i in range(steps + 1):
        t = i / steps
        half = width / 2 * sin(pi * t**0.85)
        bend = lean * length * t * t
        side.append((length * t, bend + half))
        back.append((length * t, bend - half))
    return placed([*side, *reversed(back)], x, y, turn=angle)


def curve(points: Sequence[Point], closed: bool = False, steps: int = 10) -> Shape:
    """A smooth line through all points (Catmull and Rom, 1974)."""
    count = len(points)
    if closed:
        knots = [points[-1], *points, points[0], points[1]]
        pieces = count
    else:
        knots = [points[0], *points, points[-1]]
        pieces = count - 1
    line: Shape = []
    for i in range(pieces):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = knots[i : i + 4]
        for k in range(steps):
            t = k / steps
            t2, t3 = t * t, t * t * t
            p, q = 2 * t2 - t3 - t, 3 * t3 - 5 * t2 + 2
            r, s = t + 4 * t2 - 3 * t3, t3 - t2
            line.append(
                ((p * x0 + q * x1 + r * x2 + s * x3) / 2, (p * y0 + q * y1 + r * y2 + s * y3) / 2)
            )
    if not closed:
        line.append(points[-1])
    return line


def ribbon(line: Sequence[Point], width: float | Callable[[float], float]) -> Shape:
    """A line given a body; `width` may depend on how far along it we are, from 0 to 1."""
    left: Shape = []
    right: Shape = []
    last = len(line) - 1
    for i, (x, y) in enumerate(line):
        (ax, ay), (bx, by) = line[max(0, i - 1)], line[min(last, i + 1)]
        length = hypot(bx - ax, by - ay) or 1.0
        half = (width(i / last) if callable(width) else width) / 2
        nx, ny = -(by - ay) / length * half, (bx - ax) / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return [*left, *reversed(right)]


def stroke(line: Sequence[Point], width: float) -> list[Shape]:
    """A ribbon with round ends, as a brush or a felt pen leaves it."""
    return [ribbon(line, width), disc(*line[0], width / 2), disc(*line[-1], width / 2)]


def placed(
    points: Iterable[Point], x: float, y: float, size: float = 1.0, turn: float = 0.0
) -> Shape:
    """A shape drawn about the origin, scaled, turned, then put at (x, y)."""
    c, s = cos(turn) * size, sin(turn) * size
    return [(x + px * c - py * s, y + px * s + py * c) for px, py in points]


def mirrored(points: Iterable[Point], x: float) -> Shape:
    return [(2 * x - px, py) for px, py in points]


def heading(a: Point, b: Point) -> float:
    return atan2(b[1] - a[1], b[0] - a[0])
