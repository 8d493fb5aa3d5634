"""The row above a landscape: how it is seen, what surface it is, and how heights are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.views.landscape.progress_line import ProgressLine
from visualnn.gui.widgets.button import IconButton, TextButton
from visualnn.gui.widgets.menu import Menu
from visualnn.gui.widgets.menu_field import MenuField
from visualnn.gui.widgets.segmented import Segmented

HEIGHT, TOP = 56, 12  # px of the row, and above its controls
PAD, GAP = 24, 10  # px at both ends, and between controls
TIGHT = 12  # px at both ends where there is little room
FIELD, LEAST_FIELD = 206, 120  # px of the surface's menu, for the longest of most names, and at least
SPACED, CLOSE = 10, 6  # px beside the words of the heights
LAST = 5  # how much can be given up
ARROW = 24  # px beside the names of groups
VIEWS = ("relief", "map", "both")
LABELS = ("3-D", "Map", "Both")
HINTS = ("The surface in 3-D", "The same from straight above  (M)", "Both beside each other, with one pointer")
NO_ROOM = "There is no room for both. Make the window wider."
PALETTES = (("even", "Even colours: lighter all the way up"), ("vivid", "Vivid colours: more heights told apart"))
HEIGHTS = (("log", "Heights: logarithms"), ("linear", "Heights: losses as they are"))
WHOLE = "Show the whole surface"
EXAMPLE = "example:"  # before the key of one, among those of a menu

Group = tuple[str, Sequence[tuple[str, str, str]]]  # its name; of each example the key, the label and the tooltip


class Head(QWidget):
    """Gives up words first and controls later where it is narrow; what it gives up is in the menu at its end."""

    view_chosen = Signal(str)  # one of `VIEWS`
    surface_chosen = Signal(str)
    example_chosen = Signal(str)
    height_chosen = Signal(bool)  # logarithmic
    palette_chosen = Signal(str)
    whole_requested = Signal()
    refinement_cancelled = Signal()

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._groups: tuple[Group, ...] = ()
        self._palette, self._compact, self._both = "even", False, False
        self._menu: Menu | None = None
        self.views = Segmented(LABELS, parent=self, pad=12)
        self.views.setAccessibleName("How the surface is seen")
        self.views.set_hints(HINTS)
        self.surfaces = MenuField([], self, name="Surface")
        self.examples = TextButton("Examples", "lightbulb", "solid", self, tooltip="Open an example", trailing=None)
        self.heights = Segmented(("Log", "Linear"), parent=self, pad=SPACED)
        self.heights.setAccessibleName("Heights")
        self.heights.set_hints(("Heights are logarithms of losses", "Heights are losses"))
        self.whole = IconButton("maximize", WHOLE, self, key="0", size=32)
        self.more = IconButton("ellipsis", "More", self, size=32)
        self.stop = IconButton("x", "Make it no finer", self, size=32, icon_size=14)
        self.stop.hide()
        self.line = ProgressLine(self)
        self._connect()
        self._arrange()

    def _connect(self) -> None:
        self.views.chosen.connect(self._on_view)
        self.surfaces.chosen.connect(self.surface_chosen)
        self.examples.clicked.connect(self._on_examples)
        self.heights.chosen.connect(self._on_height)
        self.whole.clicked.connect(self._on_whole)
        self.more.clicked.connect(self._on_more)
        self.stop.clicked.connect(self._on_stop)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_surfaces(self, options: Sequence[tuple[str, str, str]], key: str) -> None:
        """The surfaces there are: key, label, and why it cannot be chosen ("": it can); which one is shown."""
        self.surfaces.set_options([(each, label) for each, label, _reason in options])
        for each, _label, reason in options:
            self.surfaces.set_option_enabled(each, not reason, reason)
        self.surfaces.set_key(key)
        self._arrange()

    def show_examples(self, groups: Sequence[Group]) -> None:
        """The examples there are."""
        self._groups = tuple((name, tuple(examples)) for name, examples in groups)
        self._arrange()

    def show_view(self, view: str) -> None:
        """How the surface is seen now."""
        self.views.set_index(VIEWS.index(view))

    def set_room_for_both(self, room: bool) -> None:
        """Whether both views have room beside each other."""
        self._both = room
        self._arrange()

    def show_heights(self, logarithmic: bool, reason: str) -> None:
        """How heights are drawn, and why not otherwise ("": they can be)."""
        self.heights.set_index(0 if logarithmic else 1)
        self.heights.set_choice_enabled(0, not reason, reason)

    def show_palette(self, palette: str) -> None:
        """Which colours heights have."""
        self._palette = palette

    def show_progress(self, share: float | None) -> None:
        """How much of the finest surface is computed; None: all of it."""
        self.line.show_share(share)
        if self.stop.isHidden() != (share is None):
            self.stop.setVisible(share is not None)
            self._arrange()

    def set_compact(self, compact: bool) -> None:
        """Leaves room for the surface where the window is narrow."""
        self._compact = compact
        self._arrange()

    # -- places --------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(900, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, HEIGHT)

    def _arrange(self) -> None:
        """Everything where there is room; else fewer words, and fewer controls."""
        pad = TIGHT if self._compact or self.width() < 560 else PAD
        least = 1 if self._compact else 0
        level = next((each for each in range(least, LAST) if self._needed(each) <= self.width() - 2 * pad), LAST)
        self._give_up(level)
        self.examples.setVisible(bool(self._groups) and level < 5)
        self.heights.setVisible(level < 3)
        self.whole.setVisible(level < 4 and self.stop.isHidden())  # one in the place of the other: nothing moves
        right = float(self.width() - pad)
        for control in (self.more, self.stop, self.whole, self.heights):
            if not control.isHidden():
                right = self._put(control, right - control.sizeHint().width()) - GAP
        left = self._put(self.views, pad) + self.views.width() + GAP
        examples = 0 if self.examples.isHidden() else self.examples.sizeHint().width() + GAP
        wide = max(min(self.surfaces.sizeHint().width(), round(right - left - examples)), 0)
        self.surfaces.setGeometry(round(left), TOP, wide, self.surfaces.sizeHint().height())
        self.surfaces.setToolTip(self.surfaces.label() if self.surfaces.is_elided() else "")
        self._put(self.examples, left + wide + GAP)
        self.line.setGeometry(0, HEIGHT - self.line.height(), self.width(), self.line.height())

    def _put(self, control: QWidget, left: float) -> float:
        size = control.sizeHint()
        control.setGeometry(round(left), TOP, size.width(), size.height())
        return left

    def _give_up(self, level: int) -> None:
        """Words of the examples, then the choice of both views that could not be made, then room beside words."""
        self.examples.set_compact(level >= 1)
        self.heights.set_pad(CLOSE if level >= 2 else SPACED)
        count = len(VIEWS) if self._both or level < 1 else len(VIEWS) - 1
        if self.views.count() != count:
            self.views.set_labels(LABELS[:count])
            self.views.set_hints(HINTS[:count])
        if count == len(VIEWS):
            self.views.set_choice_enabled(2, self._both, NO_ROOM)

    def _needed(self, level: int) -> float:
        """How wide all of it is that is left at a level of giving up, with the menu of surfaces as it must be there."""
        self._give_up(level)
        parts: list[QWidget] = [self.views, self.more]
        parts += [self.examples] if self._groups and level < 5 else []
        parts += [self.heights] if level < 3 else []
        parts += [self.whole] if level < 4 or not self.stop.isHidden() else []
        hint = self.surfaces.sizeHint().width()
        field = hint if level < 1 else min(hint, FIELD) if level < LAST else LEAST_FIELD
        return field + sum(part.sizeHint().width() + GAP for part in parts)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(QRectF(self.rect()), theme.color("canvas"))

    # -- menus ---------------------------------------------------------------------------------------------------

    def open_examples(self) -> Menu:
        """Opens the menu of examples, one below for each group."""
        menu = Menu(self)
        self._add_groups(menu)
        menu.triggered.connect(self._on_example)
        menu.setMinimumWidth(max(self.examples.width(), menu.sizeHint().width() + ARROW))
        menu.popup(self.examples.mapToGlobal(QPoint(0, self.examples.height() + 4)))
        return menu

    def _add_groups(self, menu: Menu) -> None:
        for name, examples in self._groups:
            below = _Below(name, menu)
            for key, label, hint in examples:
                action = below.addAction(label.replace("&", "&&"))
                action.setData(f"{EXAMPLE}{key}")
                action.setToolTip(hint)
            menu.addMenu(below)

    def open_more(self) -> Menu:
        """Opens the menu at the end: colours, and what there is no room for."""
        menu = Menu(self)
        for key, label in PALETTES:
            menu.add_choice(label, key, key == self._palette)
        if self.heights.isHidden():
            menu.addSeparator()
            for index, (key, label) in enumerate(HEIGHTS):
                can = self.heights.is_choice_enabled(index)
                menu.add_choice(label, key, index == self.heights.index(), enabled=can)
        if self.whole.isHidden():
            menu.addSeparator()
            menu.add_choice(WHOLE, "whole", False)
        if self.examples.isHidden() and self._groups:
            menu.addSeparator()
            self._add_groups(menu)
        menu.triggered.connect(self._on_more_chosen)
        menu.open_below(self.more)
        return menu

    # -- requests up ---------------------------------------------------------------------------------------------

    def _on_view(self, index: int) -> None:
        self.view_chosen.emit(VIEWS[index])

    def _on_examples(self) -> None:
        self.open_examples()

    def _on_example(self, action: QAction) -> None:
        self.example_chosen.emit(action.data().removeprefix(EXAMPLE))

    def _on_height(self, index: int) -> None:
        self.height_chosen.emit(index == 0)

    def _on_whole(self) -> None:
        self.whole_requested.emit()

    def _on_stop(self) -> None:
        self.refinement_cancelled.emit()

    def _on_more(self) -> None:
        self.open_more()

    def _on_more_chosen(self, action: QAction) -> None:
        key = action.data()
        if key.startswith(EXAMPLE):
            self._on_example(action)
        elif key == "whole":
            self.whole_requested.emit()
        elif key in dict(HEIGHTS):
            self.heights.choose(list(dict(HEIGHTS)).index(key))
        elif key != self._palette:
            self._palette = key
            self.palette_chosen.emit(key)


class _Below(QMenu):
    """A menu that opens beside another one, and lives as long."""

    def __init__(self, title: str, parent: Menu):
        super().__init__(title, parent)
        flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        self.setWindowFlags(self.windowFlags() | flags)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setToolTipsVisible(True)
