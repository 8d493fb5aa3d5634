"""The document page's widgets and where they stand: bar, stage with subtitle, panel, transport."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from visualnn.gui.clock import FrameClock
from visualnn.gui.left_panel import LeftPanel
from visualnn.gui.panel import Page, Panel
from visualnn.gui.readers import Reader, Sights
from visualnn.gui.theme import color
from visualnn.gui.views.inspector import InspectorView
from visualnn.gui.views.loss import LossView
from visualnn.gui.views.matrix import MatrixContent, MatrixView
from visualnn.gui.views.network import Content, NetworkView
from visualnn.gui.views.output import OutputView
from visualnn.gui.views.python import PythonView
from visualnn.gui.views.steps import StepsView
from visualnn.gui.views.top_bar import TopBar
from visualnn.gui.views.training import TrainingView
from visualnn.gui.views.transport import TransportView
from visualnn.gui.views.trouble import TroubleCard
from visualnn.gui.widgets.bubble import Bubble
from visualnn.gui.widgets.headline import Headline
from visualnn.gui.widgets.subtitle import Subtitle
from visualnn.nn.metrics import Score
from visualnn.nn.network import Vector
from visualnn.project import Project
from visualnn.scene.formula import Sentence
from visualnn.scene.network import column_title
from visualnn.scene.trouble import Advice

if TYPE_CHECKING:
    from visualnn.gui.landscape_parts import LandscapeParts
    from visualnn.gui.views.data import DataView

COMPACT_WIDTH, COMPACT_HEIGHT, LARGE_WIDTH = 1200, 720, 1600
ROOMY_HEIGHT = 900  # px of a window with room for code below a pad
SUBTITLE_HEIGHT = 68
NUMBER_WEIGHT = 650
FORMULA_WEIGHT, RESULT_WEIGHT = 600, 700
HEADLINE_AT, HEADLINE_LARGEST = (1280, 800), 1.6  # the window in which the headline has scale 1, and its largest scale


class StageColumn(QWidget):
    """The stage with its subtitle, on the canvas colour."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), color("canvas"))


