"""Many trainings side by side, on the processor and on the simulated GPU."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.fake_gpu import FakeGpu
from tests.nn.gpu.conftest import SIMULATED
from tests.nn.gpu.runs import Fixed
from tests.nn.gpu.simulator import installed
from visualnn import gpu
from visualnn.nn.data import Dataset
from visualnn.nn.device import CPU, Device, DeviceError
from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels import accelerator, choose
from visualnn.nn.kernels.arguments import STOP
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.together import Together
from visualnn.nn.training import Stop, Training

NETWORK = Network.of(2, 4, 1, hidden="tanh")
OPTIONS = Options(Optimizer("adam", eps=1e-3), batch_size=5, precision="float32")
DATA = Dataset("d", np.random.default_rng(0).normal(0, 1, (13, 2)), np.random.default_rng(1).normal(0, 1, (13, 1)), ())
GPU = Device("cuda")


def options_of(rate: float, seed: int) -> Options:
    return replace(OPTIONS, optimizer=replace(OPTIONS.optimizer, rate=rate), seed=seed)


def trainings(capacity: int | None = 8) -> list[Training]:
    """Two rates with two seeds; their curves are soon full."""
    pairs = [(rate, seed) for rate in (0.01, 0.03) for seed in (0, 1)]
    return [Training(NETWORK, DATA, options_of(*pair), curve_capacity=capacity) for pair in pairs]


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The simulated GPU can be used, and launches are short."""
    from visualnn.nn.kernels.gpu import fleet

    monkeypatch.setattr(gpu, "probe", lambda: SIMULATED)
    monkeypatch.setattr(accelerator, "_loaded", True)
    monkeypatch.setattr(accelerator, "_lost", "")
    monkeypatch.setattr(choose, "_ready", set())
    monkeypatch.setattr(fleet, "Chunk", lambda: Fixed(3))
    with installed():
        yield


def assert_alike(ours: Sequence[Training], exact: Sequence[Training], room: float = 0.0) -> None:
    """They are where the others are."""
    for a, b in zip(ours, exact, strict=True):
        assert (a.updates, a.last) == (b.updates, b.last)
        np.testing.assert_allclose(a.parameters, b.parameters, rtol=room, atol=room / 10)
        np.testing.assert_allclose(a.curve.view(a.updates).losses, b.curve.view(b.updates).losses, rtol=room)
        assert a.curve.stride == b.curve.stride
        np.testing.assert_array_equal(a.next_rows(), b.next_rows())


def test_the_processor_makes_one_after_the_other():
    ours, plain = trainings(), trainings()
    together = Together(ours)
    for updates in (5, 30):
        assert together.run(updates) == [Stop.DONE] * 4
        for training in plain:
            training.run(updates)
    assert_alike(ours, plain)
    assert (together.device, together.notice) == (CPU, "")


@pytest.mark.usefixtures("ready")
def test_the_gpu_makes_all_at_once_and_curves_get_thinner_alike():
    ours, plain = trainings(), trainings()
    together = Together(ours, GPU)
    for updates in (5, 14, 1):
        assert together.run(updates) == [Stop.DONE] * 4
        for training in plain:
            training.run(updates)
    assert ours[0].curve.stride > 1
    assert_alike(ours, plain, 1e-4)
    assert (together.device, together.notice) == (GPU, "")


@pytest.mark.usefixtures("ready")
def test_each_training_stays_one():
    ours = trainings(None)
    Together(ours, GPU).run(10)
    first = ours[0].parameters.copy()
    ours[0].run(4)
    at_end = ours[0].parameters.copy()
    assert ours[0].seek(10) is Stop.DONE
    assert np.array_equal(ours[0].parameters, first)
    Together(ours, GPU).run(4)  # of one that looks back the future is forgotten
    assert [training.updates for training in ours] == [14] * 4
    assert np.array_equal(ours[0].parameters, at_end)
    assert ours[0].seek(3) is Stop.DONE
    assert ours[0].snapshot().update == 3


@pytest.mark.usefixtures("ready")
def test_each_ends_by_itself():
    ours, plain = trainings(None), trainings(None)
    for training in plain:
        training.run(12)
    goal = np.sort(plain[1].curve.view(12).losses)[2] * 1.0001
    ours[1].set_goal(goal)
    ours[2].control.flags[STOP] = 1
    ours[3].set_rate(1e30)
    assert Together(ours, GPU).run(12) == [Stop.DONE, Stop.GOAL, Stop.STOPPED, Stop.DIVERGED]
    assert ours[0].updates == 12
    assert 0 < ours[1].updates < 12
    assert ours[2].updates == 0
    assert ours[3].updates < 12
    assert [training.last for training in ours] == [training.updates for training in ours]


