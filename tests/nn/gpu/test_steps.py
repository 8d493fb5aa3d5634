"""Updates of a wide network as graphs, where the GPU's packages can record them."""

from __future__ import annotations

import logging
import sys
from types import SimpleNamespace

import pytest


class Machinery:
    """What stands in for ``cuda.core`` and for kernels: it writes down who was launched, and by whom."""

    def __init__(self, *, is_broken: bool = False) -> None:
        self.launched: list[str] = []
        self.is_broken = is_broken
        self.graphs = 0
        self.Device = lambda: self
        self.Stream = SimpleNamespace(from_handle=lambda handle: f"stream {handle}")

    def set_current(self) -> None:
        """The only device is."""

    def create_graph_builder(self) -> Builder:
        return Builder(self)

    def kernel(self, name: str) -> object:
        machinery = self

        class Kernel:
            def __getitem__(self, shape: tuple[object, ...]) -> object:
                blocks, threads, stream = shape
                assert (blocks, threads) == ((2, 1), 4)
                return lambda column, *given: machinery.note(stream, f"{name}{column}{''.join(given)}")

        return Kernel()

    def note(self, stream: object, launch: str) -> None:
        (stream.recorded if isinstance(stream, Builder) else self.launched).append(launch)


class Builder:
    """Records."""

    def __init__(self, machinery: Machinery) -> None:
        self.machinery, self.recorded, self.is_building = machinery, [], False

    def begin_building(self) -> Builder:
        self.is_building = True
        return self

    def end_building(self) -> Builder:
        self.is_building = False
        return self

    def complete(self) -> SimpleNamespace:
        assert not self.is_building
        if self.machinery.is_broken:
            raise RuntimeError("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED")
        return SimpleNamespace(launch=self._launch)

    def _launch(self, stream: str) -> None:
        assert stream == "stream 7"
        self.machinery.graphs += 1
        self.machinery.launched += self.recorded


@pytest.fixture
def procession(monkeypatch: pytest.MonkeyPatch):
    """Makes one of two kernels, on some machinery."""
    from visualnn.nn.kernels.gpu import steps

    def make(machinery: Machinery, *names: str) -> steps.Procession:
        monkeypatch.setattr(steps, "SIMULATED", False)
        monkeypatch.setitem(sys.modules, "cuda", SimpleNamespace(core=machinery))
        monkeypatch.setitem(sys.modules, "cuda.core", machinery)
        these = [steps.Step(machinery.kernel(name), (2, 1), 4, at) for at, name in enumerate(names)]
        return steps.Procession(these, ("x",), SimpleNamespace(handle=7))

    return make


def test_updates_are_recorded_once_their_kernels_have_run(procession):
    machinery = Machinery()
    both = procession(machinery, "a", "b")
    both.launch(1)
    assert (machinery.launched, machinery.graphs) == (["a0x", "b1x"], 0)
    both.launch(19)
    assert machinery.launched == ["a0x", "b1x"] * 20
    assert machinery.graphs == 2 + 3
    both.launch(7)
    assert machinery.launched == ["a0x", "b1x"] * 27
    assert machinery.graphs == 5 + 7


def test_what_cannot_be_recorded_is_launched_kernel_by_kernel(procession, caplog: pytest.LogCaptureFixture):
    machinery = Machinery(is_broken=True)
    both = procession(machinery, "a", "b")
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            both.launch(9)
    assert machinery.launched == ["a0x", "b1x"] * 27
    assert [record.levelname for record in caplog.records] == ["INFO"]


@pytest.mark.parametrize("names", [(), ("a",)])
def test_a_single_kernel_needs_no_graph(procession, names: tuple[str, ...]):
    machinery = Machinery()
    few = procession(machinery, *names)
    for _ in range(3):
        few.launch(2)
    assert (len(machinery.launched), machinery.graphs) == (6 * len(names), 0)
