import os
import subprocess
import sys
from importlib import metadata, util
from pathlib import Path
from typing import NamedTuple

import pytest

import visualnn
from visualnn import kernel_cache

COMPILE = """
import sys
from visualnn import kernel_cache

kernel_cache.install()
import numba

def double(x):
    return 2.0 * x

sys.modules["visualnn.example"] = sys.modules["__main__"]
double.__module__ = "visualnn.example"
compiled = numba.njit("float64(float64)", cache=True)(double)
assert compiled(21.0) == 42.0
print(sum(compiled.stats.cache_hits.values()), kernel_cache.folder())
"""


@pytest.fixture(autouse=True)
def forgotten_folder():
    """Each test chooses the folder anew, and leaves no other choice behind."""
    kernel_cache.folder.cache_clear()
    yield
    kernel_cache.folder.cache_clear()


def compile_elsewhere(
    tmp_path: Path, working: Path, program: str = COMPILE, **variables: str | None
) -> tuple[int, Path]:
    """Compiles one kernel in a fresh process: how often the cache had it, and where the cache is."""
    source = tmp_path / "example.py"
    source.write_text(program, encoding="utf-8")
    working.mkdir(exist_ok=True)
    wanted = {**os.environ, "TMPDIR": str(tmp_path / "tmp"), "PYTHONPATH": str(Path(visualnn.__file__).parents[1])}
    for name in (kernel_cache.VARIABLE, "VISUALNN_CACHE_DIR", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR"):
        wanted.pop(name, None)
    (tmp_path / "tmp").mkdir(exist_ok=True)
    environment = {name: value for name, value in {**wanted, **variables}.items() if value is not None}
    command = [sys.executable, str(source)]
    run = subprocess.run(
        command, cwd=working, env=environment, capture_output=True, text=True, timeout=100, check=False
    )
    assert run.returncode == 0, run.stderr
    hits, folder = run.stdout.split(maxsplit=1)
    return int(hits), Path(folder.strip())


def test_the_second_process_finds_the_kernel_from_any_working_directory(tmp_path: Path):
    chosen = str(tmp_path / "chosen")
    first = compile_elsewhere(tmp_path, tmp_path / "here", VISUALNN_CACHE_DIR=chosen)
    second = compile_elsewhere(tmp_path, tmp_path / "there", VISUALNN_CACHE_DIR=chosen)
    assert first == (0, tmp_path / "chosen" / f"kernels-{visualnn.__version__}")
    assert second == (1, first[1])


@pytest.mark.parametrize("home", ["/dev/null/nobody", None], ids=["unwritable", "absent"])
def test_a_user_without_a_home_still_gets_kernels(tmp_path: Path, home: str | None):
    hits, folder = compile_elsewhere(tmp_path, tmp_path, HOME=home, XDG_CACHE_HOME="/dev/null/nobody")
    assert hits == 0
    assert folder.is_relative_to(tmp_path / "tmp")
    assert list(folder.glob("*.nbi"))


def test_the_folder_names_the_version_and_is_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("VISUALNN_CACHE_DIR", str(tmp_path))
    folder = kernel_cache.folder()
    assert folder == tmp_path / f"kernels-{visualnn.__version__}"
    assert folder.is_dir()
    assert os.name == "nt" or folder.stat().st_mode & 0o077 == 0


def test_the_users_cache_folder_is_the_normal_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    import platformdirs

    monkeypatch.delenv("VISUALNN_CACHE_DIR", raising=False)
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    assert kernel_cache.folder() == tmp_path / "cache" / f"kernels-{visualnn.__version__}"


def test_files_that_a_power_cut_left_empty_are_dropped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("VISUALNN_CACHE_DIR", str(tmp_path))
    folder = tmp_path / f"kernels-{visualnn.__version__}"
    folder.mkdir()
    (folder / "cut.nbi").touch()
    (folder / "whole.nbi").write_bytes(b"index")
    assert [path.name for path in kernel_cache.folder().iterdir()] == ["whole.nbi"]


def test_somebody_elses_folder_is_not_trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    owner = tmp_path.stat().st_uid
    monkeypatch.setattr(os, "getuid", lambda: owner + 1, raising=False)
    assert not kernel_cache._is_ours(tmp_path)


def test_where_nothing_can_be_kept_the_folder_is_forgotten_at_exit(monkeypatch: pytest.MonkeyPatch):
    leaving = []
    monkeypatch.setattr(kernel_cache, "_is_ours", lambda _: False)
    monkeypatch.setattr(kernel_cache.atexit, "register", lambda *call, **_: leaving.append(call))
    folder = kernel_cache.folder()
    (call,) = leaving
    assert call[1] == folder
    call[0](folder)
    assert not folder.exists()


def test_installing_twice_asks_our_locator_once_and_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(kernel_cache.VARIABLE, "UserProvidedCacheLocator")
    kernel_cache.install()
    kernel_cache.install()
    assert os.environ[kernel_cache.VARIABLE] == f"{kernel_cache.OURS},UserProvidedCacheLocator"


def test_other_packages_kernels_are_left_to_numba(tmp_path: Path):
    def function() -> None: ...

    source = str(tmp_path / "kernels.py")
    for module, ours in [("visualnn.nn.kernels.cpu", True), ("visualnnish.kernels", False), ("other", False)]:
        function.__module__ = module
        assert (kernel_cache.Locator.from_function(function, source) is not None) is ours


def test_a_change_in_a_neighbouring_source_makes_kernels_stale(tmp_path: Path):
    (tmp_path / "cpu.py").write_text("1", encoding="utf-8")
    first = kernel_cache._stamp(tmp_path)
    kernel_cache._stamp.cache_clear()
    (tmp_path / "dense.py").write_text("2", encoding="utf-8")
    assert kernel_cache._stamp(tmp_path) != first


def test_what_older_sources_left_in_the_cache_is_not_even_opened(tmp_path: Path):
    def function() -> None: ...

    function.__module__ = "visualnn.nn.kernels.cpu"
    source, names = tmp_path / "cpu.py", set()
    for content in ("1", "2"):
        source.write_text(content, encoding="utf-8")
        kernel_cache._stamp.cache_clear()
        names.add(kernel_cache.Locator.from_function(function, str(source)).get_disambiguator())
    assert len(names) == 2


@pytest.mark.parametrize(("package", "stale"), [("nn", True), ("scene", False)])
def test_modules_around_the_kernels_count_where_kernels_use_them(tmp_path: Path, package: str, stale: bool):
    kernels = tmp_path / package / "kernels"
    kernels.mkdir(parents=True)
    (kernels / "cpu.py").write_text("1", encoding="utf-8")
    first = kernel_cache._stamp(kernels)
    kernel_cache._stamp.cache_clear()
    (tmp_path / package / "around.py").write_text("2", encoding="utf-8")
    assert (kernel_cache._stamp(kernels) != first) is stale


def gpu_kernels(root: Path) -> Path:
    """The folder of the GPU's kernels in a package of its own, with sources around them."""
    folder = root / "nn" / "kernels" / "gpu"
    folder.mkdir(parents=True)
    for each in (root, *folder.parents[:2], folder):
        (each / "source.py").write_text("1", encoding="utf-8")
    return folder


@pytest.mark.parametrize(("changed", "stale"), [(".", True), ("..", True), ("../..", True), ("../../..", False)])
def test_a_change_up_to_the_package_that_they_compute_for_makes_kernels_for_the_gpu_stale(
    tmp_path: Path, changed: str, stale: bool
):
    folder = gpu_kernels(tmp_path)
    first = kernel_cache._stamp(folder)
    kernel_cache._stamp.cache_clear()
    (folder / changed / "source.py").write_text("2", encoding="utf-8")
    assert (kernel_cache._stamp(folder) != first) is stale


def test_a_change_in_kernels_for_the_gpu_leaves_those_for_the_processor_fresh(tmp_path: Path):
    folder = gpu_kernels(tmp_path)
    first = kernel_cache._stamp(folder.parent)
    kernel_cache._stamp.cache_clear()
    (folder / "source.py").write_text("2", encoding="utf-8")
    assert kernel_cache._stamp(folder.parent) == first


class Distribution(NamedTuple):
    """One that is installed."""

    version: str


@pytest.mark.parametrize(("package", "asked"), [("gpu", True), ("kernels", False)])
def test_another_package_for_gpus_makes_their_kernels_only_stale(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str, asked: bool
):
    monkeypatch.setenv("VISUALNN_CACHE_DIR", str(tmp_path))
    folder = tmp_path / package
    folder.mkdir()
    versions = {"numba-cuda": "0.30.4"}

    def distributions(name: str) -> list[Distribution]:
        return [Distribution(versions[name])] if name in versions else []

    monkeypatch.setattr(metadata, "distributions", distributions)
    kernel_cache.note_filled(folder, "block")
    assert kernel_cache.is_filled(folder, "block")
    for newer in ({"numba-cuda": "0.30.5"}, {"numba-cuda": "0.30.4", "nvidia-cuda-runtime": "13.5"}):
        versions.clear()
        versions.update(newer)
        assert kernel_cache.is_filled(folder, "block") is not asked


def test_a_copy_of_numbas_cache_that_reads_no_variable_asks_our_locator_first_once():
    class Theirs:
        _locator_classes = ("in the tree", "of the user")

    class Caches(Theirs):
        """As numba-cuda has them: the list belongs to the class above."""

    kernel_cache.lead(Caches)
    kernel_cache.lead(Caches)
    assert Caches._locator_classes == [kernel_cache.Locator, "in the tree", "of the user"]
    assert Theirs._locator_classes == ("in the tree", "of the user")


def test_the_module_has_no_other_late_names():
    with pytest.raises(AttributeError, match="Lokator"):
        kernel_cache.Lokator  # noqa: B018


def test_where_the_kernels_would_go_can_be_asked_without_a_trace(tmp_path, monkeypatch):
    monkeypatch.setenv("VISUALNN_CACHE_DIR", str(tmp_path / "cache"))
    kernel_cache.folder.cache_clear()
    assert kernel_cache.planned() == tmp_path / "cache" / f"kernels-{visualnn.__version__}"
    assert list(tmp_path.iterdir()) == []
    assert kernel_cache.folder() == kernel_cache.planned()
    kernel_cache.folder.cache_clear()


# -- NVIDIA's cache ----------------------------------------------------------------------------------------------------

COMPILE_FOR_A_GPU = """
from types import SimpleNamespace
from visualnn.nn.kernels.gpu.door import cuda, float32, kernel
from numba.cuda import dispatcher
from numba.cuda.cudadrv import devices

card = SimpleNamespace(compute_capability=(9, 0))  # all that the compiler asks of one
dispatcher.get_current_device = lambda: card
devices.get_context = lambda *_: SimpleNamespace(device=card)
dispatcher._Kernel.bind = lambda self: self._codelibrary.get_asm_str(cc=(9, 0))

def twice(a):
    a[cuda.grid(1)] *= float32(2)

twice.__module__ = "visualnn.nn.kernels.gpu.example"
compiled = kernel(64)(twice)
compiled.compile((float32[::1],))
print(sum(compiled.stats.cache_hits.values()), compiled.stats.cache_path)
"""


@pytest.mark.skipif(util.find_spec("numba_cuda") is None, reason="NVIDIA's compiler is for Linux on x86-64")
def test_the_second_process_finds_a_kernel_for_the_gpu_in_our_folder(tmp_path: Path):
    chosen = {"VISUALNN_CACHE_DIR": str(tmp_path / "chosen"), "NUMBA_ENABLE_CUDASIM": "0"}
    first = compile_elsewhere(tmp_path, tmp_path / "here", COMPILE_FOR_A_GPU, **chosen)
    second = compile_elsewhere(tmp_path, tmp_path / "there", COMPILE_FOR_A_GPU, **chosen)
    assert first == (0, tmp_path / "chosen" / f"kernels-{visualnn.__version__}")
    assert second == (1, first[1])
    assert {file.suffix for file in first[1].iterdir()} == {".nbi", ".nbc"}
    assert not list(tmp_path.rglob("__pycache__"))
