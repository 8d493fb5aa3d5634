"""The compiled kernel, loaded once."""

from __future__ import annotations

import pytest

from visualnn.nn.kernels import choose


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
