"""Times the reading of a table, beside the readers that are installed where this runs.

    python tests/bench/tables.py [rows] [columns]      (default: 100,000 and 50)

Prints for each the seconds (of the clock, and of work), what the process took at most beyond what it had before, and
for ours how often progress was told, how long calling it off takes, and how long it keeps other threads waiting. Each
runs in a process of its own. Not a test: machines differ.
"""

from __future__ import annotations

import contextlib
import csv
import importlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

RIVALS = {"polars": "polars", "pyarrow": "pyarrow.csv", "duckdb": "duckdb", "pandas": "pandas"}
SWITCH_S = 0.001  # between threads, as in the window
PAUSE_S = 0.001  # of the thread that is kept waiting


def main(words: list[str]) -> None:
    """Write a table and have everybody read it."""
    if words[:1] == ["work"]:
        return work(words[1], Path(words[2]))
    if words[:1] == ["write"]:
        return write(Path(words[1]), int(words[2]), int(words[3]))
    rows, columns = [int(word) for word in words[:2]] + [100_000, 50][len(words) :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        again("write", str(path), str(rows), str(columns))
        print(f"{rows:,} rows × {columns} columns, {path.stat().st_size / 1e6:.0f} MB")
        for name in ("visualnn", *RIVALS):
            again("work", name, str(path))
    return None


def again(*words: str) -> None:
    """This program with other words, in a process that has taken no memory yet."""
    subprocess.run([sys.executable, __file__, *words], check=False)


def write(path: Path, rows: int, columns: int) -> None:
    """Numbers with four decimals, and three columns of words at the end."""
    rng = np.random.default_rng(0)
    numbers = [np.round(rng.normal(0, 100, rows), 4).tolist() for _ in range(max(1, columns - 3))]
    words = [
        rng.choice(choice, rows).tolist() for choice in (["red", "green", "blue"], ["yes", "no"], list("abcdefgh"))
    ]
    everything = (numbers + words)[:columns]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"c{place}" for place in range(len(everything))])
        writer.writerows(zip(*everything, strict=True))


def work(name: str, path: Path) -> None:
    """One reader, in this process."""
    reader = _ours if name == "visualnn" else _rival(name)
    if reader is None:
        print(f"{name:10} is not installed")
        return
    before, began, worked = peak_mb(), time.perf_counter(), time.process_time()
    reader(path)
    wall, work = time.perf_counter() - began, time.process_time() - worked
    print(f"{name:10} {wall:6.2f} s, {work:6.2f} s of work, {peak_mb() - before:5.0f} MB at most")
    if name == "visualnn":
        _report(path)


def peak_mb() -> float:
    """What this process has taken at most."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def _ours(path: Path):
    from visualnn.files import tables

    return tables.read(path)


def _rival(name: str):
    try:
        library = importlib.import_module(RIVALS[name])
    except ImportError:
        return None
    return (lambda path: library.read_csv(str(path)).fetchnumpy()) if name == "duckdb" else library.read_csv


def _report(path: Path) -> None:
    from visualnn.files import tables

    sys.setswitchinterval(SWITCH_S)
    waits = _Waits()
    time.sleep(1.0)
    idle = waits.stop()[0]
    told: list[float] = []
    waits = _Waits()
    table = tables.read(path, progress=told.append)
    p99, worst = waits.stop()
    ends = statistics.median(_latency(path, share) for share in (0.02, 0.1, 0.3, 0.6, 0.9))
    began = time.perf_counter()
    data = tables.dataset(table, tables.suggested(table))
    made = time.perf_counter() - began
    print(f"{'':10} states {table.memory_bytes / 1e6:.0f} MB, tells its progress {len(told)} times")
    print(f"{'':10} keeps another thread waiting {p99:.1f} ms (p99; {idle:.1f} ms without), {worst:.1f} ms at most")
    print(f"{'':10} ends {ends:.1f} ms after it is called off")
    print(f"{'':10} makes {data.rows:,} + {data.tests:,} rows of {data.inputs.shape[1]} inputs in {made:.2f} s")


def _latency(path: Path, share: float) -> float:
    """Milliseconds from the wish, made while so much is read, to the end."""
    from visualnn.files import tables

    wish, wished = threading.Event(), 0.0

    def look(now: float) -> None:
        if now >= share and not timer.is_alive() and not wish.is_set():
            timer.start()

    def ask() -> None:
        nonlocal wished
        wished = time.perf_counter()
        wish.set()

    timer = threading.Timer(0.0, ask)
    with contextlib.suppress(tables.Cancelled):
        tables.read(path, progress=look, cancelled=wish.is_set)
    return (time.perf_counter() - wished) * 1000


class _Waits:
    """A thread that wants to go on every millisecond, as a window's does."""

    def __init__(self) -> None:
        self._over, self._late = threading.Event(), []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> tuple[float, float]:
        """Milliseconds too late: p99 and the worst."""
        self._over.set()
        self._thread.join()
        return float(np.percentile(self._late, 99)), max(self._late)

    def _run(self) -> None:
        while not self._over.is_set():
            began = time.perf_counter()
            time.sleep(PAUSE_S)
            self._late.append((time.perf_counter() - began - PAUSE_S) * 1000)


if __name__ == "__main__":
    main(sys.argv[1:])