class Parts(QWidget):
    """Holds the views, gives them their places, and makes them compact where the window is small."""

    data_made = Signal(object)  # DataView

    def __init__(self, clock: FrameClock, parent: QWidget | None = None):
        super().__init__(parent)
        self.clock = clock
        self.presenting = False
        self._layer: int | None = None  # whose matrix stands before the network
        self._had_panel = True  # before the presentation
        self._is_low = False  # whether the window is

    def make(self) -> Iterator[None]:
        """Make the views, a few at a time; it is shown when all are there."""
        self.top_bar = TopBar(self)
        self._make_stage()
        yield
        self.inspector, self.python = InspectorView(self), PythonView(self)
        self.output, self.loss = OutputView(self), LossView(self)
        yield
        self.training = TrainingView(self)
        self.training.opened.connect(self._on_settings_opened)
        self.training.device.height_changed.connect(self._on_device_grown)
        yield
        self.step_reader, self.train_reader = Reader(parent=self), Reader(compact=True, parent=self)
        self.sights = Sights(self)
        self.sights.chosen.connect(self._show_sights)
        self.trouble = TroubleCard(self)
        self._step_page = Page([self.step_reader, self.inspector, self.python], {2})
        read = (self.sights, self.train_reader, self.output, self.trouble)
        self._train_page = Page([*read, self.loss, self.training], {5})
        yield
        self.panel = Panel([self._step_page, self._train_page], self)
        self.left = LeftPanel([], self)
        self.left.opened.connect(self._on_left_opened)
        yield
        self.steps = StepsView(self)
        self.steps.hide()
        self.transport = TransportView(self)
        self.bubble = Bubble(self.transport.scrubber, self)
        self._lay_out()

    def _make_stage(self) -> None:
        self._column = StageColumn(self)
        self.stage, self.matrix = NetworkView(self._column), MatrixView(self._column)
        self.subtitle = Subtitle(self._column)
        self.subtitle.setFixedHeight(SUBTITLE_HEIGHT)
        self.headline = Headline(self._column)  # stands for the subtitle in a presentation
        self.headline.hide()

    @cached_property
    def data(self) -> DataView:
        """What the left panel shows; made when it is first needed."""
        from visualnn.gui.views.data import DataView

        view = DataView()
        self.left.body.stack.addWidget(view)
        self.left.show_page(0)
        self.data_made.emit(view)
        return view

    @cached_property
    def landscape(self) -> LandscapeParts:
        """What Landscape mode shows; made when it is first needed."""
        from visualnn.gui.landscape_parts import LandscapeParts

        made = LandscapeParts(self.clock, self._row, self._front, self.panel)
        made.set_presenting(self.presenting)
        made.set_compact(self.width() < COMPACT_WIDTH)
        beside = sum(each.width() for each in (self.panel, self.left) if not each.isHidden())
        made.fit(self.width() - beside)
        return made

    @property
    def has_landscape(self) -> bool:
        """Whether anybody has looked at a landscape."""
        return "landscape" in self.__dict__

    def show_front(self, view: QWidget) -> None:
        """Something else in the place of the network."""
        if self._front.indexOf(view) < 0:
            self._front.addWidget(view)
        self._front.setCurrentWidget(view)

    def show_stage(self) -> None:
        """The network on the stage, and none of the landscape before it."""
        self._front.setCurrentWidget(self.stage if self._layer is None else self.matrix)
        if self.has_landscape:
            self.landscape.hide()

    @property
    def stage_in_front(self) -> QWidget:
        """The network, or what stands in its place; not the weights of a layer."""
        front = self._front.currentWidget()
        return self.stage if front is None or front is self.matrix else front

    @property
    def has_focus_in_front(self) -> bool:
        """Whether keys go to what is large on the page, or to the network beside it."""
        focused = self.window().focusWidget()
        large = (self._front, *((self.landscape.portrait,) if self.has_landscape else ()))
        return focused is not None and any(each.isAncestorOf(focused) for each in large)

    @property
    def has_data(self) -> bool:
        """Whether anybody has looked at the data."""
        return "data" in self.__dict__

    def say(self, words: Sentence, live: bool = False, formula: Sentence | None = None) -> None:
        """The sentence below the stage; its numbers are heavier. The formula stands over it in a presentation."""
        weighted = [(part.text, part.role, NUMBER_WEIGHT if part.role else None) for part in words]
        self.subtitle.set_parts(weighted, live=live or self.presenting)  # what is not seen is not read aloud either
        quiet = [(text, role or "text2", weight) for text, role, weight in weighted]
        self.headline.say(quiet, headed(formula or ()), live=live or not self.presenting)

    def set_presenting(self, presenting: bool) -> None:
        """Only the stage, what is said about it, and the transport, all of them larger; or everything again."""
        if presenting:
            self._had_panel = not self.panel.isHidden()
        self.presenting = presenting
        self.top_bar.setVisible(not presenting)
        self.panel.setVisible(self._had_panel and not presenting)
        if presenting:
            self.left.set_open(False)
        self.subtitle.setVisible(not presenting)
        self.headline.setVisible(presenting)
        self.stage.set_presenting(presenting)
        if self.has_landscape:
            self.landscape.set_presenting(presenting)
        self.transport.set_presenting(presenting)

    @property
    def height_below_stage(self) -> int:
        """Px that a presentation's words and its transport take."""
        return self.headline.height() + self.transport.height()

    def show_network(self, content: Content) -> None:
        """The network, and the weights of one layer where these stand before it."""
        self.stage.show_content(content)
        if self._layer is not None:
            if self._layer < len(content.project.network.layers):
                self.matrix.show_content(matrix_content(content, self._layer))
            else:
                self.close_matrix()

    def open_matrix(self, layer: int) -> None:
        """The weights of a layer as a heat map before the network."""
        content = self.stage.content
        if content is not None:
            self._layer = layer
            self.matrix.show_content(matrix_content(content, layer))
            self._front.setCurrentWidget(self.matrix)
            self.matrix.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_matrix(self) -> None:
        """Back to the network."""
        before, self._layer = self._layer, None
        if before is not None:
            self._front.setCurrentWidget(self.stage)
            self.stage.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def matrix_layer(self) -> int | None:
        """The layer whose weights stand before the network."""
        return self._layer

    def show_reader(self, reader: Reader, output: Vector | None, project: Project, score: Score | None) -> None:
        """The pad or the field of a mode, where the data are pictures or texts."""
        reader.show_content(project, output, score)
        if reader is self.train_reader:
            self._show_sights()
        else:
            reader.setVisible(reader.is_wanted)

    def show_code(self) -> None:
        """The code below the Inspector; below a pad only where the window is high."""
        self._step_page.show_section(self.python, self.step_reader.isHidden() or self.height() >= ROOMY_HEIGHT)

    def show_trouble(self, advice: Advice | None) -> None:
        """What is wrong with the run, in the place of its output; None: nothing."""
        if advice is None or self.trouble.isHidden():
            self.leave(self.trouble if advice is None else self.output)
        self.trouble.show_advice(advice)
        self._show_sights()

    def _show_sights(self) -> None:
        """What the network says to the rows or to what is written by hand; beside a trouble only what it learns from.

        Where there is a choice the chart below is lower.
        """
        calm, wanted = self.trouble.isHidden(), self.train_reader.is_wanted
        writes = wanted and self.sights.writes and calm
        seen = {self.sights: calm and wanted, self.train_reader: writes, self.output: not writes}
        self.leave(*(each for each, is_seen in seen.items() if not is_seen))
        for each, is_seen in seen.items():
            each.setVisible(is_seen)
        self.output.set_folded(not calm)
        self.loss.set_compact(self._is_low or (calm and wanted))

    def leave(self, *hiding: QWidget) -> None:
        """Give the stage the focus before what has it hides, and Qt passes it on as if Tab had been pressed."""
        focused = self.window().focusWidget()
        if focused is not None and any(each.isAncestorOf(focused) for each in hiding):
            self._front.currentWidget().setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_left_opened(self, is_open: bool) -> None:
        self.output.set_data_open(is_open)
        self._fit_panels()

    def _fit_panels(self) -> None:
        """Both panels and the stage between them: the panels yield first."""
        self.panel.fit(self.width())
        beside = 0 if self.panel.isHidden() else self.panel.width()
        self.left.fit(self.width(), beside)
        if self.has_landscape:
            self.landscape.fit(self.width() - beside - (self.left.width() if self.left.is_open else 0))

    def _on_settings_opened(self) -> None:
        self._train_page.reveal(self.training)

    def _on_device_grown(self) -> None:
        """Who looks at the row sees what has been found out below it."""
        if self.training.device.is_in_sight:
            self._train_page.reveal_part(self.training.device)

    def reveal_device(self) -> None:
        """Open the further settings, and scroll down to where training computes."""
        self.training.open()
        device = self.training.device
        self._train_page.reveal_part(device)
        device.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        inner, middle, outer = QVBoxLayout(self._column), QHBoxLayout(), QVBoxLayout(self)
        for layout in (inner, outer):
            layout.setContentsMargins(0, 0, 0, 0)
        for layout in (inner, middle, outer):
            layout.setSpacing(0)
        self._front = QStackedWidget(self._column)
        self._front.addWidget(self.stage)
        self._front.addWidget(self.matrix)
        inner.addWidget(self._front, 1)
        inner.addWidget(self.subtitle)
        inner.addWidget(self.headline)
        self._row = middle
        middle.addWidget(self.left)
        middle.addWidget(self._column, 1)
        middle.addWidget(self.panel)
        outer.addWidget(self.top_bar)
        outer.addLayout(middle, 1)
        outer.addWidget(self.steps)
        outer.addWidget(self.transport)

    def resizeEvent(self, _event: object) -> None:
        narrow, low = self.width() < COMPACT_WIDTH, self.height() < COMPACT_HEIGHT
        self._fit_panels()
        if self.has_landscape:
            self.landscape.set_compact(narrow)
        for part in (self.top_bar, self.transport, self.python):
            part.set_compact(narrow)
        self._is_low = low
        self.inspector.set_compact(low)
        self._show_sights()
        self.show_code()
        for reader in (self.step_reader, self.train_reader):
            reader.set_low(low)
        self.subtitle.set_size(24 if self.width() >= LARGE_WIDTH else 20)
        share = min(self.width() / HEADLINE_AT[0], self.height() / HEADLINE_AT[1])
        self.headline.set_scale(round(max(1.0, min(share, HEADLINE_LARGEST)), 2))


def headed(formula: Sentence) -> list[tuple[str, str, int]]:
    """A formula as the headline shows it: numbers in the colours of their signs, the result heavier."""
    numbers = [index for index, part in enumerate(formula) if part.role]
    parts = [(part.text, part.role or "text2", FORMULA_WEIGHT) for part in formula]
    if len(numbers) > 1:
        parts[numbers[-1]] = (formula[numbers[-1]].text, "text", RESULT_WEIGHT)
    return parts


def matrix_content(content: Content, layer: int) -> MatrixContent:
    """The weights of a layer as they are shown at this moment."""
    project, names = content.project, content.project.names
    off = () if project.mask is None else np.argwhere(project.network.views(project.mask.parameters)[layer].w == 0.0)
    cut = frozenset((int(source), int(neuron)) for source, neuron in off)
    title = f"{column_title(project.network, layer)} → {column_title(project.network, layer + 1)}"
    weights = content.trace.layers[layer].w
    return MatrixContent(weights, names[layer], names[layer + 1], title, layer, cut, content.decimals)
