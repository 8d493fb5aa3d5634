"""Builds everything once: QApplication, theme, errors, window. Also draws the window without a screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

from visualnn import __version__, settings
from visualnn.gui import errors
from visualnn.gui.classes import Classes
from visualnn.gui.finder import Application
from visualnn.gui.loader import Loader, import_plot
from visualnn.gui.main_window import MainWindow
from visualnn.gui.termination import Termination
from visualnn.nn.errors import VisualNNError

if TYPE_CHECKING:
    from visualnn.gui.export.landscape import Shown
    from visualnn.nn.kernels import choose
    from visualnn.scene.landscape.flight import Footage
    from visualnn.scene.landscape.ramp import Palette
    from visualnn.scene.timeline import Grain

SWITCH_SECONDS = 0.001  # keeps frames steady while other Python threads work (default: 0.005)
LARGE_FROM = 1800  # logical width from which the whole interface is drawn larger
LARGE = 1.15
RENDERED_UPDATES = 200
SETTLE_SECONDS, SETTLE_ROUNDS = 10.0, 50
MOST_ROUNDS = 8
PAINTED_MS = 50  # so long nothing is loaded beside a document that is being painted for the first time
LOADER_SECONDS = 5.0  # the program that was closed at once waits so long for what is being imported


def run(document: str | None) -> int:
    """Open the window, with a document or with the start page, and return when it is closed."""
    sys.setswitchinterval(SWITCH_SECONDS)
    application = make_application()
    window = MainWindow(settings.load(), at_once=False, blank=document is not None)
    termination = Termination(window)
    termination.requested.connect(partial(leave, window))
    watch = errors.install(application, expected=window.say)
    loader = Loader(application, partial(needed_kernel, window))
    loader.start_ready.connect(window.start.come_alive)
    loader.desk_ready.connect(window.furnish)
    window.furnished.connect(partial(begin, window, loader, document))
    window.furnished.connect(lambda: application.finder.hand_to(window, window.intake.open))
    classes = Classes(application)
    classes.made.connect(loader.start)
    window.painted.connect(classes.start)
    window.show()
    code = application.exec()
    termination.uninstall()
    loader.rest(LOADER_SECONDS)  # a thread inside Qt and a window half collected crash the end of the process
    put_away(window)
    watch.uninstall()
    return code


def begin(window: MainWindow, loader: Loader, document: str | None) -> None:
    """Everything is made: open the document, and have loaded what only work needs.

    A document that was dropped on the window meanwhile is the later wish.
    """
    if document is not None and window.workspace.project is None:
        window.setUpdatesEnabled(False)  # what is opened is painted in a turn of its own
        QTimer.singleShot(0, window, partial(window.setUpdatesEnabled, True))
        if not window.open_document(document):
            window.go_home()
    loader.plot_ready.connect(window.page.loss.attach)
    loader.raster_ready.connect(window.page.stage.redraw)
    loader.landscape_ready.connect(window.page.lookout.redraw)
    loader.engine_ready.connect(loader.prepare_landscape)
    loader.engine_ready.connect(window.page.devices.look)
    loader.gpu_loaded.connect(window.page.devices.take_loaded)
    window.page.devices.gpu_wanted.connect(loader.load_gpu)
    window.page.lookout.begun.connect(loader.load_landscape)
    window.page.subpages.opened.connect(loader.load_page)
    window.unsaved.tell()
    QTimer.singleShot(PAINTED_MS, loader.go_on)
    window.press_kept()


def leave(window: MainWindow) -> None:
    """The program is asked to end: keep what is not saved. Before everything is made nothing can be."""
    if window.is_furnished:
        window.unsaved.leave()
    else:
        QCoreApplication.exit(0)


def needed_kernel(window: MainWindow) -> choose.Kind | None:
    """Which compiled loop the open document trains with."""
    from visualnn.nn.kernels import choose

    project = window.workspace.project
    return choose.kind_of(project.network, project.options) if project is not None else None


def render(
    document: str,
    out: Path | str,
    *,
    mode: str = "step",
    step: int | None = None,
    theme: str = "dark",
    size: tuple[int, int] = (1280, 800),
    scale: float = 2.0,
) -> None:
    """Draw the real window offscreen into a PNG of size × scale pixels.

    `step` is an operation in step mode, an update in train mode. Raises `VisualNNError` if there is no such step or
    the file cannot be written.
    """
    factor = LARGE if size[0] >= LARGE_FROM else 1.0
    inside = -int(-size[0] // factor), -int(-size[1] // factor)
    with drawn(document, mode, step, theme=theme, size=inside, scale=scale * factor) as window:
        picture = window.grab().toImage()
    picture = picture.copy(0, 0, round(size[0] * scale), round(size[1] * scale))
    picture.setDevicePixelRatio(1.0)
    if not picture.save(str(out)):
        raise VisualNNError(f"{out} cannot be written.")


def render_stage(
    document: str,
    out: Path,
    *,
    mode: str = "step",
    step: int | None = None,
    theme: str = "dark",
    size: tuple[int, int] = (1280, 800),
    scale: float = 2.0,
) -> None:
    """Draw the network with its sentence into a PNG of size × scale pixels, an SVG or a PDF.

    Raises `VisualNNError` as `render` does.
    """
    from visualnn.gui.export import exports, picture

    with drawn(document, mode, step, theme=theme, size=size) as window:
        _fill(window, size)
        made = exports.shot(window.page)
    assert made is not None
    if out.suffix.lower() == ".png":
        picture.write_png(made, out, scale)
    else:
        picture.WRITERS[out.suffix.lower()](made, out)


def render_landscape(
    footage: Footage,
    out: Path,
    *,
    theme: str = "dark",
    palette: Palette = "even",
    shown: Shown = "relief",
    size: tuple[int, int] = (1280, 800),
    scale: float = 2.0,
    fps: float | None = None,
    report: Callable[[int, int], None] = lambda done, whole: None,
) -> None:
    """Draw a landscape at the end of its race into a PNG of size × scale pixels, an SVG or a PDF, or all of the race
    into a GIF or an MP4 of `size` pixels. Raises `VisualNNError` if the file cannot be written.
    """
    from visualnn.gui.export import encoders, flight, landscape, landscape_picture
    from visualnn.scene import look
    from visualnn.scene.landscape.picture import load
    from visualnn.scene.landscape.standpoint import facing

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    make_application()
    load()
    (marks, headline), relief, suffix = footage.scene(footage.updates), footage.relief, out.suffix.lower()
    shot = landscape.LandscapeShot(
        relief,
        look.load(theme),
        marks,
        facing(relief, marks),
        palette=palette,
        size=size,
        headline=headline,
        captions=footage.captions,
        title=footage.title,
        shown=shown,
    )
    films = {ending: (usual, write) for ending, usual, write in encoders.FILMS.values()}
    if suffix in films:
        usual, write = films[suffix]
        write(flight.LandscapeFilm(shot, footage.scene, footage.updates, size, fps or usual), out, report)
    elif suffix == ".png":
        landscape_picture.write_png(shot, out, report, ratio=scale)
    else:
        landscape_picture.WRITERS[suffix](shot, out, report)


def render_film(
    document: str,
    out: Path,
    *,
    steps: str = "all",
    grain: Grain = "operation",
    theme: str = "dark",
    size: tuple[int, int] = (1280, 800),
    seconds: float | None = None,
    fps: float | None = None,
    report: Callable[[int, int], None] = lambda done, whole: None,
) -> None:
    """Draw steps into a GIF or an MP4 of `size` pixels; `report` is told how many frames of how many are done.

    Raises `VisualNNError` if there are no such steps or the file cannot be written.
    """
    from visualnn.gui.export import encoders, exports, film

    kind = out.suffix.lower().removeprefix(".").upper()
    _suffix, usual, write = encoders.FILMS[kind]
    with drawn(document, "step", 0, theme=theme, size=(1280, 800)) as window:
        _fill(window, (1280, round(1280 * size[1] / size[0])))
        timeline = window.page.player.timeline
        assert timeline is not None
        cut, pace = film.cut_of(steps, timeline, grain), film.Pace(seconds or film.SECONDS, fps or usual)
        made = exports.film(window.page, cut, pace, size)
    assert made is not None
    write(made, out, report)


@contextmanager
def drawn(
    document: str, mode: str, step: int | None, *, theme: str, size: tuple[int, int], scale: float = 1.0
) -> Iterator[MainWindow]:
    """A window without a screen in which everything has been drawn; gone afterwards."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = repr(scale)
    application = make_application()
    window = MainWindow(settings.Settings(theme=theme, reduced_motion="on"), remember=False)
    try:
        window.setMinimumSize(1, 1)
        window.resize(*size)
        pose(window, document, mode, step)
        QCursor.setPos(0, window.height() // 2)  # nothing shall look as if the pointer were on it
        window.show()
        settle(application, window)
        for _ in range(MOST_ROUNDS):  # what is made beside the window may call for more
            window.page.finish()
            settle(application, window)
            if not window.page.busy:
                break
        yield window
    finally:
        put_away(window)


def _fill(window: MainWindow, size: tuple[int, int]) -> None:
    """Give the stage the whole picture but for its sentence."""
    from visualnn.gui.export.shot import SUBTITLE_HEIGHT

    window.page.stage.resize(size[0], round(size[1] - SUBTITLE_HEIGHT))


def put_away(window: MainWindow) -> None:
    """Close a window without a question and delete it now, not whenever Python collects it."""
    if window.is_furnished:
        window.page.trainer.close()
        window.workspace.close()
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


def pose(window: MainWindow, document: str, mode: str, step: int | None) -> None:
    """Put a window into the state that is to be drawn. Raises `VisualNNError` if there is no such step."""
    if not window.open_document(document):
        raise VisualNNError(window.toast.text())
    if mode == "start":
        window.workspace.close()
        window.go_home()
    elif mode == "train":
        _pose_training(window, RENDERED_UPDATES if step is None else step)
    else:
        player = window.page.player
        step = player.timeline.forward_length if step is None and player.timeline else step or 0
        if step > player.length:
            raise VisualNNError(f"There is no step {step:,}; this network has {player.length:,}.")
        player.seek(step)


def _pose_training(window: MainWindow, updates: int) -> None:
    from visualnn.nn.kernels import choose

    import_plot()
    choose.load()
    page = window.page
    page.loss.attach()
    page.set_mode(1)
    if updates:
        page.trainer.seek(updates)
        page.trainer.settle_now()


def settle(application: QCoreApplication, window: MainWindow) -> None:
    """Let layouts, fades and thumbnails come to rest."""
    end = perf_counter() + SETTLE_SECONDS
    rounds = 0
    while rounds < SETTLE_ROUNDS or (window.start.is_busy() and perf_counter() < end):
        application.processEvents()
        rounds += 1
    window.repaint()
    application.processEvents()


def make_application() -> QApplication:
    """The one QApplication, named for the desktop."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    application = Application(sys.argv[:1])
    application.setApplicationName("VisualNN")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("visualnn")
    return application
