"""A run in the list: tick, name, how long it was, its losses and a small curve."""

from __future__ import annotations

from math import isfinite

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.views.runs.editor import NameEditor
from visualnn.gui.views.runs.order import test_loss, train_loss
from visualnn.gui.widgets.button import ENTER, IconButton
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.gui.widgets.glide import Glide, Hover
from visualnn.gui.widgets.menu import Menu
from visualnn.gui.widgets.run_ink import run_ink
from visualnn.runs import Run
from visualnn.scene.comparison import branch_text, length_text, small_curve
from visualnn.scene.record import significant

HEIGHT, PADDING, INSET = 78, 24, 12
TICK, TEXT_LEFT = 18, PADDING + 18 + 12
NAME_Y, LENGTH_Y, LOSS_Y = 20.0, 41.0, 60.0
CURVE_WIDTH, NARROW_CURVE, NARROW, CURVE_TOP, CURVE_HEIGHT = 72, 54, 340, 34, 32  # px
MOST_INK = 400  # px of ups and downs; a noisier line is drawn thin
ACTIONS = {
    "restore": ("Restore these weights", "Enter"),
    "rename": ("Rename", "F2"),
    "export": ("Export as CSV…", ""),
    "delete": ("Delete", "Del"),
}
DELETING = frozenset({Qt.Key.Key_Delete, Qt.Key.Key_Backspace})  # the key "delete" of a Mac is Backspace to Qt
ICONS = {"restore": "rotate-ccw", "rename": "pencil", "export": "download", "delete": "trash-2"}


