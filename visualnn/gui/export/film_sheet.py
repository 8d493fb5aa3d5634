"""Asks for a film: which steps, how much at a time, how long each, how large."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.export.film import LAST_S, Cut
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.overlay import Overlay
from visualnn.gui.widgets.segmented import Segmented
from visualnn.scene.timeline import GRAINS, Timeline

MARGIN, HEAD, ROW, FOOT, WORD = 24, 62, 50, 70, 92  # px; WORD is what the rows' names take
LEAST_WIDTH = 600
SPEEDS = (("Slow", 2.6), ("Normal", 1.6), ("Quick", 0.8))  # seconds of a step
SIZES = ((1280, 800), (1920, 1080))
NAMES = ("Steps", "Step by", "Speed", "Size")
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FilmSheet(Overlay):
    """Four choices, what comes of them, and a button."""

    wanted = Signal(object, float, object)  # Cut, seconds of a step, size in pixels

    def __init__(self, host: QWidget):
        super().__init__(host)
        self._kind, self._here = "GIF", 0
        self._timeline: Timeline | None = None
        self.steps = Segmented(["All"], parent=self, pad=11)
        self.grain = Segmented([grain.capitalize() for grain in GRAINS], parent=self, pad=11)
        self.speed = Segmented([f"{name}, {seconds:g} s" for name, seconds in SPEEDS], parent=self, pad=11)
        self.size_row = Segmented([f"{width} × {height}" for width, height in SIZES], parent=self, pad=11)
        self.speed.set_index(1)
        for name, row in zip(NAMES, self._rows, strict=True):
            row.setAccessibleDescription(name)
            row.chosen.connect(self._on_chosen)
        self.leave_button = TextButton("Cancel", None, "ghost", self)
        self.save_button = TextButton("Save GIF…", None, "primary", self)
        self.leave_button.clicked.connect(self.leave)
        self.save_button.clicked.connect(self.accept)

    @property
    def _rows(self) -> tuple[Segmented, ...]:
        return self.steps, self.grain, self.speed, self.size_row

    def ask(self, kind: str, timeline: Timeline, here: int, grain: str) -> None:
        """Open for a "GIF" or an "MP4" of a timeline that stands at step `here`."""
        self._kind, self._timeline, self._here = kind, timeline, here
        labels = ["All", *(phase for phase, _count in timeline.phases), "From here", "This step"]
        self.steps.set_labels(labels)
        self.steps.set_index(0)
        last = here >= len(timeline)
        self.steps.set_choice_enabled(len(labels) - 2, not last, "This is the last step.")
        self.grain.set_index(GRAINS.index(grain))
        self.save_button.set_label(f"Save {kind}…")
        self.open()
        self.steps.setFocus(Qt.FocusReason.OtherFocusReason)

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

    def card(self) -> QRectF:
        widest = max(row.sizeHint().width() for row in self._rows)
        width = min(max(LEAST_WIDTH, widest + WORD + 2 * MARGIN), self.width() - 16)
        height = HEAD + ROW * len(NAMES) + FOOT
        return QRectF(round((self.width() - width) / 2), round((self.height() - height) / 2.4), width, height)

    def arrange(self) -> None:
        card = self.card()
        for number, row in enumerate(self._rows):
            size = row.sizeHint()
            row.setGeometry(
                round(card.left()) + MARGIN + WORD, round(card.top()) + HEAD + number * ROW, size.width(), size.height()
            )
        right, y = round(card.right()) - MARGIN, round(card.bottom()) - FOOT + 16
        for button in (self.save_button, self.leave_button):
            size = button.sizeHint()
            right -= size.width()
            button.setGeometry(right, y, size.width(), size.height())
            right -= 8

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside the card."""
        ring: list[QWidget] = [*self._rows, self.leave_button, self.save_button]
        focused = self.focusWidget()
        at = ring.index(focused) if focused in ring else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        ring[(at + (1 if forward else -1)) % len(ring)].setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self.accept()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: object) -> None:
        card = self.card()
        left = card.left() + MARGIN
        with QPainter(self) as painter:
            self.paint_card(painter)
            theme.draw_text(painter, left, card.top() + 36, f"{self._kind} of the steps", 17, 650)
            for number, name in enumerate(NAMES):
                theme.draw_text(painter, left, card.top() + HEAD + number * ROW + 16, name, 13, 500, "text2")
            theme.draw_text(painter, left, card.bottom() - FOOT + 32, self.summary(), 13, 450, "text2")
