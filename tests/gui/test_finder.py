"""What macOS hands to the program is opened once a window is there, and by one question at a time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from visualnn.gui.finder import Finder

ROOT = Path(__file__).resolve().parents[2]
EVENTS = """
import json, sys
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QWidget
from visualnn.app import make_application

application, opened = make_application(), []
for name in ("one", "two"):
    QCoreApplication.sendEvent(application, QFileOpenEvent(f"/nets/{name}.vnn"))
application.processEvents()
window = QWidget()
window.show()
application.finder.hand_to(window, opened.append)
application.processEvents()
QCoreApplication.sendEvent(application, QFileOpenEvent(QUrl.fromLocalFile("/nets/a b.vnn")))
application.processEvents()
window.close()
print(json.dumps(opened))
"""


@pytest.fixture
def window(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def finder(qapp: QApplication):
    made = Finder(qapp)
    yield made
    made.deleteLater()


def settle() -> None:
    for _ in range(3):
        QCoreApplication.processEvents()


def test_events_of_macos_are_opened_those_that_came_before_the_window_too():
    told = subprocess.run((sys.executable, "-c", EVENTS), cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == ["/nets/two.vnn", "/nets/a b.vnn"]


def test_a_minimised_window_comes_back_with_the_document(finder: Finder, window: QWidget):
    opened = []
    finder.hand_to(window, opened.append)
    window.setWindowState(Qt.WindowState.WindowMinimized)
    finder.ask("a.vnn")
    settle()
    assert opened == ["a.vnn"]
    assert not window.isMinimized()


def test_what_comes_while_a_question_is_open_waits_for_the_answer(finder: Finder, window: QWidget, qtbot):
    opened, question = [], QDialog(window)
    finder.hand_to(window, opened.append)
    question.open()
    finder.ask("a.vnn")
    settle()
    assert opened == []
    question.accept()
    qtbot.waitUntil(lambda: opened == ["a.vnn"])


def test_what_comes_while_another_is_being_opened_is_opened_after_it(finder: Finder, window: QWidget):
    opened = []

    def open_document(name: str) -> None:
        if name == "first.vnn":
            finder.ask("second.vnn")
            settle()
        opened.append(name)

    finder.hand_to(window, open_document)
    finder.ask("first.vnn")
    settle()
    assert opened == ["first.vnn", "second.vnn"]


def test_a_document_that_cannot_be_opened_does_not_stop_the_next(finder: Finder, window: QWidget, qtbot):
    opened = []

    def open_document(name: str) -> None:
        if name == "bad.vnn":
            raise ValueError(name)
        opened.append(name)

    finder.hand_to(window, open_document)
    with qtbot.captureExceptions() as failures:
        finder.ask("bad.vnn")
        settle()
    finder.ask("good.vnn")
    settle()
    assert len(failures) == 1
    assert opened == ["good.vnn"]
