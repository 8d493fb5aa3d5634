"""What every test gets: no screen, settings of its own, and a failure if a thread outlives it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("NUMBA_ENABLE_CUDASIM", "1")  # Numba reads it once; kernels of the CPU do not care

from tests.fake_gpu import FakeGpu
from visualnn import settings
from visualnn.files import recovery
from visualnn.nn.kernels import choose
from visualnn.scene.kernels import choose as drawing
from visualnn.scene.kernels.terrain import choose as terrain

GRACE_S = 2.0
ROOT = Path(__file__).resolve().parents[1]

# How fast an example is says something about the machine, not about the program.
hypothesis.settings.register_profile("calm", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("calm")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compiles the kernels that are not in the cache yet, before several workers would each compile all of them."""
    if session.config.getoption("numprocesses", None):
        with ThreadPoolExecutor(os.cpu_count()) as children:
            kinds = (*choose.KINDS, choose.HEIGHTS, *choose.FLEETS)
            training = [children.submit(choose.prepare, kind) for kind in kinds]
            pictures = [children.submit(package.prepare) for package in (terrain, drawing)]
            for child in (*training, *pictures):
                child.result()


@pytest.fixture(scope="session")
def script() -> Callable[[str], ModuleType]:
    """Imports a file of this project that belongs to no package, by its path from here."""

    def load(path: str) -> ModuleType:
        spec = spec_from_file_location(Path(path).stem, ROOT / path)
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture(autouse=True)
def settings_path(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings file of this test alone; it does not exist yet."""
    path = tmp_path_factory.getbasetemp() / f"settings-{time.monotonic_ns()}" / "visualnn" / "settings.json"
    monkeypatch.setattr(settings, "default_path", lambda: path)
    return path


@pytest.fixture(autouse=True)
def state(settings_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the windows of this test alone keep what is not saved; it does not exist yet."""
    path = settings_path.parent / "state"
    monkeypatch.setattr(recovery, "default_folder", lambda: path)
    return path


@pytest.fixture(autouse=True)
def _no_thread_survives() -> Iterator[None]:
    """Fails a test that leaves a Python thread running, after a short grace."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + GRACE_S
    while leaked := [thread for thread in threading.enumerate() if thread not in before]:
        if time.monotonic() > deadline:
            pytest.fail(f"threads left running: {', '.join(thread.name for thread in leaked)}")
        time.sleep(0.01)


@pytest.fixture(scope="session")
def compiled_kernel() -> frozenset[choose.Kind]:
    assert choose.load()
    return frozenset(choose.KINDS)


@pytest.fixture
def fake_gpu(monkeypatch: pytest.MonkeyPatch) -> FakeGpu:
    """A GPU that computes like the readable loop and fails when it is told to; it is not loaded yet."""
    return FakeGpu(monkeypatch)


@pytest.fixture(params=["reference", "compiled"])
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs a test once with each training loop."""
    ready = request.getfixturevalue("compiled_kernel") if request.param == "compiled" else ()
    monkeypatch.setattr(choose, "_ready", set(ready))
    return request.param
