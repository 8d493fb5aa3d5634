"""The line over the chart: what is measured, which line is which, how calm they are, and the kind of axis."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.loss.choice import PAD, Choice
from visualnn.gui.views.loss.pens import paint_sample
from visualnn.gui.widgets.button import TextButton
from visualnn.scene.record import METRICS, Record
from visualnn.scene.smoothing import SMOOTHINGS

HEIGHT = 34
MIDDLE = 17  # of the letters
SAMPLE, SAMPLE_GAP, ENTRY_GAP = 20, 6, 12  # px of a legend
SHORT_SAMPLE = 12


class Head(QWidget):
    """Shows a record's title, legend and switches."""

    metric_chosen = Signal(str)
    smoothing_chosen = Signal(float)
    log_toggled = Signal()

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self._record = Record()
        self._metrics: tuple[str, ...] = ("loss",)
        self.measure = Choice("What is measured", self, arrow=True, size=14, weight=600, ink="text")
        self.smoothing = Choice("Smoothing", self, size=12, weight=500)
        self.switch = TextButton("log", parent=self, size=12, weight=500, pad=PAD)
        self.measure.chosen.connect(self.metric_chosen)
        self.smoothing.chosen.connect(self._on_smoothing_chosen)
        self.switch.clicked.connect(self.log_toggled)
        self._written: object = None
        self._write()

    def set_metrics(self, metrics: Sequence[str]) -> None:
        """What there is to be chosen from."""
        self._metrics = tuple(metrics)
        self._write()

    def show_record(self, record: Record) -> None:
        """Say what this record shows."""
        self._record = record
        self._write()
        self.update()

    def _write(self) -> None:
        """The words on the buttons, where they are others."""
        record = self._record
        written = (record.metric, record.smoothing, record.is_log, self._metrics, len(self.entries()), self.width())
        if written == self._written:
            return
        self._written = written
        self._write_measure(METRICS[record.metric])
        self._write_log()
        self._write_smoothing(f"smooth {record.smoothing:g}" if record.smoothing else "raw")
        if not self._fits() and record.smoothing:
            self._write_smoothing(f"{record.smoothing:g}")
        if not self._fits(SHORT_SAMPLE):
            self._write_measure(METRICS[record.metric].split()[-1].capitalize())
        self.update()

    def _write_measure(self, label: str) -> None:
        titles = [(key, METRICS[key]) for key in self._metrics]
        self.measure.show_options(titles, self._record.metric, label, "What is measured: click for another.")

    def _write_log(self) -> None:
        is_log = self._record.is_log
        self.switch.setVisible(self._record.metric != "right")
        self.switch.set_label("log" if is_log else "linear")
        now, other = ("logarithmic", "linear") if is_log else ("linear", "logarithmic")
        self.switch.set_hint(f"The upright axis is {now}. Click for a {other} one.")
        self.switch.resize(self.switch.sizeHint())

    def _write_smoothing(self, label: str) -> None:
        options = [(f"{s:g}", f"Moving average, smoothing {s:g}" if s else "As measured") for s in SMOOTHINGS]
        hint = "Lines as they were measured. Click for a moving average above them."
        if self._record.smoothing:
            hint = "Bold: the moving average. Thin: as measured. Click for another smoothing."
        self.smoothing.show_options(options, f"{self._record.smoothing:g}", label, hint)
        self._place()

    def _on_smoothing_chosen(self, key: str) -> None:
        self.smoothing_chosen.emit(float(key))

    # -- places and painting -------------------------------------------------------------------------------------

    def entries(self) -> list[tuple[str, str, int]]:
        """Name, role and tint of the lines in the legend: other runs have their names at their ends."""
        lines = [line for line in self._record.lines if line.role != "other"]
        return [(line.name, line.role, line.tint) for line in lines] if len(lines) > 1 else []

    def _place(self) -> None:
        self.measure.move(-PAD, MIDDLE - self.measure.height() // 2)
        right = self.width() + PAD
        for button in (self.switch, self.smoothing):
            if not button.isHidden():
                button.move(right - button.width(), MIDDLE - button.height() // 2)
                right = button.x() + 4

    def _legend_left(self) -> float:
        return self.measure.geometry().right() + 1 + (4 if self.measure.focusPolicy() else 10)

    def _legend_width(self, sample: float) -> float:
        texts = [theme.text_width(name, 12, 450) for name, _, _ in self.entries()]
        return sum(texts) + len(texts) * (sample + SAMPLE_GAP) + max(0, len(texts) - 1) * ENTRY_GAP

    def _fits(self, sample: float = SAMPLE) -> bool:
        return self._legend_left() + self._legend_width(sample) <= self.smoothing.x() + PAD - 8

    def resizeEvent(self, _event: QEvent) -> None:
        self._write()
        self._place()

    def paintEvent(self, _event: QEvent) -> None:
        sample = SAMPLE if self._fits() else SHORT_SAMPLE
        if not self._fits(sample):
            return
        x = self._legend_left()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for name, role, tint in self.entries():
                paint_sample(painter, x, MIDDLE + 0.5, sample, role, tint)
                x += sample + SAMPLE_GAP
                x += theme.draw_text(painter, x, MIDDLE, name, 12, 450, "text2") + ENTRY_GAP
