"""``visualnn train --device``: a GPU that is asked for trains, or a sentence says why it cannot."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.fake_gpu import CARD, FakeGpu
from visualnn.cli import main, training
from visualnn.files import native
from visualnn.nn.device import DeviceError
from visualnn.nn.kernels import accelerator, choose

Result = tuple[int, str, str]
Run = Callable[..., Result]
XOR = ("xor", "--batch", "28")  # four updates an epoch
FULL = DeviceError("The memory of the GPU is full.")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Trains in this process: exit code, standard output, standard error."""

    def call(*arguments: str) -> Result:
        code = main(("train", *arguments))
        return (code, *capsys.readouterr())

    return call


@pytest.fixture
def readable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The readable loop trains: what the GPU of these tests computes like."""
    monkeypatch.setattr(choose, "_ready", set())
    monkeypatch.setattr(training, "_load", lambda _training: None)


def test_the_gpu_trains_from_the_first_update_on(run: Run, fake_gpu: FakeGpu, readable: None):
    code, out, err = run(*XOR, "--epochs", "20", "--device", "cuda")
    assert (code, err) == (0, "")
    assert "computed by Test card\n" in out
    assert fake_gpu.calls[0][0] == 0
    assert sum(count for _first, count in fake_gpu.calls) == 20 * 4
    assert fake_gpu.made == [choose.Device("cuda")]


def test_its_numbers_are_those_of_the_processor_with_32_bits(run: Run, fake_gpu: FakeGpu, readable: None):
    on_gpu = json.loads(run(*XOR, "--epochs", "20", "--device", "cuda", "--json")[1])
    on_cpu = json.loads(run(*XOR, "--epochs", "20", "--device", "cpu", "--precision", "float32", "--json")[1])
    assert on_gpu.pop("device") == "cuda"
    assert on_cpu.pop("device") == "cpu"
    assert on_gpu == on_cpu
    assert "device" not in json.loads(run(*XOR, "--epochs", "2", "--json")[1])


def test_a_file_that_was_trained_there_goes_on_anywhere(run: Run, fake_gpu: FakeGpu, readable: None, tmp_path: Path):
    first, whole = tmp_path / "first.vnn", tmp_path / "whole.vnn"
    assert run(*XOR, "--epochs", "10", "--device", "cuda", "--out", str(first))[0] == 0
    assert native.read(first).options.precision == "float32"
    fake_gpu.card = replace(CARD, usable=False, sentence="It was sold.")
    code, out, _err = run(str(first), "--continue", "--epochs", "10", "--out", str(first))
    assert code == 0
    assert "goes on after 40 updates" in out
    assert run(*XOR, "--epochs", "20", "--precision", "float32", "--out", str(whole))[0] == 0
    np.testing.assert_array_equal(native.read(first).parameters, native.read(whole).parameters)


@pytest.mark.parametrize("update", [-1, 0, 33, 79])
def test_where_it_fails_on_the_way_the_processor_goes_on_and_a_sentence_says_so_once(
    run: Run, fake_gpu: FakeGpu, readable: None, update: int
):
    expected = json.loads(run(*XOR, "--epochs", "20", "--precision", "float32", "--json")[1])
    fake_gpu.fail(FULL, update)
    code, out, err = run(*XOR, "--epochs", "20", "--device", "cuda", "--json")
    assert (code, err) == (0, f"{FULL} Training goes on on the processor.\n")
    answer = json.loads(out)
    assert answer.pop("device") == "cpu"
    assert answer == expected


def test_the_summary_tells_from_when_on(run: Run, fake_gpu: FakeGpu, readable: None):
    fake_gpu.fail(FULL, 0)
    _code, out, _err = run(*XOR, "--epochs", "20", "--device", "cuda")
    assert "computed by Test card, from update 1 on by the processor\n" in out


def test_the_processor_that_takes_over_is_the_compiled_one(
    run: Run, fake_gpu: FakeGpu, compiled_kernel: object, monkeypatch: pytest.MonkeyPatch
):
    loaded = []
    monkeypatch.setattr(training, "_load", loaded.append)
    fake_gpu.fail(FULL, 10)
    assert run(*XOR, "--epochs", "200", "--device", "cuda")[0] == 0
    assert loaded


def test_tensor_cores_are_asked_for(run: Run, fake_gpu: FakeGpu, readable: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(accelerator, "in_blocks", lambda _task: False)
    _code, out, _err = run(*XOR, "--epochs", "2", "--device", "cuda", "--tf32")
    assert "computed by Test card with TF32\n" in out
    assert fake_gpu.made == [choose.Device("cuda", tf32=True)]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--tf32"], "--tf32 is for a GPU and needs --device cuda."),
        (["--device", "cpu", "--tf32"], "--tf32 is for a GPU and needs --device cuda."),
        (
            ["--device", "cuda", "--precision", "float64"],
            "--device cuda computes in float32 and cannot go with --precision float64.",
        ),
        (["--device", "tpu"], "argument --device: invalid choice: 'tpu' (choose from "),
    ],
)
def test_what_does_not_go_together_is_wrong_use(run: Run, fake_gpu: FakeGpu, arguments: list[str], why: str):
    code, out, err = run(*XOR, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"visualnn train: {why}")
    assert not fake_gpu.made


def test_a_gpu_that_is_not_there_is_an_error_with_its_reason(run: Run, fake_gpu: FakeGpu):
    why = "No NVIDIA driver is to be found; training uses the processor. Install it from nvidia.com/drivers."
    fake_gpu.card = replace(CARD, usable=False, sentence=why)
    code, out, err = run(*XOR, "--device", "cuda")
    assert (code, out) == (2, "")
    assert err == (
        "visualnn train: --device cuda: No NVIDIA driver is to be found. Install it from nvidia.com/drivers. "
        "See visualnn train --help.\n"
    )


def test_tensor_cores_that_are_not_there_are_an_error(run: Run, fake_gpu: FakeGpu):
    fake_gpu.card = replace(CARD, capability=(7, 5))
    code, _out, err = run(*XOR, "--device", "cuda", "--tf32")
    assert code == 2
    assert "Test card has no tensor cores for it." in err


def test_kernels_that_cannot_be_compiled_are_an_error(run: Run, fake_gpu: FakeGpu):
    fake_gpu.error, fake_gpu.fails_to_load = DeviceError("The GPU’s compiler failed."), True
    assert run(*XOR, "--device", "cuda") == (1, "", "visualnn train: The GPU’s compiler failed.\n")


def test_the_bar_says_where_it_computes(run: Run, fake_gpu: FakeGpu, readable: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    _code, _out, err = run(*XOR, "--epochs", "200", "--device", "cuda")
    assert "on the GPU:" in err
    _code, _out, err = run(*XOR, "--epochs", "200")
    assert "on the GPU" not in err


def test_a_network_in_a_block_is_not_said_to_use_tensor_cores(
    run: Run, fake_gpu: FakeGpu, readable: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(accelerator, "in_blocks", lambda _task: True)
    _code, out, _err = run(*XOR, "--epochs", "2", "--device", "cuda", "--tf32")
    assert "computed by Test card\n" in out


def test_a_gpu_that_fails_before_it_trains_leaves_it_to_the_processor(
    run: Run, fake_gpu: FakeGpu, readable: None, monkeypatch: pytest.MonkeyPatch
):
    def fails(_task: object) -> bool:
        raise FULL

    monkeypatch.setattr(accelerator, "in_blocks", fails)
    fake_gpu.fail(FULL, -1)
    code, _out, err = run(*XOR, "--epochs", "2", "--device", "cuda", "--tf32")
    assert (code, err) == (0, f"{FULL} Training goes on on the processor.\n")


@pytest.fixture
def swept(capsys: pytest.CaptureFixture[str], readable: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Sweeps in this process, with a loop for each network."""
    monkeypatch.setattr(accelerator, "in_blocks", lambda _task: False)
    monkeypatch.setattr(choose, "load", lambda *_kinds: False)

    def call(*arguments: str) -> Result:
        code = main(("sweep", "xor", "--rates", "0.1", "--seeds", "2", "--updates", "10", *arguments))
        return (code, *capsys.readouterr())

    return call


def test_a_sweep_says_where_it_was_computed_when_somebody_asks_for_a_device(swept: Run, fake_gpu: FakeGpu):
    assert "All computed by Test card.\n" in swept("--device", "cuda")[1]
    assert json.loads(swept("--device", "cuda", "--json")[1])["device"] == "cuda"
    assert json.loads(swept("--device", "cpu", "--json")[1])["device"] == "cpu"
    assert "device" not in json.loads(swept("--json")[1])
    assert "computed by" not in swept()[1]


def test_a_sweep_whose_gpu_fails_says_so_once_and_is_the_processors(swept: Run, fake_gpu: FakeGpu):
    fake_gpu.fail(FULL, 3)
    code, out, err = swept("--device", "cuda", "--json")
    assert (code, err) == (0, f"{FULL} Training goes on on the processor.\n")
    answer = json.loads(out)
    assert answer["device"] == "cpu"
    assert [network["updates"] for network in answer["networks"]] == [10, 10]
