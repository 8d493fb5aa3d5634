"""What is said of every way in which a GPU can be missing, old or broken; the driver is played by an object."""

from __future__ import annotations

import ast
import ctypes
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from threading import Event
from typing import Any

import pytest

import visualnn
from visualnn import gpu

CPU = "; training uses the processor."
CU13, CU12 = 'Type: pip install "visualnn[gpu]"', 'Type: pip install "visualnn[gpu-cu12]"'
ATTRIBUTES = {75: 9, 76: 0, 16: 132, 97: 232_448, 17: 0, 20: 0}
LIBRARIES = {"libnvvm.so.4", "libnvrtc.so.13", "libcudart.so.13", "libnvJitLink.so.13"}


@dataclass
class Driver:
    """Answers like libcuda, as it is told to."""

    init: int = 0
    version: int = 13000
    count: int = 1
    name: bytes = b"NVIDIA H200"
    memory: int = 150_000_000_000
    attributes: dict[int, int] = field(default_factory=lambda: dict(ATTRIBUTES))
    fails: dict[str, int] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def _answer(self, function: str, room: Any = None, value: int = 0) -> int:
        self.calls.append(function)
        if room is not None:
            room._obj.value = value
        return self.fails.get(function, 0)

    def cuInit(self, flags: int) -> int:
        assert flags == 0
        self.calls.append("cuInit")
        return self.init

    def cuDriverGetVersion(self, room: Any) -> int:
        return self._answer("cuDriverGetVersion", room, self.version)

    def cuDeviceGetCount(self, room: Any) -> int:
        return self._answer("cuDeviceGetCount", room, self.count)

    def cuDeviceGet(self, room: Any, ordinal: int) -> int:
        return self._answer("cuDeviceGet", room, ordinal)

    def cuDeviceGetName(self, room: Any, length: int, _device: ctypes.c_int) -> int:
        assert len(room) == length
        room.value = self.name
        return self._answer("cuDeviceGetName")

    def cuDeviceTotalMem_v2(self, room: Any, _device: ctypes.c_int) -> int:
        return self._answer("cuDeviceTotalMem_v2", room, self.memory)

    def cuDeviceGetAttribute(self, room: Any, code: int, _device: ctypes.c_int) -> int:
        return self._answer("cuDeviceGetAttribute", room, self.attributes[code])


@dataclass
class Computer:
    """What else there is: files that the loader finds, packages."""

    driver: Any
    libraries: set[str] = field(default_factory=lambda: set(LIBRARIES))
    modules: set[str] = field(default_factory=lambda: {"numba", "numba_cuda"})
    bindings: str = "13.5.0"
    numba_cuda: str = "0.30.4"

    def load(self, file: str) -> Any:
        if file == "libcuda.so.1" and self.driver is not None:
            return self.driver
        if file in self.libraries:
            return object()
        raise OSError(f"{file}: cannot open shared object file")

    def version(self, name: str) -> str:
        version = {"cuda-bindings": self.bindings, "numba-cuda": self.numba_cuda}[name]
        if not version:
            raise metadata.PackageNotFoundError(name)
        return version


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch):
    """A Linux with a good card and everything that it needs, to be spoiled by each test."""
    one = Computer(Driver())
    monkeypatch.setattr(gpu, "_load", one.load)
    monkeypatch.setattr(gpu, "_folders", lambda: iter(()))
    monkeypatch.setattr(gpu, "_is_here", lambda module: module in one.modules)
    monkeypatch.setattr(metadata, "version", one.version)
    monkeypatch.setattr(sys, "platform", "linux")
    gpu.forget()
    yield one
    gpu.forget()


def test_a_good_card_can_train(computer: Computer):
    found = gpu.probe()
    assert found.usable
    assert found.sentence == "NVIDIA H200 can train: CUDA 13.0, compute capability 9.0, 150.0 GB."
    assert (found.name, found.driver, found.capability) == ("NVIDIA H200", "13.0", (9, 0))
    assert (found.memory_bytes, found.multiprocessors, found.shared_bytes) == (150_000_000_000, 132, 232_448)
    assert not found.watchdog


def test_a_card_that_draws_the_screen_is_known_by_its_time_limit(computer: Computer):
    computer.driver.attributes[17] = 1
    assert gpu.probe().watchdog


@pytest.mark.parametrize(
    ("platform", "said"), [("darwin", f"macOS has no CUDA{CPU}"), ("freebsd14", f"This system has no CUDA{CPU}")]
)
def test_some_systems_have_no_cuda(computer: Computer, monkeypatch, platform: str, said: str):
    monkeypatch.setattr(sys, "platform", platform)
    assert gpu.probe() == gpu.Gpu(False, said)
    assert computer.driver.calls == []


