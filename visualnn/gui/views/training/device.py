"""Where to compute: the processor or the GPU, how long an update takes on each, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.engine.devices import NO_TIMES, Times
from visualnn.gui import theme
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.card import wrapped
from visualnn.gui.widgets.menu_field import MenuField
from visualnn.scene.devices import duration

PADDING, FIELD_WIDTH = 24, 150  # as in all rows of the panel
FIRST_Y = 16  # the middle of the row with the field
BARS_Y, BAR_PITCH, BAR_THICK = 54, 20, 4  # the middle of the first bar, and px from one to the next
NAME_ROOM, TIME_ROOM = 74, 60  # px for “Processor” and for “999 µs” beside a bar
LINE, BETWEEN, MOST_LINES = 17, 6, 8  # px from one line of a sentence to the next, and more between two sentences
ABOVE_LINES, BELOW = 24, 16  # from the last row to the first line, and below everything
CHOICES = (("cpu", "Processor"), ("cuda", "GPU"))  # and, in this order, the bars
TF32 = ("tf32", "GPU, TF32")
HINT = "Where updates are computed. PyTorch: device"
TF32_HINT = "Products of matrices with 10 bits of each factor. torch.set_float32_matmul_precision(“high”)"


@dataclass(frozen=True, slots=True)
class Content:
    """What there is to see."""

    key: str = "cpu"  # "cpu", "cuda" or "tf32"
    reason: str = ""  # why the GPU cannot be chosen; "" if it can
    card: str = ""  # what it is called
    has_tf32: bool = False
    times: Times = NO_TIMES
    computing: str = "cpu"  # the device that makes the updates now: "cpu" or "cuda"
    sentences: tuple[str, ...] = ()
    offers: bool = False  # to measure now

    @property
    def has_bars(self) -> bool:
        """Whether there is something to compare."""
        return not self.reason


class DeviceView(QWidget):
    """A row with a field, a bar for each device, and sentences below. As high as it takes."""

    device_chosen = Signal(str)  # "cpu", "cuda" or "tf32"
    measure_requested = Signal()
    seen = Signal()  # it has come into sight, or is painted anew
    height_changed = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("device")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.content = Content(reason="…")
        self._lines: list[tuple[float, str]] = []  # their middles, and what is written there
        self.field = MenuField(CHOICES, self, name="Device", width=FIELD_WIDTH)
        self.field.chosen.connect(self.device_chosen)
        self.measure = TextButton(
            "Measure now", parent=self, tooltip="Measure now: slows the run for a second", size=12, weight=500
        )
        self.measure.clicked.connect(self.measure_requested)
        self.show_content(Content())

    def show_content(self, content: Content) -> None:
        """Shows where updates are computed, and what else was found out."""
        if content == self.content:
            return
        self.content = content
        choices = (*CHOICES, TF32) if content.has_tf32 else CHOICES
        self.field.set_options(choices)
        self.field.set_option_enabled("cuda", not content.reason, content.reason)
        self.field.set_key(content.key)
        self.field.setToolTip(self._tip())
        self.measure.setVisible(content.offers)
        self.setAccessibleName("Device")
        self.setAccessibleDescription(" ".join(content.sentences))
        self._fit()
        self.update()

    def _tip(self) -> str:
        """Why there is no choice, or what was chosen."""
        content = self.content
        if content.reason:
            return content.reason
        return TF32_HINT if content.key == "tf32" else f"{HINT}{f' · {content.card}' if content.card else ''}"

    def lines(self) -> list[str]:
        """The sentences as they are written there."""
        return [line for _y, line in self._lines]

    @property
    def is_in_sight(self) -> bool:
        """Whether any of it is to be seen, also in a panel that scrolls."""
        return self.isVisible() and not self.visibleRegion().isEmpty()

    # -- places --------------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        """Break the lines, and take the height that they need."""
        room, y = self.width() - 2 * PADDING, self._rows_end() + ABOVE_LINES
        self._lines = []
        for text in self.content.sentences:
            for line in wrapped(text, room, 12, 450, most=MOST_LINES):
                self._lines.append((y, line))
                y += LINE
            y += BETWEEN
        bottom = self._lines[-1][0] + LINE / 2 if self._lines else self._rows_end() + LINE / 2
        if self.content.offers:
            size = self.measure.sizeHint()
            self.measure.setGeometry(PADDING - 12, round(bottom) + 4, size.width(), size.height())
            bottom += 4 + size.height()
        height = round(bottom) + BELOW
        if height != self.height():
            self.setFixedHeight(height)
            self.height_changed.emit()

    def _rows_end(self) -> float:
        """The middle of the last row above the sentences."""
        return BARS_Y + BAR_PITCH * (len(CHOICES) - 1) if self.content.has_bars else FIRST_Y + 10

    def resizeEvent(self, _event: QEvent) -> None:
        self.field.setGeometry(self.width() - PADDING - FIELD_WIDTH, FIRST_Y - 16, FIELD_WIDTH, 32)
        self._fit()

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme.draw_text(painter, PADDING, FIRST_Y, "Device", 13, 450, "text2")
            if self.content.has_bars:
                for number, (device, name) in enumerate(CHOICES):
                    self._paint_bar(painter, BARS_Y + number * BAR_PITCH, device, name)
            for y, line in self._lines:
                theme.draw_text(painter, PADDING, y, line, 12, 450, "text2")
        self.seen.emit()

    def _paint_bar(self, painter: QPainter, y: float, device: str, name: str) -> None:
        """How long an update takes there, violet where it is computed now; as long as the longer of both times is."""
        times, is_now = self.content.times, device == self.content.computing
        seconds = times.cpu if device == "cpu" else times.gpu
        theme.draw_text(painter, PADDING, y, name, 12, 550 if is_now else 450, "text" if is_now else "text2")
        left, right = PADDING + NAME_ROOM, self.width() - PADDING - TIME_ROOM
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(QRectF(left, y - BAR_THICK / 2, right - left, BAR_THICK), 2, 2)
        text = "…" if seconds is None else duration(seconds)
        if seconds is not None:
            longest = max(time for time in (times.cpu, times.gpu) if time is not None)
            painter.setBrush(theme.color("accent" if is_now else "line3"))
            width = max(float(BAR_THICK), (right - left) * seconds / longest)
            painter.drawRoundedRect(QRectF(left, y - BAR_THICK / 2, width, BAR_THICK), 2, 2)
        theme.draw_text(painter, self.width() - PADDING, y, text, 12, 550 if is_now else 450, "text", "r")
