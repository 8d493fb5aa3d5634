"""What the self-test does: parts that find the stage as the one before has left it, and raise `Failure` or anything."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from math import isclose
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from visualnn import app
from visualnn.exchange.kinds import KINDS
from visualnn.files import native
from visualnn.gui.document import LANDSCAPE, STEP, TRAIN
from visualnn.gui.export import exports, picture
from visualnn.gui.loader import import_plot
from visualnn.gui.main_window import MainWindow
from visualnn.health.kernels import ahead, is_filled
from visualnn.nn.kernels import choose, reference
from visualnn.nn.training import Training
from visualnn.scene.kernels import choose as drawing
from visualnn.scene.kernels.terrain import choose as terrain
from visualnn.selftest.device import train_on_gpu
from visualnn.selftest.failure import Failure, expect
from visualnn.settings import Settings

SIZE = (960, 640)
TWO_PLUS_TWO = 3.9895875277625037  # what the adder of the examples answers
AFTER_AN_UPDATE = 5.436934698274569  # and what it answers after one with its large rate
NEAR = 1e-12  # relative: other processors may round the last digit otherwise
ALIKE = 1e-9  # and 200 updates may add that up
UPDATES = 200
MOST_COLORS = 40  # that are counted in a picture; a window that is not drawn has one or two
KERNELS = (choose.Kind("lane", "float64"), choose.HEIGHTS)  # of the training loops those that the parts need
APART = 7  # pixels from one that is looked at to the next


class Stage:
    """The window that all of it happens in, and a folder for files."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.application: QApplication = app.make_application()
        self.window = MainWindow(Settings(theme="dark", reduced_motion="on"), remember=False)

    def settle(self) -> None:
        """Let everything be drawn that is on its way."""
        app.settle(self.application, self.window)
        for _ in range(app.MOST_ROUNDS):
            self.window.page.finish()
            app.settle(self.application, self.window)
            if not self.window.page.busy:
                return
        raise Failure("The window does not come to rest.")

    def close(self) -> None:
        """Put the window away."""
        app.put_away(self.window)


class Part(NamedTuple):
    """One thing that is tried; what `do` returns is said behind its name."""

    name: str
    do: Callable[[Stage], str]


def open_window(stage: Stage) -> str:
    """The start page is drawn."""
    stage.window.resize(*SIZE)
    stage.window.show()
    app.settle(stage.application, stage.window)
    expect_drawn(stage.window.grab().toImage(), "the window")
    return stage.application.platformName()


def load_kernels(_stage: Stage) -> str:
    """What is compiled is used; what is not would take too long to compile here."""
    found = [_load(choose.PACKAGE, "-".join(kind), partial(choose.load, kind)) for kind in KERNELS]
    found += [_load(switch.folder, switch.name, switch.load) for switch in (drawing.SWITCH, terrain.SWITCH)]
    return f"{sum(found)} of {len(found)} compiled"


def step_through(stage: Stage) -> str:
    """The adder, operation by operation, until its weights are new."""
    window = stage.window
    expect(window.open_document("adder"), f"The adder cannot be opened: {window.toast.text()}")
    stage.settle()
    _expect_near(float(window.workspace.trace().output[0]), TWO_PLUS_TWO, "2 + 2")
    player = window.page.player
    for _ in range(2 * player.length):
        if player.t == player.length:
            break
        window.actions_table.run("step" if player.t < player.timeline.forward_length else "step_larger")
        stage.application.processEvents()
    expect(player.t == player.length, f"The player stands at step {player.t:g} of {player.length}.")
    expect(window.actions_table.run("next_update"), "There is no next update.")
    _expect_near(float(window.workspace.trace().output[0]), AFTER_AN_UPDATE, "2 + 2 after an update")
    window.workspace.stack.setClean()  # else opening another document asks
    return f"{player.length} steps"


