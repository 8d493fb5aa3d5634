"""What happens when something goes wrong: an expected problem is one sentence, any other is logged and shown once.

`install` takes over Python's and Qt's last-resort hooks until `Watch.uninstall`.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from visualnn.nn.errors import VisualNNError

if TYPE_CHECKING:
    from visualnn.gui.error_dialog import ErrorDialog

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


class Watch(QObject):
    """Holds the hooks.  `expected` is what a toast shows; errors of other threads arrive here by signal."""

    expected = Signal(str)
    _told = Signal(str)
    _failed = Signal(object)

    def __init__(self, parent: QObject | None = None, folder: Path | None = None):
        super().__init__(parent)
        self._dialog: ErrorDialog | None = None
        self._handler = LogFile(folder)
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

    def dialog(self) -> ErrorDialog | None:
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
        if self._dialog is not None or QApplication.instance() is None:
            return
        from visualnn.gui.error_dialog import ErrorDialog

        self._dialog = ErrorDialog(error, self._handler.path, QApplication.activeWindow())
        self._dialog.finished.connect(self._on_finished)
        self._dialog.open()

    def _on_finished(self, _result: int) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()


def install(
    parent: QObject | None = None, folder: Path | None = None, expected: Callable[[str], None] | None = None
) -> Watch:
    """Starts watching; `expected` is called with the sentence of each expected problem."""
    watch = Watch(parent, folder)
    if expected is not None:
        watch.expected.connect(expected)
    return watch


class LogFile(logging.Handler):
    """The log file, in the user's folder for such or another one. Found and opened when there is something to write."""

    def __init__(self, folder: Path | None = None):
        super().__init__(logging.INFO)
        self._folder = folder
        self._writer: logging.Handler | None = None

    @property
    def path(self) -> str:
        """Where it lies."""
        return getattr(self._opened(), "baseFilename", "none")

    def emit(self, record: logging.LogRecord) -> None:
        self._opened().emit(record)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        super().close()

    def _opened(self) -> logging.Handler:
        if self._writer is None:
            self._writer = _writer(self._folder)
        return self._writer


def _writer(folder: Path | None) -> logging.Handler:
    """Writes to the log file, or nowhere if the disk does not let us: that must not stop the program."""
    from logging.handlers import RotatingFileHandler

    from visualnn.health.places import LOG_NAME, log_folder

    folder = folder or log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / LOG_NAME, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        return logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return handler
