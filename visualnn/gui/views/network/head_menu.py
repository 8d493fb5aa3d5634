"""What can be done at the head of a column."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QStyleOptionMenuItem, QWidget

from visualnn.gui import theme
from visualnn.gui.views.network.spots import ColumnSpot
from visualnn.gui.widgets.curve_icon import WIDTH, draw_curve
from visualnn.gui.widgets.menu import Menu
from visualnn.scene.curves import TITLES

PICTURE_X = 34  # px from an entry's left edge to its picture, behind the tick
GAP = 8
ICON = 16
ENTRIES = {"matrix": ("Matrix of these weights", "table-2"), "fold": ("Fold this layer", "minimize")}
REMOVAL = ("Remove layer", "trash-2")


class HeadMenu(Menu):
    """The activations with their curves and a tick, first weights, and what else a column can do.

    Qt draws one icon an entry, the tick; the pictures beside the ticks are painted over what Qt has painted.
    """

    activation_chosen = Signal(str)
    initializer_chosen = Signal(str)
    matrix_chosen = Signal()
    fold_chosen = Signal()
    removal_chosen = Signal()

    def __init__(self, spot: ColumnSpot, initializers: Mapping[str, str], parent: QWidget):
        super().__init__(parent)
        self._curves: dict[QAction, str] = {}
        self._icons: dict[QAction, str] = {}
        for name in spot.choices:
            title, words = TITLES[name]
            self.add_choice(title, f"activation:{name}", name == spot.activation, hint=words)
            self._curves[self.actions()[-1]] = name
        self.addSeparator()
        if initializers:
            self._add_initializers(initializers)
        self._add("matrix", *ENTRIES["matrix"])
        if spot.foldable:
            self._add("fold", *ENTRIES["fold"])
        if spot.removable:
            self._add("removal", *REMOVAL)
        self.triggered.connect(self._on_triggered)

    def _add(self, key: str, text: str, icon: str) -> None:
        action = self.addAction(text)
        action.setData(key)
        self._icons[action] = icon

    def _add_initializers(self, initializers: Mapping[str, str]) -> None:
        below = Menu(self)
        below.aboutToHide.disconnect(below.deleteLater)  # it may open again while this menu is open
        below.setTitle("New weights here")
        for name, title in initializers.items():
            below.addAction(title.replace("&", "&&")).setData(f"initializer:{name}")
        self._icons[self.addMenu(below)] = "dices"

    def _on_triggered(self, action: QAction) -> None:
        kind, _, name = str(action.data()).partition(":")
        signal = getattr(self, f"{kind}_chosen")
        signal.emit(name) if name else signal.emit()

    def initStyleOption(self, option: QStyleOptionMenuItem, action: QAction) -> None:
        super().initStyleOption(option, action)
        option.maxIconWidth += WIDTH + GAP

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for action, name in self._curves.items():
                draw_curve(painter, name, *self._picture_of(action))
            for action, icon in self._icons.items():
                ink = "text" if action is self.activeAction() else "text2"
                theme.draw_icon(painter, icon, *self._picture_of(action), ICON, ink)

    def _picture_of(self, action: QAction) -> tuple[float, float]:
        box = self.actionGeometry(action)
        return box.left() + PICTURE_X + WIDTH / 2, box.top() + box.height() / 2
