"""Kernels of the GPU without a GPU: every test that launches one asks for the simulator."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace

import pytest

from tests.nn.gpu.simulator import Launches, installed

GPU = {
    "usable": True,
    "sentence": "Simulated",
    "name": "Simulator",
    "driver": "13.0",
    "capability": (9, 0),
    "memory_bytes": 1 << 34,
    "multiprocessors": 4,
    "shared_bytes": 232_448,
}


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Launches]:
    """Launches are simulated, and the program believes that there is a GPU."""
    if find_spec("visualnn.gpu"):
        monkeypatch.setattr(import_module("visualnn.gpu"), "probe", lambda: SimpleNamespace(**GPU))
    with installed() as launches:
        yield launches
