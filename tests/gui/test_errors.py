"""One sentence for what was expected, one dialog and a log for what was not."""

import sys
import threading

import pytest
from PySide6.QtCore import Qt, QtMsgType, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from visualnn.gui import errors
from visualnn.health import places
from visualnn.nn.errors import VisualNNError


@pytest.fixture
def sentences():
    return []


@pytest.fixture
def watch(qtbot, tmp_path, sentences, monkeypatch):
    monkeypatch.setattr(sys, "__excepthook__", lambda *_: None)  # the terminal is not what is tested
    watch = errors.install(folder=tmp_path / "logs", expected=sentences.append)
    yield watch
    watch.uninstall()
    watch.deleteLater()


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except type(error) as caught:
        return caught


def hook(error: BaseException) -> None:
    sys.excepthook(type(error), error, error.__traceback__)


def log_text(tmp_path) -> str:
    return (tmp_path / "logs" / places.LOG_NAME).read_text(encoding="utf-8")


def test_an_expected_problem_is_one_sentence(watch, sentences):
    hook(raised(VisualNNError("The file is newer than this program.")))
    assert sentences == ["The file is newer than this program."]
    assert watch.dialog() is None


def test_an_unexpected_one_is_logged_and_shown(watch, tmp_path):
    hook(raised(ZeroDivisionError("by zero")))
    assert watch.dialog() is not None
    assert "by zero" in watch.dialog().informativeText()
    assert "ZeroDivisionError: by zero" in log_text(tmp_path)


def test_never_a_second_dialog(watch, tmp_path):
    hook(raised(ValueError("first")))
    first = watch.dialog()
    hook(raised(ValueError("second")))
    assert watch.dialog() is first
    assert "second" in log_text(tmp_path)


def test_after_it_is_closed_another_may_come(watch, qtbot):
    hook(raised(ValueError("first")))
    qtbot.keyClick(watch.dialog(), Qt.Key.Key_Escape)
    assert watch.dialog() is None
    hook(raised(ValueError("second")))
    assert "second" in watch.dialog().informativeText()


def test_details_are_copied_and_the_dialog_stays(watch, qtbot):
    hook(raised(ValueError("first")))
    qtbot.mouseClick(watch.dialog().copy_button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert "ValueError: first" in copied
    assert "VisualNN" in copied
    assert watch.dialog() is not None
    assert watch.dialog().copy_button.text() == "Copied"


def test_an_error_of_another_thread_comes_to_this_one(watch, qtbot, sentences):
    def fail(error):
        raise error

    for error in (ValueError("in a thread"), VisualNNError("A sentence.")):
        thread = threading.Thread(target=fail, args=(error,))
        thread.start()
        thread.join()
    qtbot.waitUntil(lambda: watch.dialog() is not None and bool(sentences))
    assert "in a thread" in watch.dialog().informativeText()
    assert sentences == ["A sentence."]


def test_an_error_in_a_slot_is_seen(watch, qtbot):
    box = QMessageBox()
    qtbot.addWidget(box)

    def fail(_title):
        raise LookupError("in a slot")

    box.windowTitleChanged.connect(fail)
    box.setWindowTitle("x")
    assert "in a slot" in watch.dialog().informativeText()


def test_what_qt_says_is_logged(watch, tmp_path):
    qWarning("a word from Qt")
    watch._on_qt_message(QtMsgType.QtCriticalMsg, None, "a loud word")
    assert "WARNING qt: a word from Qt" in log_text(tmp_path)
    assert "ERROR qt: a loud word" in log_text(tmp_path)


def test_interrupting_is_no_error(watch, monkeypatch):
    heard = []
    monkeypatch.setattr(watch, "_python", lambda *args: heard.append(args[0]))
    hook(raised(KeyboardInterrupt()))
    assert heard == [KeyboardInterrupt]
    assert watch.dialog() is None


def test_report_is_the_same(watch):
    watch.report(raised(ValueError("reported")))
    assert "reported" in watch.dialog().informativeText()


def test_uninstalled_it_leaves_no_trace(qtbot, tmp_path):
    before = sys.excepthook, threading.excepthook
    watch = errors.install(folder=tmp_path)
    assert sys.excepthook != before[0]
    watch.uninstall()
    assert (sys.excepthook, threading.excepthook) == before
    watch.deleteLater()


def test_a_folder_that_cannot_be_made_is_no_obstacle(qtbot, tmp_path):
    (tmp_path / "file").write_text("in the way")
    watch = errors.install(folder=tmp_path / "file" / "logs")
    watch.uninstall()
    watch.deleteLater()


def test_the_log_lies_in_the_users_folder():
    assert "visualnn" in str(places.log_folder())
