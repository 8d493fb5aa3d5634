"""A learner at the real window: presses its keys, points at its stage, and leaves nothing behind."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from visualnn.gui import theme
from visualnn.gui.clock import FrameClock
from visualnn.gui.main_window import MainWindow
from visualnn.gui.tasks import Newest
from visualnn.scene.frame import Place
from visualnn.settings import Settings

LEFT = Qt.MouseButton.LeftButton
NOTHING = Qt.KeyboardModifier.NoModifier
FRAME_S = 0.016
PATIENCE_MS = 20_000


class Learner:
    """Somebody at the window. Time on its clock passes only when the learner lets it pass."""

    def __init__(self, window: MainWindow, qtbot: Any):
        self.window, self.qtbot = window, qtbot
        self.page = window.page
        self.stage, self.player, self.trainer = self.page.stage, self.page.player, self.page.trainer

    # -- keys ------------------------------------------------------------------------------------------------------

    def press(self, *keys: str | Qt.Key, modifiers: Qt.KeyboardModifier = NOTHING) -> None:
        """Keys one after the other, to whatever has the focus: ``press("Ctrl+Z", Qt.Key.Key_Tab)``."""
        for key in keys:
            code, held = (key, modifiers) if isinstance(key, Qt.Key) else combination(key)
            QTest.keyClick(self.window.windowHandle(), code, held)

    def type(self, text: str) -> None:
        """A text, letter by letter, into whatever has the focus."""
        widget = QApplication.focusWidget()
        assert widget is not None
        for letter in text:
            if letter.isascii():
                QTest.keyClicks(widget, letter)
            else:  # which QTest cannot type
                QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, 0, NOTHING, letter))

    # -- pointer ---------------------------------------------------------------------------------------------------

    def at(self, place: Place) -> QPoint:
        """Where a place is on the stage."""
        point = self.stage.position_of(place)
        assert point is not None, f"{place} is not drawn"
        return point.toPoint()

    def click(self, place: Place) -> None:
        """A click on a place of the stage."""
        self.qtbot.mouseClick(self.stage, LEFT, pos=self.at(place))

    def double_click(self, place: Place) -> None:
        """What the window system sends for a double click."""
        self.click(place)
        self.qtbot.mouseDClick(self.stage, LEFT, pos=self.at(place))

    def grab(self, place: Place) -> QPoint:
        """Take hold of a number; where."""
        point = self.at(place)
        self.qtbot.mousePress(self.stage, LEFT, pos=point)
        return point

    def pull(self, point: QPoint, held: Qt.KeyboardModifier = NOTHING, widget: QWidget | None = None) -> None:
        """Move the pointer there with the button down."""
        move(widget or self.stage, point, LEFT, held)

    def drag(self, place: Place, pixels: int, held: Qt.KeyboardModifier = NOTHING) -> None:
        """Drag a number on the stage by so many pixels, counted from where the drag began."""
        start = self.grab(place)
        self.pull(start + QPoint(3, 0), held)
        for part in (0.25, 0.5, 1.0):
            self.pull(start + QPoint(3 + round(pixels * part), 0), held)
        self.qtbot.mouseRelease(self.stage, LEFT, held, start + QPoint(3 + pixels, 0))

    def push(self, button: QWidget) -> None:
        """A click on a button."""
        assert button.isVisible(), f"{button.accessibleName()} is not to be seen"
        self.qtbot.mouseClick(button, LEFT)

    # -- time ------------------------------------------------------------------------------------------------------

    def wait(self, seconds: float) -> None:
        """Let time pass, frame by frame."""
        for _ in range(round(seconds / FRAME_S)):
            self.window.clock.advance(FRAME_S)

    def rest(self, most_seconds: float = 60.0) -> None:
        """Let time pass until the pass stands still."""
        frames = 0
        while self.player.moving:
            self.window.clock.advance(FRAME_S)
            frames += 1
            assert frames * FRAME_S < most_seconds, "it never stops"

    def learn(self) -> None:
        """Let the training thread do what it was told, and the window hear of it."""
        self.until(lambda: not self.trainer.running and not self.trainer._resting)

    def until(self, condition: Callable[[], bool]) -> None:
        """Frames, until something is so."""

        def check() -> bool:
            self.window.clock.advance(FRAME_S)
            return condition()

        self.qtbot.waitUntil(check, timeout=PATIENCE_MS)

    # -- what is to be seen ----------------------------------------------------------------------------------------

    @property
    def subtitle(self) -> str:
        """The sentence under the stage."""
        return self.page.subtitle.text()

    @property
    def texts(self) -> list[str]:
        """Everything written on the stage."""
        frame = self.stage.frame()
        return frame.texts() if frame else []

    @property
    def project(self) -> Any:
        """The project on the table."""
        return self.window.workspace.project


def combination(text: str) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    """A key and what is held with it, from a text such as "Ctrl+Shift+Z"."""
    pressed = QKeySequence(text)[0]
    return pressed.key(), pressed.keyboardModifiers()


def move(widget: QWidget, point: QPoint, buttons: Qt.MouseButton, held: Qt.KeyboardModifier = NOTHING) -> None:
    """The pointer moves over a widget."""
    local = QPointF(point)
    event = QMouseEvent(QEvent.Type.MouseMove, local, widget.mapToGlobal(local), Qt.MouseButton.NoButton, buttons, held)
    QApplication.sendEvent(widget, event)


@pytest.fixture
def settings() -> Settings:
    """What the window starts with; a test may give its own."""
    return Settings(theme="dark", reduced_motion="off")


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No clock runs by itself: only `advance` lets time pass."""
    monkeypatch.setattr(FrameClock, "_is_seen", lambda self: False)


