"""The stopwatch: true times, without a trace in what is being trained."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from tests.fake_gpu import FakeGpu
from visualnn.engine import devices
from visualnn.engine.devices import Stopwatch, Times
from visualnn.nn.data import number_pairs
from visualnn.nn.device import CPU, Device, DeviceError
from visualnn.nn.kernels import accelerator, choose, reference
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options

START = np.linspace(-1.0, 1.0, 17)


def task(rate: float = 0.01) -> Task:
    options = Options(Optimizer("sgd", rate=rate), batch_size=16, precision="float32")
    return Task.of(Network.of(2, 4, 1), options, number_pairs())


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at the times closely."""
    monkeypatch.setattr(devices, "LONG_SECONDS", 0.005)


class Sleeper(reference.Loop):
    """Takes a known time for an update, and one more for the first call."""

    first = True

    def run(self, order, state, control, losses, stride, updates):
        time.sleep(0.02 * self.first + 0.001 * updates)
        self.first = False
        return super().run(order, state, control, losses, stride, updates)


def test_the_time_of_an_update_is_measured_without_what_the_first_call_makes_ready(short, monkeypatch):
    monkeypatch.setattr(choose, "best", lambda _loop, task, _device: Sleeper(task))
    assert 0.001 <= Stopwatch(task(), START).measure() < 0.02


def test_the_weights_it_starts_from_stay_as_they_are(short):
    start = START.copy()
    assert Stopwatch(task(), start).measure() > 0
    assert np.array_equal(start, START)


def test_a_run_that_explodes_is_begun_again(short, monkeypatch):
    monkeypatch.setattr(choose, "_ready", set())
    assert 0 < Stopwatch(task(rate=1e30), START).measure() < 1


def test_weights_that_are_no_numbers_have_no_time(short):
    assert Stopwatch(task(), np.full(17, np.nan)).measure() is None


def test_it_can_be_stopped_and_then_tells_nothing(monkeypatch):
    monkeypatch.setattr(devices, "LONG_SECONDS", 100.0)
    monkeypatch.setattr(devices, "SECONDS", 100.0)
    monkeypatch.setattr(choose, "best", lambda _loop, task, _device: Sleeper(task))
    watch, said = Stopwatch(task(), START), []
    thread = threading.Thread(target=lambda: said.append(watch.measure()))
    thread.start()
    watch.stop()
    thread.join(20)
    assert said == [None]
    assert watch.is_stopped
    assert watch.measure() is None


def test_the_gpu_is_measured_on_the_gpu(short, fake_gpu: FakeGpu):
    accelerator.load()
    assert Stopwatch(task(), START).measure(Device("cuda")) > 0
    assert fake_gpu.calls
    fake_gpu.calls.clear()
    assert Stopwatch(task(), START).measure(CPU) > 0
    assert not fake_gpu.calls


def test_a_gpu_that_fails_says_so(short, fake_gpu: FakeGpu):
    accelerator.load()
    fake_gpu.fail(DeviceError("The memory of the GPU is full."), 0)
    with pytest.raises(DeviceError, match="full"):
        Stopwatch(task(), START).measure(Device("cuda"))


def test_a_difference_that_nobody_feels_is_none():
    assert Times(1.0, 0.5).faster == "cuda"
    assert Times(0.5, 1.0).faster == "cpu"
    assert Times(1.0, 1.05).faster is None
    assert Times(1.0).faster is Times(None, 1.0).faster is None
