"""Times the training workspace: frames and updates at full speed, scrubbing of a long history, and a soak.

    python tests/bench/training.py [speed|scrub|soak] …      (default: speed scrub)
    python tests/bench/training.py soak 60                    (minutes)

The window is 1280 × 800 with stage, map, curves and settings in sight. A frame is what the window's clock shows; its
work is the time the window's thread has computed for it. Not a test: machines differ. Offscreen unless told otherwise.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROUNDS = 3
SIZE = (1280, 800)


def main(words: list[str]) -> None:
    """Run the benchmarks named."""
    numbers = [float(word) for word in words if word.replace(".", "").isdigit()]
    for name in [word for word in words if word in BENCHMARKS] or ["speed", "scrub"]:
        BENCHMARKS[name](*numbers)


def speed(seconds: float = 6.0) -> None:
    """Full speed in the window and without one, in turns: frames, their work, and updates a second."""
    for name, project in _projects().items():
        window, application = _window(project)
        shares, frames, works = [], [], []
        for _ in range(ROUNDS):
            alone = _alone(project, seconds / 2)
            live = _live(window, application, seconds, frames, works)
            shares.append(live / alone)
        _tell(name, frames, "frames")
        _tell(name, works, "work  ")
        print(f"speed  {name:16} {live:,.0f} updates/s in the window, {alone:,.0f} without one:")
        print(f"speed  {name:16} {statistics.median(shares):.0%} kept (median of {ROUNDS} interleaved rounds)")
        _close(window, application)


def scrub(updates: float = 1_000_000) -> None:
    """Trains so many updates, then drags through the history: from a place on the track to its painted frame."""
    for name, project in _projects().items():
        window, application = _window(project)
        trainer = window.page.trainer
        trainer.play()
        _until(application, lambda t=trainer: t.snapshot.update >= updates)
        trainer.pause_now()
        history, last = trainer._runner.training.history, trainer.snapshot.last
        times, works = [], []
        for step in range(120):
            place = (step * 61) % 120 * last // 120
            began, computed = time.perf_counter(), time.thread_time()
            window.page._on_scrubbed(place)
            _until(application, partial(_is_there, trainer, place))
            window.page.loss.repaint()
            times.append((time.perf_counter() - began) * 1000)
            works.append((time.thread_time() - computed) * 1000)
        _tell(name, times, f"scrub of {last:,} updates")
        _tell(name, works, "its work on the window's thread")
        size = history.size_bytes / 2**20
        print(f"scrub  {name:16} {len(history)} moments are kept, {size:.1f} MB (128 MB at most)")
        _close(window, application)


def _is_there(trainer: Any, place: int) -> bool:
    return not trainer._resting and abs(trainer.snapshot.update - place) <= trainer.snapshot.last // 400


def soak(minutes: float = 60.0) -> None:
    """Trains at full speed with all pages in turn; every minute the memory, the slowest frame and its work."""
    window, application = _window(_projects()["spirals 2-16-16-1"])
    page, trainer = window.page, window.page.trainer
    page.desk.toggle()
    frames: list[float] = []
    works: list[float] = []
    trainer.play()
    first, worst, slow = 0.0, 0.0, 0
    for minute in range(round(minutes)):
        page.open_subpage(PAGES[minute % len(PAGES)])
        if not trainer.running:
            trainer.play()
        frames.clear()
        works.clear()
        _run(window, application, 60.0, frames, works)
        size = _resident()
        first = first or (size if minute == 5 else 0.0)
        worst, slow = max(worst, max(frames)), slow + sum(frame > 100 for frame in frames)
        print(
            f"soak   minute {minute + 1:3} {PAGES[minute % len(PAGES)] or 'train':8} {size:7.1f} MB resident,"
            f" frames p99 {_share(frames, 0.99):5.1f} worst {max(frames):6.1f} ms, work worst {max(works):6.1f} ms,"
            f" {trainer.snapshot.update:,} updates",
            flush=True,
        )
    print(f"soak   from minute 6 on {_resident() - first:+.1f} MB; {slow} frames over 100 ms, worst {worst:.0f} ms")
    _close(window, application)


PAGES = ("", "", "insides", "runs", "library")


def _projects() -> dict[str, Any]:
    """Both networks of the goal, without an end."""
    from visualnn.files import fresh
    from visualnn.nn.recipes import SOURCES, made

    spirals = fresh.suited((2, 16, 16, 1), made(SOURCES["spirals"].recipe))
    digits = fresh.suited((64, 32, 10), made(SOURCES["digits"].recipe))
    return {
        "spirals 2-16-16-1": spirals.with_options(replace(spirals.options, goal=None)),
        "digits 64-32-10": digits.with_options(replace(digits.options, goal=None)),
    }


def _window(project: Any) -> tuple[Any, Any]:
    from visualnn import app, settings
    from visualnn.gui.main_window import MainWindow

    application = app.make_application()
    sys.setswitchinterval(app.SWITCH_SECONDS)
    window = MainWindow(settings.Settings(theme="dark"), remember=False)
    window.resize(*SIZE)
    window.show()
    _load(window)
    window.workspace.open(project)
    window.pages.setCurrentWidget(window.page)
    window.page.set_mode(1)
    window.page.set_speed(float("inf"))
    _run(window, application, 0.5, [], [])
    return window, application


def _load(window: Any) -> None:
    """What the program's loader does in the background, its thrift with the garbage collector included."""
    import gc

    from visualnn.gui.loader import import_plot
    from visualnn.nn.kernels import choose
    from visualnn.scene.kernels import choose as drawing

    import_plot()
    window.page.loss.attach()
    choose.load()
    choose.load(*choose.FLEETS)
    drawing.prepare()
    drawing.load()
    gc.freeze()


