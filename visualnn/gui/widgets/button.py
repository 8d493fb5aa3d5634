"""Buttons: an icon, a word with or without an icon, and the violet disc that plays."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.gui.widgets.glide import Glide, Hover
from visualnn.gui.widgets.key_caps import written

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Button(KeyboardFocus, Hover, QAbstractButton):
    """What all buttons share: keys, hover, tooltip and accessible name.  Reached by Tab; a click leaves the focus."""

    own_keys = frozenset({Qt.Key.Key_Space, *ENTER})

    def __init__(self, name: str, key: str = "", parent: QWidget | None = None):
        super().__init__(parent)
        self._name, self._key = name, key
        self._glide = Glide(self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._describe()

    def set_hint(self, name: str, key: str | None = None) -> None:
        """Says what the button does now, and by which key."""
        self._name = name
        self._key = self._key if key is None else key
        self._describe()

    def set_enabled(self, enabled: bool, reason: str = "") -> None:
        """Enables the button, or disables it and lets its tooltip say why."""
        self.setEnabled(enabled)
        self._describe("" if enabled else reason)

    def _describe(self, reason: str = "") -> None:
        key = written(self._key)
        self.setToolTip(reason or (f"{self._name}  ({key})" if key else self._name))
        self.setAccessibleName(self._name)
        self.setAccessibleDescription(reason or key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self.click()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange and not self.isEnabled():
            self._glide.go(0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _faded(self, ink: theme.Ink) -> QColor:
        """`ink` as far as the pointer has faded it in, for a fill on an unknown ground; darker while pressed."""
        fill = theme.pressed(ink) if self.isDown() else theme.color(ink)
        fill.setAlphaF(1.0 if self.isDown() else self._glide.value)
        return fill

    def _toned(self, rest: theme.Ink, hover: theme.Ink) -> QColor:
        """The fill of a button that always has one."""
        tone = theme.mix(rest, hover, self._glide.value if self.isEnabled() else 0)
        return theme.pressed(tone) if self.isDown() else tone


class IconButton(Button):
    """An icon without a word; its tooltip is the word.  Checked: violet on a violet tint."""

    def __init__(
        self, icon: str, tooltip: str, parent: QWidget | None = None, *, key="", size=36, icon_size=18, ink="text2"
    ):
        super().__init__(tooltip, key, parent)
        self._icon, self._size, self._icon_size, self._ink = icon, max(size, 32), icon_size, ink

    def set_size(self, size: int, icon_size: int) -> None:
        """Larger or smaller."""
        self._size, self._icon_size = max(size, 32), icon_size
        self.updateGeometry()
        self.update()

    def set_icon(self, icon: str) -> None:
        """Shows another icon."""
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            if self.isChecked():
                painter.setBrush(theme.color("accentbg"))
                painter.drawRoundedRect(self.rect(), 8, 8)
            painter.setBrush(self._faded("hover"))
            painter.drawRoundedRect(self.rect(), 8, 8)
            middle = QRectF(self.rect()).center()
            theme.draw_icon(painter, self._icon, middle.x(), middle.y(), self._icon_size, self._icon_ink())

    def _icon_ink(self) -> theme.Ink:
        if not self.isEnabled():
            return "line2"
        return "accent" if self.isChecked() else theme.mix(self._ink, "text", self._glide.value)


class PlayButton(Button):
    """The violet disc: play, or pause while something plays."""

    DIAMETER = 44
    ICON = 20  # on a disc of that diameter

    def __init__(self, parent: QWidget | None = None, key: str = "Space"):
        super().__init__("Play", key, parent)
        self._playing = False
        self.set_diameter(self.DIAMETER)

    def set_diameter(self, diameter: int) -> None:
        """Larger or smaller."""
        self._diameter, self.ring_radius = diameter, diameter / 2
        self.updateGeometry()
        self.update()

    def set_playing(self, playing: bool, name: str | None = None) -> None:
        """Shows pause while playing; `name` says more than "Play", for instance "Continue from here"."""
        self._playing = playing
        self.set_hint(name or ("Pause" if playing else "Play"))
        self.update()

    def is_playing(self) -> bool:
        """Whether it shows pause."""
        return self._playing

    def sizeHint(self) -> QSize:
        return QSize(self._diameter, self._diameter)

    def hitButton(self, position) -> bool:
        offset = QPointF(position) - QRectF(self.rect()).center()
        return offset.x() ** 2 + offset.y() ** 2 <= (self._diameter / 2) ** 2

    def paintEvent(self, _event) -> None:
        disc = QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            enabled = self.isEnabled()
            painter.setBrush(self._toned("accent" if enabled else "raised", theme.mix("accent", "text", 0.16)))
            painter.drawEllipse(disc)
            k = self._diameter / self.DIAMETER
            name, shift = ("pause", 0) if self._playing else ("play", 1.5 * k)
            ink = "onaccent" if enabled else "text3"
            theme.draw_icon(painter, name, disc.center().x() + shift, disc.center().y(), round(self.ICON * k), ink)


KINDS = {  # kind: height, radius, text size, weight, padding, icon size, gap, rest fill, hover fill, edge, ink
    "ghost": (32, 8, 13, 550, 12, 16, 8, None, "hover", None, "text2"),
    "solid": (32, 8, 13, 550, 14, 16, 8, "raised", "hover", "line2", "text"),
    "primary": (32, 16, 13, 550, 16, 16, 8, "accent", "accent", None, "onaccent"),
    "hero": (48, 12, 16, 650, 22, 18, 11, "accent", "accent", None, "onaccent"),
    "hero-secondary": (48, 12, 15, 550, 16, 18, 8, "raised", "hover", "line2", "text"),
}


class TextButton(Button):
    """A word, with an icon before it or a smaller one (`trailing`) behind it.

    `size`, `weight` and `ink` differ from those of the kind where given.  A tall primary button has larger letters.
    """

    def __init__(self, label: str, icon: str | None = None, kind="ghost", parent: QWidget | None = None, **looks):
        self._label, self._icon, self._compact = label, icon, False
        tooltip, key = looks.pop("tooltip", ""), looks.pop("key", "")
        self._trailing, height = looks.pop("trailing", None), looks.pop("height", None)
        self._read_kind(kind, height)
        self._size, self._weight = looks.pop("size", self._size), looks.pop("weight", self._weight)
        self._ink, self._pad = looks.pop("ink", self._ink), looks.pop("pad", self._pad)
        super().__init__(tooltip or label, key, parent)
        self.ring_radius = self._radius
        self.setText(label.replace("&", "&&"))
        if not (tooltip or key):
            self.setToolTip("")

    def _read_kind(self, kind: str, height: int | None) -> None:
        (self._height, self._radius, self._size, self._weight, self._pad) = KINDS[kind][:5]
        (self._icon_size, self._gap, self._rest, self._hover, self._edge, self._ink) = KINDS[kind][5:]
        if height is not None:
            self._height = max(height, 32)
            if kind == "primary" and height > 32:
                self._radius, self._size, self._weight = 10, 15, 650

    def label(self) -> str:
        """The word on the button."""
        return self._label

    def set_label(self, label: str) -> None:
        """Writes another word."""
        self._label = label
        self.setText(label.replace("&", "&&"))
        self.set_hint(label)
        self.updateGeometry()
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Leaves the word out where the window is narrow; the tooltip keeps it."""
        self._compact = compact and self._icon is not None
        self._describe()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self._compact:
            return QSize(40, self._height)
        return QSize(round(self._content_width() + 2 * self._pad), self._height)

    def _content_width(self) -> float:
        icon = self._icon_size + self._gap if self._icon else 0
        return icon + theme.text_width(self._label, self._size, self._weight) + (22 if self._trailing else 0)

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_body(painter)
            ink = self._current_ink()
            middle = self.height() / 2
            if self._compact:
                theme.draw_icon(painter, self._icon, self.width() / 2, middle, self._icon_size + 1, ink)
                return
            x = (self.width() - self._content_width()) / 2
            if self._icon:
                theme.draw_icon(painter, self._icon, x + self._icon_size / 2, middle, self._icon_size, ink)
                x += self._icon_size + self._gap
            x += theme.draw_text(painter, x, middle, self._label, self._size, self._weight, ink)
            if self._trailing:
                theme.draw_icon(painter, self._trailing, x + 14, middle, 14, "text2" if self.isEnabled() else "line2")

    def _paint_body(self, painter: QPainter) -> None:
        box = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        if self._edge and not self.isChecked():
            painter.setPen(QPen(theme.color(self._edge), 1))
            box = box.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(self._body_fill())
        painter.drawRoundedRect(box, self._radius, self._radius)

    def _body_fill(self) -> QColor:
        if self.isChecked():
            return self._toned("accentbg", theme.mix("accentbg", "text", 0.08))
        if self._rest is None:
            return self._faded(self._hover)
        if self._rest == "accent":
            return (
                self._toned("accent", theme.mix("accent", "text", 0.16)) if self.isEnabled() else theme.color("raised")
            )
        return self._toned(self._rest, self._hover)

    def _current_ink(self) -> theme.Ink:
        if not self.isEnabled():
            return "text3"
        if self.isChecked():
            return "accent"
        return self._ink if self._rest else theme.mix(self._ink, "text", self._glide.value)
