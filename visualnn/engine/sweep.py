"""Many small networks trained side by side: every learning rate with every seed, all at the same update.

What each of them is after which update depends on its rate, its seed and the options only, never on time, on the
others, or on how the sweep was split into portions: it is the training of that rate and seed, to the bit. Networks that
have reached the goal, or have no loss any more, stay where that happened.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import numpy as np

from visualnn.engine.priority import give_way
from visualnn.engine.sweep_moment import Field, Ground, Moment, begun_of, moment_of
from visualnn.nn.curve import CurveView
from visualnn.nn.device import CPU, Device
from visualnn.nn.kernels.arguments import STOP
from visualnn.nn.network import Vector
from visualnn.nn.together import Together
from visualnn.nn.training import Stop, Training

PORTION_S = 0.016  # between two looks at what is wanted, unless a single update of all takes longer
GPU_PORTION_S = 0.04  # there, where the states of all travel forth and back in each
FASTER = 4  # times as many updates as in the portion before, at most
PAUSE_S = 0.3  # from one portion to the next: after it the speed is measured anew
SPEED_S = 1.0  # over which the speed is measured
SHARE_OF_LOOKS = 4  # a look is followed by so many times as much training at least, or it would be the main work
CLOSE_S = 5.0
ENDS = (Stop.GOAL, Stop.DIVERGED)


class Sweep:
    """Trains the networks of a field in threads of its own, which it makes there, too.

    `go`, `pause`, `restart`, `look`, `wait_idle` and `close` are for one other thread, the window's; what they answer
    is what the thread has finished. What goes wrong in the thread is raised by `look`, once.
    """

    def __init__(self, ground: Ground, field: Field, device: Device = CPU) -> None:
        self.ground, self.field = ground, field
        self._wished = device
        self._change = threading.Condition()
        self._target, self._restarts, self._asked, self._closing = 0, False, True, False
        self._busy = True
        self._newest: Moment | None = None
        self._error: Exception | None = None
        self._trainings: list[Training] = []
        self._begun: Vector | None = None  # losses at the start, of all rows, where updates see batches
        self._teams: list[Together] = []
        self._front, self._portion, self._rest_until = 0, 1, 0.0
        self._speeds: deque[tuple[float, int]] = deque()
        self._goes = True  # whether anybody can
        self._thread = threading.Thread(target=self._work, name="sweep", daemon=True)
        self._thread.start()

    # -- for the window ------------------------------------------------------------------------------------------

    def go(self, until: int) -> None:
        """On to this update; at once where it has been told another."""
        self._tell(until)

    def pause(self) -> None:
        """Rest after the portion being made."""
        self._tell(0)

    def restart(self) -> None:
        """Everybody back to the start, and rest there."""
        self._tell(0, restarts=True)

    def _tell(self, target: int, *, restarts: bool = False) -> None:
        with self._change:
            self._target, self._restarts = target, self._restarts or restarts
            self._busy = not self._closing
            self._change.notify_all()

    def look(self) -> Moment | None:
        """The newest moment since the last look, and asks for the next; never blocks."""
        with self._change:
            if self._error is not None:
                error, self._error = self._error, None
                raise error
            newest, self._newest, self._asked = self._newest, None, True
            return newest

    @property
    def idle(self) -> bool:
        """Whether it has done what it was told, and shown it."""
        return not self._busy

    def wait_idle(self, timeout: float = CLOSE_S) -> bool:
        """Blocks until all that was told is done; False if that takes longer."""
        with self._change:
            return self._change.wait_for(lambda: not self._busy, timeout)

    @property
    def on_gpu(self) -> bool:
        """Whether it computes on the GPU, now."""
        return bool(self._teams) and self._teams[0].on_gpu

    @property
    def notice(self) -> str:
        """Why it computes elsewhere than it was told to; "" if it does not."""
        return next((team.notice for team in self._teams if team.notice), "")

    def curve(self, index: int, update: int) -> CurveView:
        """The losses of a network before an update."""
        view = self._trainings[index].curve.view(update)
        assert view is not None
        return view

    def parameters(self, index: int) -> Vector:
        """The exact weights of a network; while idle."""
        return np.array(self._trainings[index].snapshot().parameters)

    def start(self, index: int) -> Vector:
        """The weights a network began with."""
        return self._trainings[index].start

    def close(self) -> None:
        """Ends the threads, after the update being made."""
        with self._change:
            self._closing, self._busy = True, False
            self._change.notify_all()
        for training in self._trainings:
            training.control.flags[STOP] = 1
        self._thread.join(CLOSE_S)

    # -- what follows runs in the thread -------------------------------------------------------------------------

    def _work(self) -> None:
        give_way()
        threads = 1 if self._wished.is_gpu else max(1, min(2, os.cpu_count() or 1, len(self.field) // 2))
        with ThreadPoolExecutor(threads, "sweep", give_way) as pool:
            try:
                self._make(threads)
                while self._next():
                    self._advance(pool)
            except Exception as error:  # noqa: BLE001  raised again by `look`
                with self._change:
                    self._error, self._busy, self._closing = error, False, True
                    self._change.notify_all()
            for team in self._teams:
                pool.submit(team.give_back)  # in the thread that trained it

    def _make(self, threads: int) -> None:
        made: list[Training] = []
        begun: list[float | None] = []
        for index in range(len(self.field)):
            made.append(self.ground.training(self.field, index))
            begun.append(begun_of(made[-1]))
            if self._closing:
                return
        self._trainings, self._begun = made, None if None in begun else np.array(begun)
        self._teams = [Together(made[first::threads], self._wished) for first in range(threads)]

    def _next(self) -> bool:
        """Waits until there is something to do; False to end."""
        while True:
            with self._change:
                if self._closing:
                    return False
                restarts, self._restarts = self._restarts, False
                goes = not restarts and self._can_go()
                looks = self._asked and (not goes or perf_counter() >= self._rest_until)
            if restarts:
                self._rewind()
            elif looks or not goes:
                self._show(at_rest=not goes)
            if goes:
                return True

    def _can_go(self) -> bool:
        return self._goes and self._front < self._target

    def _show(self, *, at_rest: bool) -> None:
        """A moment for who looks; at rest, then waits for what is told next."""
        nap = self._rest_until - perf_counter()
        if at_rest and self._target and nap > 0 and self._wait(nap):  # told the next step soon: it is not shown alone
            return
        begin = perf_counter()
        moment = self._moment()
        self._rest_until = perf_counter() + SHARE_OF_LOOKS * (perf_counter() - begin)
        with self._change:
            self._newest, self._asked = moment, False
            if not at_rest or self._is_told():
                return
            self._busy = False
            self._change.notify_all()
            self._change.wait_for(lambda: self._closing or self._busy)

    def _wait(self, seconds: float) -> bool:
        """Rests so long, or until something is told; whether it was."""
        with self._change:
            return self._change.wait_for(self._is_told, seconds)

    def _is_told(self) -> bool:
        return self._closing or self._restarts or self._can_go()

    def _rewind(self) -> None:
        for training in self._trainings:
            training.restart()
        self._front, self._portion, self._goes = 0, 1, True
        self._speeds.clear()

    def _advance(self, pool: ThreadPoolExecutor) -> None:
        """A portion: everybody who can go on makes the same updates."""
        count, begin, before = min(self._portion, self._target - self._front), perf_counter(), self._total()
        if count <= 0:  # paused meanwhile
            return
        if not self._speeds or begin - self._speeds[-1][0] > PAUSE_S:
            self._speeds.clear()
            self._speeds.append((begin, before))
        jobs = [pool.submit(team.run, count) for team in self._teams]
        stops = [stop for job in jobs for stop in job.result()]
        self._goes = any(stop not in ENDS for stop in stops)
        now, portion_s = perf_counter(), GPU_PORTION_S if self.on_gpu else PORTION_S
        self._front += count
        if not self._goes:
            self._front = max(training.updates for training in self._trainings)
        self._portion = max(1, min(FASTER * self._portion, int(count * portion_s / max(now - begin, 1e-9))))
        self._speeds.append((now, self._total()))
        while self._speeds[0][0] < now - SPEED_S and len(self._speeds) > 2:
            self._speeds.popleft()

    def _total(self) -> int:
        return sum(training.updates for training in self._trainings)

    def _moment(self) -> Moment:
        return moment_of(self._trainings, self._front, self._speed(), self._begun)

    def _speed(self) -> float:
        if len(self._speeds) < 2:
            return 0.0
        (first, done), (last, all_done) = self._speeds[0], self._speeds[-1]
        return (all_done - done) / max(last - first, 1e-9)
