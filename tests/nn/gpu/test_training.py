"""Whole trainings by the loops of the GPU: they move, and go on where the driver fails; the processor does the same."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from tests.nn.gpu import wide
from visualnn.cli import main
from visualnn.nn.data import number_pairs
from visualnn.nn.device import CPU, Device
from visualnn.nn.kernels import accelerator, choose
from visualnn.nn.kernels.gpu import fleet, grid, loops
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Stop, Training

pytestmark = pytest.mark.usefixtures("simulator")
CUDA = Device("cuda")
RESET = "[700] Call to cuStreamSynchronize results in CUDA_ERROR_LAUNCH_TIMEOUT"
FULL = "[2] Call to cuMemAlloc results in CUDA_ERROR_OUT_OF_MEMORY"


@pytest.fixture(params=["block", "grid"])
def family(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Kernels of both families are loaded; this one trains, and the readable loop on the processor."""
    monkeypatch.setattr(accelerator, "_loaded", True)
    monkeypatch.setattr(accelerator, "_lost", "")
    monkeypatch.setattr(choose, "_ready", set())
    monkeypatch.setattr(loops, "family_of", lambda _task, _bytes: request.param)
    small = wide.machine(wide.PLAIN)
    monkeypatch.setattr(loops, "GridLoop", lambda task, device: grid.GridLoop(task, device, small))
    return request.param


@pytest.fixture
def failing(family: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, str], list[int]]:
    """Lets the driver fail at a launch; the launches so far."""

    def fail(at: int, error: str) -> list[int]:
        launches: list[int] = []
        place, name = (fleet.FleetLoop, "launch") if family == "block" else (grid._Run, "_launch")
        launch = getattr(place, name)

        def counted(*given):
            launches.append(1)
            if len(launches) == at:
                raise RuntimeError(error)
            return launch(*given)

        monkeypatch.setattr(place, name, counted)
        return launches

    return fail


def make(device: Device = CPU, seed: int = 3) -> Training:
    options = Options(Optimizer("adam", rate=0.02), batch_size=16, seed=seed, precision="float32")
    return Training(Network.of(2, 3, 1), number_pairs(), options, device=device)


def near(a: Training, b: Training) -> None:
    """Both have come to the same, but for the digits that 32 bits do not have."""
    assert a.updates == b.updates
    np.testing.assert_allclose(a.parameters, b.parameters, rtol=2e-4, atol=2e-5)
    np.testing.assert_allclose(a.curve.view(a.updates).losses, b.curve.view(b.updates).losses, rtol=2e-4)


def test_it_learns_what_the_processor_learns(family: str):
    training, expected = make(CUDA), make()
    assert training.run(14) is Stop.DONE
    expected.run(14)
    assert isinstance(training._loop, accelerator.GpuLoop)
    assert training.notice == ""
    near(training, expected)


def test_it_moves_in_the_middle_and_the_past_is_the_same_to_the_bit(family: str):
    training, expected = make(), make()
    expected.run(15)
    for device in (CUDA, CPU, CUDA):
        training.run(3)
        training.set_device(device)
    training.run(6)
    near(training, expected)
    last = training.parameters.copy()
    training.remember()
    training.seek(5)
    near_five = make()
    near_five.run(5)
    np.testing.assert_allclose(training.parameters, near_five.parameters, rtol=2e-4, atol=2e-5)
    training.seek(15)
    np.testing.assert_array_equal(training.parameters, last)


@pytest.mark.parametrize("launch", [1, 2, 4])
@pytest.mark.parametrize("error", [RESET, FULL], ids=["reset", "memory"])
def test_where_the_driver_fails_the_processor_goes_on_from_the_state_before_the_call(
    failing: Callable[[int, str], list[int]], launch: int, error: str
):
    training, expected = make(CUDA), make()
    training.run(4)
    expected.resume(training.checkpoint())
    launches = failing(launch, error)
    training.run(30)
    expected.run(30)
    assert len(launches) == launch
    assert training.updates == 34
    np.testing.assert_array_equal(training.parameters, expected.parameters)
    np.testing.assert_array_equal(training.memory, expected.memory)
    np.testing.assert_array_equal(training.checkpoint().order.line, expected.checkpoint().order.line)
    assert training.notice.startswith("The GPU stopped: " if error == RESET else "The memory of the GPU is full. ")
    assert bool(accelerator.lost()) is (error == RESET)


def test_a_gpu_without_room_for_the_network_leaves_it_to_the_processor(
    family: str, simulator, monkeypatch: pytest.MonkeyPatch
):
    def full(*_given):
        raise RuntimeError(FULL)

    module = fleet if family == "block" else grid
    monkeypatch.setattr(module, "Chunk", full)  # the first that a loop makes
    training, expected = make(CUDA), make()
    training.run(10)
    expected.run(10)
    np.testing.assert_array_equal(training.parameters, expected.parameters)
    assert training.notice == "The memory of the GPU is full. Training goes on on the processor."
    assert accelerator.lost() == ""


def test_the_command_line_trains_there(family: str, capsys: pytest.CaptureFixture[str]):
    answers = []
    for device in ("cuda", "cpu"):
        assert main(("train", "adder", "--epochs", "3", "--device", device, "--precision", "float32", "--json")) == 0
        answers.append(json.loads(capsys.readouterr().out))
    on_gpu, on_cpu = answers
    assert (on_gpu["device"], on_cpu["device"]) == ("cuda", "cpu")
    np.testing.assert_allclose(on_gpu["loss"], on_cpu["loss"], rtol=2e-4)
