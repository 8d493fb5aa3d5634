"""From where the relief is seen: turning, zooming and coasting, and points of the world on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.landscape.relief import FLOOR, TALL

FLATTEST, STEEPEST = 0.10, 1.5
NEAREST, FARTHEST = 0.4, 2.5
TURN_PER_PX = 0.0085
COAST_SECONDS = 0.4
DISTANCE = 7.2  # from the middle, in half sides of the square
TARGET = np.array([0.0, 0.0, (TALL + FLOOR) / 2])
ROOM, WIDE = 1.56, 1.72  # half the height and width that must be seen there
MIDDLE = 0.44  # of the height: the near corner of the floor is larger than the far one of the surface


@dataclass(frozen=True, slots=True)
class Camera:
    """`turn` about the upright axis and `tilt` above the horizon in radians; `zoom` 1 shows everything."""

    turn: float = -2.2
    tilt: float = 0.74
    zoom: float = 1.0


HOME = Camera()


def turned(camera: Camera, across: float, down: float) -> Camera:
    """After so many pixels with the mouse: what lies under it follows it."""
    turn = (camera.turn - across * TURN_PER_PX + pi) % (2 * pi) - pi
    return Camera(turn, min(max(camera.tilt + down * TURN_PER_PX, FLATTEST), STEEPEST), camera.zoom)


def zoomed(camera: Camera, factor: float) -> Camera:
    """`factor` times larger."""
    return Camera(camera.turn, camera.tilt, min(max(camera.zoom * factor, NEAREST), FARTHEST))


def coasted(camera: Camera, speed: tuple[float, float], seconds: float) -> Camera:
    """So long after it was let go at a speed in px/s: it slows down evenly and stands after `COAST_SECONDS`."""
    left = 1 - min(max(seconds / COAST_SECONDS, 0.0), 1.0)
    way = COAST_SECONDS / 3 * (1 - left**3)
    return turned(camera, speed[0] * way, speed[1] * way)


def between(start: Camera, end: Camera, share: float) -> Camera:
    """On the way from one to another, the shorter way round: for going home."""
    round_ = (end.turn - start.turn + pi) % (2 * pi) - pi
    turn = (start.turn + share * round_ + pi) % (2 * pi) - pi
    zoom = start.zoom * (end.zoom / start.zoom) ** share
    return Camera(turn, start.tilt + share * (end.tilt - start.tilt), zoom)


@dataclass(frozen=True, eq=False)
class View:
    """A camera in front of an area of the screen."""

    eye: NDArray[np.float64]
    right: NDArray[np.float64]
    up: NDArray[np.float64]
    forward: NDArray[np.float64]
    focal: float
    middle: tuple[float, float]
    size: tuple[float, float]

    def seen(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (…, 3) of the world on the screen: x, y and 1/distance."""
        away = np.asarray(points, dtype=np.float64) - self.eye
        inverse = 1 / (away @ self.forward)
        x = self.middle[0] + self.focal * (away @ self.right) * inverse
        y = self.middle[1] - self.focal * (away @ self.up) * inverse
        return np.stack([x, y, inverse], axis=-1)

    def spot(self, x: float, y: float, z: float) -> tuple[float, float, float]:
        """The same for one point: a tenth of the time."""
        (ex, ey, ez), (rx, ry, _), (ux, uy, uz), (fx, fy, fz) = self._axes
        x, y, z = x - ex, y - ey, z - ez
        inverse = 1 / (x * fx + y * fy + z * fz)
        across, up = (x * rx + y * ry) * inverse, (x * ux + y * uy + z * uz) * inverse
        return self.middle[0] + self.focal * across, self.middle[1] - self.focal * up, inverse

    @cached_property
    def _axes(self) -> tuple[list[float], ...]:
        """Eye, right (always level), up and forward as plain numbers."""
        return tuple(axis.tolist() for axis in (self.eye, self.right, self.up, self.forward))

    def ray(self, x: float, y: float) -> NDArray[np.float64]:
        """The direction from the eye through a point of the screen."""
        across, down = (x - self.middle[0]) / self.focal, (y - self.middle[1]) / self.focal
        return np.asarray(self.forward + across * self.right - down * self.up)

    def enlarged(self, factor: float) -> View:
        """The same with `factor` pixels for one."""
        width, height = self.size
        middle = (self.middle[0] * factor, self.middle[1] * factor)
        return View(
            self.eye, self.right, self.up, self.forward, self.focal * factor, middle, (width * factor, height * factor)
        )

    @property
    def numbers(self) -> NDArray[np.float32]:
        """As the kernels want it."""
        parts = [*self.eye, *self.right, *self.up, *self.forward, self.focal, *self.middle]
        return np.array(parts, dtype=np.float32)


def view(camera: Camera, size: tuple[float, float]) -> View:
    """What a camera sees on an area of that width and height."""
    ct, st, ce, se = cos(camera.turn), sin(camera.turn), cos(camera.tilt), sin(camera.tilt)
    forward = -np.array([ct * ce, st * ce, se])
    right = np.array([-st, ct, 0.0])
    up = np.cross(right, forward)
    width, height = max(size[0], 1.0), max(size[1], 1.0)
    focal = camera.zoom * DISTANCE * min(height / 2 / ROOM, width / 2 / WIDE)
    return View(TARGET - DISTANCE * forward, right, up, forward, focal, (width / 2, height * MIDDLE), size)
