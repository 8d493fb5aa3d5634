"""A pop-up menu with round corners in the theme's colours."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from visualnn.gui import theme

ICON_SIZE = 16


class Menu(QMenu):
    """Filled, opened once, gone when closed: it never shows the colours of an earlier theme."""

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        self.setWindowFlags(self.windowFlags() | flags)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setToolTipsVisible(True)
        self.aboutToHide.connect(self.deleteLater)

    def add_choice(self, text: str, key: str, chosen: bool, *, enabled: bool = True, hint: str = "") -> None:
        """Adds one of several choices; the chosen one has a tick.  `triggered` brings an action whose data is `key`."""
        blank = QPixmap(ICON_SIZE, ICON_SIZE)
        blank.fill(Qt.GlobalColor.transparent)
        action = self.addAction(theme.icon("check", "accent", ICON_SIZE) if chosen else blank, text.replace("&", "&&"))
        action.setData(key)
        action.setEnabled(enabled)
        action.setToolTip(hint)
        action.setIconVisibleInMenu(True)
        if chosen:
            self.setActiveAction(action)

    def open_below(self, widget: QWidget) -> None:
        """Opens under `widget`, at least as wide."""
        self.setMinimumWidth(widget.width())
        self.popup(widget.mapToGlobal(QPoint(0, widget.height() + 4)))
