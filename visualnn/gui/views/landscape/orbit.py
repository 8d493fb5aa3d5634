"""How the camera goes round: turned by hand, coasting when it is let go, gliding home."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject, QPointF, Signal

from visualnn.gui import theme
from visualnn.gui.clock import FrameClock
from visualnn.scene.landscape.camera import COAST_SECONDS, HOME, Camera, between, coasted, turned, zoomed

HOME_SECONDS = 0.35
LATELY = 0.08  # seconds before it is let go that count for its speed
SLOW = 40.0  # px/s: whoever moves no faster wants it to stand where it is

Way = Callable[[float], tuple[Camera, bool]]  # after so many seconds: where, and whether it has arrived


class Orbit(QObject):
    """Holds the camera, and the clock while it moves by itself; where motion is reduced it never does."""

    moved = Signal()

    def __init__(self, clock: FrameClock, parent: QObject, *, now: Callable[[], float] = monotonic):
        super().__init__(parent)
        self.camera, self.home = HOME, HOME
        self._clock, self._now = clock, now
        self._way: Way | None = None
        self._since = 0.0
        self._last: QPointF | None = None  # where the hand is
        self._path: deque[tuple[float, QPointF]] = deque(maxlen=64)
        clock.ticked.connect(self._on_ticked)

    @property
    def is_moving(self) -> bool:
        """Whether it goes by itself."""
        return self._way is not None

    @property
    def is_held(self) -> bool:
        """Whether a hand is on it."""
        return self._last is not None

    def put(self, camera: Camera) -> None:
        """It is there from now on."""
        self.stop()
        self.camera = camera
        self.moved.emit()

    def turn(self, across: float, down: float) -> None:
        """So many pixels further round."""
        self.put(turned(self.camera, across, down))

    def zoom(self, factor: float) -> None:
        """So many times larger."""
        self.put(zoomed(self.camera, factor))

    def go_home(self) -> None:
        """Glide to where it stood first."""
        if self.camera == self.home:
            return
        start, home = self.camera, self.home
        self._go(lambda seconds: (between(start, home, _eased(seconds / HOME_SECONDS)), seconds >= HOME_SECONDS), home)

    # -- by hand -------------------------------------------------------------------------------------------------

    def take(self, point: QPointF) -> None:
        """A hand takes it at a point of the screen."""
        self.stop()
        self._last = point
        self._path.clear()
        self._path.append((self._now(), point))

    def pull(self, point: QPointF) -> None:
        """The hand moves there."""
        if self._last is not None:
            way, self._last = point - self._last, point
            self._path.append((self._now(), point))
            self.camera = turned(self.camera, way.x(), way.y())
            self.moved.emit()

    def let_go(self) -> None:
        """The hand lets go; it coasts if it was moving."""
        self._last = None
        speed, start = self._speed(), self.camera
        if speed is not None:
            end = coasted(start, speed, COAST_SECONDS)
            self._go(lambda seconds: (coasted(start, speed, seconds), seconds >= COAST_SECONDS), end, optional=True)

    def _speed(self) -> tuple[float, float] | None:
        """Of the last moments, in px/s; None if it is slow."""
        now = self._now()
        recent = [(at, point) for at, point in self._path if now - at <= LATELY]
        if len(recent) < 2 or recent[-1][0] <= recent[0][0]:
            return None
        way = (recent[-1][1] - recent[0][1]) / (now - recent[0][0])
        return (way.x(), way.y()) if way.manhattanLength() >= SLOW else None

    # -- by itself -----------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stand still."""
        self._way = None
        self._clock.release(self)

    def _go(self, way: Way, end: Camera, *, optional: bool = False) -> None:
        """Follow a way; where motion is reduced be at its end at once, or stay if it is but an ornament."""
        if theme.appearance().reduced_motion:
            if not optional:
                self.put(end)
            return
        self._way, self._since = way, 0.0
        self._clock.hold(self)

    def _on_ticked(self, seconds: float, _now: float) -> None:
        if self._way is None:
            return
        self._since += seconds
        self.camera, arrived = self._way(self._since)
        if arrived:
            self.stop()
        self.moved.emit()


def _eased(share: float) -> float:
    """Slow at both ends."""
    share = min(max(share, 0.0), 1.0)
    return 4 * share**3 if share < 0.5 else 1 - (2 - 2 * share) ** 3 / 2