def train(stage: Stage) -> str:
    """XOR learns, and as the readable loop does."""
    window, page = stage.window, stage.window.page
    expect(window.open_document("xor"), f"XOR cannot be opened: {window.toast.text()}")
    import_plot()
    page.loss.attach()
    page.set_mode(TRAIN)
    page.trainer.seek(UPDATES)
    page.trainer.settle_now()
    stage.settle()
    snapshot, project = page.trainer.snapshot, window.workspace.project
    expect(snapshot is not None and snapshot.update == UPDATES, "The training has not done what it was told.")
    plain = Training(project.network, project.data, project.options)
    first = plain.loss
    reference.Loop(plain.task).run(plain.order, plain.state, plain.control, np.empty(UPDATES), 1, UPDATES)
    same = np.allclose(snapshot.parameters, plain.parameters, rtol=ALIKE, atol=ALIKE)
    expect(same, "The compiled training leads to other weights than the readable one.")
    expect(snapshot.loss < first, f"The loss went from {first:.6g} to {snapshot.loss:.6g}.")
    return f"loss {snapshot.loss:.6f}"


def keep(stage: Stage) -> str:
    """Saved, opened, saved again: the same to the bit."""
    window, path = stage.window, stage.folder / "kept.vnn"
    work = window.work()
    native.write(path, work)
    window.workspace.stack.setClean()
    expect(window.open_document(str(path)), f"What was saved cannot be opened: {window.toast.text()}")
    _expect_same(window.workspace.project.parameters, work.project.parameters)
    window.workspace.edit(window.workspace.project.with_notes("Kept."), "Notes")
    expect(window.documents.save() and window.documents.settle(), "The document cannot be saved.")
    expect(native.read(path).notes == "Kept.", "What was saved is not what was to be saved.")
    return f"{path.stat().st_size} bytes"


def draw(stage: Stage) -> str:
    """The network as a picture of pixels, and of curves."""
    stage.window.page.set_mode(STEP)
    stage.settle()
    shot, png, svg = exports.shot(stage.window.page), stage.folder / "network.png", stage.folder / "network.svg"
    picture.write_png(shot, png)
    picture.write_svg(shot, svg)
    image = QImage(str(png))
    expect_drawn(image, "the picture")
    expect("</svg>" in svg.read_text(encoding="utf-8"), "The drawing is not complete.")
    return f"{image.width()}×{image.height()}"


def program(stage: Stage) -> str:
    """The network as a program in Python, which runs and answers the same."""
    project = stage.window.workspace.project
    files = KINDS["python"].make(project)
    name, text = next((name, text) for name, text in files.items() if name.endswith(".py"))
    made: dict[str, object] = {"__name__": "made"}
    exec(compile(text, name, "exec"), made)
    expect(callable(made.get("run")), "The program has no function “run”.")
    inputs = [float(x) for x in project.sample]
    _expect_near(made["run"](*inputs), float(stage.window.workspace.trace().output[0]), "The program")
    return f"{len(text.splitlines())} lines"


def look_around(stage: Stage) -> str:
    """The loss around the network, as a landscape."""
    page = stage.window.page
    page.set_mode(LANDSCAPE)
    stage.settle()
    expect(page.lookout.tour.scout.relief is not None, "There is no landscape.")
    expect_drawn(stage.window.grab().toImage(), "the landscape")
    return ""


PARTS = (
    Part("window", open_window),
    Part("kernels", load_kernels),
    Part("stepping", step_through),
    Part("training", train),
    Part("gpu", lambda _stage: train_on_gpu()),
    Part("file", keep),
    Part("picture", draw),
    Part("program", program),
    Part("landscape", look_around),
)


def expect_drawn(image: QImage, what: str) -> None:
    """Raises `Failure` if there are next to no colours in a picture."""
    across, down = range(0, image.width(), APART), range(0, image.height(), APART)
    colors = {image.pixel(x, y) for x in across for y in down}
    expect(len(colors) >= MOST_COLORS, f"There is nothing in {what}: {len(colors)} colours.")


def _load(folder: Path, name: str, load: Callable[[], bool]) -> bool:
    """Whether loops are in use from now on."""
    try:
        is_compiled = is_filled(folder, name)
    except ImportError:  # no Numba
        is_compiled = False
    if not (is_compiled or getattr(sys, "frozen", False)):
        return False
    is_loaded = load()
    expect(is_loaded or ahead() == "", f"The compiled kernel {name} cannot be loaded.")  # "": an older processor
    return is_loaded


def _expect_near(found: float, known: float, what: str) -> None:
    expect(isclose(found, known, rel_tol=NEAR), f"{what} gives {found!r} instead of {known!r}.")


def _expect_same(found: np.ndarray, known: np.ndarray) -> None:
    expect(np.array_equal(found, known), "The parameters that were opened are not those that were saved.")