@pytest.mark.parametrize(("platform", "file"), [("linux", "libcuda.so.1"), ("win32", "nvcuda.dll")])
def test_without_a_driver(computer: Computer, monkeypatch, platform: str, file: str):
    computer.driver = None
    monkeypatch.setattr(sys, "platform", platform)
    said = "If there is an NVIDIA card, install its driver from nvidia.com/drivers."
    assert gpu.probe().sentence == f"No NVIDIA driver is to be found ({file}){CPU} {said}"


@pytest.mark.parametrize(
    ("code", "meaning", "remedy"),
    [
        (2, "its memory is full", "Close other programs that use the card."),
        (34, "the toolkit's stub was loaded in its place", "Take the folder “stubs” out of LD_LIBRARY_PATH."),
        (46, "the card is taken by another program", "Close it, or restart the computer."),
        (100, "there is no NVIDIA card", "If there is one, see whether CUDA_VISIBLE_DEVICES hides it."),
        (101, "the chosen card is not there", "See what CUDA_VISIBLE_DEVICES says."),
        (102, "the card has no licence for computing", "Ask whoever runs the virtual machine."),
        (304, "the system does not let it open the card", "In a container, pass the card on: --gpus all."),
        (802, "the system is not ready yet", "Wait a minute, or start the service nvidia-fabricmanager."),
        (803, "the driver was updated while it was in use", "Restart the computer."),
        (804, "the package cuda-compat does not suit this card", "Take its folder out of LD_LIBRARY_PATH."),
        (999, "an unknown error, often after sleep or an update", "Restart the computer."),
        (12345, "which says nothing to us", "Restart the computer."),
    ],
)
def test_a_driver_that_does_not_start(computer: Computer, code: int, meaning: str, remedy: str):
    computer.driver.init = code
    assert gpu.probe() == gpu.Gpu(False, f"The NVIDIA driver answers with error {code}: {meaning}{CPU} {remedy}")
    assert computer.driver.calls == ["cuInit"]


def test_every_code_that_has_a_meaning_is_tried_above():
    assert set(gpu.MEANINGS) == {2, 34, 46, 100, 101, 102, 304, 802, 803, 804, 999}


def test_a_driver_without_a_card(computer: Computer):
    computer.driver.count = 0
    assert "there is no NVIDIA card" in gpu.probe().sentence


@pytest.mark.parametrize(
    "function",
    [
        "cuDriverGetVersion", "cuDeviceGetCount", "cuDeviceGet", "cuDeviceGetName", "cuDeviceTotalMem_v2",
        "cuDeviceGetAttribute",
    ],
)  # fmt: skip
def test_a_driver_that_fails_later(computer: Computer, function: str):
    computer.driver.fails[function] = 999
    said = f"The NVIDIA driver fails at {function} with error 999{CPU} Restart the computer."
    assert gpu.probe() == gpu.Gpu(False, said)


def test_a_library_that_is_no_driver(computer: Computer):
    computer.driver = object()
    said = gpu.probe().sentence
    assert said.startswith("The NVIDIA driver cannot be asked (AttributeError: ")
    assert said.endswith(f"){CPU} Install a newer one from nvidia.com/drivers.")


def test_a_driver_that_hangs_keeps_nobody_waiting(computer: Computer, monkeypatch):
    over = Event()
    monkeypatch.setattr(Driver, "cuInit", lambda _driver, _flags: int(not over.wait(60)))
    monkeypatch.setattr(gpu, "PATIENCE_S", 0.05)
    start = time.perf_counter()
    found = gpu.probe()
    over.set()
    assert time.perf_counter() - start < 30
    assert found.sentence == f"The NVIDIA driver has not answered for 0 s{CPU} Restart the computer."


def test_a_driver_that_is_too_old(computer: Computer):
    computer.driver.version = 11080
    found = gpu.probe()
    said = f"The NVIDIA driver is too old: it knows CUDA 11.8, 12.0 is needed{CPU} Install a newer one from"
    assert found.sentence == f"{said} nvidia.com/drivers."
    assert (found.usable, found.name, found.driver) == (False, "NVIDIA H200", "11.8")


def test_a_card_that_is_too_old(computer: Computer):
    computer.driver.attributes |= {75: 3, 76: 7}
    computer.driver.name = b"Tesla K80"
    assert gpu.probe().sentence == f"Tesla K80 is too old: its compute capability is 3.7, 5.0 is needed{CPU}"


def test_a_card_that_is_set_to_compute_nothing(computer: Computer):
    computer.driver.attributes[20] = 2
    said = f"The card is set to compute nothing{CPU} Type: nvidia-smi --compute-mode=DEFAULT"
    assert gpu.probe().sentence == said


