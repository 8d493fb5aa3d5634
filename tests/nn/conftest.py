"""The compiled kernel, loaded once, and the numbers of reference runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from visualnn.nn.kernels import choose

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="session")
def goldens() -> dict[str, Any]:
    return json.loads((DATA / "training.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def torch() -> dict[str, Any]:
    """What PyTorch says; tests/bench/torch_goldens.py wrote it."""
    return json.loads((DATA / "torch.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def compiled_kernel() -> frozenset[choose.Kind]:
    assert choose.load()
    return frozenset(choose.KINDS)


@pytest.fixture(params=["reference", "compiled"])
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs a test once with each training loop."""
    ready = request.getfixturevalue("compiled_kernel") if request.param == "compiled" else ()
    monkeypatch.setattr(choose, "_ready", set(ready))
    return request.param
