"""Times the stage: frames, new pictures, zoom, training while it is watched, opening, memory; beside Qt's own ways.

    python tests/bench/stage.py [frames|rivals|train|maps|open|zoom] …      (default: all)

Prints medians, what they were meant to be, and ratios to rivals measured in the same run. Not a test: machines differ.
"CPU" is time of the window's thread for frames, of the whole process for pictures; goals are CPU milliseconds. Uses
the platform it finds (QT_QPA_PLATFORM, default offscreen).
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QPointF, QSize, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QRegion
from PySide6.QtWidgets import QApplication, QGraphicsPathItem, QGraphicsScene, QGraphicsView, QWidget

from visualnn import app, settings
from visualnn.files.documents import open_document
from visualnn.files.native import write
from visualnn.gui import theme
from visualnn.gui.clock import FRAME_MS
from visualnn.gui.loader import Loader
from visualnn.gui.main_window import MainWindow
from visualnn.gui.player import DURATIONS_MS
from visualnn.gui.tasks import Newest
from visualnn.gui.views.network import Content
from visualnn.gui.views.network.picture import ground_of, still_pixmap
from visualnn.gui.workspace import trace_of
from visualnn.nn.kernels import choose
from visualnn.nn.maps import neuron_maps
from visualnn.nn.network import Network
from visualnn.scene import look
from visualnn.scene import network as drawing
from visualnn.scene.links import HAIR, ROPE

MILLION = "2-1000-1000-1"
SCREENS = ((1280, 800, 1), (2560, 1600, 1), (1280, 800, 2))  # the window in points, pixels to the point
FRAMES, ROUNDS = 150, 20  # at most
CELL_SECONDS = 1.2  # at most, for each figure of `frames`
PACE = {"operation": 1, "layer": 2, "pass": 1}  # how fast a pass plays
PAGE_OPENS_MS, MAPS_MS, MEMORY_MB = 1500, 6, 400
PLAYGROUND_MAPS_MS = "111–122"  # TensorFlow Playground's `nn.ts` in Node 20, on two cores of an AMD EPYC


@dataclass(frozen=True)
class Case:
    """A network, how its pass goes by, and CPU milliseconds meant for it, at 1280 × 800 and at 2560 × 1600 pixels."""

    shape: str
    grains: tuple[str, ...]
    frame: tuple[float, float]
    picture: tuple[float, float]
    title: str = ""


CASES = (
    Case("2-3-1", ("operation",), (0.1, 0.6), (20, 35)),
    Case("2-100-100-1", ("layer",), (0.4, 1.6), (30, 60)),
    Case("2-316-316-1", ("layer",), (0.4, 1.6), (30, 60)),
    Case("6-1000-1000-2", ("layer",), (1.4, 4.3), (30, 60)),
    Case("-".join(["24"] * 100), ("layer", "pass"), (0.5, 0.5), (15, 34), "100 × 24"),
)


@dataclass
class Times:
    """Milliseconds, of the processor and on the wall."""

    clock: Callable[[], float] = time.process_time
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Measure what is done in this context."""
        cpu, wall = self.clock(), time.perf_counter()
        yield
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.cpu.append((self.clock() - cpu) * 1000)

    @property
    def both(self) -> tuple[list[float], list[float]]:
        """Of the processor, on the wall."""
        return self.cpu, self.wall

    def __str__(self) -> str:
        wall = f"wall {statistics.median(self.wall):.2f} (p99 {_p99(self.wall):.2f})"
        return f"CPU {statistics.median(self.cpu):8.2f} (p99 {_p99(self.cpu):.2f}), {wall} ms"


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def _judged(value: float, goal: float) -> str:
    return f"goal {goal:g}: {'met' if value <= goal else 'MISSED'} (×{value / goal:.2f})"


def main(names: list[str]) -> None:
    """Run the benchmarks named; several in a process each, as there is one application to a process."""
    if len(names) == 1:
        BENCHMARKS[names[0]]()
    else:
        for name in names or BENCHMARKS:
            subprocess.run([sys.executable, __file__, name], check=True)


# -- frames ------------------------------------------------------------------------------------------------------


def frames() -> None:
    """Frames of animation and new pictures, for every network on every screen."""
    for width, height, ratio in SCREENS:
        _in_child("screen", width, height, QT_SCALE_FACTOR=str(ratio))


