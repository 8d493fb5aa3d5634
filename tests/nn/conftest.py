"""The compiled kernel, loaded once, and the numbers of reference runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from visualnn.nn.kernels import choose

GOLDENS = Path(__file__).parents[1] / "data" / "training.json"


@pytest.fixture(scope="session")
def goldens() -> dict[str, Any]:
    return json.loads(GOLDENS.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def _compiled_kernel():
    assert choose.load()
    return choose.kernel()


@pytest.fixture(params=["reference", "compiled"])
def kernel(request: pytest.FixtureRequest, _compiled_kernel, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs a test once with each training loop."""
    monkeypatch.setattr(choose, "_compiled", _compiled_kernel if request.param == "compiled" else None)
    return request.param
