"""How many pixels a picture may have while it moves."""

from __future__ import annotations

from collections import deque
from math import sqrt
from statistics import median

from visualnn.gui.views.landscape.aspect import Drawing, Ground
from visualnn.scene.landscape.picture import Quality, loaded

FRAME_S = 0.014  # that a frame may take: pixels, lines and painting
LEAST_S = 0.004  # of it that the pixels get, however long the rest takes
FINE_S = 0.6  # that a picture at rest may take
REMEMBERED = 5  # frames
SHARES = (1.0, 0.75, 0.5, 0.35, 0.22)  # of the screen's pixels along a side
HALF = 0.5  # of which the others are found by ourselves, faster than Qt stretches them
LOOSE = 0.85  # of the time that must suffice for finer pixels than now: they are not changed to and fro
GUESS_NS, GUESS_PLAIN_NS = 20.0, 800.0  # of a pixel before any is known
SAMPLES = 2


class Pace:
    """Learns from the last frames how long a pixel takes here."""

    def __init__(self) -> None:
        self._was_loaded = loaded()
        self._pixel: deque[float] = deque(maxlen=REMEMBERED)  # nanoseconds
        self._lines: deque[float] = deque(maxlen=REMEMBERED)  # seconds
        self._paints: deque[float] = deque(maxlen=REMEMBERED)
        self._share = 1.0

    def note(self, drawing: Drawing) -> None:
        """What a frame took."""
        self._lines.append(drawing.seconds)

    def note_pixels(self, made: Ground) -> None:
        """What its pixels took."""
        self._forget_if_loaded()
        width, height = made.aspect.size
        count = width * height * made.quality.factor**2
        self._pixel.append(1e9 * made.seconds / max(count, 1.0))

    def note_painting(self, seconds: float) -> None:
        """What it took to bring it on the screen."""
        self._paints.append(seconds)

    def moving(self, size: tuple[int, int], ratio: float) -> Quality:
        """For a screen with `ratio` pixels to the point, in time for the next frame."""
        used = sum(median(times) if times else 0.0 for times in (self._lines, self._paints))
        whole = self._seconds(size, ratio)
        for share in SHARES:
            loose = LOOSE if share > self._share else 1.0
            if whole * share**2 <= loose * max(FRAME_S - used, LEAST_S):
                break
        self._share = share
        return Quality(ratio, 1, 2) if share == HALF else Quality(share * ratio, 1)

    def resting(self, size: tuple[int, int], ratio: float) -> Quality:
        """As good as it can be, or as can be waited for."""
        for samples in (SAMPLES, 1):
            if self._seconds(size, ratio * samples) <= FINE_S:
                return Quality(ratio, samples)
        share = sqrt(FINE_S / self._seconds(size, ratio))
        return Quality(max(share, SHARES[-1]) * ratio, 1)

    def _seconds(self, size: tuple[int, int], scale: float) -> float:
        self._forget_if_loaded()
        guess = GUESS_NS if self._was_loaded else GUESS_PLAIN_NS
        pixel = median(self._pixel) if self._pixel else guess
        return 1e-9 * pixel * size[0] * size[1] * scale**2

    def _forget_if_loaded(self) -> None:
        if self._was_loaded != loaded():
            self._was_loaded = loaded()
            self._pixel.clear()
