"""Both kinds of kernels, and some reliefs."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from visualnn.scene.kernels.terrain import choose, plain
from visualnn.scene.landscape import heights
from visualnn.scene.landscape.relief import Relief, relief

WINDOW = (-2.0, 2.0, -1.0, 3.0)


@pytest.fixture(scope="session")
def compiled() -> ModuleType:
    assert choose.load()
    return choose.kernels()


@pytest.fixture(params=["plain", "compiled"])
def kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs a test once with the plain and once with the compiled kernels."""
    used = plain if request.param == "plain" else request.getfixturevalue("compiled")
    monkeypatch.setattr(choose.SWITCH, "used", used)
    heights.field.cache_clear()
    heights.ground.cache_clear()
    heights.surface.cache_clear()
    return str(request.param)


def on_grid(f, size: int = 41, window=WINDOW) -> np.ndarray:
    x, y = np.meshgrid(np.linspace(*window[:2], size), np.linspace(*window[2:], size))
    return np.asarray(f(x, y), dtype=np.float64)


def hills(x, y):
    """Two hills and a hollow."""
    return (
        1.2
        + np.exp(-((x - 0.8) ** 2 + y**2) * 2)
        + np.exp(-((x + 1) ** 2 + (y - 1.5) ** 2) * 3)
        - np.exp(-((x + 0.2) ** 2 + (y - 1) ** 2) * 2)
    )


@pytest.fixture
def hilly() -> Relief:
    return relief(on_grid(hills), WINDOW, logarithmic=False)


@pytest.fixture
def bowl() -> Relief:
    """x² + (y − 1)² as it is."""
    return relief(on_grid(lambda x, y: x**2 + (y - 1) ** 2), WINDOW, logarithmic=False)
