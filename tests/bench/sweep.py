"""Times a sweep of 132 networks at full speed in the window: frames, their work, pictures, and updates a second.

    python tests/bench/sweep.py [seconds]

A frame's work is the time the window's thread has computed for it; a picture is made in a thread beside it. Not a test:
machines differ. Offscreen unless told otherwise.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import replace
from typing import Any

from training import _close, _run, _tell, _window

RATES, SEEDS = 11, 12
SIZES = ((1280, 800), (2560, 1600))


def main(words: list[str]) -> None:
    """Both sizes."""
    from visualnn.files.examples import load

    seconds = float(words[0]) if words else 6.0
    project = load("spirals")
    project = replace(project, options=replace(project.options, goal=None))
    for size in SIZES:
        window, application = _window(project)
        window.resize(*size)
        mode = _opened(window, application)
        _time_pictures(mode, size)
        frames: list[float] = []
        works: list[float] = []
        first = mode.player.update
        _run(window, application, seconds, frames, works)
        updates = (mode.player.update - first) * len(mode.player.field) / seconds
        mode.player.pause()
        name = f"{size[0]} × {size[1]}"
        _tell(name, frames, "frames")
        _tell(name, works, "work  ")
        print(f"{'':6} {name:16} {updates:,.0f} updates/s of all together")
        _close(window, application)


def _opened(window: Any, application: Any) -> Any:
    """The sweep, under way."""
    window.page.open_subpage("sweep")
    mode = window.page.subpages.guest
    mode.player.set_counts(RATES, SEEDS)
    mode.player.set_distance(10**9)
    mode.player.set_speed(float("inf"))
    mode.player.play()
    _run(window, application, 2.0, [], [])
    return mode


def _time_pictures(mode: Any, size: tuple[int, int]) -> None:
    """What one picture takes."""
    from visualnn.gui import theme
    from visualnn.scene import look
    from visualnn.scene.sweep_picture import Plate, picture

    plate = Plate(mode.player.ground, mode.grid.board, look.load(theme.current().name))
    times = []
    for _ in range(10):
        begin = time.thread_time()
        picture(plate, mode.player.standing.moment)
        times.append((time.thread_time() - begin) * 1000)
    print(f"{'':6} {f'{size[0]} × {size[1]}':16} a picture: median {statistics.median(times):.1f} ms")


if __name__ == "__main__":
    main(sys.argv[1:])
