"""The dialog that says that something broke, with what a bug report needs."""

from __future__ import annotations

import platform
import traceback

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget

import visualnn


def details(error: BaseException) -> str:
    """What a bug report needs: the versions and the traceback."""
    system = (
        f"VisualNN {visualnn.__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
    )
    return f"{system}\n\n{''.join(traceback.format_exception(error))}"


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
