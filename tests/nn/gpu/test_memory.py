"""Errors of a GPU as sentences; portions; copies."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.nn.gpu.examples import task_of
from visualnn.nn.device import CPU, Device, DeviceError
from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels.gpu.chunk import GROWTH, LAUNCH_SECONDS, Chunk


def memory():
    from visualnn.nn.kernels.gpu import memory

    return memory


@pytest.mark.parametrize(
    ("name", "words", "is_lost"),
    [
        ("CUDA_ERROR_OUT_OF_MEMORY", "The memory of the GPU is full.", False),
        ("CUDA_ERROR_LAUNCH_TIMEOUT", "took too long", True),
        ("CUDA_ERROR_ILLEGAL_ADDRESS", "went wrong", True),
        ("CUDA_ERROR_NO_DEVICE", "not connected any more", True),
        ("CUDA_ERROR_UNKNOWN", "slept", True),
        ("CUDA_ERROR_SOMETHING_NEW", "reports an error (CUDA_ERROR_SOMETHING_NEW)", True),
    ],
)
def test_an_error_of_the_driver_is_a_sentence(name: str, words: str, is_lost: bool):
    with pytest.raises(DeviceError) as caught, memory().guarded():
        raise RuntimeError(f"[2] Call to cuMemAlloc results in {name}")
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")
    assert caught.value.is_lost == is_lost


def test_every_other_problem_says_what_it_is():
    with pytest.raises(DeviceError, match=r"^The GPU cannot be used: libNVVM cannot be found\.$"), memory().guarded():
        raise ImportError("libNVVM cannot be found.\nTraceback and so on")
    with pytest.raises(DeviceError, match="AssertionError"), memory().guarded():
        raise AssertionError


def test_a_sentence_stays_what_it_is():
    with pytest.raises(DeviceError, match=r"^Two words\.$"), memory().guarded():
        raise DeviceError("Two words.")


def test_a_copy_is_of_the_moment_when_it_was_begun():
    from visualnn.nn.kernels.gpu.door import cuda

    shots, stream = memory().Shots(3), cuda.stream()
    parameters = cuda.to_device(np.arange(3, dtype="float32"), stream=stream)
    assert not shots.is_under_way
    shots.begin(parameters, stream)
    assert shots.is_under_way
    parameters.copy_to_device(np.zeros(3, dtype="float32"), stream=stream)
    assert shots.end().tolist() == [0.0, 1.0, 2.0]
    assert not shots.is_under_way


def test_launches_grow_until_they_last_as_long_as_they_may():
    chunk, per_update = Chunk(), 2e-6
    sizes = []
    for _ in range(12):
        sizes.append(chunk.updates)
        chunk.measured(chunk.updates, chunk.updates * per_update)
    assert sizes[0] == 1
    assert all(b <= GROWTH * a for a, b in pairwise(sizes))
    assert sizes[-1] == pytest.approx(LAUNCH_SECONDS / per_update, abs=1)
    chunk.measured(chunk.updates, 1.0)  # the desktop wanted the GPU
    assert chunk.updates == int(sizes[-1] * LAUNCH_SECONDS)
    assert Chunk(most=3).updates == 1


def test_a_device_is_one_of_two():
    assert Device("cpu") == CPU
    assert Device("cuda", tf32=True).is_gpu
    with pytest.raises(VisualNNError, match="Known: cpu, cuda"):
        Device("tpu")


def test_what_was_dropped_is_given_back_before_a_loop_takes_more(monkeypatch: pytest.MonkeyPatch):
    given: list[str] = []

    def holder(of: str, **others: Any) -> SimpleNamespace:
        return SimpleNamespace(deallocations=SimpleNamespace(clear=lambda: given.append(of)), **others)

    context = holder("streams", memory_manager=holder("memory"))
    monkeypatch.setattr(memory(), "SIMULATED", False)
    monkeypatch.setattr(memory(), "cuda", SimpleNamespace(current_context=lambda: context))
    memory().give_back()
    assert given == ["streams", "memory"]


@pytest.mark.parametrize("name", ["fleet", "grid"])
def test_a_new_loop_gives_back_first(monkeypatch: pytest.MonkeyPatch, name: str):
    from visualnn.nn.kernels.gpu import fleet, grid

    def give_back() -> None:
        raise DeviceError("First of all.")

    monkeypatch.setattr({"fleet": fleet, "grid": grid}[name], "give_back", give_back)
    make = {"fleet": fleet.BlockLoop, "grid": grid.GridLoop}[name]
    with pytest.raises(DeviceError, match="First"):
        make(task_of((2, 3, 1), output="tanh", loss="mse", optimizer="sgd"))
