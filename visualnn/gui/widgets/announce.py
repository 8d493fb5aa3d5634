"""Tells a screen reader what has changed, without moving the focus."""

from PySide6 import QtGui
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str) -> None:
    """Says `text` politely: after what is being read now."""
    widget.setAccessibleName(text)
    reader = QtGui.QAccessible  # made now: its many roles take longer than the first picture of a page
    if reader.isActive() and text:
        reader.updateAccessibility(QtGui.QAccessibleAnnouncementEvent(widget, text))
