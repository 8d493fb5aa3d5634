"""Times the real window: frames while training, and clicks. `start.py` times how it begins.

    python tests/bench/window.py [train|click|late] …      (default: all)

Prints medians. Not a test: machines differ.
Uses the platform it finds (QT_QPA_PLATFORM, default offscreen).
"""

from __future__ import annotations

import os
import statistics
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main(names: list[str]) -> None:
    """Run the benchmarks named."""
    for name in names or ["train", "click", "late"]:
        BENCHMARKS[name]()


def train(seconds: float = 6.0) -> None:
    """Updates a second and frame times at full speed with stage, curve and map live; and without a window."""
    window, application = _window("adder")
    page = window.page
    _without_goal(window)
    page.set_mode(1)
    page.set_speed(float("inf"))
    page.toggle()
    _run_for(application, 1.0)
    window.clock.clear_intervals()
    before, began = page.trainer.snapshot.update, time.perf_counter()
    _run_for(application, seconds)
    taken = time.perf_counter() - began
    live = (page.trainer.snapshot.update - before) / taken
    frames = sorted(window.clock.intervals_ms())
    page.toggle()
    _run_for(application, 0.2)
    alone = _headless()
    p99 = frames[int(len(frames) * 0.99)]
    print(f"train  {live:,.0f} updates/s in the window, {alone:,.0f} without one: {live / alone:.0%} kept")
    print(f"train  frames: median {statistics.median(frames):.1f} ms, p99 {p99:.1f} ms, worst {frames[-1]:.1f} ms")
    _close(window, application)


def _headless(seconds: float = 2.0) -> float:
    from visualnn.engine.runner import Run, Runner
    from visualnn.files.examples import load
    from visualnn.nn.training import Training

    project = load("adder")
    runner = Runner(Training(project.network, project.data, project.options))
    runner.tell(Run())
    time.sleep(0.3)
    runner.training.control.flags[2] = 1
    first, began = runner.training.updates, time.perf_counter()
    time.sleep(seconds)
    speed = (runner.training.updates - first) / (time.perf_counter() - began)
    runner.close()
    return speed


def click(count: int = 100) -> None:
    """From a click on a neuron to the painted answer, at rest and while training at full speed."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    from visualnn.scene.frame import Place

    window, application = _window("adder")
    page = window.page
    _without_goal(window)
    for label, mode in (("at rest", 0), ("training", 1)):
        page.set_mode(mode)
        if mode:
            page.set_speed(float("inf"))
            page.toggle()
        _run_for(application, 0.5)
        times = []
        for index in range(count):
            place = Place("weight", 1, index % 3, index % 2)
            point = page.stage.position_of(place)
            began = time.perf_counter()
            QTest.mouseClick(page.stage, Qt.MouseButton.LeftButton, pos=QPoint(round(point.x()), round(point.y())))
            page.stage.repaint()
            times.append((time.perf_counter() - began) * 1000)
            _run_for(application, 0.02)
        times.sort()
        print(
            f"click  {label:9} median {times[len(times) // 2]:.1f} ms, p99 {times[int(len(times) * 0.99) - 1]:.1f} ms"
        )
    page.trainer.pause_now()
    _close(window, application)


def late(seconds: float = 6.0) -> None:
    """How late a 16 ms timer is while 1000-1000-1000-10 trains, snapshots and reports taken; and training's speed."""
    import numpy as np
    from PySide6.QtCore import Qt, QTimer

    from visualnn import app
    from visualnn.engine.runner import Pause, Run, Runner
    from visualnn.nn.data import Dataset
    from visualnn.nn.kernels import choose
    from visualnn.nn.network import Network
    from visualnn.nn.optimizers import Optimizer
    from visualnn.nn.options import Options
    from visualnn.nn.training import Training

    sys.setswitchinterval(app.SWITCH_SECONDS)
    choose.load()
    application = app.make_application()
    rng = np.random.default_rng(0)
    data = Dataset("d", rng.normal(0, 1, (1024, 1000)), np.eye(10)[rng.integers(0, 10, 1024)], ())
    network = Network.of(1000, 1000, 1000, 10, output="softmax")
    rule = Optimizer("sgd", 1e-3)
    for batch in (32, 512):
        for threads in (1, 2):
            choose.set_threads(threads)
            options = Options(rule, "cross_entropy", batch, "he_normal", precision="float32")
            training = Training(network, data, options)
            training.run(2)
            start, updates = time.perf_counter(), 0
            while time.perf_counter() - start < 2.0:
                training.run(max(1, 2400 // batch))
                updates += max(1, 2400 // batch)
            alone = updates / (time.perf_counter() - start)
            runner, lateness, last = Runner(training), [], [0.0]
            timer = QTimer(application)
            timer.setTimerType(Qt.TimerType.PreciseTimer)

            def tick(runner=runner, lateness=lateness, last=last):
                now = time.perf_counter()
                lateness.append((now - last[0]) * 1e3 - 16.0)
                last[0] = now
                runner.poll()
                runner.report()

            timer.timeout.connect(tick)
            runner.tell(Run())
            last[0] = time.perf_counter()
            before, start = training.updates, time.perf_counter()
            timer.start(16)
            _run_for(application, seconds)
            speed = (training.updates - before) / (time.perf_counter() - start)
            timer.stop()
            runner.tell(Pause())
            runner.close()
            late_ms = sorted(lateness[5:])
            p99 = late_ms[int(0.99 * len(late_ms))]
            late_by = f"late by {statistics.median(late_ms):.2f} ms, p99 {p99:.2f}, worst {late_ms[-1]:.2f}"
            rate = f"{speed:,.0f} updates/s, {speed / alone:.0%} of {alone:,.0f} alone"
            print(f"batch {batch}, {threads} thread{'s' * (threads > 1)}: {late_by}; {rate}")
    choose.set_threads(None)


def _window(document: str, load: bool = True):
    from visualnn import app, settings
    from visualnn.gui.loader import import_plot
    from visualnn.gui.main_window import MainWindow
    from visualnn.nn.kernels import choose

    sys.setswitchinterval(app.SWITCH_SECONDS)
    application = app.make_application()
    window = MainWindow(settings.Settings(theme="dark"), remember=False)
    window.open_document(document)
    window.show()
    if load:
        import_plot()
        choose.load()
        window.page.loss.attach()
    _run_for(application, 0.3)
    return window, application


def _without_goal(window) -> None:
    from dataclasses import replace

    project = window.workspace.project
    window.workspace.edit(project.with_options(replace(project.options, goal=None)), "No goal")


def _run_for(application, seconds: float) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop(application)
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def _close(window, application) -> None:
    window.workspace.stack.setClean()
    window.close()
    application.processEvents()


BENCHMARKS = {"train": train, "click": click, "late": late}

if __name__ == "__main__":
    main(sys.argv[1:])