class RunRow(KeyboardFocus, Hover, QWidget):
    """Shows one run; says what is asked for."""

    toggled = Signal(int)
    restore_requested = Signal(int)
    renamed = Signal(int, str)
    deleted = Signal(int)
    export_requested = Signal(int)
    moved = Signal(int, int)  # the number of the run, and rows down

    own_keys = frozenset(
        {Qt.Key.Key_Space, Qt.Key.Key_F2, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Menu, *DELETING, *ENTER}
    )
    ring_radius = 10

    def __init__(self, run: Run, parent: QWidget | None = None):
        super().__init__(parent)
        self.run, self.is_current, self.is_ticked = run, False, False
        self._glide = Glide(self)
        self._editor: NameEditor | None = None
        self._curve = np.empty((0, 2))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.more = IconButton("ellipsis", "What can be done with it", self, size=32, icon_size=16)
        self.more.clicked.connect(self.open_menu)
        self.show_run(run, current=False, ticked=False)

    def show_run(self, run: Run, *, current: bool, ticked: bool) -> None:
        """Show this run, and whether it is the one on the stage, and ticked."""
        if run.curve is not self.run.curve or not self._curve.size:
            self._curve = small_curve(run.curve, CURVE_WIDTH)
        self.run, self.is_current, self.is_ticked = run, current, ticked
        self.setAccessibleName(run.name)
        state = ", ticked" * ticked + ", on the stage" * current
        self.setAccessibleDescription(f"{self.length_line()}, {self.loss_line()}{state}")
        self.setToolTip("\n".join(filter(None, (branch_text(run), "Click to tick, double-click to rename  (F2)"))))
        self.update()

    def length_line(self) -> str:
        """How long it was."""
        return f"run {self.run.number} · {length_text(self.run)}"

    def loss_line(self) -> str:
        """The losses in words."""
        return ", ".join(f"{word} {text}" for word, text in self._losses())

    def _losses(self) -> list[tuple[str, str]]:
        test = test_loss(self.run)
        found = [("train", significant(train_loss(self.run), 3))]
        return found if test is None else [*found, ("test", significant(test, 3))]

    # -- requests up ---------------------------------------------------------------------------------------------

    def open_menu(self) -> Menu:
        """What can be done with the run."""
        menu = Menu(self)
        for key, (text, shortcut) in ACTIONS.items():
            action = menu.addAction(theme.icon(ICONS[key], "text2", 16), f"{text}\t{shortcut}" if shortcut else text)
            action.setData(key)
            action.setIconVisibleInMenu(True)
            if key == "restore" and self.is_current:
                action.setEnabled(False)
                action.setToolTip("These weights are on the stage.")
        menu.triggered.connect(self._on_triggered)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
        return menu

    def _on_triggered(self, action: QAction) -> None:
        self.do(action.data())

    def do(self, key: str) -> None:
        """One of the `ACTIONS`."""
        match key:
            case "restore" if not self.is_current:
                self.restore_requested.emit(self.run.number)
            case "rename":
                self.start_naming()
            case "delete":
                self.deleted.emit(self.run.number)
            case "export":
                self.export_requested.emit(self.run.number)

    def start_naming(self) -> NameEditor:
        """Lets the name be typed."""
        if self._editor is None:
            self._editor = NameEditor(self.run.name, self)
            self._editor.committed.connect(self._on_named)
            self._editor.closed.connect(self._on_closed)
            self._place()
            self._editor.show()
            self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return self._editor

    def _on_named(self, name: str) -> None:
        if name != self.run.name:
            self.renamed.emit(self.run.number, name)

    def _on_closed(self) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            editor.deleteLater()
        self.update()

    # -- events --------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.toggled.emit(self.run.number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.toggled.emit(self.run.number)  # takes back what the first click did
        if event.position().y() < LENGTH_Y - 8 and event.position().x() >= TEXT_LEFT:
            self.start_naming()

    def contextMenuEvent(self, _event: QContextMenuEvent) -> None:
        self.open_menu()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Space:
                self.toggled.emit(self.run.number)
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self.moved.emit(self.run.number, 1 if event.key() == Qt.Key.Key_Down else -1)
            case Qt.Key.Key_Menu:
                self.open_menu()
            case Qt.Key.Key_F2:
                self.do("rename")
            case key if key in DELETING:
                self.do("delete")
            case key if key in ENTER:
                self.do("restore")
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, _event: QEvent) -> None:
        self._place()

    def _place(self) -> None:
        self.more.move(self.width() - PADDING - 32 + 8, round(NAME_Y) - 16)
        if self._editor is not None:
            self._editor.setGeometry(TEXT_LEFT - 11, round(NAME_Y) - 16, self.more.x() - TEXT_LEFT + 7, 32)

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter)
            self._paint_tick(painter)
            self._paint_name(painter)
            theme.draw_text(painter, TEXT_LEFT, LENGTH_Y, self._fitting_length(), 12, 450, "text2")
            self._paint_losses(painter)
            self._paint_curve(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        box = QRectF(self.rect()).adjusted(INSET, 1, -INSET, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        rest = theme.color("accentbg" if self.is_current else "panel")
        painter.setBrush(theme.mix(rest, "hover", self._glide.value * (0.4 if self.is_current else 0.6)))
        painter.drawRoundedRect(box, 10, 10)

    def _paint_tick(self, painter: QPainter) -> None:
        """A box in the ink of the run's line."""
        box = QRectF(PADDING, NAME_Y - TICK / 2, TICK, TICK).adjusted(1, 1, -1, -1)
        ink = theme.color(run_ink(self.run.number - 1))
        painter.setPen(QPen(ink, 2))
        painter.setBrush(ink if self.is_ticked else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        if self.is_ticked:
            theme.draw_icon(painter, "check", box.center().x(), box.center().y(), 13, "panel")

    def _paint_name(self, painter: QPainter) -> None:
        now = "on the stage" if self.is_current else ""
        room = self.more.x() - TEXT_LEFT - 4
        taken = theme.text_width(now, 12, 550) + 10 if now else 0
        name = theme.elided(self.run.name, room - taken, 13, 600)
        x = TEXT_LEFT + theme.draw_text(painter, TEXT_LEFT, NAME_Y, name, 13, 600) + 10
        theme.draw_text(painter, x, NAME_Y, now, 12, 550, "accent")

    def _fitting_length(self) -> str:
        room = self._curve_left() - 12 - TEXT_LEFT
        line = self.length_line()
        return line if theme.text_width(line, 12, 450) <= room else theme.elided(line.partition(",")[0], room, 12, 450)

    def _paint_losses(self, painter: QPainter) -> None:
        x, right = float(TEXT_LEFT), self._curve_left() - 6
        for word, text in self._losses():
            ink = "text" if isfinite(train_loss(self.run)) or word == "test" else "bad"
            width = theme.text_width(f"{word} ", 12, 450) + theme.text_width(text, 12, 600)
            if x + width > right:
                break
            x += theme.draw_text(painter, x, LOSS_Y, f"{word} ", 12, 450, "text2")
            x += theme.draw_text(painter, x, LOSS_Y, text, 12, 600, ink) + 12

    def _curve_left(self) -> int:
        return self.width() - PADDING - (CURVE_WIDTH if self.width() >= NARROW else NARROW_CURVE)

    def _paint_curve(self, painter: QPainter) -> None:
        left, ink = self._curve_left(), theme.color(run_ink(self.run.number - 1))
        points = self._curve * (self.width() - PADDING - left, -CURVE_HEIGHT) + (left, CURVE_TOP + CURVE_HEIGHT)
        if len(points) < 2:
            return
        ends = np.column_stack([points[:-1], points[1:]])
        is_noisy = float(np.nansum(np.abs(np.diff(points[:, 1])))) > MOST_INK
        painter.setPen(QPen(ink, 1.0 if is_noisy else 1.5, c=Qt.PenCapStyle.RoundCap))
        painter.drawLines([QLineF(*piece) for piece in ends[np.isfinite(ends).all(axis=1)].tolist()])
        if np.isfinite(points[-1]).all():
            painter.setBrush(ink)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QPointF(*points[-1].tolist()), 2.5, 2.5)
