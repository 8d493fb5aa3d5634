"""Which part of the network is seen, and how large.

Zooming stretches a network more in height than in width: columns stay in reach of each other while their neurons move
apart, until single connections between two columns of a thousand can be told from each other.
"""

from __future__ import annotations

from dataclasses import dataclass

WIDEST = 0.74  # of the stage: what the widest gap between two columns may take; beyond that only the height grows


@dataclass(frozen=True, slots=True)
class Camera:
    """`zoom` ≥ 1; x and y are the point in the middle of the view, as shares of the whole picture."""

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5

    @property
    def is_home(self) -> bool:
        """Whether everything is seen."""
        return self.zoom == 1.0


HOME = Camera()


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a network can be zoomed: in width, and in height."""

    across: float
    down: float

    def stretch(self, camera: Camera) -> tuple[float, float]:
        """The factors in width and height."""
        return min(camera.zoom, self.across), camera.zoom


def zoomed(camera: Camera, limits: Limits, factor: float, at: tuple[float, float] = (0.5, 0.5)) -> Camera:
    """`factor` times larger about a point of the view, given as shares of its width and height."""
    zoom = min(max(camera.zoom * factor, 1.0), limits.down)
    before, after = limits.stretch(camera), limits.stretch(Camera(zoom))
    x, y = (
        middle + (point - 0.5) / old - (point - 0.5) / new
        for middle, point, old, new in zip((camera.x, camera.y), at, before, after, strict=True)
    )
    return kept(Camera(zoom, x, y), limits)


def panned(camera: Camera, limits: Limits, by: tuple[float, float]) -> Camera:
    """The picture moved by shares of the view's width and height."""
    across, down = limits.stretch(camera)
    return kept(Camera(camera.zoom, camera.x - by[0] / across, camera.y - by[1] / down), limits)


def kept(camera: Camera, limits: Limits) -> Camera:
    """The nearest camera whose view does not leave the picture."""
    zoom = min(max(camera.zoom, 1.0), limits.down)
    x, y = (
        min(max(middle, 0.5 / stretch), 1 - 0.5 / stretch)
        for middle, stretch in zip((camera.x, camera.y), limits.stretch(Camera(zoom)), strict=True)
    )
    return Camera(zoom, x, y)
