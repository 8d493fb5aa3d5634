"""The panel: title, the three kinds of data, and the page of one of them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from visualnn.gui import theme
from visualnn.gui.data_source import SUFFIXES
from visualnn.gui.views.data.built_in import BuiltInPage
from visualnn.gui.views.data.draw import DrawPage
from visualnn.gui.views.data.file import FilePage
from visualnn.gui.views.data.parts import PADDING
from visualnn.gui.widgets.button import IconButton
from visualnn.gui.widgets.tabs import Tabs
from visualnn.nn.data import Dataset
from visualnn.nn.network import Vector
from visualnn.project import Project

BUILT_IN, MY_FILE, DRAW = range(3)
Page = TypeVar("Page", BuiltInPage, FilePage, DrawPage)
TITLE_Y = 34
TABS_TOP, PAGE_TOP = 62, 106


class DataView(QWidget):
    """Shows what a project learns from and asks for other data; it changes nothing itself."""

    recipe_requested = Signal(object)  # Recipe
    recipe_scrubbed = Signal(object)  # Recipe, while something is dragged; the last one is what is wanted
    dataset_requested = Signal(object)  # Dataset of a file or drawn by hand; its name says which
    dataset_scrubbed = Signal(object)  # Dataset, while points are drawn; the last one is what is wanted
    scrub_finished = Signal()  # the gesture is over, however it ended
    row_requested = Signal(int)  # of the rows to learn from, then of those held back
    closed = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("data")
        self.setAccessibleName("Data")
        self.setAcceptDrops(True)
        self._data: Dataset | None = None
        self._stale = False  # whether the present data are not on the pages yet
        self._close = IconButton("x", "Close", self, key="Esc", size=32, icon_size=17)
        self.tabs = Tabs(["Built-in", "My file", "Draw"], self)
        self.tabs.setAccessibleName("Kind of data")
        self._pages = QStackedWidget(self)
        self.setFocusProxy(self.tabs)
        self._close.clicked.connect(self._on_close_clicked)
        self.tabs.chosen.connect(self.show_tab)

    # -- pages, each made when it is first needed ----------------------------------------------------------------

    @cached_property
    def built_in(self) -> BuiltInPage:
        """Cards, rows and what can be chosen about them."""
        page = BuiltInPage()
        page.recipe_requested.connect(self.recipe_requested)
        page.recipe_scrubbed.connect(self.recipe_scrubbed)
        page.scrub_finished.connect(self.scrub_finished)
        page.row_requested.connect(self.row_requested)
        return self._taken(page)

    @cached_property
    def file(self) -> FilePage:
        """A file of one's own."""
        page = FilePage()
        page.dataset_requested.connect(self.dataset_requested)
        return self._taken(page)

    @cached_property
    def draw(self) -> DrawPage:
        """Points drawn by hand."""
        page = DrawPage()
        page.dataset_requested.connect(self.dataset_requested)
        page.dataset_scrubbed.connect(self.dataset_scrubbed)
        page.scrub_finished.connect(self.scrub_finished)
        return self._taken(page)

    def _taken(self, page: Page) -> Page:
        """A new page in its place, with the present data on it."""
        self._pages.addWidget(page)
        if self._data is not None and not self._stale:
            page.show_data(self._data)
        return page

    def _made(self, name: str) -> bool:
        """Whether a page has been needed yet."""
        return name in self.__dict__

    # -- values down ---------------------------------------------------------------------------------------------

    def show_project(self, project: Project) -> None:
        """Show the data of a project, and light the row that is on the stage."""
        if project.data is not self._data:
            self._data, self._stale = project.data, True
        self._sample = project.sample
        if self.isVisible():
            self._bring()

    def _bring(self) -> None:
        """The present data onto the pages; as long as nobody looks, that waits."""
        if self._data is None:
            return
        if self._stale:
            self._stale = False
            for name in ("built_in", "file", "draw"):
                if self._made(name):
                    getattr(self, name).show_data(self._data)
        if self._made("built_in"):
            table = self.built_in.table
            table.set_current(row_of(self._data, self._sample, table.current()))

    def show_tab(self, index: int) -> None:
        """One of the three kinds: built-in, a file of one's own, or drawn."""
        self.tabs.set_index(index)
        page = (lambda: self.built_in, lambda: self.file, lambda: self.draw)[index]()
        self._pages.setCurrentWidget(page)
        self._bring()

    def open_file(self, path: str) -> None:
        """Read a table; what becomes of it is seen on its page."""
        self.show_tab(MY_FILE)
        self.file.open(path)

    def is_busy(self) -> bool:
        """Whether a file is being read."""
        return self._made("file") and self.file.is_busy()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        if self._made("built_in"):
            self.built_in.rest()
        if self._made("file"):
            self.file.rest()

    # -- events --------------------------------------------------------------------------------------------------

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self.show_tab(self.tabs.index())

    def _on_close_clicked(self) -> None:
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event):
            event.acceptProposedAction()
            self.show_tab(MY_FILE)
            self.file.set_waiting(True)

    def dragLeaveEvent(self, _event: object) -> None:
        self.file.set_waiting(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.file.set_waiting(False)
        path = dropped(event)
        if path:
            event.acceptProposedAction()
            self.open_file(path)

    # -- places and painting -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.width() - 2 * PADDING
        self._close.setGeometry(self.width() - PADDING - 24, TITLE_Y - 16, 32, 32)
        self.tabs.setGeometry(PADDING, TABS_TOP, width, 32)
        self._pages.setGeometry(0, PAGE_TOP, self.width(), self.height() - PAGE_TOP)

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            theme.draw_text(painter, PADDING, TITLE_Y, "Data", 17, 650)


def row_of(data: Dataset, sample: Vector, near: int) -> int:
    """Which row is on the stage, `near` if it is that one too, −1 if it is none of them."""
    for first, inputs in ((0, data.inputs), (data.rows, data.test_inputs)):
        if first <= near < first + len(inputs) and (inputs[near - first] == sample).all():
            return near
    for first, inputs in ((0, data.inputs), (data.rows, data.test_inputs)):
        if inputs.shape[1] == sample.size:
            found = np.flatnonzero(inputs[:, 0] == sample[0])  # few of many rows are looked at closely
            found = found[(inputs[found] == sample).all(axis=1)]
            if found.size:
                return first + int(found[0])
    return -1


def dropped(event: QDragEnterEvent | QDropEvent) -> str:
    """The one file that is being dropped, if it could be a table; else ""."""
    urls = event.mimeData().urls()
    path = urls[0].toLocalFile() if len(urls) == 1 and urls[0].isLocalFile() else ""
    return path if Path(path).suffix.lower() in SUFFIXES else ""
