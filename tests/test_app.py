"""The program as a whole: it starts, quits, and draws its window into pictures without a screen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from visualnn import app
from visualnn.gui import theme
from visualnn.gui.main_window import MainWindow
from visualnn.nn.errors import VisualNNError
from visualnn.settings import Settings

START_AND_QUIT = """
import sys
from visualnn import app
from visualnn.gui import loader

class Quitting(loader.Loader):
    def __init__(self, application, needed):
        super().__init__(application, needed)
        self.engine_ready.connect(application.quit)

app.Loader = Quitting
sys.exit(app.run(*sys.argv[1:] or [None]))
"""


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A process of its own without a screen, with settings of its own; warnings are errors."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment |= {name: str(folder) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA")}
    environment |= {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-W", "error", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=110, check=False, env=environment)


def render(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    document, *rest = arguments
    return python(folder, "-m", "visualnn", "render", document, str(folder / "out.png"), *rest)


def color(image: QImage, x: int, y: int) -> str:
    return image.pixelColor(x, y).name()


def token(mode: str, role: str) -> str:
    return theme.load(mode).color(role).name()


# -- pictures ----------------------------------------------------------------------------------------------------------


def test_a_picture_of_step_mode(tmp_path):
    done = render(tmp_path, "adder")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    image = QImage(str(tmp_path / "out.png"))
    assert (image.width(), image.height()) == (2560, 1600)
    assert color(image, 20, 200) == token("dark", "canvas")
    assert color(image, 20, 1590) == token("dark", "panel")
    colors = {color(image, x, y) for x in range(0, 1840, 7) for y in range(100, 1300, 7)}
    assert token("dark", "posfill") in colors
    assert token("dark", "negfill") in colors


def test_a_picture_of_training_in_the_light_theme(tmp_path):
    done = render(
        tmp_path, "xor", "--mode", "train", "--step", "30", "--theme", "light", "--size", "960x640", "--scale", "1"
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    image = QImage(str(tmp_path / "out.png"))
    assert (image.width(), image.height()) == (960, 640)
    assert color(image, 10, 100) == token("light", "canvas")
    assert color(image, 10, 630) == token("light", "panel")
    # the loss has been drawn: the accent of a curve stands in the panel
    colors = {color(image, x, y) for x in range(640, 960) for y in range(50, 570, 2)}
    assert len(colors) > 50


def test_a_picture_of_the_start_page_on_a_large_window(tmp_path):
    done = render(tmp_path, "adder", "--mode", "start", "--size", "1920x1080", "--scale", "1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    image = QImage(str(tmp_path / "out.png"))
    assert (image.width(), image.height()) == (1920, 1080)
    assert color(image, 10, 10) == token("dark", "canvas")
    colors = {color(image, x, y) for x in range(0, 1920, 5) for y in range(0, 1080, 5)}
    assert {token("dark", "panel"), token("dark", "accent")} <= colors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("adder", "--step", "56"), "visualnn render: There is no step 56; this network has 55.\n"),
    ],
)
def test_a_step_that_is_none_ends_with_code_1(tmp_path, arguments, said):
    done = render(tmp_path, *arguments)
    assert (done.returncode, done.stderr) == (1, said)
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize("name", ["out.svg", "out.pdf", "out.gif", "out.mp4"])
def test_the_stage_alone_and_films(tmp_path, name):
    rest = ("--steps", "9-10", "--fps", "5") if name[-3:] in ("gif", "mp4") else ("--step", "10")
    done = python(tmp_path, "-m", "visualnn", "render", "adder", str(tmp_path / name), *rest)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    starts = {"svg": b"<?xml", "pdf": b"%PDF", "gif": b"GIF89a", "mp4": b"ftyp"}
    assert starts[name[-3:]] in (tmp_path / name).read_bytes()[:12]


# -- the same in this process ------------------------------------------------------------------------------------------


@pytest.fixture
def window(qapp):
    window = MainWindow(Settings(theme="dark", reduced_motion="on"), remember=False)
    yield window
    window.page.trainer.close()
    window.workspace.stack.setClean()
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme.appearance().set_mode("dark")
    theme.appearance().set_reduced_motion(None)


@pytest.fixture
def same_screen(monkeypatch):
    """What `render` tells the next process stays in the test."""
    monkeypatch.setenv("QT_QPA_PLATFORM", os.environ.get("QT_QPA_PLATFORM", "offscreen"))
    monkeypatch.setenv("QT_SCALE_FACTOR", "1")


def test_the_forward_pass_is_shown_if_no_step_is_asked_for(window):
    app.pose(window, "adder", "step", None)
    assert window.page.player.t == 20
    app.pose(window, "adder", "step", 0)
    assert window.page.player.t == 0
    app.pose(window, "adder", "step", 10)
    assert window.page.subtitle.text().startswith("ReLU clips")


def test_training_is_shown_after_some_updates(window):
    app.pose(window, "adder", "train", None)
    assert window.page.trainer.snapshot.update == app.RENDERED_UPDATES
    assert window.page.mode == 1


def test_training_can_be_shown_before_it_begins(window):
    app.pose(window, "adder", "train", 0)
    assert window.page.subtitle.text().startswith("Random weights, seed 0.")


def test_the_start_page_is_shown(window):
    app.pose(window, "adder", "start", None)
    assert not window.showing_document


@pytest.mark.parametrize("step", [56, 10**9])
def test_there_is_no_such_step(window, step):
    with pytest.raises(VisualNNError, match=r"There is no step .*; this network has 55\."):
        app.pose(window, "adder", "step", step)


def test_there_is_no_such_document(window, tmp_path):
    with pytest.raises(VisualNNError, match=r"none\.vnn” cannot be found: there is no such file"):
        app.pose(window, str(tmp_path / "none.vnn"), "step", None)


@pytest.mark.parametrize("mode", ["step", "train", "start"])
@pytest.mark.parametrize("name", ["dark", "light"])
def test_every_page_can_be_drawn_in_every_theme(qapp, same_screen, tmp_path, mode, name):
    app.render("adder", tmp_path / "out.png", mode=mode, theme=name, size=(960, 640), scale=1.0, step=5)
    image = QImage(str(tmp_path / "out.png"))
    assert (image.width(), image.height()) == (960, 640)
    colors = {color(image, x, y) for x in range(0, 960, 5) for y in range(0, 640, 5)}
    assert {token(name, "canvas"), token(name, "panel")} <= colors
    theme.appearance().set_mode("dark")
    theme.appearance().set_reduced_motion(None)


def test_a_picture_that_cannot_be_written_is_told(qapp, same_screen, tmp_path):
    with pytest.raises(VisualNNError, match="cannot be written"):
        app.render("adder", tmp_path / "no" / "out.png", size=(960, 640), scale=1.0)
    theme.appearance().set_reduced_motion(None)


def test_the_same_step_gives_the_same_picture(qapp, same_screen, tmp_path):
    for name in ("a.png", "b.png"):
        app.render("adder", tmp_path / name, size=(960, 640), scale=1.0, step=13)
    assert QImage(str(tmp_path / "a.png")) == QImage(str(tmp_path / "b.png"))
    theme.appearance().set_reduced_motion(None)


def test_the_stage_fills_the_size_that_was_asked_for(qapp, same_screen, tmp_path):
    app.render_stage("adder", tmp_path / "out.png", size=(960, 640), scale=1.5, step=5)
    image = QImage(str(tmp_path / "out.png"))
    assert (image.width(), image.height()) == (1440, 960)
    theme.appearance().set_reduced_motion(None)


def test_a_film_of_steps_that_are_none_is_told(qapp, same_screen, tmp_path):
    with pytest.raises(VisualNNError, match="There is no step 56"):
        app.render_film("adder", tmp_path / "out.gif", steps="50-56")
    assert list(tmp_path.iterdir()) == []
    theme.appearance().set_reduced_motion(None)


def test_after_drawing_no_window_is_left(qapp, same_screen, tmp_path):
    before = len(QApplication.topLevelWidgets())
    app.render("adder", tmp_path / "out.png", size=(960, 640), scale=1.0)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(QApplication.topLevelWidgets()) <= before
    theme.appearance().set_reduced_motion(None)


# -- running -----------------------------------------------------------------------------------------------------------


def test_there_is_one_application(qapp):
    assert app.make_application() is qapp


@pytest.mark.parametrize("document", [None, "xor"])
def test_it_starts_loads_and_quits(tmp_path, document):
    done = python(tmp_path, "-c", START_AND_QUIT, *([document] if document else []))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
