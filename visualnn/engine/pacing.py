"""How many updates to make now, and how fast it goes."""

from __future__ import annotations

from collections import deque
from time import perf_counter

from visualnn.nn.kernels import choose
from visualnn.nn.training import Training

CALL_SECONDS = 0.05  # of a compiled kernel: each return has to win the GIL back from a busy window
GPU_CALL_SECONDS = 0.25  # of a loop on the GPU: each call takes the state there and back; it is left as soon
PLAIN_REST_SECONDS = 0.010  # after each such call, or its Python would slow down window and loading of the compiled one
PLAIN_CALL_SECONDS = 0.005  # of the readable kernel, so that the compiled one can soon take over
NAP_SECONDS = 0.005  # the shortest sleep of a paced run
ENDLESS = 2**62
BESIDE_SECONDS = 0.1  # at least, between two pieces of work beside training
BESIDE_REST = 25.0  # times as long as such a piece took is left to training before the next: 1/26 of its time
SPEED_SECONDS = 0.5  # over which updates per second are measured


class ActiveRun:
    """A run and its clock: how many updates are due."""

    def __init__(
        self, pace: float | None, until: int | None, updates: int, patience: int | None = None, *, ahead: int = 0
    ) -> None:
        self.pace, self.until = pace, until  # updates per second, and the update to run to; None: no limit
        self.patience = patience  # epochs; with it the end of each is judged
        self.restart_clock(updates + ahead)  # so many are due at once

    def to_judge(self, updates: int, epoch_length: int) -> int:
        """Updates until it is to be judged whether to stop early."""
        return ENDLESS if self.patience is None else epoch_length - updates % epoch_length

    def is_judged(self, updates: int, epoch_length: int) -> bool:
        """Whether that is now."""
        return updates % epoch_length == 0

    def restart_clock(self, updates: int) -> None:
        """Counts from now on; what is overdue is forgiven."""
        self._began, self._base = perf_counter(), updates

    def ended(self, updates: int) -> bool:
        """Whether the update to run to is reached."""
        return self.until is not None and updates >= self.until

    def due(self, updates: int) -> int:
        """How many updates ought to be made now."""
        due = ENDLESS
        if self.pace is not None:
            due = int((perf_counter() - self._began) * self.pace) - (updates - self._base)
        return max(0, due if self.until is None else min(due, self.until - updates))

    def nap(self, updates: int) -> float:
        """Seconds until an update is due."""
        if self.pace is None or self.ended(updates) or self.due(updates):
            return 0.0
        next_due = self._began + (updates - self._base + 1) / self.pace
        return max(NAP_SECONDS, next_due - perf_counter())


class Portion:
    """How many updates make a call of the wished length; starts with one and learns."""

    def __init__(self, training: Training) -> None:
        self._training = training
        self._updates, self._wished = 1, call_seconds(training)

    def updates(self) -> int:
        """For the next call."""
        wished = call_seconds(self._training)
        if wished != self._wished:
            self._updates, self._wished = 1, wished
        return self._updates

    def measured(self, updates: int, seconds: float) -> None:
        """What the last call did."""
        if updates:
            self._updates = max(1, min(8 * updates, int(updates * self._wished / max(seconds, 1e-6))))


def call_seconds(training: Training) -> float:
    """How long a call of the present loop is to take."""
    if training.on_gpu:
        return GPU_CALL_SECONDS
    return CALL_SECONDS if choose.loaded(training.task) else PLAIN_CALL_SECONDS


class Speed:
    """Updates per second, over the last calls."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new run begins."""
        self.value = 0.0
        self._total = 0
        self._marks = deque([(perf_counter(), 0)])

    def record(self, updates: int) -> None:
        """A call has ended."""
        now = perf_counter()
        self._total += updates
        self._marks.append((now, self._total))
        while len(self._marks) > 2 and self._marks[1][0] < now - SPEED_SECONDS:
            self._marks.popleft()
        then, total = self._marks[0]
        self.value = (self._total - total) / max(now - then, 1e-9)


class Ration:
    """When it is time again for work beside training, so that it slows training by at most 5 %."""

    def __init__(self) -> None:
        self._due = 0.0

    def restart(self) -> None:
        """A run begins: let it get somewhere first."""
        self._due = max(self._due, perf_counter() + BESIDE_SECONDS)

    def wait(self) -> float:
        """Seconds until it is time."""
        return max(0.0, self._due - perf_counter())

    def spent(self, seconds: float) -> None:
        """The work was done, and took that long."""
        self._due = perf_counter() + max(BESIDE_SECONDS, BESIDE_REST * seconds)
