"""What this program is, which version, and whose work is in it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QTextBrowser, QWidget

from visualnn import __version__, assets
from visualnn.gui import theme
from visualnn.gui.tasks import Newest
from visualnn.gui.widgets.form_sheet import MARGIN, FormSheet
from visualnn.health import parts

PURPOSE = "See a neural network think and learn. MIT licence. Its parts, their versions and licences:"
REPLACEABLE = "Qt is used as shared libraries, which may be replaced by others of your own. They lie in"
TEXTS = "The licences of fonts and icons lie beside them, in"
OTHER_TEXTS = "The licences of Python, of Qt and of what they contain lie in"
STYLE = "white-space:nowrap; padding-right:20px; padding-bottom:4px;"
BELOW_TITLE = 62  # px from above to the middle of the line below the title
LOWER = 22  # px by which that line moves what is listed


class AboutSheet(FormSheet):
    """A list that can be scrolled and copied. It is made beside the window when it is asked for first."""

    diagnostics_requested = Signal()
    title = f"VisualNN {__version__}"
    other = "Copy diagnostics"
    extent = (800.0, 600.0)

    def __init__(self, host: QWidget):
        super().__init__(host, "Close")
        self.list = QTextBrowser(self)
        self.list.setFont(theme.font(13, 400))
        self.list.setAccessibleName("Parts and licences")
        self.leave_button.clicked.connect(self.diagnostics_requested)
        self._maker = Newest(self)
        self._maker.done.connect(self.list.setHtml)

    def fields(self) -> Sequence[QWidget]:
        return (self.list,)

    def ask(self) -> None:
        if self.list.document().isEmpty():
            self._maker.ask(credits_text)
        super().ask()

    def accept(self) -> None:
        self.leave()

    def rest(self) -> None:
        """The window is being closed."""
        self._maker.rest()

    def arrange(self) -> None:
        super().arrange()
        self.list.setGeometry(self.inside().adjusted(0, LOWER, 0, 0).toRect())

    def paint_words(self, painter: QPainter, card: QRectF) -> None:
        theme.draw_text(painter, card.left() + MARGIN, card.top() + BELOW_TITLE, PURPOSE, 13, 400, "text2")


def credits_text() -> str:
    """Every part that is here, its version and its licence; where Qt and the licences lie."""
    here = [found for found in map(parts.found, parts.PARTS) if found.here]
    rows = "".join(f"<tr>{''.join(map(_cell, (f.part.name, f.version, f.part.licence)))}</tr>" for f in here)
    places = [(REPLACEABLE, parts.replaceable_qt()), (OTHER_TEXTS, parts.terms()), (TEXTS, assets.root())]
    told = "".join(f"<p>{words} {escape(str(folder))}.</p>" for words, folder in places if folder is not None)
    return f"<table>{rows}</table>{told}"


def _cell(text: str) -> str:
    return f'<td style="{STYLE}">{escape(text).replace(" AND ", ",<br>")}</td>'
