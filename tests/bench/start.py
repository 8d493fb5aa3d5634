"""Times the start of VisualNN beside that of a bare PySide6 window, in turns.

    python tests/bench/start.py [paint|cold|stall|play] … [--screen offscreen|xcb] [--times 10]

| benchmark | from | to |
|---|---|---|
| paint | exec, everything still in the system's memory | the first painted window |
| cold | the same, nothing of it in memory (root of a Linux only: the page cache is emptied) | |
| stall | the first paint | the engine is ready: the longest time in which the window's thread answered nothing |
| play | a click on *Play*, at once without a compiled kernel and with one, and when all is ready | the first update |

Prints medians, and ratios to the bare window in the same run. Not a test: machines differ. `xcb` starts an Xvfb of its
own. Modules are compiled into a folder of this run alone.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CACHE = Path("/proc/sys/vm/drop_caches")
SIZE = "1600x1000x24"
PATIENCE_S = 120
COLD_TIMES = 4

# What a process that is measured does besides: it says when the window has been painted for the first time.
EYE = """
import os, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer

class Eye(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.seen)  # when all of it is painted
        return False

    def seen(self):
        print(time.time(), flush=True)
        os._exit(0)
"""
BARE = """
from PySide6.QtWidgets import QApplication, QWidget
application, window, eye = QApplication([]), QWidget(), Eye()
window.resize(1280, 800)
window.installEventFilter(eye)
window.show()
application.exec()
"""
OURS = """
from visualnn import app
from visualnn.cli import main

def watched(window):
    show(window)
    window.eye = Eye()
    window.installEventFilter(window.eye)

show, app.MainWindow.show = app.MainWindow.show, watched
sys.exit(main(sys.argv[1:]))
"""
STALL = """
import sys, time
from PySide6.QtCore import Qt, QTimer
from visualnn import app, cli
from visualnn.gui import loader

class Watched(loader.Loader):
    # A heart that beats every millisecond from the first paint until the engine is ready.
    def __init__(self, *given):
        super().__init__(*given)
        start = app.Classes.start
        app.Classes.start = lambda classes: (self.begin(), start(classes))

    def begin(self):
        self.begun, self.last, self.longest, self.said = time.perf_counter(), time.perf_counter(), 0.0, []
        for name in ("start_ready", "desk_ready", "plot_ready", "raster_ready", "engine_ready"):
            getattr(self, name).connect(lambda name=name: self.tell(name.removesuffix("_ready")))
        self.engine_ready.connect(self.end)
        self.heart = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self.heart.timeout.connect(self.beat)
        self.heart.start()

    def beat(self):
        now = time.perf_counter()
        self.longest, self.last = max(self.longest, now - self.last), now

    def tell(self, name):
        self.beat()
        since = time.perf_counter() - self.begun
        self.said.append(f"{name} after {since * 1e3:.0f} ms, stall {self.longest * 1e3:.0f}")
        self.all = max(getattr(self, "all", 0.0), self.longest)
        self.longest = 0.0

    def end(self):
        print(f"{self.all * 1e3:.1f}|" + "; ".join(self.said), flush=True)
        self.parent().quit()

app.Loader = Watched
sys.exit(cli.main(sys.argv[1:]))
"""
PLAY = """
import sys, time
from PySide6.QtCore import QTimer
from visualnn import app, cli
from visualnn.gui import loader

READY = sys.argv.pop() == "ready"

class Watched(loader.Loader):
    def press(self):
        from visualnn.gui.document import TRAIN
        self.window.page.set_mode(TRAIN)
        self.parent().processEvents()
        if READY:  # who waits until all is ready has seen what is there, too
            QTimer.singleShot(500, self.click)
        else:
            self.click()

    def click(self):
        self.pressed = time.perf_counter()
        self.window.page.trainer.snapshot_changed.connect(self.look)
        self.window.page.transport.play_requested.emit()

    def look(self, snapshot):
        if snapshot is not None and snapshot.update > 0:
            print((time.perf_counter() - self.pressed) * 1e3, flush=True)
            self.window.page.trainer.snapshot_changed.disconnect(self.look)
            self.window.page.trainer.pause_now()
            import os
            os._exit(0)

def begin(window, loader, document):
    begun(window, loader, document)
    loader.window = window
    if READY:
        loader.engine_ready.connect(loader.press)
    else:
        loader.press()

