"""How long the window's thread is busy with a frame while a race over a landscape is played.

    python tests/bench/landscape_window.py

Prints the median, the 95th percentile and the longest of the frames, in milliseconds of that thread's own time: the
tick, and all that is painted because of it. Judges nothing.
"""

from __future__ import annotations

import os
import statistics
from time import thread_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from visualnn import app
from visualnn.gui.clock import FrameClock
from visualnn.gui.main_window import MainWindow
from visualnn.nn.kernels import choose
from visualnn.scene.kernels.terrain import choose as terrain
from visualnn.settings import Settings

FRAMES, FRAME_S = 200, 1 / 60
SURFACES = ("weights", "path", "slice", "random")
EXAMPLES = ("race-twins", "race-rosenbrock", "race-himmelblau")


def main() -> None:
    """Print the table."""
    FrameClock._is_seen = lambda _clock: False  # no time passes but in the frames that are counted
    application = app.make_application()
    terrain.load()
    choose.load(choose.HEIGHTS)
    window = MainWindow(Settings(theme="dark", reduced_motion="on"), remember=False)
    window.resize(1440, 900)
    window.show()
    window.open_document("adder")
    window.page.set_mode(2)
    print("race over                 median   95 %    most  ms")
    for surface in SURFACES:
        window.page.lookout.tour.choose_surface(surface)
        report(f"adder, {surface}", frames(application, window))
    for example in EXAMPLES:
        window.page.show_example(example)
        report(example, frames(application, window))
    window.workspace.stack.setClean()
    window.close()


def frames(application, window) -> list[float]:
    """Milliseconds of each frame."""
    settle(application, window)
    window.page.lookout.scrub(0)
    settle(application, window)
    window.page.toggle()
    took = []
    for _ in range(FRAMES):
        begin = thread_time()
        window.clock.advance(FRAME_S)
        application.processEvents()
        took.append(1000 * (thread_time() - begin))
    window.page.lookout.tour.scout.pause()
    return sorted(took)


def settle(application, window) -> None:
    """Until all is known and drawn."""
    for _ in range(3):
        window.page.finish()
        window.clock.advance(FRAME_S)
        application.processEvents()


def report(name: str, took: list[float]) -> None:
    """A line."""
    print(f"{name:24s} {statistics.median(took):7.1f} {took[int(0.95 * len(took))]:7.1f} {took[-1]:7.1f}", flush=True)


if __name__ == "__main__":
    main()
