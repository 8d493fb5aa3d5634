"""The network as Python: the line being computed is lit, each line's value stands beside it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui.theme import color, draw_text, text_width
from visualnn.gui.widgets.button import IconButton
from visualnn.scene.code import Token, ValuedLine

PAD, PITCH, HEAD = 24, 23, 48
ROLES = {"keyword": "code_kw", "function": "code_fn", "plain": "code_id"}


class PythonView(QWidget):
    """Paints code lines with values; *Copy* asks for the whole program."""

    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._lines: list[ValuedLine] = []
        self._first = 0  # line at the top when there are more than fit
        self._size = 12.5
        self._indent = 4
        self._copy = IconButton("copy", "Copy code", self, key="Ctrl+Shift+C", size=32, icon_size=15)
        self._copy.clicked.connect(self._on_copy)
        self.setMinimumHeight(HEAD + 3 * PITCH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def show_lines(self, lines: list[ValuedLine]) -> None:
        """Show these lines; the lit one is scrolled into view."""
        self._lines = lines
        lit = next((i for i, line in enumerate(lines) if line.lit), None)
        fit = self._fit()
        if lit is not None and fit and not self._first <= lit < self._first + fit:
            self._first = lit - fit // 2
        self._first = max(0, min(self._first, len(lines) - fit))
        self.setAccessibleName("Python: " + " ".join(line.line.text.strip() for line in lines[:12]))
        self.updateGeometry()
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Smaller letters and indent in a narrow window."""
        self._size, self._indent = (12.0, 2) if compact else (12.5, 4)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, HEAD + len(self._lines) * PITCH + 12)

    def _fit(self) -> int:
        return max(0, (self.height() - HEAD - 8) // PITCH)

    def resizeEvent(self, _event: object) -> None:
        self._copy.move(self.width() - PAD - 23, 10)

    def wheelEvent(self, event: QWheelEvent) -> None:
        most = max(0, len(self._lines) - self._fit())
        self._first = max(0, min(self._first - event.angleDelta().y() // 60, most))
        self.update()

    def _on_copy(self) -> None:
        self.copy_requested.emit()

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
            draw_text(painter, PAD, 26, "Python", 14, 600)
            fit = self._fit()
            for row, line in enumerate(self._lines[self._first : self._first + fit]):
                self._paint_line(painter, line, HEAD + row * PITCH + PITCH / 2)
            if self._first + fit < len(self._lines):
                hidden = len(self._lines) - self._first - fit
                draw_text(painter, PAD, self.height() - 8, f"{hidden} more lines", 12, 450, "text3")

    def _paint_line(self, painter: QPainter, valued: ValuedLine, y: float) -> None:
        right = self.width() - PAD
        if valued.lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("accentbg"))
            painter.drawRoundedRect(QRectF(PAD - 12, y - PITCH / 2, right - PAD + 24, PITCH), 6, 6)
            painter.setBrush(color("accent"))
            painter.drawRoundedRect(QRectF(PAD - 12, y - PITCH / 2 + 4, 3, PITCH - 8), 1.5, 1.5)
        edge = right - (text_width(valued.value, self._size, 500, mono=True) + 12 if valued.value else 0)
        painter.save()
        painter.setClipRect(QRectF(0, y - PITCH, edge, 2 * PITCH))
        x = float(PAD)
        for token in valued.line.tokens:
            x += self._paint_token(painter, token, valued, QPointF(x, y))
        painter.restore()
        if x > edge + 1:
            self._paint_fade(painter, edge, y, valued.lit)
        if valued.value:
            text = valued.value.replace("−", "-")
            draw_text(painter, right, y, text, self._size, 500, valued.role, "r", mono=True)

    def _paint_token(self, painter: QPainter, token: Token, valued: ValuedLine, at: QPointF) -> float:
        text = token.text
        if text.startswith("    "):
            text = " " * self._indent + text[4:]
        now = valued.part is not None and token.part == valued.part
        ink = "accent" if now else ROLES[token.kind]
        return draw_text(painter, at.x(), at.y(), text, self._size, 700 if now else 400, ink, mono=True)

    def _paint_fade(self, painter: QPainter, edge: float, y: float, lit: bool) -> None:
        painter.fillRect(QRectF(edge - 16, y - PITCH / 2 + 1, 16, PITCH - 2), color("accentbg" if lit else "panel"))
        draw_text(painter, edge - 2, y, "…", self._size, 400, "text3", "r", mono=True)