@pytest.fixture
def open_window(qapp: QApplication, qtbot: Any) -> Iterator[Callable[..., MainWindow]]:
    """Opens windows and puts them away after the test."""
    opened: list[MainWindow] = []

    def make(settings: Settings | None = None, *, remember: bool = False) -> MainWindow:
        window = MainWindow(settings or Settings(theme="dark", reduced_motion="off"), remember=remember)
        opened.append(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield make
    for window in opened:
        put_away(window)
    theme.appearance().set_mode("dark")
    theme.appearance().set_reduced_motion(None)


@pytest.fixture
def window(open_window: Callable[..., MainWindow], settings: Settings, stopped_clock: None) -> MainWindow:
    """The open window on its start page."""
    return open_window(settings)


@pytest.fixture
def learner(window: MainWindow, qtbot: Any) -> Learner:
    """Somebody at the window, on the start page."""
    return Learner(window, qtbot)


@pytest.fixture
def adder(learner: Learner) -> Learner:
    """Somebody who has opened the adder."""
    learner.window.open_document("adder")
    return learner


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> Questions:
    """What the window asks, and what it is answered."""
    asked = Questions()
    monkeypatch.setattr(QMessageBox, "exec", lambda box: asked.answer(box))
    return asked


class Questions:
    """Answers message boxes; without an answer prepared, a question is a mistake."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: list[QMessageBox.StandardButton] = []

    def answer(self, box: QMessageBox) -> QMessageBox.StandardButton:
        """Stands in for `QMessageBox.exec`."""
        self.asked.append(box.text())
        assert self.answers, f"nobody expected the question {box.text()}"
        return self.answers.pop(0)


def put_away(window: MainWindow) -> None:
    """Close a window without a question, and delete it."""
    if not shiboken6.isValid(window):
        return
    window.page.trainer.close()
    for thread in window.findChildren(Newest):
        thread.wait(PATIENCE_MS / 1000)  # on a busy machine longer than a window that is closed waits
    window.workspace.stack.setClean()
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True, scope="module")
def _what_was_there_before_is_not_searched() -> None:
    """Modules and compiled kernels are a million objects, which `running_timers` would go through after every test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _nothing_survives() -> Iterator[None]:
    """Fails a test that leaves a window, a running timer or a thread behind."""
    before = set(top_levels())
    threads = set(threading.enumerate())
    yield
    if QApplication.instance() is None:
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for pointer, widget in top_levels().items() if pointer not in before]
    timers = running_timers()
    running = [thread.name for thread in threading.enumerate() if thread not in threads]
    found = [*map(str, left), *map(str, timers), *running]
    for widget in left:
        widget.deleteLater()
    for timer in timers:
        timer.stop()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if found:
        pytest.fail(f"left behind: {', '.join(found)}")


def top_levels() -> dict[int, QWidget]:
    """All windows but the tooltip's, which Qt keeps, by where they lie in memory."""
    if QApplication.instance() is None:
        return {}
    found = [w for w in QApplication.topLevelWidgets() if w.metaObject().className() != "QTipLabel"]
    return {shiboken6.getCppPointer(widget)[0]: widget for widget in found}


def running_timers() -> list[QTimer]:
    """All timers of Python objects that run."""
    found = [each for each in gc.get_objects() if issubclass(type(each), QTimer)]
    return [timer for timer in found if shiboken6.isValid(timer) and timer.isActive()]
