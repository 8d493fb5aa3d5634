"""Times the landscape while it is turned: our pixels beside pyqtgraph's `GLSurfacePlotItem` in the same run.

    xvfb-run -a env QT_QPA_PLATFORM=xcb python tests/bench/relief.py        (the rival needs PyOpenGL and a display)

A frame of ours is the picture and all lines and letters above it, painted into an image; of the rival the widget's own
drawing, read back. Both turn the same surface, frame by frame in turn. Prints medians and the slowest of twenty, in
milliseconds on the wall, what was meant, and the ratio. Not a test: machines differ.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

import numpy as np
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from visualnn import app
from visualnn.gui.views.landscape.painting import image, paint
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
from visualnn.scene.landscape.picture import Quality, load, picture
from visualnn.scene.landscape.relief import Relief, relief

FRAMES = 30
TURN = 3.0  # px with the mouse, from frame to frame
CASES = (  # points, quality, milliseconds meant, what it is
    ((900, 640), Quality(1.0, 1), 14, "turned"),
    ((900, 640), Quality(1.0, 2), None, "at rest"),
    ((2560, 1600), Quality(0.5, 1), 20, "turned, half scale"),
    ((2560, 1600), Quality(0.35, 1), 20, "turned, a third of the scale"),
    ((2560, 1600), Quality(1.0, 2), None, "at rest"),
)
Frame = Callable[[int], object]


def himmelblau(size: int = 101) -> tuple[Relief, Marks]:
    """The surface with three paths."""
    surface = CLASSICS["himmelblau"]
    grid = losses(surface, Window(*surface.window), size).heights
    trails = []
    for name, rate, color in (("sgd", 0.01, 0xFFFFFF), ("momentum", 0.005, 0xFFD23F), ("adam", 0.1, 0x5CE1FF)):
        path = descend(surface, Options(Optimizer(name, rate=rate)), surface.start, 200)
        trails.append(trail(path.points, path.losses, color, name.title()))
    return relief(grid, surface.window, start=float(trails[0].losses[0])), Marks(tuple(trails))


def ours(made: Relief, marks: Marks, size: tuple[int, int], quality: Quality) -> tuple[Frame, Frame]:
    """The pixels alone, and a whole frame."""
    dark = look.load("dark")
    canvas = QImage(*size, QImage.Format.Format_RGB32)

    def pixels(number: int) -> np.ndarray:
        return picture(made, turned(HOME, TURN * number, 0), size, dark, quality=quality)

    def whole(number: int) -> None:
        camera = turned(HOME, TURN * number, 0)
        ground = image(picture(made, camera, size, dark, quality=quality))
        with QPainter(canvas) as painter:
            paint(painter, ground, overlay(made, camera, size, dark, marks=marks))

    return pixels, whole


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


def in_turn(frames: dict[str, Frame], count: int = FRAMES) -> dict[str, list[float]]:
    """Milliseconds of every frame of each, one after the other."""
    times: dict[str, list[float]] = {name: [] for name in frames}
    for number in range(-2, count):
        for name, frame in frames.items():
            begin = time.perf_counter()
            frame(number)
            if number >= 0:
                times[name].append(1000 * (time.perf_counter() - begin))
    return times


def main() -> int:
    """Prints everything."""
    app.make_application()
    print("compiled kernels:", load())
    made, marks = himmelblau()
    other = rival(made)
    for threads in (1, 2):
        halves.THREADS = threads
        print(f"\n{threads} thread{'s' * (threads > 1)}")
        for size, quality, meant, what in CASES:
            pixels, whole = ours(made, marks, size, quality)
            frames: dict[str, Frame] = {"pixels": pixels, "frame": whole}
            if other is not None and quality.samples == 1:
                other[0].resize(*size)
                app.make_application().processEvents()
                frames["GLSurfacePlotItem"] = other[1]
            times = in_turn(frames, FRAMES if quality.samples == 1 else 8)
            shown = {name: statistics.median(values) for name, values in times.items()}
            parts = [f"{name} {shown[name]:.1f} (slow {sorted(times[name])[-2]:.1f})" for name in shown]
            goal = f", meant {meant}" if meant else ""
            ratio = f", {shown['GLSurfacePlotItem'] / shown['pixels']:.2f} of it" if len(shown) > 2 else ""
            print(f"{size[0]} × {size[1]} {what}: {', '.join(parts)}{goal}{ratio}")
    halves.THREADS = 1
    seen = view(HOME, (900, 640))
    single = {
        "new surface 101 × 101": lambda _number: field.__wrapped__(made),
        "what is under the pointer": lambda number: pick(made, seen, 450 + number, 300),
        "lines and letters": lambda number: overlay(
            made, turned(HOME, number, 0), (900, 640), look.load("dark"), marks=marks
        ),
    }
    print("\n" + "\n".join(f"{name}: {statistics.median(t):.1f}" for name, t in in_turn(single).items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
