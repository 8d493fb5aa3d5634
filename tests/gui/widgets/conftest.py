"""A window to put a control into, and no motion unless a test asks for it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme


@pytest.fixture(autouse=True)
def appearance(qapp) -> Iterator[theme.Appearance]:
    """Dark, and everything at once."""
    chosen = theme.appearance()
    chosen.set_mode("dark")
    chosen.set_reduced_motion(True)
    yield chosen
    chosen.set_mode("dark")
    chosen.set_reduced_motion(None)


@pytest.fixture
def window(qtbot) -> QWidget:
    """An open, active window of 900×600."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.mouseMove(window, QPoint(895, 5))  # away from what the test will place
    return window


@pytest.fixture
def place(window):
    """Puts a control into the window and shows it."""

    def put(widget: QWidget, x: int = 20, y: int = 20, width: int | None = None) -> QWidget:
        widget.setParent(window)
        hint = widget.sizeHint()
        widget.setGeometry(x, y, width or hint.width(), hint.height())
        widget.show()
        return widget

    return put
