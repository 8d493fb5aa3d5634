"""How many pixels a picture may have while it moves, so that it moves smoothly."""

from __future__ import annotations

from collections import deque
from math import sqrt
from statistics import median

from visualnn.gui.views.landscape.aspect import Drawing, Ground
from visualnn.scene.landscape.picture import Quality, loaded

FRAME_S = 0.014  # that pixels and lines may take; meanwhile the window paints the frame before
LEAST_S = 0.006  # of it that the pixels get, however long the lines take
FINE_S = 0.6  # that a picture at rest may take
REMEMBERED = 5  # frames
STEPS = ((1.0, 1), (0.75, 1), (1.0, 2), (1.0, 4))  # scale over that of the screen, and one of how many is computed
SHARES = tuple(scale / every for scale, every in STEPS)
LOOSE = 0.85  # of the time must suffice for finer pixels than now: they are not changed to and fro
GUESS_NS, GUESS_PLAIN_NS = 20.0, 800.0  # of a pixel before any is known
SAMPLES = 2


class Pace:
    """Learns from the last frames what this computer can do."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._was_loaded = loaded()
        self._pixel: deque[float] = deque(maxlen=REMEMBERED)  # seconds
        self._lines: deque[float] = deque(maxlen=REMEMBERED)
        self._frames: deque[float] = deque(maxlen=2)  # seconds of the pixels, since they became finer or coarser
        self._step = 0 if self._was_loaded else len(STEPS) - 1
        self._moving: Quality | None = None

    def note(self, drawing: Drawing) -> None:
        """How long its lines took."""
        self._lines.append(drawing.seconds)

    def note_pixels(self, made: Ground) -> None:
        """How long its pixels took."""
        self._forget_if_loaded()
        width, height = made.aspect.size
        self._pixel.append(made.seconds / max(width * height * made.quality.factor**2, 1.0))
        if made.quality == self._moving:
            self._frames.append(made.seconds)
            self._adapt(min(self._frames))

    def _adapt(self, seconds: float) -> None:
        """As fine as there is time for: finer by one step at a time, coarser at once."""
        budget = max(FRAME_S - (median(self._lines) if self._lines else 0.0), LEAST_S)
        fits = len(STEPS) - 1
        for step in reversed(range(len(STEPS))):
            needed = seconds * (SHARES[step] / SHARES[self._step]) ** 2
            if needed > budget * (LOOSE if step < self._step else 1.0):
                break
            fits = step
        fits = max(fits, self._step - 1)
        if fits != self._step:
            self._step = fits
            self._frames.clear()

    def moving(self, ratio: float) -> Quality:
        """For a screen with `ratio` pixels to the point, in time for the next frame."""
        self._forget_if_loaded()
        scale, every = STEPS[self._step]
        self._moving = Quality(scale * ratio, 1, every)
        return self._moving

    def resting(self, size: tuple[int, int], ratio: float) -> Quality:
        """As good as it can be, or as can be waited for."""
        self._forget_if_loaded()
        guess = 1e-9 * (GUESS_NS if self._was_loaded else GUESS_PLAIN_NS)
        whole = min(self._pixel, default=guess) * size[0] * size[1] * ratio**2
        for samples in (SAMPLES, 1):
            if whole * samples**2 <= FINE_S:
                return Quality(ratio, samples)
        return Quality(max(sqrt(FINE_S / whole), SHARES[-1]) * ratio, 1)

    def _forget_if_loaded(self) -> None:
        if self._was_loaded != loaded():
            self._begin()
