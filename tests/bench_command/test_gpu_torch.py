"""PyTorch on a GPU, with a library that only counts what it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from unittest.mock import MagicMock

import numpy as np
import pytest

from visualnn.bench.gpu import turns
from visualnn.bench.gpu.cases import CASES
from visualnn.bench.job import UnavailableError

NAME = "visualnn.bench.rivals.torch_cuda"
TINY, WIDE_TF32 = CASES[0].tiny().values(), CASES[-1].tiny().values()


class Tensor(np.ndarray):
    """An array that can be split as a tensor."""

    def split(self, size: int) -> list[Tensor]:
        return [self[at : at + size] for at in range(0, len(self), size)]


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> MagicMock:
    """In place of the library, with a GPU."""
    library = MagicMock()
    library.tensor.side_effect = lambda values, **_: np.asarray(values).view(Tensor)
    monkeypatch.setitem(sys.modules, "torch", library)
    monkeypatch.setattr(turns, "FIRST_S", 1e-9)
    return library


@pytest.fixture
def rival(torch: MagicMock) -> Iterator[ModuleType]:
    """The module, imported with that library; nobody finds it afterwards."""
    names = (NAME, "visualnn.bench.rivals.torch_eager")
    assert not sys.modules.keys() & names
    yield import_module(NAME)
    for name in names:
        del sys.modules[name]


def steps(torch: MagicMock) -> int:
    return torch.optim.Adam.return_value.step.call_count


def test_every_variant_does_as_many_updates_as_it_says(rival: ModuleType, torch: MagicMock) -> None:
    rival.CALLS["prepare"](case=TINY, device="cpu")
    for variant in rival.VARIANTS:
        before = steps(torch)
        turn = rival.CALLS["turn"](variant=variant, seconds=1e-9)
        assert steps(torch) - before == turn["updates"], variant


def test_a_graph_is_captured_once_and_replayed(rival: ModuleType, torch: MagicMock) -> None:
    replay = torch.cuda.CUDAGraph.return_value.replay
    rival.prepare(case=TINY, device="cuda")
    assert torch.cuda.graph.call_count == 2
    for variant, updates in (("graph", 1), (f"graph of {rival.MANY}", rival.MANY)):
        before, done = replay.call_count, steps(torch)
        turn = rival.turn(variant, 1e-9)
        assert turn["updates"] == (replay.call_count - before) * updates
        assert steps(torch) == done


def test_turns_end_when_the_gpu_has_done_all(rival: ModuleType, torch: MagicMock) -> None:
    rival.prepare(case=TINY, device="cuda")
    for variant in rival.VARIANTS:
        before = torch.cuda.synchronize.call_count
        rival.turn(variant, 1e-9)
        assert torch.cuda.synchronize.call_count == before + 2


def test_the_optimizer_is_the_fastest_one(rival: ModuleType, torch: MagicMock) -> None:
    rival.prepare(case=TINY, device="cuda")
    assert torch.optim.Adam.call_args.kwargs == {"lr": 1e-3, "fused": True, "capturable": True}


@pytest.mark.parametrize(("case", "precision"), [(TINY, "highest"), (WIDE_TF32, "high")])
def test_products_are_as_precise_as_ours(
    rival: ModuleType, torch: MagicMock, case: dict[str, object], precision: str
) -> None:
    rival.prepare(case=case, device="cuda")
    torch.set_float32_matmul_precision.assert_called_with(precision)
    rival.CALLS["product"](size=16, tf32=precision == "high", device="cuda", repeats=3)
    torch.set_float32_matmul_precision.assert_called_with(precision)
    assert torch.matmul.call_count == 4


def test_without_a_gpu_it_takes_no_part(rival: ModuleType, torch: MagicMock) -> None:
    torch.cuda.is_available.return_value = False
    for call, given in (("prepare", {"case": TINY}), ("product", {"size": 4, "tf32": False, "repeats": 1})):
        with pytest.raises(UnavailableError, match="finds no GPU"):
            rival.CALLS[call](device="cuda", **given)


def test_it_says_its_version(rival: ModuleType, torch: MagicMock) -> None:
    torch.__version__, torch.version.cuda = "2.11", "13.0"
    assert rival.begin(1) == "2.11, CUDA 13.0"