@pytest.mark.parametrize("at", ["making", "running"])
@pytest.mark.usefixtures("ready")
def test_what_the_gpu_leaves_the_processor_finishes(at: str, monkeypatch: pytest.MonkeyPatch):
    from visualnn.nn.kernels.gpu.fleet import FleetLoop

    def fails(*_arguments: Any) -> None:
        raise DeviceError("The GPU stopped: it is not connected any more.", is_lost=True)

    ours, plain = trainings(), trainings()
    together = Together(ours, GPU)
    if at == "making":
        monkeypatch.setattr(FleetLoop, "__init__", fails)
    else:
        together.run(5)
        monkeypatch.setattr(FleetLoop, "launch", fails)
    together.run(20 - ours[0].updates)
    for training in plain:
        training.run(20)
    assert_alike(ours, plain, 1e-4)
    assert together.device == CPU
    assert together.notice == "The GPU stopped: it is not connected any more. Training goes on on the processor."
    assert together.run(3) == [Stop.DONE] * 4


def test_where_the_gpu_is_not_ready_the_processor_trains(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(accelerator, "_loaded", False)
    ours, plain = trainings(), trainings()
    Together(ours, GPU).run(7)
    for training in plain:
        training.run(7)
    assert_alike(ours, plain)


def test_the_device_is_a_wish_and_says_nothing_of_where_they_are_trained(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(accelerator, "_loaded", False)
    together = Together(trainings(), GPU)
    together.run(1)
    assert (together.device, together.on_gpu, together.notice) == (GPU, False, "")
    monkeypatch.setattr(accelerator, "_loaded", True)
    monkeypatch.setattr(accelerator, "_lost", "")
    assert together.on_gpu
    assert not Together([], GPU).on_gpu


def test_a_gpu_that_somebody_else_has_lost_is_told_of(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(accelerator, "_loaded", True)
    monkeypatch.setattr(accelerator, "_lost", "The GPU stopped.")
    ours, plain = trainings(), trainings()
    together = Together(ours, GPU)
    together.run(7)
    for training in plain:
        training.run(7)
    assert_alike(ours, plain)
    assert (together.device, together.notice) == (CPU, "The GPU stopped. Training goes on on the processor.")


@pytest.fixture
def in_grids(monkeypatch: pytest.MonkeyPatch, fake_gpu: FakeGpu) -> FakeGpu:
    """A GPU with a loop for each network; whoever comes back from it finds one for all on the processor."""
    monkeypatch.setattr(accelerator, "_loaded", True)
    monkeypatch.setattr(accelerator, "in_blocks", lambda _task: False)
    monkeypatch.setattr(choose, "_ready", {choose.Kind("lane", "float32"), choose.Kind("lanes", "float32")})
    return fake_gpu


def test_the_loop_for_all_on_the_processor_takes_nothing_from_the_gpu(in_grids: FakeGpu):
    ours = trainings()
    together = Together(ours, GPU)
    together.run(6)
    assert together.on_gpu
    assert len(in_grids.made) == len(ours)


def test_where_the_gpu_fails_in_one_of_them_all_go_on_on_the_processor(compiled_kernel, in_grids: FakeGpu):
    assert choose.load(*choose.FLEETS)
    in_grids.fail(DeviceError("The memory of the GPU is full."), 3)
    ours = trainings()
    together = Together(ours, GPU)
    assert together.run(8) == [Stop.DONE] * 4
    assert [training.updates for training in ours] == [8] * 4
    assert {training.device for training in ours} == {CPU} == {together.device}
    assert together.notice == "The memory of the GPU is full. Training goes on on the processor."


@pytest.mark.usefixtures("ready")
def test_networks_too_large_for_a_block_train_one_after_the_other_on_the_gpu(monkeypatch: pytest.MonkeyPatch):
    from visualnn.nn.kernels.gpu import loops

    made = []
    monkeypatch.setattr(loops, "family", lambda task: "grid")
    monkeypatch.setattr(loops, "loop_for", lambda task, device: made.append(task) or loops.BlockLoop(task))
    ours = trainings()[:2]
    assert Together(ours, GPU).run(2) == [Stop.DONE] * 2
    assert made == [training.task for training in ours]


def test_only_like_trainings_go_together():
    first = trainings()[0]
    other_mask = Training(NETWORK, DATA, first.options, mask=mask_of(NETWORK, parameters=[0]))
    other_data = Training(NETWORK, Dataset("e", DATA.inputs + 1, DATA.targets, ()), first.options)
    other_batch = Training(NETWORK, DATA, replace(first.options, batch_size=6))
    other_network = Training(Network.of(2, 5, 1), DATA, first.options)
    for other in (other_mask, other_data, other_batch, other_network):
        with pytest.raises(VisualNNError, match="same shape"):
            Together([first, other])
    Together([first, Training(NETWORK, DATA, options_of(0.5, 9), np.zeros(NETWORK.parameter_count))])


def test_none_at_all():
    assert Together([], GPU).run(5) == []
