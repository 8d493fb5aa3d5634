"""A GPU that computes as the readable loop does, until it is made to fail: for tests of what happens then."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from visualnn import gpu
from visualnn.nn.device import Device
from visualnn.nn.kernels import accelerator, reference
from visualnn.nn.kernels import gpu as kernels
from visualnn.nn.kernels.arguments import UPDATE, Task

CARD = gpu.Gpu(
    usable=True,
    sentence="Test card can train: CUDA 13.0, compute capability 9.0, 16.0 GB.",
    name="Test card",
    driver="13.0",
    capability=(9, 0),
    memory_bytes=16 * 10**9,
    multiprocessors=16,
    shared_bytes=99 * 1024,
)
NO_CARD = gpu.Gpu(usable=False, sentence="No NVIDIA driver is to be found; training uses the processor.")


class FakeGpu:
    """What stands in for the card, its driver and our kernels; everything is as before after the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.card = CARD
        self.fails_at: int | None = None  # the update in which `error` comes; −1: when a loop is made
        self.fails_to_load = False
        self.error: Exception | None = None
        self.probed = self.prepared = 0
        self.made: list[Device] = []  # the device of each loop that was asked for
        self.calls: list[tuple[int, int]] = []  # first update and number of updates of each call
        self.loops: list[FakeLoop] | None = None  # those that were made, where somebody wants to have them
        module: Any = ModuleType("visualnn.nn.kernels.gpu.loops")
        module.loop_for, module.warm, module.prepare = self._loop_for, self._warm, self._prepare
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(kernels, "loops", module, raising=False)
        monkeypatch.setattr(gpu, "probe", self._probe)
        monkeypatch.setattr(accelerator, "_loaded", False)
        monkeypatch.setattr(accelerator, "_lost", "")

    def fail(self, error: Exception, at: int) -> None:
        """Let this be what comes of an update."""
        self.error, self.fails_at = error, at

    def mend(self) -> None:
        """No more failures."""
        self.error = self.fails_at = None

    def _probe(self) -> gpu.Gpu:
        self.probed += 1
        return self.card

    def _prepare(self) -> None:
        self.prepared += 1

    def _warm(self, _family: str) -> None:
        if self.fails_to_load:
            assert self.error is not None
            raise self.error

    def _loop_for(self, task: Task, device: Device) -> FakeLoop:
        self.made.append(device)
        if self.error is not None and self.fails_at == -1:
            raise self.error
        loop = FakeLoop(task, self)
        if self.loops is not None:
            self.loops.append(loop)
        return loop


class FakeLoop(reference.Loop):
    """Changes nothing in a call that fails, as loops on a GPU do: they work on copies."""

    def __init__(self, task: Task, machine: FakeGpu) -> None:
        super().__init__(task)
        self._machine = machine

    def run(self, order: Any, state: Any, control: Any, losses: Any, stride: int, updates: int) -> int:
        first, machine = int(control.flags[UPDATE]), self._machine
        machine.calls.append((first, updates))
        if machine.error is not None and machine.fails_at is not None and first <= machine.fails_at < first + updates:
            raise machine.error
        return super().run(order, state, control, losses, stride, updates)
