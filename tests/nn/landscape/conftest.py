"""Heights both ways: by the compiled kernel and by the plain one."""

from __future__ import annotations

import pytest

from visualnn.nn.kernels import choose


@pytest.fixture(scope="session")
def compiled_heights() -> choose.Kind:
    assert choose.load(choose.HEIGHTS)
    return choose.HEIGHTS


@pytest.fixture(params=["plain", "compiled"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs a test once with each."""
    ready = {request.getfixturevalue("compiled_heights")} if request.param == "compiled" else set()
    monkeypatch.setattr(choose, "_ready", ready)
    return request.param
