"""Whether a GPU can train here, and if not, why not and what to do: one sentence, found without Numba in milliseconds.

The driver is asked through ctypes; of the packages only the files are looked for::

    found = gpu.probe()
    if not found.usable:
        say(found.sentence)

A driver that hangs keeps its own thread waiting, not ours. Whoever has asked must not fork afterwards and use CUDA in
the child. Imports nothing but the standard library.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import util
from pathlib import Path
from typing import Any

DRIVERS = {"linux": "libcuda.so.1", "win32": "nvcuda.dll"}
PATIENCE_S = 10.0  # a driver that wakes a card up takes up to 2 s
SO = "; training uses the processor."
NEWER = "Install a newer one from nvidia.com/drivers."
RESTART = "Restart the computer."
ASKED_IN_VAIN, DAMAGED = "The NVIDIA driver cannot be asked", "The packages for the GPU are damaged"
MAJOR, MINOR, MULTIPROCESSORS, SHARED, TIME_LIMIT, MODE = 75, 76, 16, 97, 17, 20  # CUdevice_attribute
PROHIBITED = 2  # the compute mode in which nobody may use the card
EXTRAS = {13: "gpu", 12: "gpu-cu12"}  # what brings the packages for a version of CUDA, the better one first
NUMBA_CUDA = "0.30"  # the only one that our kernels are tested with
TENSOR_CORES = (8, 0)  # the compute capability from which on they multiply float32, shortened to TF32
OLDEST = {13: (7, 5), 12: (5, 0)}  # the compute capability that its compiler still knows
MEANINGS = {  # of what cuInit answers, and what helps
    2: ("its memory is full", "Close other programs that use the card."),
    34: ("the toolkit's stub was loaded in its place", "Take the folder “stubs” out of LD_LIBRARY_PATH."),
    46: ("the card is taken by another program", "Close it, or restart the computer."),
    100: ("there is no NVIDIA card", "If there is one, see whether CUDA_VISIBLE_DEVICES hides it."),
    101: ("the chosen card is not there", "See what CUDA_VISIBLE_DEVICES says."),
    102: ("the card has no licence for computing", "Ask whoever runs the virtual machine."),
    304: ("the system does not let it open the card", "In a container, pass the card on: --gpus all."),
    802: ("the system is not ready yet", "Wait a minute, or start the service nvidia-fabricmanager."),
    803: ("the driver was updated while it was in use", RESTART),
    804: ("the package cuda-compat does not suit this card", "Take its folder out of LD_LIBRARY_PATH."),
    999: ("an unknown error, often after sleep or an update", RESTART),
}


@dataclass(frozen=True, slots=True)
class Gpu:
    """What was found; everything but the sentence is empty where the driver did not say."""

    usable: bool
    sentence: str
    name: str = ""
    driver: str = ""  # the newest CUDA that the driver knows: "13.0"
    capability: tuple[int, int] = (0, 0)
    memory_bytes: int = 0
    multiprocessors: int = 0
    shared_bytes: int = 0  # that one block may have, where it asks for it
    watchdog: bool = False  # whether the system ends what takes seconds, because the card draws the screen, too

    @property
    def has_tf32(self) -> bool:
        """Whether it has tensor cores for numbers of 32 bits."""
        return self.capability >= TENSOR_CORES

    @property
    def reason(self) -> str:
        """Why it cannot train, without what follows from it, for who has asked for nothing else."""
        return self.sentence.replace(SO, ".")


NOTHING = Gpu(False, "")


class _Refusal(Exception):
    """Why not; a sentence."""


_found: dict[int, Gpu] = {}  # by process


def probe() -> Gpu:
    """The first GPU of this computer. Never raises; looks once in a process, which may take the driver a second."""
    process = os.getpid()
    if process not in _found:
        is_child = any(gpu.driver for gpu in _found.values())  # the parent has started the driver: it fails here
        _found[process] = _no("This process was forked from one that uses the GPU") if is_child else _ask()
    return _found[process]


def forget() -> None:
    """Lets the next `probe` look again."""
    _found.clear()


def _ask() -> Gpu:
    answers: list[Gpu] = []
    thread = threading.Thread(target=lambda: answers.append(_look()), name="gpu probe", daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    return answers[0] if answers else _no(f"The NVIDIA driver has not answered for {PATIENCE_S:.0f} s", RESTART)


def _look() -> Gpu:
    card = NOTHING
    try:
        card = _card()
        _check_card(card)
        _check_packages(card)
    except _Refusal as refusal:
        return replace(card, sentence=str(refusal))
    except Exception as error:  # noqa: BLE001  whatever a broken driver does, the program goes on without it
        why, remedy = (ASKED_IN_VAIN, NEWER) if card is NOTHING else (DAMAGED, "Install them anew.")
        return replace(card, sentence=str(_refusal(f"{why} ({type(error).__name__}: {error})", remedy)))
    return replace(card, usable=True, sentence=f"{card.name} can train: {_properties(card)}.")


def _card() -> Gpu:
    """What the driver says of the first card. Raises `_Refusal` where there is none to be used."""
    file = DRIVERS.get(sys.platform)
    if file is None:
        raise _refusal("macOS has no CUDA" if sys.platform == "darwin" else "This system has no CUDA")
    try:
        library = _load(file)
    except OSError:
        remedy = "If there is an NVIDIA card, install its driver from nvidia.com/drivers."
        raise _refusal(f"No NVIDIA driver is to be found ({file})", remedy) from None
    if code := library.cuInit(0):
        raise _refusal(*_meaning(code))
    version, count = ctypes.c_int(), ctypes.c_int()
    _call(library, "cuDriverGetVersion", ctypes.byref(version))
    _call(library, "cuDeviceGetCount", ctypes.byref(count))
    if count.value < 1:
        raise _refusal(*_meaning(100))
    return _described(library, version.value)


def _described(library: Any, version: int) -> Gpu:
    name, memory, device = ctypes.create_string_buffer(256), ctypes.c_size_t(), ctypes.c_int()
    _call(library, "cuDeviceGet", ctypes.byref(device), 0)
    _call(library, "cuDeviceGetName", name, len(name), device)
    _call(library, "cuDeviceTotalMem_v2", ctypes.byref(memory), device)
    found = [_attribute(library, each, device) for each in (MAJOR, MINOR, MULTIPROCESSORS, SHARED, TIME_LIMIT, MODE)]
    if found.pop() == PROHIBITED:
        raise _refusal("The card is set to compute nothing", "Type: nvidia-smi --compute-mode=DEFAULT")
    driver = f"{version // 1000}.{version % 1000 // 10}"
    capability, label = (found[0], found[1]), name.value.decode("utf-8", "replace")
    return Gpu(False, "", label, driver, capability, memory.value, found[2], found[3], bool(found[4]))


def _attribute(library: Any, code: int, device: ctypes.c_int) -> int:
    value = ctypes.c_int()
    _call(library, "cuDeviceGetAttribute", ctypes.byref(value), code, device)
    return value.value


def _load(file: str) -> Any:
    return ctypes.CDLL(file)


def _call(library: Any, function: str, *arguments: Any) -> None:
    if code := getattr(library, function)(*arguments):
        raise _refusal(f"The NVIDIA driver fails at {function} with error {code}", RESTART)


def _meaning(code: int) -> tuple[str, str]:
    meaning, remedy = MEANINGS.get(code, ("which says nothing to us", RESTART))
    return f"The NVIDIA driver answers with error {code}: {meaning}", remedy


def _check_card(card: Gpu) -> None:
    """Raises `_Refusal` if no package could use this driver and this card."""
    driver = _major(card.driver)
    if driver < min(EXTRAS):
        raise _refusal(f"The NVIDIA driver is too old: it knows CUDA {card.driver}, {min(EXTRAS)}.0 is needed", NEWER)
    if card.capability < min(OLDEST.values()):
        needed = ".".join(map(str, min(OLDEST.values())))
        raise _refusal(f"{card.name} is too old: its compute capability is {_dotted(card)}, {needed} is needed")


def _check_packages(card: Gpu) -> None:
    """Raises `_Refusal` if what compiles for this card and this driver is not installed."""
    extra = next(name for major, name in EXTRAS.items() if _suits(card, major))
    line = _line(extra)
    if getattr(sys, "frozen", False):
        raise _refusal(f"{card.name} is here, but an installed program has no compiler for it", f"With Python: {line}")
    for module, package in (("numba", "numba"), ("numba_cuda", "numba-cuda")):
        if not _is_here(module):
            raise _refusal(f"{card.name} is here, but the package {package} is not installed", f"Type: {line}")
    from importlib import metadata  # takes 10 ms to import, and only where there is a card

    if not (version := metadata.version("numba-cuda")).startswith(f"{NUMBA_CUDA}."):
        raise _refusal(f"The package numba-cuda {version} does not suit, {NUMBA_CUDA} is needed", f"Type: {line}")
    major = _packages_major(line)
    if not _suits(card, major):
        needed = f"CUDA {major}, for which this {'driver' if _major(card.driver) < major else 'card'} is too old"
        raise _refusal(f"The installed packages are those of {needed}", f"Type: {line}")
    if lacking := [name for name in ("nvvm", "nvrtc", "cudart", "nvJitLink") if not _has_library(name, major)]:
        raise _refusal(f"CUDA's {' and '.join(lacking)} cannot be found", f"Type: {_line(EXTRAS.get(major, extra))}")


def _line(extra: str) -> str:
    return f'pip install "visualnn[{extra}]"'


def _suits(card: Gpu, major: int) -> bool:
    return _major(card.driver) >= major and card.capability >= OLDEST.get(major, (0, 0))


def _packages_major(line: str) -> int:
    """The version of CUDA that the installed packages speak."""
    from importlib import metadata

    try:
        return _major(metadata.version("cuda-bindings"))
    except metadata.PackageNotFoundError:
        raise _refusal("The package cuda-bindings is not installed", f"Type: {line}") from None


def _is_here(module: str) -> bool:
    if module in sys.modules:
        return sys.modules[module] is not None
    try:
        return util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _has_library(name: str, major: int) -> bool:
    """Whether a library of CUDA lies where numba-cuda looks for it, or the system's loader finds it."""
    files = _files(name, major)
    return any((folder / file).is_file() for folder in _folders() for file in files) or any(map(_can_load, files))


