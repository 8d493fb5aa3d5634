"""Asks for a film: which steps, how much at a time, how long each, how large."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.export.film import LAST_S, Cut
from visualnn.gui.widgets.form_sheet import FOOT, HEAD, MARGIN, FormSheet
from visualnn.gui.widgets.segmented import Segmented
from visualnn.scene.timeline import GRAINS, Timeline

ROW, WORD = 50, 92  # px; WORD is what the rows' names take
LEAST_WIDTH = 600
SPEEDS = (("Slow", 2.6), ("Normal", 1.6), ("Quick", 0.8))  # seconds of a step
SIZES = ((1280, 800), (1920, 1080))
NAMES = ("Steps", "Step by", "Speed", "Size")


class FilmSheet(FormSheet):
    """Four choices, what comes of them, and a button."""

    wanted = Signal(object, float, object)  # Cut, seconds of a step, size in pixels

    def __init__(self, host: QWidget):
        super().__init__(host, "Save GIF…")
        self._kind, self._here = "GIF", 0
        self._timeline: Timeline | None = None
        self.steps = Segmented(["All"], parent=self, pad=11)
        self.grain = Segmented([grain.capitalize() for grain in GRAINS], parent=self, pad=11)
        self.speed = Segmented([f"{name}, {seconds:g} s" for name, seconds in SPEEDS], parent=self, pad=11)
        self.size_row = Segmented([f"{width} × {height}" for width, height in SIZES], parent=self, pad=11)
        self.speed.set_index(1)
        for name, row in zip(NAMES, self.fields(), strict=True):
            row.setAccessibleDescription(name)
            row.chosen.connect(self._on_chosen)

    def fields(self) -> tuple[Segmented, ...]:
        return self.steps, self.grain, self.speed, self.size_row

    def ask_about(self, kind: str, timeline: Timeline, here: int, grain: str) -> None:
        """Open for a "GIF" or an "MP4" of a timeline that stands at step `here`."""
        self._kind, self._timeline, self._here = kind, timeline, here
        self.title = f"{kind} of the steps"
        labels = ["All", *(phase for phase, _count in timeline.phases), "From here", "This step"]
        self.steps.set_labels(labels)
        self.steps.set_index(0)
        last = here >= len(timeline)
        self.steps.set_choice_enabled(len(labels) - 2, not last, "This is the last step.")
        self.grain.set_index(GRAINS.index(grain))
        self.accept_button.set_label(f"Save {kind}…")
        self.ask()

    @property
    def cut(self) -> Cut:
        """The chosen steps."""
        assert self._timeline is not None
        timeline, grain = self._timeline, GRAINS[self.grain.index()]
        index, phases = self.steps.index(), timeline.phases
        if index == 0:
            return Cut(1, len(timeline), grain)
        if index <= len(phases):
            first = 1 + sum(count for _phase, count in phases[: index - 1])
            return Cut(first, first + phases[index - 1][1] - 1, grain)
        if index == len(phases) + 1:
            return Cut(min(self._here + 1, len(timeline)), len(timeline), grain)
        return self._this_step(timeline)

    def _this_step(self, timeline: Timeline) -> Cut:
        """What the grain makes of the step that was done last."""
        grain, here = GRAINS[self.grain.index()], max(self._here, 1)
        first = timeline.before(here, grain)
        return Cut(first + 1, timeline.after(first, grain), grain)

    @property
    def seconds(self) -> float:
        """Of one step."""
        return SPEEDS[self.speed.index()][1]

    def summary(self) -> str:
        """What comes of it: "55 steps, 1:30 minutes"."""
        if self._timeline is None:
            return ""
        count = self.cut.count(self._timeline)
        whole = round(count * self.seconds + self.seconds / 2 + LAST_S)
        return f"{count:,} step{'s' * (count != 1)}, {whole // 60:,}:{whole % 60:02} minutes"

    def accept(self) -> None:
        """Take what is chosen."""
        self.leave()
        self.wanted.emit(self.cut, self.seconds, SIZES[self.size_row.index()])

    def _on_chosen(self, _index: int) -> None:
        self.setAccessibleName(self.summary())
        self.update()

    # -- geometry and keys ---------------------------------------------------------------------------------------

    @property
    def extent(self) -> tuple[float, float]:
        widest = max(row.sizeHint().width() for row in self.fields())
        return max(LEAST_WIDTH, widest + WORD + 2 * MARGIN), HEAD + ROW * len(NAMES) + FOOT

    def arrange(self) -> None:
        super().arrange()
        box = self.inside()
        for number, row in enumerate(self.fields()):
            size = row.sizeHint()
            row.setGeometry(round(box.left()) + WORD, round(box.top()) + number * ROW, size.width(), size.height())

    def paint_words(self, painter: QPainter, card: QRectF) -> None:
        left = card.left() + MARGIN
        for number, name in enumerate(NAMES):
            theme.draw_text(painter, left, card.top() + HEAD + number * ROW + 16, name, 13, 500, "text2")
        theme.draw_text(painter, left, card.bottom() - FOOT + 32, self.summary(), 13, 450, "text2")
