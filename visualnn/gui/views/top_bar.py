"""The bar at the top: where am I, what is this document, which question do I ask."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from visualnn.gui.theme import color, draw_icon, draw_text, elided
from visualnn.gui.widgets.button import Button, IconButton, TextButton
from visualnn.gui.widgets.key_caps import written
from visualnn.gui.widgets.logo import draw_logo
from visualnn.gui.widgets.segmented import Segmented

HEIGHT = 48
MODES = ("Step", "Train", "Landscape")
MODE_ICONS = ("footprints", "activity", "mountain")


class HomeButton(Button):
    """The logo; leads to the start page."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__("Start page", "Alt+Home", parent)

    def sizeHint(self) -> QSize:
        return QSize(40, 36)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._faded("hover"))
            painter.drawRoundedRect(self.rect(), 8, 8)
            draw_logo(painter, 10, self.height() / 2)


class FindButton(Button):
    """Looks like a search field and opens the Find sheet."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__("Find a command, a setting or an example", "Ctrl+K", parent)
        self._compact = False

    def set_compact(self, compact: bool) -> None:
        """Only the icon where the window is narrow."""
        self._compact = compact
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(40 if self._compact else 132, 32)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._faded("hover") if self._compact else self._toned("raised", "hover"))
            painter.drawRoundedRect(self.rect(), 8, 8)
            middle = self.height() / 2
            if self._compact:
                draw_icon(painter, "search", self.width() / 2, middle, 17, "text2")
                return
            draw_icon(painter, "search", 16, middle, 15, "text2")
            draw_text(painter, 32, middle, "Find", 13, 400, "text2")
            draw_text(painter, self.width() - 12, middle, written("Ctrl+K").replace("+", " "), 12, 500, "text3", "r")


class TopBar(QWidget):
    """Home, document, undo and redo, mode, Find, export and more."""

    home_requested = Signal()
    document_menu_requested = Signal(object)  # the button to open the menu under
    undo_requested = Signal()
    redo_requested = Signal()
    mode_chosen = Signal(int)
    find_requested = Signal()
    export_menu_requested = Signal(object)
    more_menu_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.home = HomeButton(self)
        self.document = TextButton(
            "", None, "ghost", self, trailing="chevron-down", size=14, weight=600, ink="text", tooltip="Document", pad=6
        )
        self.undo = IconButton("undo-2", "Undo", self, key="Ctrl+Z", size=32, icon_size=17)
        self.redo = IconButton("redo-2", "Redo", self, key="Ctrl+Shift+Z", size=32, icon_size=17)
        self.modes = Segmented(list(MODES), list(MODE_ICONS), self)
        self.modes.setAccessibleName("Mode")
        hints = ("What happens inside one pass?", "How does it learn?", "Why does it learn that way?")
        self.modes.set_hints([f"{hint}  ({written(f'Ctrl+{number}')})" for number, hint in enumerate(hints, start=1)])
        self.find = FindButton(self)
        self.export = IconButton("download", "Take it away", self, size=36, icon_size=17)
        self.more = IconButton("ellipsis", "More", self, size=36, icon_size=18)
        self._unsaved, self._name = False, ""
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 12, 0)
        row.setSpacing(0)
        row.addWidget(self.home)
        row.addWidget(self.document)
        row.addSpacing(18)
        for button in (self.undo, self.redo):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.find)
        row.addSpacing(4)
        row.addWidget(self.export)
        row.addWidget(self.more)
        self.document.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def _connect(self) -> None:
        self.home.clicked.connect(self._on_home)
        self.document.clicked.connect(self._on_document)
        self.undo.clicked.connect(self._on_undo)
        self.redo.clicked.connect(self._on_redo)
        self.modes.chosen.connect(self.mode_chosen)
        self.find.clicked.connect(self._on_find)
        self.export.clicked.connect(self._on_export)
        self.more.clicked.connect(self._on_more)

    def show_document(self, name: str, unsaved: bool, undo: str, redo: str) -> None:
        """The document's name, whether it is saved, and what can be undone."""
        self._name = name
        self._fit_name()
        self.document.setAccessibleName(f"Document {name}" + (", not saved" if unsaved else ""))
        self._unsaved = unsaved
        self.undo.setEnabled(bool(undo))
        self.redo.setEnabled(bool(redo))
        self.undo.set_hint(f"Undo {undo}" if undo else "Nothing to undo")
        self.redo.set_hint(f"Redo {redo}" if redo else "Nothing to redo")
        self.update()

    def set_mode(self, index: int) -> None:
        """Which mode is chosen."""
        self.modes.set_index(index)

    def set_compact(self, compact: bool) -> None:
        """Icons instead of words where the window is narrow."""
        self.find.set_compact(compact)

    def _fit_name(self) -> None:
        room = max(120.0, self.width() / 2 - 300)
        self.document.set_label(elided(self._name, room, 14, 600))

    def resizeEvent(self, _event: object) -> None:
        self._fit_name()
        hint = self.modes.sizeHint()
        self.modes.setGeometry((self.width() - hint.width()) // 2, 8, hint.width(), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), color("panel"))
            painter.fillRect(QRectF(0, HEIGHT - 1, self.width(), 1), color("line"))
            x = self.document.geometry().right() + 10
            painter.fillRect(QRectF(x, 14, 1, 20), color("line"))
            if self._unsaved:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color("text3"))
                painter.drawEllipse(QPointF(self.document.geometry().right() + 2, 24), 3, 3)

    def _on_home(self) -> None:
        self.home_requested.emit()

    def _on_document(self) -> None:
        self.document_menu_requested.emit(self.document)

    def _on_undo(self) -> None:
        self.undo_requested.emit()

    def _on_redo(self) -> None:
        self.redo_requested.emit()

    def _on_find(self) -> None:
        self.find_requested.emit()

    def _on_export(self) -> None:
        self.export_menu_requested.emit(self.export)

    def _on_more(self) -> None:
        self.more_menu_requested.emit(self.more)
