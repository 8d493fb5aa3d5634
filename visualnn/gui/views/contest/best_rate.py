"""The search for a runner's best rate: how far it is, what was tried, what was found."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.views.contest.content import Search
from visualnn.gui.views.contest.plot import RatePlot
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.card import wrapped
from visualnn.gui.widgets.progress_bar import ProgressBar
from visualnn.scene.racing import Lane
from visualnn.scene.scales import tick_text

PADDING, TITLE_Y, TEXT_Y, LINE, BAR_TOP, MOST = 24, 24, 54, 19, 68, 3


class BestRate(QWidget):
    """Nothing without a search."""

    accepted = Signal(int, float)  # the place of the runner, and the rate
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._search: Search | None = None
        self._name = ""
        self._lines: list[str] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.plot = RatePlot(self)
        self.bar = ProgressBar("Trying rates", self)
        self.use = TextButton("Use it", kind="primary", parent=self)
        self.close_button = TextButton("Cancel", parent=self, size=12, weight=500)
        self.use.clicked.connect(self._on_use_clicked)
        self.close_button.clicked.connect(self.cancelled)
        self.hide()
        self._fit()

    def show_search(self, search: Search | None, lane: Lane | None) -> None:
        """How far it is, and for whom; None: nobody looks for a rate."""
        if search is None or lane is None:
            self._search = None
            self.hide()
            return
        if search == self._search:
            return
        self._search, self._name = search, lane.name
        self.plot.show_trials(search.trials, search.best, lane.mark.color)
        self.bar.set_share(search.done / max(1, search.count))
        label = "Close" if search.is_over else "Cancel"
        if self.close_button.label() != label:
            self.close_button.set_label(label)
        self.setAccessibleName(self.title())
        self.setAccessibleDescription(self.sentence())
        self._fit()
        self.show()

    def title(self) -> str:
        """Whose rate it is."""
        return f"Best rate for {self._name}"

    def sentence(self) -> str:
        """How far it is, or what was found."""
        search = self._search
        if search is None:
            return ""
        return search.sentence or f"Trying rates: {search.done} of {search.count}"

    def _on_use_clicked(self) -> None:
        if self._search is not None and self._search.best is not None:
            self.accepted.emit(self._search.runner, self._search.best)

    # -- places and painting -------------------------------------------------------------------------------------

    def _fit(self) -> None:
        is_over = self._search is not None and self._search.is_over
        can_use = is_over and self._search.best is not None
        self.use.setVisible(can_use)
        self.bar.setVisible(not is_over)
        if can_use:
            self.use.set_hint(f"Give it the rate {tick_text(self._search.best)}")
        room = self.width() - 2 * PADDING - (self.use.sizeHint().width() + 12 if can_use else 0)
        self._lines = wrapped(self.sentence(), room, 13, 450, most=MOST)
        self.plot.move(0, self._plot_top())
        self.setFixedHeight(self._plot_top() + self.plot.height() + 10)
        self._place()
        self.update()

    def _plot_top(self) -> int:
        return max(TEXT_Y + LINE * len(self._lines), BAR_TOP + 10) - 6

    def _place(self) -> None:
        for part in (self.use, self.close_button):
            part.resize(part.sizeHint())
        right = self.width() - PADDING
        self.close_button.move(right + 12 - self.close_button.width(), TITLE_Y - self.close_button.height() // 2)
        self.use.move(right - self.use.width(), TEXT_Y - 9 + max(0, (len(self._lines) - 1) * LINE // 2 - 7))
        self.bar.setGeometry(PADDING, BAR_TOP, right - PADDING, self.bar.height())
        self.plot.resize(self.width(), self.plot.height())

    def resizeEvent(self, _event: QEvent) -> None:
        self._fit()

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            room = self.close_button.x() - PADDING
            theme.draw_text(painter, PADDING, TITLE_Y, theme.elided(self.title(), room, 14, 600), 14, 600)
            for index, line in enumerate(self._lines):
                theme.draw_text(painter, PADDING, TEXT_Y + LINE * index, line, 13, 450, "text2")
