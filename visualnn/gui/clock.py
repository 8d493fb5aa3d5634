"""The one clock that moves things on screen."""

from collections import deque
from time import perf_counter

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

FRAME_MS = 16
REMEMBERED_FRAMES = 1024
LONGEST_STEP = 0.1  # seconds: after a pause things go on where they were, they do not leap


class FrameClock(QObject):
    """Ticks while at least one client holds it and the window is to be seen; otherwise nothing runs.

    A tick brings the seconds since the last one, at most `LONGEST_STEP`, and the sum of them, which never leaps.
    """

    ticked = Signal(float, float)  # seconds since the last tick, seconds since the first

    def __init__(self, parent: QObject | None = None, window: QWidget | None = None):
        super().__init__(parent)
        self._held: dict[int, object] = {}
        self._now = 0.0
        self._last: float | None = None
        self._intervals: deque[float] = deque(maxlen=REMEMBERED_FRAMES)
        self._window = window
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._on_timeout)
        if window is not None:
            window.installEventFilter(self)

    def hold(self, client: object) -> None:
        """Asks for ticks until `release`; asking twice is asking once."""
        self._held[id(client)] = client
        self._run_or_rest()

    def release(self, client: object) -> None:
        """Needs no ticks any more."""
        self._held.pop(id(client), None)
        self._run_or_rest()

    def is_running(self) -> bool:
        """Whether it ticks now."""
        return self._timer.isActive()

    @property
    def now(self) -> float:
        """The seconds that have passed in ticks."""
        return self._now

    def advance(self, seconds: float) -> None:
        """One tick, `seconds` after the last: what the timer does, and what a test does without one."""
        self._now += seconds
        self.ticked.emit(seconds, self._now)

    def intervals_ms(self) -> list[float]:
        """The true times between the last ticks, for a benchmark."""
        return [interval * 1000 for interval in self._intervals]

    def clear_intervals(self) -> None:
        """Begins a new measurement."""
        self._intervals.clear()

    def _on_timeout(self) -> None:
        now = perf_counter()
        interval = now - (self._last if self._last is not None else now)
        if self._last is not None:
            self._intervals.append(interval)
        self._last = now
        self.advance(min(interval, LONGEST_STEP))

    def _run_or_rest(self) -> None:
        wanted = bool(self._held) and self._is_seen()
        if wanted and not self._timer.isActive():
            self._last = perf_counter()
            self._timer.start()
        elif not wanted:
            self._timer.stop()
            self._last = None

    def _is_seen(self) -> bool:
        return self._window is None or (self._window.isVisible() and not self._window.isMinimized())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowStateChange):
            self._run_or_rest()
        return False
