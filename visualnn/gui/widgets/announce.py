"""Tells a screen reader what has changed, without moving the focus."""

from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str) -> None:
    """Says `text` politely: after what is being read now."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # whose many roles take longer than a picture

    widget.setAccessibleName(text)
    if QAccessible.isActive() and text:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))
