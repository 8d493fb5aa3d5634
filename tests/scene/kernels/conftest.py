"""Both kinds of kernels, and what they draw."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from visualnn.scene.kernels import choose, plain


@pytest.fixture(scope="session")
def compiled() -> ModuleType:
    assert choose.load()
    return choose.kernels()


@pytest.fixture(params=["plain", "compiled"])
def kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs a test once with the plain and once with the compiled kernels."""
    used = plain if request.param == "plain" else request.getfixturevalue("compiled")
    monkeypatch.setattr(choose.SWITCH, "used", used)
    return request.param


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)
