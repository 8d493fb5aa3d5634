"""The computer: system, processor and what it can do, memory."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

CPU_INFO, MEMORY_INFO = Path("/proc/cpuinfo"), Path("/proc/meminfo")
FEATURES = "numpy._core._multiarray_umath"  # where NumPy keeps what it found out
LEVELS = (  # of x86-64, the highest first, and what each has that the one below has not
    ("x86-64-v4", {"AVX512F", "AVX512BW", "AVX512CD", "AVX512DQ", "AVX512VL"}),
    ("x86-64-v3", {"AVX2", "FMA3", "F16C"}),
    ("x86-64-v2", {"SSE42", "SSSE3", "POPCNT"}),
)
SYSCTL = ("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string")
ANSWER_S = 2.0


class Machine(NamedTuple):
    """What computes."""

    system: str
    cpu: str
    level: str  # of x86-64, "" on other processors
    features: tuple[str, ...]  # those that NumPy knows
    cores: int  # that this process may use
    memory: int | None  # bytes in all
    free_memory: int | None  # bytes


def machine() -> Machine:
    """This one."""
    features = _features()
    memory = _memory()
    return Machine(_system(), _cpu(), level(features), features, _cores(), *memory)


def level(features: tuple[str, ...]) -> str:
    """The level of x86-64 that a processor with these features has reached, "" if none."""
    having = set(features)
    return next((name for name, needed in LEVELS if needed <= having), "")


def _system() -> str:
    name = f"{platform.system()} {platform.release()} {platform.machine()}"
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {name}"
    except (OSError, KeyError):  # not Linux
        return name


def _cpu() -> str:
    try:
        lines = CPU_INFO.read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return _told_by_sysctl() or platform.processor() or platform.machine()


def _told_by_sysctl() -> str:
    """As macOS says it; "" elsewhere."""
    try:
        return subprocess.run(SYSCTL, capture_output=True, text=True, timeout=ANSWER_S, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def _features() -> tuple[str, ...]:
    try:
        known: dict[str, bool] = getattr(import_module(FEATURES), "__cpu_features__", {})
    except ImportError:
        return ()
    return tuple(sorted(name for name, is_there in known.items() if is_there))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _memory() -> tuple[int | None, int | None]:
    """All and free, in bytes; None where nobody says."""
    try:
        if sys.platform == "win32":
            return _windows_memory()
        page = os.sysconf("SC_PAGE_SIZE")
        whole = os.sysconf("SC_PHYS_PAGES") * page
    except (OSError, ValueError, AttributeError):
        return None, None
    return whole, _free_memory()


def _free_memory() -> int | None:
    try:
        lines = MEMORY_INFO.read_text("ascii").splitlines()
        line = next(line for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return None
    return int(line.split()[1]) * 1024


def _windows_memory() -> tuple[int, int]:
    import ctypes
    import struct

    layout = struct.Struct("II7Q")  # MEMORYSTATUSEX
    status = bytearray(layout.pack(layout.size, *[0] * 8))
    getattr(ctypes, "windll").kernel32.GlobalMemoryStatusEx((ctypes.c_char * layout.size).from_buffer(status))  # noqa: B009
    told = layout.unpack(status)
    return int(told[2]), int(told[3])
