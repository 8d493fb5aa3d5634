"""The page of built-in data: cards, the rows of the present data, and what can be chosen about them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from visualnn.gui.tasks import Newest
from visualnn.gui.views.data.cards import Cards, ordered
from visualnn.gui.views.data.knobs import Knobs
from visualnn.gui.views.data.parts import PADDING, RING, Headline, narrowed
from visualnn.gui.widgets.scroll import Scroll
from visualnn.gui.widgets.table import GUTTER, RowsTable
from visualnn.nn.data import Dataset
from visualnn.nn.errors import VisualNNError
from visualnn.nn.recipes import SOURCES, made
from visualnn.scene.rows import DataRows, counted, split_words
from visualnn.scene.sketches import Sketch, sketch_of

SOON_MS = 30  # after the page has come: the pictures take their time, which the page itself shall have


def sketches(known: frozenset[str]) -> dict[str, Sketch]:
    """The pictures of all sources that are not `known`; a source that makes nothing has none."""
    drawn = {}
    for name in ordered():
        if name not in known:
            try:
                drawn[name] = sketch_of(made(SOURCES[name].recipe))
            except (VisualNNError, OSError):
                continue
    return drawn


class BuiltInPage(Scroll):
    """Shows the present data and asks for others."""

    recipe_requested = Signal(object)  # Recipe
    recipe_scrubbed = Signal(object)  # Recipe
    scrub_finished = Signal()
    row_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None):
        inside = QWidget()
        super().__init__(inside, parent)
        self.cards, self.headline = Cards(inside), Headline(inside)
        self.table, self.knobs = RowsTable("Rows of the data", inside), Knobs(inside)
        column = QVBoxLayout(inside)
        column.setContentsMargins(PADDING - RING, 0, PADDING - GUTTER, 12)
        column.setSpacing(0)
        column.addLayout(narrowed(self.cards, rings=True))
        column.addLayout(narrowed(self.headline))
        column.addLayout(narrowed(self.table), 1)
        column.addSpacing(6)
        column.addLayout(narrowed(self.knobs, rings=True))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.ask_for_pictures)
        self._painter = Newest(self)  # makes the pictures of the cards
        self._painter.done.connect(self.cards.set_sketches)
        self.cards.source_requested.connect(self._on_source_requested)
        self.knobs.requested.connect(self.recipe_requested)
        self.knobs.scrubbed.connect(self.recipe_scrubbed)
        self.knobs.finished.connect(self.scrub_finished)
        self.table.row_chosen.connect(self.row_requested)

    def show_data(self, data: Dataset) -> None:
        """The rows of these data; the card of their recipe, if one made them."""
        recipe = data.recipe
        self.cards.set_chosen("" if recipe is None else recipe.name)
        self.headline.show_words(counted(data.rows + data.tests, "row"), split_words(data.rows, data.tests))
        self.table.set_rows(DataRows(data))
        self.knobs.show_recipe(recipe)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._soon.start(SOON_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._soon.stop()

    def ask_for_pictures(self) -> None:
        """Has the pictures made that are missing, beside the window."""
        known = frozenset(name for name in ordered() if self.cards.card(name).has_sketch())
        if len(known) < len(ordered()):
            self._painter.ask(partial(sketches, known))

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self._soon.stop()
        self._painter.rest()

    def finish(self) -> None:
        """Have all pictures made now; for pictures and tests."""
        self._soon.stop()
        self.ask_for_pictures()
        self._painter.wait()

    def _on_source_requested(self, name: str) -> None:
        self.recipe_requested.emit(SOURCES[name].recipe)
