"""This machine: what it is, how busy it is, and waiting until it is quiet."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from time import perf_counter, sleep

STAT, CPU_INFO = Path("/proc/stat"), Path("/proc/cpuinfo")
IDLE = (3, 4)  # columns of /proc/stat: idle, and waiting for a disk
GUESTS = 8  # from this column on, time that has been counted before
LOOK_S = 0.1  # how long to look whether the machine is quiet
PATIENCE_S = 1.5  # after that the measurement goes on anyway
QUIET = 0.25  # CPUs used by others


def describe() -> dict[str, str | int]:
    """For the reader of a table."""
    return {
        "cpu": _cpu(),
        "cores": cores(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def busy_s() -> float | None:
    """CPU seconds that all processes together have used since the machine was started; None where nobody says."""
    try:
        fields = [int(field) for field in STAT.read_text().splitlines()[0].split()[1 : GUESTS + 1]]
        return sum(n for i, n in enumerate(fields) if i not in IDLE) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None


class Watch:
    """How many CPUs others use, from now on."""

    def __init__(self) -> None:
        self._start, self._busy = perf_counter(), busy_s()

    def others(self, own_s: float = 0.0) -> float | None:
        """On average so far, without `own_s` seconds of ours; None where nobody says."""
        busy = busy_s()
        if self._busy is None or busy is None:
            return None
        return max(0.0, (busy - self._busy - own_s) / (perf_counter() - self._start))


def wait_until_quiet(taken: float = 0.0) -> None:
    """Waits, but not for ever, until others use next to nothing beside `taken` CPUs that are meant to be used."""
    end = perf_counter() + PATIENCE_S
    while perf_counter() < end:
        watch = Watch()
        sleep(LOOK_S)
        others = watch.others()
        if others is None or others < taken + QUIET:
            return


def _cpu() -> str:
    try:
        lines = CPU_INFO.read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown CPU")
