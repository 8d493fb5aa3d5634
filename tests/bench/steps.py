"""Times stepping in the real window at 1280×800: from a key press to the painted frame.

    python tests/bench/steps.py [adder|digits] [profile] …      (default: both)

Prints median, p99 and the slowest steps, with and without the step list; `profile` adds where the time goes. Not a
test: machines differ. Uses the platform it finds (QT_QPA_PLATFORM, default offscreen).
"""

from __future__ import annotations

import cProfile
import os
import pstats
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
SIZE = (1280, 800)
MOST_STEPS = 300  # of a long timeline, spread over it
SLOWEST = 3
PATIENCE_S = 2.0

Timing = tuple[float, float, int, str]  # ms, of which this thread worked, the step it led to, the key


def main(words: list[str]) -> None:
    """Measure the documents named."""
    profiling = "profile" in words
    for name in [word for word in words if word != "profile"] or ["adder", "digits"]:
        measure(name, profiling)


def measure(name: str, profiling: bool) -> None:
    """A document through its timeline and back, first without the step list, then with it."""
    window, application, painted = _window(name)
    for listing in (False, True):
        window.page.set_listing(listing)
        _settle(application)
        profile = cProfile.Profile() if profiling else None
        _report(f"{name:7}{' + list' if listing else '':7}", _timings(window, application, painted, profile), window)
        if profile is not None:
            pstats.Stats(profile).sort_stats("cumulative").print_stats("visualnn", 40)
    window.workspace.stack.setClean()
    window.close()
    application.processEvents()


def _timings(window, application, painted, profile) -> list[Timing]:
    from PySide6.QtCore import Qt

    player, found = window.page.player, []
    stride = max(1, player.length // MOST_STEPS)
    there = [(t, Qt.Key.Key_Right) for t in range(0, player.length, stride)]
    back = [(t + 1, Qt.Key.Key_Left) for t, _ in reversed(there)]
    for t, key in there + back:
        if player.t != t or stride > 1:
            player.seek(t)
            _settle(application)
        taken = _press(window, application, painted, key, profile)
        forth = key == Qt.Key.Key_Right
        found.append((*taken, t + 1 if forth else t - 1, "→" if forth else "←"))
        player.seek(found[-1][2])  # what was set in motion has arrived
        _settle(application)
    return found


def _press(window, application, painted, key, profile) -> tuple[float, float]:
    """Milliseconds from the key to the first frame of the stage after it, and of these the window's own work."""
    from PySide6.QtTest import QTest

    painted.clear()
    if profile is not None:
        profile.enable()
    began, worked = time.perf_counter(), time.thread_time()
    QTest.keyPress(window.windowHandle(), key)
    while not painted and time.perf_counter() - began < PATIENCE_S:
        application.processEvents()
    taken = (time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000
    if profile is not None:
        profile.disable()
    QTest.keyRelease(window.windowHandle(), key)
    assert painted, "the stage was not painted"
    return taken


def _settle(application, seconds: float = 0.0) -> None:
    """Until nothing is left to be painted."""
    end = time.perf_counter() + seconds
    for _ in range(3):
        application.processEvents()
    while time.perf_counter() < end:
        application.processEvents()


def _report(label: str, timings: list[Timing], window) -> None:
    shares = []
    for column in (0, 1):
        taken = sorted(timing[column] for timing in timings)
        p99 = taken[min(len(taken) - 1, int(len(taken) * 0.99))]
        shares.append(f"median {taken[len(taken) // 2]:.1f} ms, p99 {p99:.1f} ms")
    print(f"steps  {label} {len(timings)} keys: {shares[0]} (without waiting for a processor {shares[1]})")
    timeline = window.page.player.timeline
    for taken, work, number, key in sorted(timings, reverse=True)[:SLOWEST]:
        step = f"{timeline.step(number).phase} {timeline.step(number).kind}" if number else "start"
        print(f"         slowest {taken:5.1f} ms (work {work:.1f}) {key} to step {number} ({step})")


def _window(name: str):
    from visualnn import app, settings
    from visualnn.gui.loader import import_plot
    from visualnn.gui.main_window import MainWindow
    from visualnn.nn.kernels import choose
    from visualnn.scene.kernels import choose as drawing

    sys.setswitchinterval(app.SWITCH_SECONDS)
    application = app.make_application()
    window = MainWindow(settings.Settings(theme="dark", reduced_motion="off"), remember=False)
    window.resize(*SIZE)
    window.open_document(name)
    window.show()
    import_plot()
    drawing.prepare()
    drawing.load()
    choose.load()
    window.page.set_grain("operation")
    painted: list[float] = []
    stage = window.page.stage
    true = stage.picture.paint

    def paint(painter, sight):
        true(painter, sight)
        painted.append(time.perf_counter())

    stage.picture.paint = paint
    _settle(application, 0.5)
    return window, application, painted


if __name__ == "__main__":
    main(sys.argv[1:])
