"""What happens when something goes wrong: an expected problem is one sentence, any other is logged and shown once.

`install` takes over Python's and Qt's last-resort hooks until `Watch.uninstall`.
"""

import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QObject, QtMsgType, Signal, qInstallMessageHandler, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox, QWidget

import visualnn
from visualnn.health.places import LOG_NAME, log_folder
from visualnn.nn.errors import VisualNNError

LOG_BYTES = 1_000_000
QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
log = logging.getLogger(__name__)
qt_log = logging.getLogger("qt")


def details(error: BaseException) -> str:
    """What a bug report needs: the versions and the traceback."""
    system = (
        f"VisualNN {visualnn.__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
    )
    return f"{system}\n\n{''.join(traceback.format_exception(error))}"


class Watch(QObject):
    """Holds the hooks.  `expected` is what a toast shows; errors of other threads arrive here by signal."""

    expected = Signal(str)
    _told = Signal(str)
    _failed = Signal(object)

    def __init__(self, parent: QObject | None = None, folder: Path | None = None):
        super().__init__(parent)
        self._dialog: ErrorDialog | None = None
        self._handler = _log_handler(folder or log_folder())
        self._told.connect(self._tell)  # a connection to this object brings both to its thread
        self._failed.connect(self._show)
        self._python, self._thread = sys.excepthook, threading.excepthook
        logging.getLogger().addHandler(self._handler)
        sys.excepthook, threading.excepthook = self._on_error, self._on_thread_error
        self._qt = qInstallMessageHandler(self._on_qt_message)

    def uninstall(self) -> None:
        """Gives the hooks back and closes the log."""
        sys.excepthook, threading.excepthook = self._python, self._thread
        qInstallMessageHandler(self._qt)
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()
        if self._dialog is not None:
            self._dialog.close()

    def dialog(self) -> "ErrorDialog | None":
        """The dialog that is open."""
        return self._dialog

    def report(self, error: BaseException) -> None:
        """Handles an error from any thread: one sentence if it was expected, else log and dialog."""
        self._on_error(type(error), error, error.__traceback__)

    def _on_error(self, kind: type[BaseException], error: BaseException, trace) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._python(kind, error, trace)
        elif isinstance(error, VisualNNError):
            log.info("%s", error)
            self._told.emit(str(error))
        else:
            if sys.stderr is not None:
                sys.__excepthook__(kind, error, trace)
            log.critical("Unexpected error", exc_info=(kind, error, trace))
            self._failed.emit(error)

    def _on_thread_error(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            self._on_error(args.exc_type, args.exc_value, args.exc_traceback)

    def _on_qt_message(self, level: QtMsgType, context, message: str) -> None:
        qt_log.log(QT_LEVELS.get(level, logging.WARNING), "%s", message)

    def _tell(self, sentence: str) -> None:
        self.expected.emit(sentence)

    def _show(self, error: BaseException) -> None:
        if self._dialog is not None or QGuiApplication.instance() is None:
            return
        self._dialog = ErrorDialog(error, _log_path(self._handler), QApplication.activeWindow())
        self._dialog.finished.connect(self._on_finished)
        self._dialog.open()

    def _on_finished(self, _result: int) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()


class ErrorDialog(QMessageBox):
    """Says that something broke, and puts the details on the clipboard when asked."""

    def __init__(self, error: BaseException, log_path: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._details = details(error)
        self.setWindowTitle("VisualNN")
        self.setIcon(QMessageBox.Icon.Warning)
        self.setText("Something went wrong inside VisualNN.")
        self.setInformativeText(f"Your network is still here; save it to be safe.\n\n{type(error).__name__}: {error}")
        self.setDetailedText(f"{self._details}\nLog: {log_path}")
        self.copy_button = self.addButton("Copy details", QMessageBox.ButtonRole.ActionRole)
        self.copy_button.clicked.disconnect()  # a click copies, and does not close
        self.copy_button.clicked.connect(self._on_copy)
        close: QAbstractButton = self.addButton("Continue", QMessageBox.ButtonRole.AcceptRole)
        self.setDefaultButton(close)
        self.setEscapeButton(close)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
        self.copy_button.setText("Copied")


def install(
    parent: QObject | None = None, folder: Path | None = None, expected: Callable[[str], None] | None = None
) -> Watch:
    """Starts watching; `expected` is called with the sentence of each expected problem."""
    watch = Watch(parent, folder)
    if expected is not None:
        watch.expected.connect(expected)
    return watch


def _log_handler(folder: Path) -> logging.Handler:
    """Writes to the log file, or nowhere if the disk does not let us: that must not stop the program."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / LOG_NAME, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        return logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.INFO)
    return handler


def _log_path(handler: logging.Handler) -> str:
    return getattr(handler, "baseFilename", "none")
