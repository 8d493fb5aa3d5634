"""What is taken away in these tests: moments and films of the adder at a window of a fixed size."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from visualnn.gui.export import exports
from visualnn.gui.export.film import Film, Pace, cut_of
from visualnn.gui.export.shot import Shot
from visualnn.scene.kernels.terrain import choose


@pytest.fixture
def shot(adder) -> Callable[[int], Shot]:
    """The stage as it stands when so many steps are done."""

    def make(step: int) -> Shot:
        adder.player.seek(step)
        made = exports.shot(adder.page)
        assert made is not None
        return made

    return make


@pytest.fixture
def film(adder) -> Callable[..., Film]:
    """Some steps, small and quick."""

    def make(steps: str = "1-3", *, grain: str = "operation", fps: float = 10.0, size=(480, 300)) -> Film:
        cut = cut_of(steps, adder.player.timeline, grain)
        made = exports.film(adder.page, cut, Pace(0.5, fps), size)
        assert made is not None
        return made

    return make


@pytest.fixture(scope="session")
def compiled_terrain() -> ModuleType:
    before = choose.SWITCH.used
    assert choose.load()
    compiled, choose.SWITCH.used = choose.SWITCH.used, before
    return compiled


@pytest.fixture
def quick(compiled_terrain: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Landscapes are drawn by the compiled kernels."""
    monkeypatch.setattr(choose.SWITCH, "used", compiled_terrain)