@pytest.mark.parametrize(
    ("version", "capability", "line"),
    [(13000, (9, 0), CU13), (12040, (9, 0), CU12), (13000, (7, 5), CU13), (13000, (6, 1), CU12)],
)
@pytest.mark.parametrize(("module", "package"), [("numba_cuda", "numba-cuda"), ("numba", "numba")])
def test_a_missing_package_is_named_with_the_line_for_this_driver_and_card(
    computer: Computer, version: int, capability: tuple[int, int], line: str, module: str, package: str
):
    computer.driver.version = version
    computer.driver.attributes |= {75: capability[0], 76: capability[1]}
    computer.modules.remove(module)
    found = gpu.probe()
    assert found.sentence == f"NVIDIA H200 is here, but the package {package} is not installed{CPU} {line}"
    assert (found.usable, found.capability) == (False, capability)


@pytest.mark.parametrize(("version", "capability", "part"), [(12040, 9, "driver"), (13000, 6, "card")])
def test_packages_that_are_too_new(computer: Computer, version: int, capability: int, part: str):
    computer.driver.version, computer.driver.attributes[75] = version, capability
    said = f"The installed packages are those of CUDA 13, for which this {part} is too old{CPU} {CU12}"
    assert gpu.probe().sentence == said


@pytest.mark.parametrize("version", ["0.3.0", "0.29.1", "0.31.0"])
def test_a_package_of_another_version_does_not_suit(computer: Computer, version: str):
    computer.numba_cuda = version
    said = f"The package numba-cuda {version} does not suit, 0.30 is needed{CPU} {CU13}"
    assert gpu.probe().sentence == said


def test_a_package_without_a_version_is_no_crash(computer: Computer):
    computer.numba_cuda = ""
    found = gpu.probe()
    said = "The packages for the GPU are damaged (PackageNotFoundError: No package metadata was found for numba-cuda)"
    assert found.sentence == f"{said}{CPU} Install them anew."
    assert (found.usable, found.name) == (False, "NVIDIA H200")


def test_packages_for_an_older_driver_do_for_a_newer_one(computer: Computer):
    computer.bindings = "12.9.4"
    computer.libraries = {name.replace(".13", ".12") for name in LIBRARIES}
    assert gpu.probe().usable


def test_packages_of_a_cuda_that_is_yet_to_come(computer: Computer):
    computer.bindings, computer.driver.version = "14.0.0", 14000
    computer.libraries = set()
    assert gpu.probe().sentence.endswith(f"nvJitLink cannot be found{CPU} {CU13}")


def test_without_the_package_that_speaks_to_the_driver(computer: Computer):
    computer.bindings = ""
    assert gpu.probe().sentence == f"The package cuda-bindings is not installed{CPU} {CU13}"


@pytest.mark.parametrize("name", ["nvvm", "nvrtc", "cudart", "nvJitLink"])
def test_a_library_that_is_missing_is_named(computer: Computer, name: str):
    computer.libraries = {each for each in LIBRARIES if name not in each}
    assert gpu.probe().sentence == f"CUDA's {name} cannot be found{CPU} {CU13}"


def test_libraries_that_are_missing_bring_the_line_of_the_installed_packages(computer: Computer):
    computer.bindings, computer.libraries = "12.9.4", {"libnvvm.so.4", "libcudart.so.12"}
    assert gpu.probe().sentence == f"CUDA's nvrtc and nvJitLink cannot be found{CPU} {CU12}"


@pytest.mark.parametrize(
    ("platform", "names"),
    [
        ("linux", ["libnvvm.so.4", "libnvrtc.so.13", "libcudart.so.13", "libnvJitLink.so.13"]),
        ("win32", ["nvvm64_40_0.dll", "nvrtc64_130_0.dll", "cudart64_13.dll", "nvJitLink_130_0.dll"]),
    ],
)
def test_what_the_libraries_are_called(monkeypatch, platform: str, names: list[str]):
    monkeypatch.setattr(sys, "platform", platform)
    assert [gpu._files(name, 13)[0] for name in ("nvvm", "nvrtc", "cudart", "nvJitLink")] == names


def test_the_compiler_of_cuda_12_has_no_number(monkeypatch, tmp_path: Path):
    place = tmp_path / "nvidia" / "cuda_nvcc" / "nvvm" / "lib64"
    place.mkdir(parents=True)
    (place / "libnvvm.so").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(gpu, "_load", lambda _file: pytest.fail("It lies there."))
    assert gpu._has_library("nvvm", 12)


@pytest.mark.parametrize("folder", ["cu13/lib", "cu13/bin/x86_64", "cuda_nvcc/nvvm/lib64", "cuda_nvrtc/lib"])
def test_libraries_in_the_packages_of_nvidia_are_found(monkeypatch, tmp_path: Path, folder: str):
    place = tmp_path / "nvidia" / folder
    place.mkdir(parents=True)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path)])
    monkeypatch.setattr(sys, "platform", "linux")
    assert not gpu._has_library("of_a_test", 13)
    (place / "libof_a_test.so.13").touch()
    assert gpu._has_library("of_a_test", 13)


