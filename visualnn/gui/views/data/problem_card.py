"""What is wrong in a file, in one sentence, and the ways out."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.files.tables import Problems
from visualnn.gui import theme
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.card import wrapped
from visualnn.scene.rows import counted

PAD, LINE, ICON = 14, 18, 26  # px


class ProblemCard(QWidget):
    """Names the first bad cell; once the rows are skipped, says so quietly."""

    skip_requested = Signal(bool)  # whether such rows are to be left out
    show_requested = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._sentence, self._rest, self._skipped = "", "", False
        self.skip = TextButton("Skip", kind="solid", parent=self)
        self.show_them = TextButton("Show them", parent=self)
        self.skip.clicked.connect(self._on_skip_clicked)
        self.show_them.clicked.connect(self._on_show_clicked)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_problems(self, problems: Problems | None, skipped: bool) -> None:
        """Shows what is wrong, if something is."""
        self.setVisible(problems is not None and problems.count > 0)
        if problems is None or not problems.count:
            return
        rows, one = counted(problems.bad_rows, "row"), problems.bad_rows == 1
        self._skipped = skipped
        self._sentence = f"{rows} {'is' if one else 'are'} skipped." if skipped else problems.first[0].sentence()
        more = problems.count - 1
        self._rest = f"And {more:,} more {'cell' if more == 1 else 'cells'}." if more and not skipped else ""
        self.skip.set_label("Undo" if skipped else f"Skip {rows}")
        self.show_them.set_label("Show it" if one else "Show them")
        self.setAccessibleName(self._sentence)
        self.setAccessibleDescription(self._rest)
        self._fit()
        self.update()

    def sentence(self) -> str:
        """What is said first."""
        return self._sentence

    def _lines(self) -> list[str]:
        lines = wrapped(self._sentence, max(self.width() - 2 * PAD - ICON, 160), 13, 500, most=3)
        return [*lines, self._rest] if self._rest else lines

    def _fit(self) -> None:
        self.setFixedHeight(PAD + LINE * len(self._lines()) + 8 + 32 + 10)
        top, left = self.height() - 32 - 10, PAD + ICON
        for button in (self.skip, self.show_them):
            button.setGeometry(left, top, button.sizeHint().width(), 32)
            left += button.width() + 4

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def _on_skip_clicked(self) -> None:
        self.skip_requested.emit(not self._skipped)

    def _on_show_clicked(self) -> None:
        self.show_requested.emit()

    def paintEvent(self, _event) -> None:
        ink, ground = ("text3", "raised") if self._skipped else ("bad", "badbg")
        lines = self._lines()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen if self._skipped else QPen(theme.mix(ground, ink, 0.45), 1))
            painter.setBrush(theme.color(ground))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
            theme.draw_icon(painter, "triangle-alert", PAD + 8, PAD + LINE / 2, 16, ink)
            for index, line in enumerate(lines):
                is_rest = bool(self._rest) and index == len(lines) - 1
                y = PAD + LINE / 2 + index * LINE
                theme.draw_text(
                    painter, PAD + ICON, y, line, 13, 400 if is_rest else 500, "text2" if is_rest else "text"
                )
