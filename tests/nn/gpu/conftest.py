"""Kernels of the GPU without a GPU: every test that launches one asks for the simulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.nn.gpu.simulator import Launches, installed
from visualnn import gpu

SIMULATED = gpu.Gpu(
    True,
    "Simulated",
    name="Simulator",
    driver="13.0",
    capability=(9, 0),
    memory_bytes=1 << 34,
    multiprocessors=4,
    shared_bytes=Launches.shared_bytes,
)


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Launches]:
    """Launches are simulated, and the program believes that there is a GPU."""
    monkeypatch.setattr(gpu, "probe", lambda: SIMULATED)
    with installed() as launches:
        yield launches
