"""Times from exec to the first painted window, on a screen in memory: ``start.py [TIMES] COMMAND…``

Each COMMAND is one quoted line and takes its turn TIMES times (default 5), so that a busy moment meets all of them. The
pixels are read where Xvfb keeps them, so that nothing in the program has to be changed. Prints milliseconds, and how
many times the first command's median each takes. Measures and judges nothing.
"""

from __future__ import annotations

import mmap
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DISPLAY, SIZE = ":87", "1600x1000x24"
PATIENCE_S, LOOK_EVERY_S = 60.0, 0.001
SAMPLED = slice(8192, None, 4096)  # behind the header, every 1024th pixel
PAINTED = 0.2  # of them differ from the empty screen


def main(arguments: list[str]) -> None:
    """Measure the commands in turn and print a line for each."""
    times, commands = (int(arguments[0]), arguments[1:]) if arguments[0].isdigit() else (5, arguments)
    taken: dict[str, list[float]] = {command: [] for command in commands}
    for _ in range(times):
        for command in commands:
            taken[command].append(first_paint_ms(command))
    first = statistics.median(taken[commands[0]])
    for command, each in taken.items():
        middle = statistics.median(each)
        sys.stdout.write(f"{middle:6.0f} ms (least {min(each):.0f}), {middle / first:.2f} ×  {command}\n")


def first_paint_ms(command: str) -> float:
    """From exec to a screen of which a fifth has another colour."""
    with screen() as pixels:
        empty = pixels[SAMPLED]
        start = time.perf_counter()
        process = subprocess.Popen(shlex.split(command), env={**os.environ, "DISPLAY": DISPLAY})
        try:
            while time.perf_counter() < start + PATIENCE_S:
                if differing(empty, pixels[SAMPLED]) > PAINTED:
                    return (time.perf_counter() - start) * 1e3
                time.sleep(LOOK_EVERY_S)
            raise TimeoutError(command)
        finally:
            process.kill()
            process.wait()


def differing(before: bytes, after: bytes) -> float:
    """The share of bytes that are not the same."""
    return sum(a != b for a, b in zip(before, after, strict=True)) / len(before)


@contextmanager
def screen() -> Iterator[mmap.mmap]:
    """An X server without a screen, as the bytes of its picture."""
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            ["Xvfb", DISPLAY, "-screen", "0", SIZE, "-fbdir", folder, "-nolisten", "tcp"], stderr=subprocess.DEVNULL
        )
        picture = Path(folder, "Xvfb_screen0")
        try:
            while not picture.exists() or not Path("/tmp/.X11-unix", f"X{DISPLAY[1:]}").exists():
                time.sleep(0.05)
            time.sleep(0.3)
            with picture.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as pixels:
                yield pixels
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
