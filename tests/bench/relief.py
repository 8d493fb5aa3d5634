"""Times the landscape while it is turned: our frames beside those of pyqtgraph's `GLSurfacePlotItem`, in the same run.

    xvfb-run -a env QT_QPA_PLATFORM=xcb python tests/bench/relief.py        (the rival needs PyOpenGL and a display)

A frame of ours is the pixels, the lines and letters as values, and painting both; of the rival the widget's own
drawing, read back. Both turn the same surface, frame by frame in turn. Prints medians in milliseconds, on the wall and
of the processor, the slowest of twenty, what was meant, and how many of ours fit in one of the rival. Pixels and lines
are made beside the window's thread, which only paints: where two processors are free, a frame takes the longer of the
two and not their sum. Not a test: machines differ.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

import numpy as np
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from visualnn import app
from visualnn.gui.views.landscape.aspect import Aspect, Ground, ground
from visualnn.gui.views.landscape.painting import paint
from visualnn.nn.landscape.descent import descend
from visualnn.nn.landscape.grid import losses
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.window import Window
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.scene import look
from visualnn.scene.kernels import halves
from visualnn.scene.landscape.camera import HOME, turned, view
from visualnn.scene.landscape.heights import field
from visualnn.scene.landscape.marks import Marks, trail
from visualnn.scene.landscape.overlay import overlay
from visualnn.scene.landscape.picking import pick
from visualnn.scene.landscape.picture import Quality, load
from visualnn.scene.landscape.relief import Relief, relief

FRAMES, FINE_FRAMES = 60, 8
TURN = 3.0  # px with the mouse, from frame to frame
CASES = (  # points, quality, milliseconds meant, what it is
    ((900, 640), Quality(1.0, 1), 14, "turned"),
    ((900, 640), Quality(1.0, 2), None, "at rest"),
    ((2560, 1600), Quality(1.0, 1, 2), 20, "turned, one of four"),
    ((2560, 1600), Quality(0.35, 1), 20, "turned, a third"),
    ((2560, 1600), Quality(1.0, 2), None, "at rest"),
)
HEAD = ("size", "what", "pixels", "lines", "paint", "sum", "slow", "cpu", "meant", "rival", "of ours in one")
STEPS = ("pixels", "lines", "paint")
WIDTHS = (11, 19, 7, 6, 6, 6, 6, 6, 6, 7, 15)
Frame = Callable[[int], object]
Times = list[tuple[float, float]]  # of every frame: on the wall, of the processor


def himmelblau(size: int = 101) -> tuple[Relief, Marks]:
    """The surface with three paths."""
    surface = CLASSICS["himmelblau"]
    grid = losses(surface, Window(*surface.window), size).heights
    trails = []
    for name, rate, color in (("sgd", 0.01, 0xFFFFFF), ("momentum", 0.005, 0xFFD23F), ("adam", 0.1, 0x5CE1FF)):
        path = descend(surface, Options(Optimizer(name, rate=rate)), surface.start, 200)
        trails.append(trail(path.points, path.losses, color, name.title()))
    return relief(grid, surface.window, start=float(trails[0].losses[0])), Marks(tuple(trails))


class Ours:
    """A frame in three steps."""

    def __init__(self, made: Relief, marks: Marks, size: tuple[int, int], quality: Quality) -> None:
        self.made, self.marks, self.size, self.quality = made, marks, size, quality
        self.look = look.load("dark")
        self.canvas = QImage(*size, QImage.Format.Format_RGB32)
        self.frame, self.ground = overlay(made, HOME, size, self.look), self._ground(0)

    def _ground(self, number: int) -> Ground:
        return ground(Aspect(self.made, turned(HOME, TURN * number, 0), self.size, "dark", "even"), self.quality)

    def pixels(self, number: int) -> None:
        """Surface, floor and background, as an image."""
        self.ground = self._ground(number)

    def lines(self, number: int) -> None:
        """What lies above them, as shapes and texts."""
        camera = turned(HOME, TURN * number, 0)
        self.frame = overlay(self.made, camera, self.size, self.look, marks=self.marks, palette="even")

    def paint(self, _number: int) -> None:
        """All of it: what the window's thread does."""
        with QPainter(self.canvas) as painter:
            paint(painter, self.ground.image, self.frame)