def _can_load(file: str) -> bool:
    try:
        return bool(_load(file))
    except OSError:
        return False


def _files(name: str, major: int) -> tuple[str, ...]:
    """What a library is called on this system; that of NVVM has a number of its own, or none."""
    if sys.platform == "win32":
        names = {"nvvm": ("nvvm64_40_0", "nvvm70", "nvvm64"), "cudart": (f"cudart64_{major}",)}
        names["nvrtc"] = (f"nvrtc64_{major}0_0",)
        return tuple(f"{each}.dll" for each in names.get(name, (f"{name}_{major}0_0",)))
    return ("libnvvm.so.4", "libnvvm.so") if name == "nvvm" else (f"lib{name}.so.{major}",)


def _folders() -> Iterator[Path]:
    """Those of NVIDIA's packages, then those of a toolkit: of conda, of the environment's choice, of the system."""
    linux, windows = ("lib", "lib64", "nvvm/lib64"), ("bin", "bin/x64", "bin/x86_64", "nvvm/bin", "nvvm/bin/x64")
    below = (*linux, *windows, "Library/bin", "Library/nvvm/bin")
    for site in filter(None, sys.path):
        for package in Path(site, "nvidia").glob("*"):
            yield from (package / folder for folder in below)
    chosen = [os.environ.get(name) for name in ("CONDA_PREFIX", "CUDA_PATH", "CUDA_HOME")]
    for root in filter(None, [sys.prefix, *chosen, "/usr/local/cuda"]):
        yield from (Path(root, folder) for folder in below)


def _no(why: str, remedy: str = "") -> Gpu:
    return Gpu(False, str(_refusal(why, remedy)))


def _refusal(why: str, remedy: str = "") -> _Refusal:
    return _Refusal(f"{why}{SO} {remedy}".rstrip())


def _properties(card: Gpu) -> str:
    return f"CUDA {card.driver}, compute capability {_dotted(card)}, {card.memory_bytes / 1e9:.1f} GB"


def _dotted(card: Gpu) -> str:
    return ".".join(map(str, card.capability))


def _major(version: str) -> int:
    return int(version.partition(".")[0])
