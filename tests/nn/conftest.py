"""The numbers of reference runs, and what PyTorch says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="session")
def goldens() -> dict[str, Any]:
    return json.loads((DATA / "training.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def torch() -> dict[str, Any]:
    """What PyTorch says; tests/bench/torch_goldens.py wrote it."""
    return json.loads((DATA / "torch.json").read_text(encoding="utf-8"))
