"""Many trainings of one shape, advanced side by side: every rate with every seed, for one.

On the GPU each has a multiprocessor for itself, so that a hundred take no longer than one does; the processor makes
one after the other. Each stays a training like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from visualnn.nn.device import CPU, Device, DeviceError
from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels import accelerator, choose
from visualnn.nn.kernels.arguments import Fleet
from visualnn.nn.mask import Mask
from visualnn.nn.options import same_run
from visualnn.nn.training import WHY, Stop, Training, noticed


class Together:
    """Trainings of one network, of the same rows and options but for rate, seed and weights.

    Raises `VisualNNError` for others. `device` is where they are to be trained; whether a GPU does so now, `on_gpu`
    says: not before its loops are loaded. After a failure of the GPU, `device` is the processor and `notice` says why,
    in a sentence; all trainings go on from where they were. One thread may call methods; others may look at each
    training.
    """

    def __init__(self, trainings: Sequence[Training], device: Device = CPU) -> None:
        if any(not _are_alike(training, trainings[0]) for training in trainings):
            raise VisualNNError("Only networks of the same shape, data and options can be trained together.")
        self.trainings, self.device, self.notice = tuple(trainings), device, ""
        self._fleet: Fleet | None = None  # on the GPU
        self._crew: Fleet | None = None  # on the processor
        for training in self.trainings:
            training.set_device(device)

    def run(self, updates: int) -> list[Stop]:
        """Each does this many updates, fewer where it is stopped, reaches the goal or diverges."""
        ends = [training.updates + updates for training in self.trainings]
        stops = [Stop.DONE] * len(ends)
        for training in self.trainings:
            training.cut()
        while self._has_fleet and (going := self._going(ends, stops)):
            self._call(self._fleet, going, ends, stops)
        while self._has_crew and (going := self._going(ends, stops)):
            self._call(self._crew, going, ends, stops)
        for i in self._going(ends, stops):
            stops[i] = self.trainings[i].run(ends[i] - self.trainings[i].updates)
            if self.device.is_gpu and not self.trainings[i].device.is_gpu:
                self._fall_back(self.trainings[i].notice)
        return stops

    @property
    def on_gpu(self) -> bool:
        """Whether a GPU makes the next updates, by a loop for all or by one for each."""
        return bool(self.trainings) and self.trainings[0].on_gpu

    def give_back(self) -> None:
        """Gives back the memory of a GPU; for the thread that trains, for no other may do that."""
        self._fleet = None
        for training in self.trainings:
            training.give_back()

    @property
    def _has_fleet(self) -> bool:
        """Whether there is a loop for all on the GPU."""
        if not self.device.is_gpu or not self.trainings:
            return False
        try:
            if why := accelerator.lost():  # perhaps by somebody else who has used it
                self._fall_back(noticed(why))
                return False
            if self._fleet is None and accelerator.in_blocks(self.trainings[0].task):
                self._fleet = accelerator.GpuFleet([training.task for training in self.trainings])
        except DeviceError as error:
            self._fall_back(noticed(error))
        return self._fleet is not None

    @property
    def _has_crew(self) -> bool:
        """Whether there is a loop for all on the processor, and they are to be trained there."""
        if self.on_gpu:
            return False
        if self._crew is None and self.trainings:
            self._crew = choose.fleet([training.task for training in self.trainings])
        return self._crew is not None

    def _going(self, ends: Sequence[int], stops: Sequence[Stop]) -> list[int]:
        """Those that have updates to do yet."""
        everyone = zip(self.trainings, ends, stops, strict=True)
        return [i for i, (training, end, stop) in enumerate(everyone) if stop is Stop.DONE and training.updates < end]

    def _call(self, fleet: Fleet | None, going: Sequence[int], ends: Sequence[int], stops: list[Stop]) -> None:
        """A call of a loop: as many updates as there is room for in the curves."""
        trainings, counts = self.trainings, [0] * len(self.trainings)
        for i in going:
            counts[i] = trainings[i].portion(ends[i] - trainings[i].updates)
        assert fleet is not None
        try:
            found = fleet.run(
                [training.order for training in trainings],
                [training.state for training in trainings],
                [training.control for training in trainings],
                [training.curve.values for training in trainings],
                [training.curve.stride for training in trainings],
                counts,
            )
        except DeviceError as error:
            self._fall_back(noticed(error))
            return
        for i in going:
            stops[i] = WHY[found[i]]
            trainings[i].note_advance()

    def _fall_back(self, notice: str) -> None:
        """All go on on the processor."""
        self.device, self._fleet, self.notice = CPU, None, notice
        for training in self.trainings:
            training.fall_back(notice)


def _are_alike(a: Training, b: Training) -> bool:
    """Whether two trainings differ in nothing but rate, seed, weights and when to stop."""
    if a.network != b.network or a.task.rows != b.task.rows or not _same_mask(a.task.mask, b.task.mask):
        return False
    if not (np.array_equal(a.task.inputs, b.task.inputs) and np.array_equal(a.task.targets, b.task.targets)):
        return False
    seeded = replace(a.options, seed=b.options.seed)
    started = replace(seeded, initializer=b.options.initializer, initializer_scale=b.options.initializer_scale)
    return same_run(started, b.options)


def _same_mask(a: Mask | None, b: Mask | None) -> bool:
    if a is None or b is None:
        return a is b
    return np.array_equal(a.parameters, b.parameters) and np.array_equal(a.units, b.units)
