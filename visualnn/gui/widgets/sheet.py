"""Find: everything the window can do, by name."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.announce import announce
from visualnn.gui.widgets.key_caps import caps_width, draw_caps
from visualnn.gui.widgets.overlay import Overlay
from visualnn.gui.widgets.search import Entry, Hit, find

WIDTH = 560
TOP_SHARE = 0.2
HEAD = 56
ROW = 40
MOST_ROWS = 9
PADDING = 8
STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -MOST_ROWS,
    Qt.Key.Key_PageDown: MOST_ROWS,
}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SearchLine(QLineEdit):
    """Passes on the keys that move in the list."""

    key_pressed = Signal(object)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (*STEPS, *ENTER, Qt.Key.Key_Escape):
            self.key_pressed.emit(event.key())
        else:
            super().keyPressEvent(event)


class FindSheet(Overlay):
    """A line to type in and the entries that fit; `chosen` brings the id of one."""

    chosen = Signal(str)

    def __init__(self, host: QWidget, placeholder: str = "Find a command, a setting, an example, a neuron"):
        super().__init__(host)
        self._entries: Sequence[Entry] = ()
        self._suggest: Callable[[str], Sequence[Entry]] | None = None
        self._hits: list[Hit] = []
        self._current, self._first = 0, 0
        self._line = SearchLine(self)
        self._line.setProperty("kind", "bare")
        self._line.setFont(theme.font(16, 400))
        self._placeholder = placeholder
        self._line.setAccessibleName("Find")
        self._line.textChanged.connect(self._on_text)
        self._line.key_pressed.connect(self._on_key)
        self.setMouseTracking(True)
        self.setFocusProxy(self._line)

    def set_entries(self, entries: Sequence[Entry], suggest: Callable[[str], Sequence[Entry]] | None = None) -> None:
        """What can be found; `suggest` adds entries made for what is typed, such as "Set learning rate to 0.03"."""
        self._entries, self._suggest = entries, suggest
        self._on_text(self._line.text())

    def open(self, text: str = "", placeholder: str = "") -> None:
        """Opens with `text` already typed; `placeholder` says what else could be, instead of the usual."""
        self._line.setPlaceholderText(placeholder or self._placeholder)
        self._line.setText(text)
        self._on_text(text)
        super().open()

    def line(self) -> QLineEdit:
        """Where one types."""
        return self._line

    def hits(self) -> list[Hit]:
        """The entries listed now."""
        return self._hits

    def current(self) -> Entry | None:
        """The entry that Enter would choose."""
        return self._hits[self._current].entry if self._hits else None

    def choose(self) -> None:
        """Chooses the lit entry, if it can be done now."""
        entry = self.current()
        if entry is not None and entry.enabled:
            self.leave()
            self.chosen.emit(entry.id)

    # ------------------------------------------------------------------------------------------------------------ list

    def _on_text(self, text: str) -> None:
        made = self._suggest(text) if self._suggest is not None and text.strip() else ()
        self._hits = [Hit(entry) for entry in made] + find(self._entries, text)
        self._current = self._first = 0
        self._light(0)

    def _on_key(self, key: Qt.Key) -> None:
        if key in STEPS:
            self._light(self._current + STEPS[key], wrap=abs(STEPS[key]) == 1)
        elif key in ENTER:
            self.choose()
        else:
            self.leave()

    def _light(self, index: int, wrap: bool = False) -> None:
        count = len(self._hits)
        if count:
            self._current = index % count if wrap else min(max(index, 0), count - 1)
            self._first = min(max(self._first, self._current - self._rows() + 1), self._current)
            announce(self, self._spoken(self._hits[self._current].entry))
        else:
            announce(self, self._nothing())
        self.update()

    def _spoken(self, entry: Entry) -> str:
        return ", ".join(part for part in (entry.text, entry.keys, entry.detail) if part)

    def _nothing(self) -> str:
        return f"Nothing here is called “{self._line.text().strip()}”."

    def _rows(self) -> int:
        room = int((self.height() * (1 - TOP_SHARE) - HEAD - 2 * PADDING - 16) // ROW)
        return max(min(len(self._hits), MOST_ROWS, room), 1)

    # -------------------------------------------------------------------------------------------------------- geometry

    def card(self) -> QRectF:
        width = min(WIDTH, self.width() - 32)
        height = HEAD + self._rows() * ROW + 2 * PADDING
        return QRectF(round((self.width() - width) / 2), round(self.height() * TOP_SHARE), width, height)

    def arrange(self) -> None:
        card = self.card().toRect()
        self._line.setGeometry(QRect(card.left() + 48, card.top() + 10, card.width() - 64, HEAD - 20))

    def row_rect(self, row: int) -> QRectF:
        """Where the row with this number is, counted from the first one shown."""
        card = self.card()
        return QRectF(card.left() + PADDING, card.top() + HEAD + PADDING + row * ROW, card.width() - 2 * PADDING, ROW)

    def _row_at(self, position) -> int | None:
        rows = range(min(self._rows(), len(self._hits)))
        return next((row for row in rows if self.row_rect(row).contains(position)), None)

    # ---------------------------------------------------------------------------------------------------------- events

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position())
        if row is not None and row + self._first != self._current:
            self._light(row + self._first)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position())
        if row is not None:
            self._light(row + self._first)
            self.choose()

    def wheelEvent(self, event: QWheelEvent) -> None:
        step = -1 if event.angleDelta().y() > 0 else 1
        self._first = min(max(self._first + step, 0), max(len(self._hits) - self._rows(), 0))
        self._current = min(max(self._current, self._first), self._first + self._rows() - 1)
        self.update()

    # -------------------------------------------------------------------------------------------------------- painting

    def paintEvent(self, _event) -> None:
        card = self.card()
        with QPainter(self) as painter:
            self.paint_card(painter)
            theme.draw_icon(painter, "search", card.left() + 28, card.top() + HEAD / 2, 18, "text2")
            painter.fillRect(QRectF(card.left() + 1, card.top() + HEAD - 1, card.width() - 2, 1), theme.color("line"))
            if not self._hits:
                theme.draw_text(
                    painter, card.left() + 20, self.row_rect(0).center().y(), self._nothing(), 13, 450, "text2"
                )
            for row, hit in enumerate(self._hits[self._first : self._first + self._rows()]):
                self._paint_row(painter, self.row_rect(row), hit, row + self._first == self._current)

    def _paint_row(self, painter: QPainter, box: QRectF, hit: Hit, lit: bool) -> None:
        entry, y = hit.entry, box.center().y()
        if lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accentbg"))
            painter.drawRoundedRect(box, 10, 10)
        if entry.icon:
            ink = "line2" if not entry.enabled else "accent" if lit else "text2"
            theme.draw_icon(painter, entry.icon, box.left() + 20, y, 17, ink)
        x, right = box.left() + 40, box.right() - 12 - caps_width(entry.keys)
        x += theme.draw_runs(painter, x, y, self._runs(hit), 14, 400, "text" if entry.enabled else "text3") + 10
        detail = theme.elided(entry.detail, max(right - 12 - x, 0), 12) if entry.detail else ""
        theme.draw_text(painter, x, y, detail, 12, 400, "text2" if lit else "text3")
        draw_caps(painter, box.right() - 12, y, entry.keys)

    def _runs(self, hit: Hit) -> list[tuple]:
        """The name in runs, its matched letters bold."""
        runs: list[list] = []
        for index, letter in enumerate(hit.entry.text):
            weight = 700 if index in hit.places else 450
            if runs and runs[-1][2] == weight:
                runs[-1][0] += letter
            else:
                runs.append([letter, None, weight])
        return [tuple(run) for run in runs]