def screen(width: int, height: int) -> None:
    """The figures of one screen, in a process of its own."""
    window, _application = _window(width, height)
    for case in CASES:
        window.open_document(case.shape)
        _run_for(0.1)
        stage = window.page.stage
        ratio = stage.devicePixelRatioF()
        large = width * ratio > 1280
        where = f"frames  {case.title or case.shape:14} {width}×{height}@{ratio:g}"
        for grain in case.grains:
            times = _passing(window, grain)
            goal = _judged(statistics.median(times.cpu), case.frame[large])
            print(f"{where}  frame by {grain:9} {times}, {goal}")
        ground, neurons = _pictures(window)
        middle = statistics.median(ground.cpu) + statistics.median(neurons.cpu)
        print(f"{where}  new connections    {ground}")
        print(f"{where}  new neurons        {neurons}")
        print(f"{where}  both               CPU {middle:8.2f} ms, {_judged(middle, case.picture[large])}", flush=True)
    _close(window)


def _passing(window: MainWindow, grain: str) -> Times:
    """Frames of a pass that plays, each as it would be painted."""
    stage, timeline, workspace = window.page.stage, window.page.player.timeline, window.workspace
    image, times, t = _screen_of(stage), Times(time.thread_time), 0.0
    for _ in _rounds(CELL_SECONDS, FRAMES):
        goal = float(timeline.after(t, grain))
        whole = max(goal - timeline.before(goal, grain), 1.0)
        t = min(t + PACE[grain] * whole * FRAME_MS / DURATIONS_MS[grain], goal) % len(timeline)
        with times.one():
            flowing = grain in ("layer", "pass")
            stage.show_content(Content(workspace.project, workspace.trace(), timeline, t, flowing=flowing))
            _paint(stage, image)
        _deliver()
    stage.finish()
    return times


def _paint(stage: QWidget, image: QImage) -> None:
    """What is painted again when only the moment has moved."""
    rect = stage._between_controls(stage.layout_shown())
    stage.render(image, rect.topLeft(), QRegion(rect))


def _pictures(window: MainWindow) -> tuple[Times, Times]:
    """New weights: the picture of the connections complete, and that of everything that stands."""
    stage, ground, neurons = window.page.stage, Times(), Times()
    contents = _contents(window)
    for index in _rounds(CELL_SECONDS, ROUNDS):
        stage.show_content(contents[index % 2])
        sight = stage.sight()
        with ground.one():
            ground_of(sight)
        with neurons.one():
            still_pixmap(drawing.still(*sight.what, None), sight)
    return ground, neurons


def _contents(window: MainWindow) -> tuple[Content, Content]:
    """The network with two different sets of weights."""
    project, found = window.workspace.project, []
    for seed in (1, 2):
        noise = np.random.default_rng(seed).normal(1.0, 0.2, project.parameters.size)
        other = project.with_parameters(project.parameters * noise)
        found.append(Content(other, trace_of(other, other.parameters)))
    return found[0], found[1]


# -- rivals ------------------------------------------------------------------------------------------------------


def rivals() -> None:
    """New weights until all is on the screen: ours, strokes of QPainter, and an item for each connection.

    Ours has the neurons, their numbers and the controls besides; the rivals know ahead where every curve lies.
    """
    window, _application = _window()
    for shape, rounds in (("2-3-1", 30), ("2-32-32-1", 15), ("2-100-100-1", 5)):
        window.open_document(shape)
        _run_for(0.1)
        _race(window, rounds)
    window.open_document("2-316-316-1")
    _run_for(0.1)
    _race(window, 1, items=False)
    _close(window)


def _race(window: MainWindow, rounds: int, items: bool = True) -> None:
    stage, contents = window.page.stage, _contents(window)
    runners = {"ours": _Ours(stage), "QPainter strokes": _Strokes(stage)}
    if items:
        runners["QGraphicsView items"] = _Items(stage)
    times = {name: Times() for name in runners}
    for index in range(-1, rounds):
        for name, runner in runners.items():
            with (Times() if index < 0 else times[name]).one():  # the first round is not counted
                runner.show_weights(contents[index % 2])
    count = stage.layout_shown().network.connection_count
    for name, each in times.items():
        print(f"rivals  {count:7,} connections  {name:19} {each}, {_compared(each, times['ours'])}")
    if not items:
        middle = statistics.median(times["QPainter strokes"].cpu) / count * 1e6
        print(f"rivals  a million connections by QPainter strokes, extrapolated from {count:,}: {middle:,.0f} ms CPU")


