"""The Playground's points: made from its random numbers in its order, so that every one lies where it lies there.

A point is x, y and its label; `noise` is a share, 0.5 for the 50 of the slider. Classes are labelled −1 and 1.
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sqrt

from visualnn.files.foreign.playground.fdlibm import cos, log, sin
from visualnn.files.foreign.playground.seedrandom import SeedRandom

Point = tuple[float, float, float]

CLASSIFIED, REGRESSED = 500, 1200  # points
RADIUS = 5.0  # of circle and spiral
REACH = 6.0  # of the plane that is regressed
PADDING = 0.3  # between the squares of xor
HILLS = ((-4.0, 2.5, 1), (0.0, 2.5, -1), (4.0, 2.5, 1), (-4.0, -2.5, -1), (0.0, -2.5, 1), (4.0, -2.5, -1))


def circle(rng: SeedRandom, noise: float) -> list[Point]:
    """A disc of class 1 in a ring of class −1."""
    points = []
    for low, high in ((0.0, RADIUS * 0.5), (RADIUS * 0.7, RADIUS)):
        for _ in range(CLASSIFIED // 2):
            r, angle = rng.uniform(low, high), rng.uniform(0.0, 2 * pi)
            x, y = r * sin(angle), r * cos(angle)
            dx, dy = _jitter(rng, RADIUS, noise)
            points.append((x, y, 1.0 if _distance(x + dx, y + dy) < RADIUS * 0.5 else -1.0))
    return points


def xor(rng: SeedRandom, noise: float) -> list[Point]:
    """Class 1 where x and y have the same sign."""
    points = []
    for _ in range(CLASSIFIED):
        x, y = _padded(rng.uniform(-RADIUS, RADIUS)), _padded(rng.uniform(-RADIUS, RADIUS))
        dx, dy = _jitter(rng, RADIUS, noise)
        points.append((x, y, 1.0 if (x + dx) * (y + dy) >= 0 else -1.0))
    return points


def gauss(rng: SeedRandom, noise: float) -> list[Point]:
    """Two clouds, whose variance grows with the noise from 0.5 to 4."""
    share = noise / 0.5
    spread = sqrt(0.5 * (1 - share) + 4 * share)
    points = []
    for middle, label in ((2.0, 1.0), (-2.0, -1.0)):
        for _ in range(CLASSIFIED // 2):
            x, y = (middle + spread * _normal(rng) for _ in "xy")
            points.append((x, y, label))
    return points


def spiral(rng: SeedRandom, noise: float) -> list[Point]:
    """Two arms around each other."""
    points = []
    n = CLASSIFIED // 2
    for turn, label in ((0.0, 1.0), (pi, -1.0)):
        for i in range(n):
            r, t = i / n * RADIUS, 1.75 * i / n * 2 * pi + turn
            x = r * sin(t) + rng.uniform(-1.0, 1.0) * noise
            y = r * cos(t) + rng.uniform(-1.0, 1.0) * noise
            points.append((x, y, label))
    return points


def plane(rng: SeedRandom, noise: float) -> list[Point]:
    """How high a tilted plane is."""
    return _regressed(rng, noise, lambda x, y: _between(-1.0, 1.0, (x + y + 10) / 20))


def hills(rng: SeedRandom, noise: float) -> list[Point]:
    """Three hills and three hollows."""
    return _regressed(rng, noise, _height)


SETS: dict[str, Callable[[SeedRandom, float], list[Point]]] = {
    "circle": circle,
    "xor": xor,
    "gauss": gauss,
    "spiral": spiral,
    "reg-plane": plane,
    "reg-gauss": hills,
}


def shuffled(rng: SeedRandom, points: list[Point]) -> list[Point]:
    """Fisher and Yates' shuffle, from the end."""
    line = list(points)
    for last in range(len(line) - 1, -1, -1):
        index = int(rng.random() * (last + 1))
        line[last], line[index] = line[index], line[last]
    return line


def _regressed(rng: SeedRandom, noise: float, height: Callable[[float, float], float]) -> list[Point]:
    points = []
    for _ in range(REGRESSED):
        x, y = rng.uniform(-REACH, REACH), rng.uniform(-REACH, REACH)
        dx, dy = _jitter(rng, REACH, noise)
        points.append((x, y, height(x + dx, y + dy)))
    return points


def _height(x: float, y: float) -> float:
    """That of the hill or hollow which is highest or deepest there."""
    best = 0.0
    for cx, cy, sign in HILLS:
        height = sign * _between(1.0, 0.0, max(0.0, min(1.0, _distance(x - cx, y - cy) / 2)))
        if abs(height) > abs(best):
            best = height
    return best


def _between(a: float, b: float, share: float) -> float:
    return a * (1 - share) + b * share


def _jitter(rng: SeedRandom, reach: float, noise: float) -> tuple[float, float]:
    return rng.uniform(-reach, reach) * noise, rng.uniform(-reach, reach) * noise


def _padded(value: float) -> float:
    return value + (PADDING if value > 0 else -PADDING)


def _normal(rng: SeedRandom) -> float:
    """Marsaglia's polar method, of whose two numbers only the first is taken."""
    while True:
        u, v = 2 * rng.random() - 1, 2 * rng.random() - 1
        s = u * u + v * v
        if 0 < s <= 1:
            return sqrt(-2 * log(s) / s) * u


def _distance(x: float, y: float) -> float:
    return sqrt(x * x + y * y)