begun, app.begin, app.Loader = app.begin, begin, Watched
sys.exit(cli.main(sys.argv[1:]))
"""


class Place:
    """Where the processes run that are measured: a screen, and folders that are nobody else's."""

    def __init__(self, folder: Path, screen: dict[str, str]):
        without = ("PYTHONDONTWRITEBYTECODE", "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        self.environment = {name: value for name, value in os.environ.items() if name not in without} | screen
        self.environment["PYTHONPYCACHEPREFIX"] = str(folder / "modules")
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA"):
            self.environment[name] = str(folder)

    def run(self, code: str, *arguments: str, **more: str) -> tuple[float, str]:
        """When a process was started and what it said."""
        command, began = [sys.executable, "-c", code, *arguments], time.time()
        environment = self.environment | more
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, env=environment)
        if done.returncode:
            sys.exit(f"A process that was measured ended with {done.returncode}.\n{done.stderr}")
        return began, done.stdout.strip()

    def first_paint_ms(self, code: str, *arguments: str) -> float:
        """From exec to the first painted window."""
        began, said = self.run(EYE + code, *arguments)
        return (float(said) - began) * 1e3


RIVALS = {"bare window": (BARE,), "start page": (OURS,), "with a document": (OURS, "adder")}


def paint(place: Place, times: int) -> None:
    """Warm."""
    for rival in RIVALS.values():
        place.first_paint_ms(*rival)
    _tell("paint", _in_turns(place, times))


def cold(place: Place, times: int) -> None:
    """With nothing in memory."""
    if not os.access(CACHE, os.W_OK):
        print("cold   only root of a Linux can empty the page cache")
        return
    for rival in RIVALS.values():
        place.first_paint_ms(*rival)
    _tell("cold", _in_turns(place, min(times, COLD_TIMES), before=_forget))


def stall(place: Place, times: int) -> None:
    """While all the rest is loaded."""
    place.run(STALL)
    for name, arguments in (("start page", ()), ("with a document", ("adder",))):
        said = [place.run(STALL, *arguments)[1].partition("|")[::2] for _ in range(min(times, 5))]
        middle = sorted(said, key=lambda one: float(one[0]))[len(said) // 2]
        print(f"stall  {name:16} {float(middle[0]):6.1f} ms median of {len(said)}: {middle[1]}")


def play(place: Place, times: int) -> None:
    """Until the first update."""
    place.run(STALL)
    for name, when in (("no kernel yet", "early"), ("compiled", "early"), ("engine ready", "ready")):
        said = []
        for _ in range(min(times, 5)):
            with tempfile.TemporaryDirectory() as empty:
                more = {"VISUALNN_CACHE_DIR": empty} if name == "no kernel yet" else {}
                said.append(float(place.run(PLAY, "adder", when, **more)[1]))
        print(f"play   {name:16} {statistics.median(said):6.1f} ms median of {len(said)} (most {max(said):.1f})")


def _in_turns(place: Place, times: int, before: object = lambda: None) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in RIVALS}
    for _ in range(times):
        for name, rival in RIVALS.items():
            before()
            taken[name].append(place.first_paint_ms(*rival))
    return taken


def _tell(what: str, taken: dict[str, list[float]]) -> None:
    bare = statistics.median(taken["bare window"])
    for name, each in taken.items():
        middle = statistics.median(each)
        print(
            f"{what:6} {name:16} {middle:6.0f} ms median of {len(each)} (least {min(each):.0f}), ×{middle / bare:.2f}"
        )


def _forget() -> None:
    os.sync()
    CACHE.write_text("3\n")


@contextmanager
def _screen(name: str) -> Iterator[dict[str, str]]:
    if name != "xcb":
        yield {"QT_QPA_PLATFORM": name}
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        yield {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{number}"}
    finally:
        server.terminate()
        server.wait()


BENCHMARKS = {"paint": paint, "cold": cold, "stall": stall, "play": play}


def main() -> None:
    """Run the benchmarks named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="paint|cold|stall|play")
    parser.add_argument("--screen", default="offscreen", choices=("offscreen", "xcb"))
    parser.add_argument("--times", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _screen(options.screen) as screen:
        place = Place(Path(folder), screen)
        for name in options.names or BENCHMARKS:
            BENCHMARKS[name](place, options.times)


if __name__ == "__main__":
    main()