def _compared(times: Times, ours: Times) -> str:
    cpu, wall = (statistics.median(a) / statistics.median(b) for a, b in zip(times.both, ours.both, strict=True))
    return f"of ours: CPU ×{cpu:.1f}, wall ×{wall:.1f}"


class _Ours:
    """The stage."""

    def __init__(self, stage: QWidget):
        self.stage, self.image = stage, _screen_of(stage)

    def show_weights(self, content: Content) -> None:
        self.stage.show_content(content)
        self.stage.render(self.image)
        if self.stage.busy:
            self.stage.picture.wait()
            _deliver()
            self.stage.render(self.image)


class _Rival:
    """All connections where ours are, in the widths and colours of lines of ours."""

    def __init__(self, stage: QWidget):
        self.image, self.paths, made = _screen_of(stage), [], stage.layout_shown()
        for _layer, left, right in made.gaps:
            x0, x1 = left.exit_x, right.entry_x
            for y0 in left.ys.tolist():
                for y1 in right.ys.tolist():
                    path = QPainterPath(QPointF(x0, y0))
                    path.cubicTo((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1)
                    self.paths.append(path)

    def pens(self, content: Content) -> list[QPen]:
        """As thick and as strong as the weights."""
        pens, colors = [], look.load(theme.current().name)
        for layer in content.trace.layers:
            share = np.abs(layer.w).ravel() / np.abs(layer.w).max()
            inks = [[colors.mix("canvas", role, 0.3 + 0.65 * k / 15) for k in range(16)] for role in ("neg", "pos")]
            for w, s in zip(layer.w.ravel().tolist(), share.tolist(), strict=True):
                pens.append(QPen(QColor.fromRgb(inks[w > 0][round(s * 15)]), HAIR + ROPE * s))
        return pens


class _Strokes(_Rival):
    """A widget that strokes one path after the other."""

    def __init__(self, stage: QWidget):
        super().__init__(stage)
        self.widget = _StrokesWidget(self.paths)
        self.widget.resize(stage.size())

    def show_weights(self, content: Content) -> None:
        self.widget.pens = self.pens(content)
        self.widget.render(self.image)


class _StrokesWidget(QWidget):
    def __init__(self, paths: list[QPainterPath]):
        super().__init__()
        self.paths, self.pens = paths, []

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("canvas"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for path, pen in zip(self.paths, self.pens, strict=True):
                painter.setPen(pen)
                painter.drawPath(path)


class _Items(_Rival):
    """A scene with an item for each connection."""

    def __init__(self, stage: QWidget):
        super().__init__(stage)
        self.scene = QGraphicsScene(0, 0, stage.width(), stage.height())
        self.scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.scene.setBackgroundBrush(theme.color("canvas"))
        self.items = [QGraphicsPathItem(path) for path in self.paths]
        for item in self.items:
            self.scene.addItem(item)
        self.view = QGraphicsView(self.scene)
        self.view.setFrameStyle(0)
        self.view.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.view.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.view.resize(stage.size())

    def show_weights(self, content: Content) -> None:
        for item, pen in zip(self.items, self.pens(content), strict=True):
            item.setPen(pen)
        self.view.viewport().render(self.image)


# -- training ----------------------------------------------------------------------------------------------------


class Watched(QApplication):
    """Measures how long the window's thread works on what the event loop hands out."""

    def __init__(self) -> None:
        super().__init__(sys.argv[:1])
        self.depth = 0
        self.events = Times(time.thread_time)

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if self.depth:
            return super().notify(receiver, event)
        self.depth = 1
        try:
            with self.events.one():
                return super().notify(receiver, event)
        finally:
            self.depth = 0


@dataclass
class Work:
    """From tick to tick: all that the window's thread did."""

    events: Times
    times: Times = field(default_factory=Times)
    first: int = 0

    def on_ticked(self, *_seconds: float) -> None:
        """The frame that ends here."""
        cpu, wall = self.events.cpu[self.first :], self.events.wall[self.first :]
        self.first += len(cpu)
        self.times.cpu.append(sum(cpu))
        self.times.wall.append(sum(wall))


def train(seconds: float = 8.0) -> None:
    """A million weights at full speed, watched: what the window's thread does, and what is left of the speed."""
    application = Watched()
    window, _application = _window()
    window.open_document(MILLION)
    _without_goal(window)
    page = window.page
    page.set_mode(1)
    page.set_speed(float("inf"))
    page.toggle()
    _run_for(1.0)
    counts = _counted({"connections": page.stage.picture._artist, "output": page.output._reader})
    application.events = Times(time.thread_time)
    work = Work(application.events)
    window.clock.ticked.connect(work.on_ticked)
    window.clock.clear_intervals()
    watched = _speed(window, seconds)
    window.clock.ticked.disconnect(work.on_ticked)
    made = {name: len(found) / seconds for name, found in counts.items()}
    application.events = Times(time.thread_time)
    window.hide()
    _run_for(0.3)
    hidden = _speed(window, seconds / 2)
    page.trainer.pause_now()
    for name, times in (("work per frame", work.times), ("one event", work.events)):
        print(f"train   {name:15} {times}, longest: CPU {max(times.cpu):.1f}, wall {max(times.wall):.1f} ms")
    ticks = window.clock.intervals_ms()
    middle = statistics.median(ticks)
    print(f"train   from tick to tick: median {middle:.1f}, p99 {_p99(ticks):.1f}, longest {max(ticks):.1f} ms")
    print("train   new pictures a second: " + ", ".join(f"{name} {rate:.1f}" for name, rate in made.items()))
    print(f"train   {watched:,.1f} updates/s watched, {hidden:,.1f} hidden: {watched / hidden:.0%} kept", flush=True)
    _close(window)


def _counted(workers: dict[str, Newest]) -> dict[str, list[object]]:
    """A list for each that grows with every picture it makes."""
    counts: dict[str, list[object]] = {name: [] for name in workers}
    for name, worker in workers.items():
        worker.done.connect(lambda _made, found=counts[name]: found.append(None))
    return counts


def _speed(window: MainWindow, seconds: float) -> float:
    training = window.page.trainer._runner.training
    before, began = training.updates, time.perf_counter()
    _run_for(seconds)
    return (training.updates - before) / (time.perf_counter() - began)


def _without_goal(window: MainWindow) -> None:
    project = window.workspace.project
    window.workspace.edit(project.with_options(replace(project.options, goal=None)), "No goal")


# -- maps of all neurons -----------------------------------------------------------------------------------------


def maps(points: int = 100) -> None:
    """What every neuron says all over a plane, in the largest network of TensorFlow Playground."""
    choose.load()
    choose.set_threads(1)
    network = Network.of(2, *[8] * 6, 1, hidden="tanh", output="tanh")
    parameters = np.random.default_rng(0).normal(0, 0.5, network.parameter_count)
    line, times = np.linspace(-6, 6, points), Times()
    for _ in _rounds(3.0, 500):
        with times.one():
            neuron_maps(network, parameters, line, line)
    choose.set_threads(None)
    goal = _judged(statistics.median(times.cpu), MAPS_MS)
    print(f"maps    {sum(network.sizes[1:])} neurons, {points} × {points} points  {times}, {goal}")
    print(f"maps    TensorFlow Playground, as measured elsewhere: {PLAYGROUND_MAPS_MS} ms", flush=True)


# -- opening -----------------------------------------------------------------------------------------------------


def opening() -> None:
    """From opening a million weights to their first complete picture; memory then, and while training."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.vnn"
        write(path, open_document(MILLION))
        _in_child("opened", MILLION, True, 5.0)
        _in_child("opened", str(path), True, 0.0)
        _in_child("opened", MILLION, False, 0.0)


def opened(document: str, ready: bool, train_seconds: float) -> None:
    """In a fresh process: on a start page where all is loaded, or as a document named on the command line."""
    window, application = _window(load=ready)
    print(f"open    {Path(document).name}, {'all loaded' if ready else 'at once'}: before {_memory()}")
    began = time.perf_counter()
    window.open_document(document)
    answered = (time.perf_counter() - began) * 1000
    if not ready:
        loader = _loader(window, application)
    while not _is_complete(window.page.stage):
        _run_for(0.002)
    window.page.stage.repaint()
    complete = (time.perf_counter() - began) * 1000
    print(f"open    window free after {answered:.0f} ms, complete after {complete:.0f} ms, ", end="")
    print(f"{_judged(complete, PAGE_OPENS_MS)}; {_memory()}", flush=True)
    if not ready:
        loader.wait()
    if train_seconds:
        _memory_of_training(window, train_seconds)
    _close(window)


def _is_complete(stage: QWidget) -> bool:
    ground = stage.picture._ground
    return ground is not None and ground.image is not None and ground.layout is stage.layout_shown() and not stage.busy


def _memory_of_training(window: MainWindow, seconds: float) -> None:
    page = window.page
    page.set_mode(1)
    _run_for(1.0)
    print(f"open    in Train mode: {_memory()}")
    _without_goal(window)
    page.set_speed(float("inf"))
    page.toggle()
    _run_for(seconds)
    now = _megabytes().get("VmRSS", 0.0)
    print(f"open    after {seconds:g} s of training: {_memory()}, {_judged(now, MEMORY_MB)}", flush=True)
    page.trainer.pause_now()


def _memory() -> str:
    found = _megabytes()
    return f"memory {found['VmRSS']:.0f} MB, at most {found['VmHWM']:.0f} MB" if found else "memory unknown here"


def _megabytes() -> dict[str, float]:
    status = Path("/proc/self/status")
    if not status.exists():
        return {}
    lines = [line.split() for line in status.read_text().splitlines() if line.startswith(("VmRSS", "VmHWM"))]
    return {name.rstrip(":"): int(kilobytes) / 1024 for name, kilobytes, _unit in lines}


# -- zoom --------------------------------------------------------------------------------------------------------


def zoom(steps: int = 30) -> None:
    """Going nearer and sideways in a million weights, a step every frame, and until it is drawn anew."""
    window, _application = _window()
    window.open_document(MILLION)
    stage = window.page.stage
    while not _is_complete(stage):
        _run_for(0.01)
    moves: dict[str, Callable[[], None]] = {
        "zoom": lambda: stage.zoom(1.05, QPointF(stage.width() * 0.4, stage.height() * 0.4)),
        "pan": lambda: stage.pan(-12, 9),
        "back": lambda: stage.zoom(1 / 1.05),
    }
    for name, move in moves.items():
        times, sharp = Times(time.thread_time), []
        for _ in range(3):
            for _ in range(steps // 3):
                with times.one():
                    move()
                    stage.repaint()
                _run_for(max(0.001, FRAME_MS / 1000 - times.wall[-1] / 1000))
            began = time.perf_counter()
            while not _is_complete(stage):
                _run_for(0.002)
            sharp.append((time.perf_counter() - began) * 1000)
        print(f"zoom    {name:5} {times}; sharp {statistics.median(sharp):.0f} ms after the last step", flush=True)
    _close(window)


# -- what all need -----------------------------------------------------------------------------------------------


def _rounds(seconds: float, most: int) -> Iterator[int]:
    """0, 1, 2 … for so long, at least five."""
    end = time.perf_counter() + seconds
    for index in range(most):
        if index >= 5 and time.perf_counter() > end:
            return
        yield index


def _screen_of(stage: QWidget) -> QImage:
    ratio = stage.devicePixelRatioF()
    image = QImage(QSize(round(stage.width() * ratio), round(stage.height() * ratio)), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    return image


def _deliver() -> None:
    """What threads have sent to the window, without painting it."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall)


def _window(width: int = 1280, height: int = 800, load: bool = True) -> tuple[MainWindow, QApplication]:
    sys.setswitchinterval(app.SWITCH_SECONDS)
    application = app.make_application()
    window = MainWindow(settings.Settings(theme="dark"), remember=False)
    window.resize(width, height)
    window.show()
    if load:
        _loader(window, application).wait()
    _run_for(0.3)
    return window, application


def _loader(window: MainWindow, application: QApplication) -> Loader:
    loader = Loader(application, lambda: app.needed_kernel(window))
    loader.plot_ready.connect(window.page.loss.attach)
    loader.start()
    return loader


def _run_for(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(max(1, round(seconds * 1000)), loop.quit)
    loop.exec()


def _close(window: MainWindow) -> None:
    window.workspace.stack.setClean()
    app.put_away(window)


def _in_child(name: str, *arguments: object, **variables: str) -> None:
    """Call a function of this file in a fresh process, which prints what it finds."""
    call = f"bench[{name!r}](*{arguments!r})"
    code = f"import runpy; bench = runpy.run_path({__file__!r}, run_name='bench'); {call}"
    sys.stdout.flush()
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, **variables})


BENCHMARKS = {"frames": frames, "rivals": rivals, "train": train, "maps": maps, "open": opening, "zoom": zoom}

if __name__ == "__main__":
    main(sys.argv[1:])