def rival(made: Relief) -> tuple[QWidget, Frame] | None:
    """The same surface by OpenGL: shaded, without contour lines, map or paths. One, as its shaders are."""
    try:
        import pyqtgraph.opengl as gl
    except ImportError as error:
        print(f"GLSurfacePlotItem does not run here: {error}")
        return None
    widget = gl.GLViewWidget()
    z = np.ascontiguousarray(field(made)[..., 0].T)
    x, y = (np.linspace(-1, 1, length) for length in z.shape)
    widget.addItem(gl.GLSurfacePlotItem(x=x, y=y, z=z, shader="shaded", computeNormals=True, smooth=True))
    widget.setCameraPosition(distance=4)
    widget.show()
    app.make_application().processEvents()
    if not widget.isValid():
        print("GLSurfacePlotItem does not run here: there is no OpenGL on this screen.")
        return None

    def frame(_number: int) -> None:
        widget.orbit(TURN, 0)
        widget.grabFramebuffer()

    return widget, frame


def growing(made: Relief, marks: Marks) -> Frame:
    """Lines and letters while the paths grow, an update a frame."""

    def frame(number: int) -> None:
        count = 100 + number
        trails = [replace(each, points=each.points[:count], losses=each.losses[:count]) for each in marks.trails]
        overlay(made, HOME, (900, 640), look.load("dark"), marks=Marks(tuple(trails)))

    return frame


def in_turn(frames: dict[str, Frame], count: int = FRAMES) -> dict[str, Times]:
    """Milliseconds of every frame of each, one after the other."""
    times: dict[str, Times] = {name: [] for name in frames}
    for number in range(-2, count):
        for name, frame in frames.items():
            wall, cpu = time.perf_counter(), time.process_time()
            frame(number)
            if number >= 0:
                times[name].append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)))
    return times


def row(what: tuple[str, str], times: dict[str, Times], meant: int | None) -> str:
    """A line of the table."""
    middle = {name: statistics.median(wall for wall, _ in each) for name, each in times.items()}
    wholes = [[sum(part) for part in zip(*frame, strict=True)] for frame in zip(*_steps(times), strict=True)]
    walls = sorted(wall for wall, _ in wholes)
    cells = [*what, *(f"{middle[step]:.1f}" for step in STEPS), f"{statistics.median(walls):.1f}"]
    cells += [f"{walls[-1 - len(walls) // 20]:.1f}", f"{statistics.median(cpu for _, cpu in wholes):.1f}"]
    cells += [str(meant or "")]
    other = middle.get("rival")
    cells += [f"{other:.1f}", f"{other / statistics.median(walls):.2f}"] if other else ["", ""]
    return line(cells)


def _steps(times: dict[str, Times]) -> list[Times]:
    return [times[step] for step in STEPS]


def line(cells: Sequence[str]) -> str:
    """Cells below each other."""
    left, right = cells[:2], cells[2:]
    parts = [f"{cell:<{wide}}" for cell, wide in zip(left, WIDTHS[:2], strict=True)]
    return " ".join([*parts, *(f"{cell:>{wide}}" for cell, wide in zip(right, WIDTHS[2:], strict=True))])


def main() -> int:
    """Prints everything."""
    app.make_application()
    print("compiled kernels:", load())
    made, marks = himmelblau()
    other = rival(made)
    for threads in (1, 2):
        halves.THREADS = threads
        print(f"\n{threads} thread{'s' * (threads > 1)} for the pixels\n{line(HEAD)}")
        for size, quality, meant, what in CASES:
            own = Ours(made, marks, size, quality)
            frames: dict[str, Frame] = {step: getattr(own, step) for step in STEPS}
            if other is not None and quality.samples == 1:
                other[0].resize(*size)
                app.make_application().processEvents()
                frames["rival"] = other[1]
            times = in_turn(frames, FRAMES if quality.samples == 1 else FINE_FRAMES)
            print(row((f"{size[0]} × {size[1]}", what), times, meant), flush=True)
    halves.THREADS = 1
    seen = view(HOME, (900, 640))
    single = {
        "new surface 101 × 101": lambda _number: field.__wrapped__(made),
        "what is under the pointer": lambda number: pick(made, seen, 450 + number, 300),
        "a race plays on: lines of one update more": growing(made, marks),
    }
    found = {name: statistics.median(wall for wall, _ in each) for name, each in in_turn(single).items()}
    print("\n" + "\n".join(f"{name}: {milliseconds:.1f}" for name, milliseconds in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
