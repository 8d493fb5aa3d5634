"""The Python side of `tile` and `update`: the room it works in, and the threads that help."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from visualnn import precompiled
from visualnn.nn.kernels import team
from visualnn.nn.kernels.arguments import Control, Integers, State, Task
from visualnn.nn.kernels.numbers import HAS_SHORTCUTS, IS_GATED, constants_of, keep_of, plan_of, units_of, weights_of
from visualnn.nn.kernels.panels import Work, padded_layout
from visualnn.nn.kernels.room import HEIGHT, WIDTH, Floats, aligned, filled, packed_rows, rounded_up
from visualnn.nn.network import Vector
from visualnn.nn.order import Order

PARALLEL_FLOPS = 2e7  # of one layer's product: below, threads meet more often than they help
SPIN_SECONDS, FLOPS_PER_SECOND = 2e-8, 2e11  # how long a round of waiting takes, and how fast a core may be
WINDOW_S, PATIENT_SHARE = 0.02, 0.25  # who waits for more than this share of so long: the system runs something else
FIRST_REST_S, LONGEST_REST_S = 0.02, 1.0  # how long a thread then stays away
STEADY_S = 1.0  # who has worked so long is not in the way any more
SECTIONS = 16  # of a gradient whose norm is asked for
LOOK_S = 0.002  # how often it looks meanwhile whether the run is over


@dataclass(slots=True)
class Rest:
    """How long a helper stays away at a time, and until when it does."""

    seconds: float = FIRST_REST_S
    until: float = 0.0


class TileLoop:
    """Training of a wide network; see `arguments.Loop`."""

    @np.errstate(over="ignore")  # rows may be infinite with 32 bits
    def __init__(self, task: Task, threads: int = 1) -> None:
        self.task, precision = task, task.options.precision
        self._update = precompiled.kernel("visualnn.nn.kernels.update", "train")
        sizes, lanes = task.network.sizes, WIDTH[precision]
        self.layout = padded_layout(task)
        self.plan, self.constants = plan_of(task, self.layout), constants_of(task)
        self.helpers = threads - 1 if self._is_worth_a_team() else 0
        self.width = lanes if task.batch <= lanes else 2 * lanes
        self.lines = np.cumsum([0, *(rounded_up(n, "float32") for n in sizes)], dtype=np.int64)
        self.x = packed_rows(task.inputs, precision, rounded_up(sizes[0], "float32"))
        self.y = packed_rows(task.targets, precision, rounded_up(sizes[-1], "float32"))
        slack = HEIGHT * int(self.layout.steps.max())  # tiles read that far behind the last line
        self.w = aligned(self.layout.size + slack, precision)
        self.memory = aligned(2 * self.layout.size, precision)[: 2 * self.layout.size]
        self.work = self._work()
        self._rests = [Rest() for _ in range(1 + self.helpers)]

    def _is_worth_a_team(self) -> bool:
        sizes, batch = self.task.network.sizes, self.task.batch
        return max(2.0 * batch * a * b for a, b in pairwise(sizes)) >= PARALLEL_FLOPS

    def _work(self) -> Work:
        task, precision = self.task, self.task.options.precision
        panels, width, threads = -(-task.batch // self.width), self.width, 1 + self.helpers
        places, size = int(self.lines[-1]) * width * panels, self.layout.size
        carried = places if self.plan.whole[HAS_SHORTCUTS] else 0
        return Work(
            a=aligned(places, precision),
            d=aligned(places, precision),
            y=aligned(self.y.size // task.rows * width * panels, precision),
            carried=aligned(carried, precision),
            gates=self._gates(panels),
            turned=aligned(2 * (panels * width * int(self.layout.steps.max()) + 16), precision)[:-16],
            valid=aligned(panels * width, precision)[: panels * width],
            costs=aligned(panels * width, precision),
            scratch=aligned(threads * HEIGHT * 2 * WIDTH[precision], precision),
            g=aligned(size, precision) if self._keeps_gradient() else aligned(0, precision),
            units=filled(units_of(task), precision),
            weights=self._packed(weights_of(task)) if task.options.l1 or task.options.l2 else aligned(0, precision),
            keep=self._packed(keep_of(task)) if task.mask is not None else aligned(0, precision),
            squares=np.zeros(SECTIONS),
            places=np.zeros(threads * width, dtype=np.int64),
            lines=np.arange(int(self.lines[-1]), dtype=np.int64) * width,
        )

    def _gates(self, panels: int) -> Floats:
        """What is switched off, for every row; nothing where all is on."""
        if not self.plan.whole[IS_GATED]:
            return aligned(0, self.task.options.precision)
        places, width = int(self.lines[-1]) * self.width * panels, self.width
        gates, units = aligned(places, self.task.options.precision), units_of(self.task)
        of_panels = gates[:places].reshape(panels, -1, width)
        for first, line, n in zip(self.plan.lines, self.lines, self.task.network.sizes, strict=False):
            of_panels[:, line : line + n] = units[first : first + n, None]
        return gates

    def _keeps_gradient(self) -> bool:
        options = self.task.options
        return bool(options.l1 or options.l2 or options.is_clipped or self.task.mask is not None)

    def _views(self, packed: Floats) -> list[Floats]:
        """The lines of each layer, weights and biases, within a padded array."""
        views = []
        for start, step, n_in, n_out in zip(
            self.layout.starts, self.layout.steps, self.task.network.sizes, self.task.network.sizes[1:], strict=False
        ):
            lines = packed[start : start + (n_in + 1) * step]
            views.append(lines.reshape(n_in + 1, step)[:, :n_out])
        return views

    def _pack(self, values: Vector, packed: Floats) -> None:
        for (start, _b), view in zip(self.task.network.offsets, self._views(packed), strict=True):
            view[:] = values[start : start + view.size].reshape(view.shape)

    def _unpack(self, packed: Floats, values: Vector) -> None:
        for (start, _b), view in zip(self.task.network.offsets, self._views(packed), strict=True):
            values[start : start + view.size].reshape(view.shape)[:] = view

    def _packed(self, values: Vector) -> Floats:
        packed = aligned(self.layout.size, self.task.options.precision)
        self._pack(values, packed)
        return packed

    @np.errstate(over="ignore")  # what has diverged in 64 bits may not fit into 32
    def run(self, order: Order, state: State, control: Control, losses: Vector, stride: int, updates: int) -> int:
        """Does at most `updates` updates."""
        mask, size = self.task.mask, self.layout.size
        self._pack(state.parameters if mask is None else state.parameters * mask.parameters, self.w)
        for k, slot in enumerate(state.memory):
            self._pack(slot, self.memory[k * size : (k + 1) * size])
        why = self._train(order, state, control, losses, stride, updates)
        if mask is None:
            self._unpack(self.w, state.parameters)
        else:
            after = np.empty_like(state.parameters)
            self._unpack(self.w, after)
            np.copyto(state.parameters, after, where=mask.parameters != 0.0)
        for k, slot in enumerate(state.memory):
            self._unpack(self.memory[k * size : (k + 1) * size], slot)
        return why

    def _train(self, order: Order, state: State, control: Control, losses: Vector, stride: int, updates: int) -> int:
        shared = np.zeros(team.PLACES, dtype=np.int64)
        arguments = (
            self.plan, self.work, self.lines, self.constants, self.x, self.y, order.line, order.words, order.epoch,
            self.w, self.memory, state.scalars, control.flags, control.dials, losses, stride, updates, shared,
        )  # fmt: skip
        ranks = range(1, 1 + self.helpers)
        threads = [threading.Thread(target=self._help, args=(shared, arguments, rank), daemon=True) for rank in ranks]
        try:
            for thread in threads:
                thread.start()
            why: int = self._update(*arguments, 0, self.helpers, *self._patience())
        finally:
            shared[team.OVER] = 1
            for thread in threads:
                if thread.ident is not None:
                    thread.join()
        return why

    def _patience(self) -> tuple[int, int]:
        """How many rounds of waiting are too many, and in how many updates."""
        flops = 6.0 * self.task.batch * self.task.network.parameter_count
        seconds = flops / (FLOPS_PER_SECOND * (1 + self.helpers))
        window = max(8, int(WINDOW_S / seconds))
        return int(PATIENT_SHARE * window * seconds / SPIN_SECONDS), window

    def _help(self, shared: Integers, arguments: tuple[Any, ...], rank: int) -> None:
        """A helper's thread: works until the run is over, and stays away for a while when it is sent away.

        A rest is twice as long as the one before, unless long work was between them; the end of a run does not count.
        """
        rest = self._rests[rank]
        while not shared[team.OVER]:
            now = time.perf_counter()
            if now < rest.until:
                time.sleep(min(rest.until - now, LOOK_S))
            elif self._update(*arguments, rank, self.helpers, 0, 0) == team.AWAY:
                ended = time.perf_counter()
                rest.seconds = FIRST_REST_S if ended - now > STEADY_S else min(2.0 * rest.seconds, LONGEST_REST_S)
                rest.until = ended + rest.seconds
