"""The pane left of the landscape: whose weights these are, the network or the formula, and what may be said of it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.portrait.canvas import PortraitCanvas
from visualnn.gui.views.portrait.content import FormulaContent, PortraitContent, next_pair
from visualnn.gui.views.portrait.formula import FormulaCard
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.card import wrapped
from visualnn.nn.landscape.models import MODELS
from visualnn.scene.landscape.portrait import is_whole

WIDTH = 300
PADDING = 24
TITLE_Y, SUBTITLE_Y, HEAD = 34, 56, 76
CAPTION, CAPTION_LINE, MOST_LINES = 13, 20, 12
FOOT, LOW_FOOT, HIGH_FROM = 64, 20, 600  # px below the caption, also of a low pane
GAP = 12
RING = 4  # px that the ring around the drawing takes


class PortraitView(QWidget):
    """Shows a network at one place of its landscape, or a formula; asks for other axes."""

    pair_requested = Signal(int, int)
    sheet_requested = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._content: PortraitContent | FormulaContent | None = None
        self.canvas = PortraitCanvas(self)
        self.formula = FormulaCard(self)
        self.choose_button = TextButton("Choose weights…", None, "ghost", self, tooltip="Choose two weights by name")
        self.canvas.parameter_chosen.connect(self._on_parameter_chosen)
        self.choose_button.clicked.connect(self.sheet_requested)
        for part in (self.canvas, self.formula, self.choose_button):
            part.hide()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 600)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_portrait(self, content: PortraitContent) -> None:
        """A network; cheap where only its weights have moved."""
        before = self._content
        self._content = content
        self.canvas.show_content(content)
        if not isinstance(before, PortraitContent) or _words(before) != _words(content):
            self._set_up(content)

    def show_formula(self, content: FormulaContent) -> None:
        """A surface that no network has."""
        before = self._content
        self._content = content
        self.formula.show_place(content.name, content.x, content.y)
        if not isinstance(before, FormulaContent) or _words(before) != _words(content):
            self._set_up(content)

    @property
    def content(self) -> PortraitContent | FormulaContent | None:
        """What is shown."""
        return self._content

    def redraw(self) -> None:
        """Draw everything again the next time."""
        self.canvas.redraw()
        self.update()

    @property
    def busy(self) -> bool:
        """Whether connections are being drawn."""
        return self.canvas.backdrop.busy

    def finish(self) -> None:
        """Have everything drawn now."""
        self.canvas.grab()
        self.canvas.backdrop.wait()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self.canvas.backdrop.rest()

    # -- parts ---------------------------------------------------------------------------------------------------

    def _set_up(self, content: PortraitContent | FormulaContent) -> None:
        """Other words, or another kind of content: everything gets its place anew."""
        drawn = isinstance(content, PortraitContent)
        self.canvas.setVisible(drawn)
        small = drawn and _is_model(content)
        if small:
            self.formula.show_small(content.formula)
        self.formula.setVisible(small or not drawn)
        self.setAccessibleName(" ".join(part for part in (content.title, content.subtitle) if part))
        self.setAccessibleDescription(content.caption)
        self._arrange()
        self.update()

    def _arrange(self) -> None:
        """Head, drawing, formula, button, caption, one below the other."""
        content = self._content
        if content is None:
            return
        room, bottom = self.width() - 2 * PADDING, round(self._caption_top(content)) - GAP
        drawn = isinstance(content, PortraitContent)
        button = self.choose_button.sizeHint()
        offered = drawn and content.choosable and not is_whole(content.sitter(), self.width() - 2 * RING)
        self.choose_button.setVisible(offered)
        if offered:
            bottom -= button.height()
            self.choose_button.setGeometry(PADDING - 12, bottom, button.width(), button.height())
        if not drawn:
            self.formula.setGeometry(PADDING, HEAD, room, max(0, bottom - HEAD))
            return
        if _is_model(content):
            high = self.formula.small_height(room)
            bottom -= high
            self.formula.setGeometry(PADDING, bottom, room, high)
            bottom -= GAP
        self.canvas.setGeometry(RING, HEAD, self.width() - 2 * RING, max(0, bottom - HEAD))

    def _caption_lines(self, content: PortraitContent | FormulaContent) -> list[str]:
        told = content.caption.replace(" = ", "\u00a0=\u00a0").replace(" %", "\u00a0%")
        return wrapped(told, self.width() - 2 * PADDING, CAPTION, most=MOST_LINES)

    def _caption_top(self, content: PortraitContent | FormulaContent) -> float:
        foot = FOOT if self.height() >= HIGH_FROM else LOW_FOOT
        return self.height() - foot - CAPTION_LINE * len(self._caption_lines(content))

    def _on_parameter_chosen(self, index: int) -> None:
        content = self._content
        pair = next_pair(content, index) if isinstance(content, PortraitContent) else None
        if pair is not None:
            self.pair_requested.emit(*pair)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        content, room = self._content, self.width() - 2 * PADDING
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("canvas"))
            painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), theme.color("line"))
            if content is None:
                return
            title, subtitle = (theme.elided(text, room, size, weight) for text, size, weight in _head(content))
            theme.draw_text(painter, PADDING, TITLE_Y, title, 14, 600)
            theme.draw_text(painter, PADDING, SUBTITLE_Y, subtitle, 13, 450, "text2")
            y = self._caption_top(content) + CAPTION_LINE / 2
            for number, line in enumerate(self._caption_lines(content)):
                theme.draw_text(painter, PADDING, y + number * CAPTION_LINE, line, CAPTION, 400, "text2")


def _head(content: PortraitContent | FormulaContent) -> tuple[tuple[str, int, int], tuple[str, int, int]]:
    return (content.title, 14, 600), (content.subtitle, 13, 450)


def _words(content: PortraitContent | FormulaContent) -> tuple[object, ...]:
    """What places depend on, but for the numbers."""
    said = content.title, content.subtitle, content.caption
    if isinstance(content, FormulaContent):
        return *said, content.name
    return *said, content.network, content.pair, content.choosable, content.formula, content.decimals


def _is_model(content: PortraitContent) -> bool:
    """Whether the formula is that of just these two weights, in this order."""
    return content.formula in MODELS and content.pair == MODELS[content.formula].weights
