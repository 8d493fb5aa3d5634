"""The widget: which layer, which numbers, and the three charts below."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from visualnn.engine.report import Report
from visualnn.gui import theme
from visualnn.gui.views.insides.chart import PADDING, Chart
from visualnn.gui.views.insides.dead import DeadChart
from visualnn.gui.views.insides.ratio import RatioChart
from visualnn.gui.views.insides.strip import StripChart
from visualnn.gui.widgets.menu_field import MenuField
from visualnn.gui.widgets.segmented import Segmented
from visualnn.scene.curves import TITLES
from visualnn.scene.strips import KINDS, strip
from visualnn.scene.vitals import vitals

EMPTY = "Train for a while to see what happens inside."
HINTS = (
    "The weights of the layer.",
    "What its neurons give, for all rows and neurons.",
    "slope = gradient: of the loss, for its weights and biases.",
)
GAP = 12  # px between the controls and below them
EMPTY_HIGH = 120


class InsidesView(QWidget):
    """Shows reports of one run; a click on a chart asks to travel there."""

    update_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("insides")
        self.setAccessibleName("Inside the layers")
        self.setMinimumWidth(300)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._reports: tuple[Report, ...] = ()
        self._names: tuple[str, ...] = ()
        self._epoch_length = 0
        self._layer, self._kind = 0, "weights"
        self.layers = MenuField([], self, name="Layer")
        self.kinds = Segmented(list(KINDS.values()), parent=self)
        self.kinds.setAccessibleName("Numbers")
        self.kinds.set_hints(HINTS)
        self.strip, self.ratio, self.dead = StripChart(self), RatioChart(self), DeadChart(self)
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP, 0, GAP)
        column.setSpacing(0)
        controls = QVBoxLayout()
        controls.setContentsMargins(PADDING, 0, PADDING, GAP)
        controls.setSpacing(GAP)
        controls.addWidget(self.layers)
        controls.addWidget(self.kinds, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(controls)
        for chart in self._charts():
            column.addWidget(chart)

    def _connect(self) -> None:
        self.layers.chosen.connect(self._on_layer)
        self.kinds.chosen.connect(self._on_kind)
        for chart in self._charts():
            chart.pointed.connect(partial(self._on_pointed, chart))
            chart.chosen.connect(self.update_chosen)

    def _charts(self) -> tuple[Chart, ...]:
        return self.strip, self.ratio, self.dead

    # -- values down ---------------------------------------------------------------------------------------------

    def show_reports(self, reports: Sequence[Report], names: Sequence[str], epoch_length: int = 0) -> None:
        """Show these reports, whose updates rise, of a network whose layers have these names."""
        fitting = [report for report in reports if len(report.statistics.layers) == len(names)]
        shown = (tuple(fitting), tuple(names), epoch_length)
        if shown != (self._reports, self._names, self._epoch_length):
            self._reports, self._names, self._epoch_length = shown
            self._layer = min(self._layer, max(len(names) - 1, 0))
            self._show()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self._reports

    def set_layer(self, layer: int) -> None:
        """Choose a layer, counted from 0."""
        if layer != self._layer and 0 <= layer < len(self._names):
            self._layer = layer
            self._show()

    def _show(self) -> None:
        for part in (self.kinds, *self._charts()):
            part.setVisible(not self.is_empty)
        self.layers.setVisible(not self.is_empty and len(self._names) > 1)
        self.setMinimumHeight(EMPTY_HIGH if self.is_empty else 0)
        self.setAccessibleDescription(EMPTY if self.is_empty else "")
        if not self.is_empty:
            self._show_layers()
            self._show_strip()
            self._show_vitals()
        self.updateGeometry()
        self.update()

    def _show_layers(self) -> None:
        last = self._reports[-1].statistics.layers
        said = [f"{name} · {TITLES[layer.activation][0]} · {layer.units:,}" for name, layer in self._pairs(last)]
        self.layers.set_options([(str(index), label) for index, label in enumerate(said)])
        self.layers.set_key(str(self._layer))
        self.layers.setToolTip("The layer shown: its name, its activation, its neurons.")

    def _pairs(self, layers):
        return zip(self._names, layers, strict=True)

    def _show_strip(self) -> None:
        histograms = [getattr(report.statistics.layers[self._layer], self._kind) for report in self._reports]
        shown = strip([report.update for report in self._reports], histograms)
        self.strip.show_strip(shown, KINDS[self._kind], self._names[self._layer], self._epoch_length)

    def _show_vitals(self) -> None:
        shown = vitals(self._reports, self._names)
        self.ratio.show_vitals(shown, self._layer, self._epoch_length)
        self.dead.show_vitals(shown, self._epoch_length)

    # -- what was asked ------------------------------------------------------------------------------------------

    def _on_layer(self, key: str) -> None:
        self.set_layer(int(key))

    def _on_kind(self, index: int) -> None:
        self._kind = tuple(KINDS)[index]
        self._show_strip()

    def _on_pointed(self, source: Chart, moment: int | None) -> None:
        """All charts mark the same moment."""
        for chart in self._charts():
            if chart is not source:
                chart.ask(moment)

    def paintEvent(self, _event: object) -> None:
        if self.is_empty:
            with QPainter(self) as painter:
                middle = QRectF(self.rect()).center()
                theme.draw_text(painter, middle.x(), middle.y(), EMPTY, 13, 450, "text2", "c")