@pytest.mark.parametrize("variable", ["CUDA_HOME", "CUDA_PATH", "CONDA_PREFIX"])
def test_libraries_of_a_toolkit_are_found(monkeypatch, tmp_path: Path, variable: str):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv(variable, str(tmp_path))
    (tmp_path / "nvvm" / "lib64").mkdir(parents=True)
    (tmp_path / "nvvm" / "lib64" / "libof_a_test.so.12").touch()
    assert gpu._has_library("of_a_test", 12)
    assert not gpu._has_library("of_a_test", 13)


@pytest.mark.parametrize(("version", "line"), [(13000, "gpu"), (12020, "gpu-cu12")])
def test_an_installed_program_says_what_to_do_instead(computer: Computer, monkeypatch, version: int, line: str):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    computer.driver.version = version
    computer.modules = set()
    said = f"NVIDIA H200 is here, but an installed program has no compiler for it{CPU} With Python:"
    assert gpu.probe().sentence == f'{said} pip install "visualnn[{line}]"'


def test_the_driver_is_asked_once_until_it_is_forgotten(computer: Computer):
    first = gpu.probe()
    calls = len(computer.driver.calls)
    assert gpu.probe() is first
    assert len(computer.driver.calls) == calls
    gpu.forget()
    assert gpu.probe() == first
    assert len(computer.driver.calls) == 2 * calls


def test_a_process_that_was_forked_off_later_does_not_touch_the_card(computer: Computer, monkeypatch):
    parent = gpu.probe()
    calls = len(computer.driver.calls)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert gpu.probe() == gpu.Gpu(False, f"This process was forked from one that uses the GPU{CPU}")
    assert len(computer.driver.calls) == calls
    monkeypatch.undo()
    gpu._found.clear()
    assert parent.usable


def test_a_process_that_was_forked_off_where_there_is_no_card_looks_itself(computer: Computer, monkeypatch):
    computer.driver.init = 100
    parent = gpu.probe()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert gpu.probe() == parent
    assert computer.driver.calls == ["cuInit", "cuInit"]


@pytest.mark.parametrize("module", ["numba", "no_such_module"])
def test_a_package_is_looked_for_without_importing_it(monkeypatch, module: str):
    monkeypatch.delitem(sys.modules, module, raising=False)
    assert gpu._is_here(module) is (module == "numba")
    assert module not in sys.modules
    monkeypatch.setitem(sys.modules, module, None)
    assert not gpu._is_here(module)


def test_the_true_driver_or_its_absence_is_told_in_a_sentence_by_the_standard_library_alone():
    code = (
        "import sys; before = set(sys.modules); from visualnn import gpu; told = gpu.probe();"
        "print(told.sentence); print(*{name.split('.')[0] for name in set(sys.modules) - before})"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(visualnn.__file__).parents[1])}
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    sentence, loaded = done.stdout.splitlines()
    assert sentence.endswith(".") or "pip install" in sentence
    assert set(loaded.split()) - {"visualnn"} <= set(sys.stdlib_module_names)


def test_what_was_found_is_a_value():
    found = gpu.Gpu(False, "No.")
    assert replace(found, usable=True, sentence="Yes.") == gpu.Gpu(True, "Yes.")
    assert hash(found) == hash(gpu.Gpu(False, "No."))


# -- the door ----------------------------------------------------------------------------------------------------------

ROOT = Path(visualnn.__file__).parent
BEHIND = {"numba.cuda": {"door", "intrinsics"}, "numba_cuda": {"door"}}  # who may, and who writes its assembler


def named(file: Path) -> set[str]:
    """What a module imports, and what it may import by its name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "import_module":
            found |= {each.value for each in node.args if isinstance(each, ast.Constant)}
    return found


def test_numba_cuda_is_imported_behind_one_door():
    files = {file: named(file) for file in ROOT.rglob("*.py") if b"cuda" in file.read_bytes()}
    for package, modules in BEHIND.items():
        asking = {file for file, names in files.items() if any(f"{name}.".startswith(f"{package}.") for name in names)}
        assert asking <= {ROOT / "nn" / "kernels" / "gpu" / f"{module}.py" for module in modules}
        assert asking or package != "numba.cuda"


def test_training_on_the_processor_imports_nothing_for_a_gpu():
    code = (
        "import sys; from visualnn.nn.kernels import choose; print(choose.load(choose.KINDS[0]));"
        "print(*sorted({'numba_cuda', 'numba.cuda', 'cuda', 'visualnn.nn.kernels.gpu'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=110, check=True)
    assert done.stdout.split() == ["True"]