def _alone(project: Any, seconds: float) -> float:
    """Updates a second of the same training in its thread, with nobody looking."""
    from visualnn.engine.runner import Run, Runner
    from visualnn.nn.training import Training

    runner = Runner(Training(project.network, project.data, project.options))
    runner.tell(Run())
    time.sleep(0.5)
    first, began = runner.training.updates, time.perf_counter()
    time.sleep(seconds)
    done = runner.training.updates - first
    taken = time.perf_counter() - began
    runner.close()
    return done / taken


def _live(window: Any, application: Any, seconds: float, frames: list[float], works: list[float]) -> float:
    trainer = window.page.trainer
    trainer.play()
    _run(window, application, 1.0, [], [])
    first, began = trainer._runner.training.updates, time.perf_counter()
    _run(window, application, seconds, frames, works)
    live = (trainer._runner.training.updates - first) / (time.perf_counter() - began)
    trainer.pause_now()
    return live


def _run(window: Any, application: Any, seconds: float, frames: list[float], works: list[float]) -> None:
    """Lets the event loop run; notes each frame's length and what the window's thread computed in it."""
    last = [time.perf_counter(), time.thread_time()]

    def note(_seconds: float, _now: float) -> None:
        now, computed = time.perf_counter(), time.thread_time()
        frames.append((now - last[0]) * 1000)
        works.append((computed - last[1]) * 1000)
        last[:] = now, computed

    window.clock.ticked.connect(note)
    end = time.perf_counter() + seconds
    _until(application, lambda: time.perf_counter() >= end)
    window.clock.ticked.disconnect(note)


def _until(application: Any, condition: Callable[[], bool]) -> None:
    """Runs the event loop as the program does, and asks now and then."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if condition() else None)
    timer.start(5)
    loop.exec()
    timer.stop()


def _tell(name: str, values: list[float], what: str) -> None:
    middle, late = statistics.median(values), _share(values, 0.99)
    print(f"{'':6} {name:16} {what}: median {middle:.1f} ms, p99 {late:.1f} ms, worst {max(values):.1f} ms")


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _resident() -> float:
    """MB of memory in use now where the system tells, else the most there ever was."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _close(window: Any, application: Any) -> None:
    window.page.trainer.close()
    window.workspace.stack.setClean()
    window.close()
    window.deleteLater()
    application.processEvents()


BENCHMARKS: dict[str, Callable[..., None]] = {"speed": speed, "scrub": scrub, "soak": soak}

if __name__ == "__main__":
    main(sys.argv[1:])
