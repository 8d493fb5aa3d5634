"""What Qt says of itself, for the report on the program's health."""

from __future__ import annotations

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication, QScreen

from visualnn.health.screen import Toolkit


def toolkit() -> Toolkit:
    """Its version, and where a window is open also where. For the window's thread."""
    if QGuiApplication.instance() is None:
        return Toolkit(qVersion())
    screens = tuple(_described(screen) for screen in QGuiApplication.screens())
    return Toolkit(qVersion(), "", QGuiApplication.platformName(), screens)


def _described(screen: QScreen) -> str:
    size, dots = screen.size(), screen.logicalDotsPerInch()
    scale, rate = screen.devicePixelRatio(), screen.refreshRate()
    return f"{size.width()}×{size.height()} at {scale:g}×, {dots:.0f} dots per inch, {rate:.0f} Hz"
