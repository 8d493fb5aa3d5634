"""A field that shows one of several options and opens a menu of them."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.gui.widgets.glide import Glide, Hover
from visualnn.gui.widgets.menu import Menu

HEIGHT = 32
OPENERS = frozenset(
    {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_F4},
)


class MenuField(KeyboardFocus, Hover, QWidget):
    """Shows the label of the chosen option; a click or a key opens the others."""

    chosen = Signal(str)

    own_keys = OPENERS

    def __init__(
        self, options: Sequence[tuple[str, str]], parent: QWidget | None = None, *, name="", width=None, icon=None
    ):
        super().__init__(parent)
        self._icon, self._width = icon, width
        self._glide = Glide(self)
        self._menu: Menu | None = None
        self._key = ""
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(
            QSizePolicy.Policy.Fixed if width else QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed
        )
        self.set_options(options)

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Offers `options`, pairs of key and label.  The chosen one stays chosen if it is among them."""
        self._options = dict(options)
        self._reasons: dict[str, str] = {}
        self.set_key(self._key if self._key in self._options else next(iter(self._options), ""))
        self.updateGeometry()

    def set_option_enabled(self, key: str, enabled: bool, reason: str = "") -> None:
        """Lets an option be chosen or not, with the reason as its tooltip."""
        self._reasons.pop(key, None)
        if not enabled:
            self._reasons[key] = reason or "Not available now."

    def key(self) -> str:
        """The key of the chosen option."""
        return self._key

    def set_key(self, key: str) -> None:
        """Shows another option as chosen, without a signal."""
        self._key = key
        self.setAccessibleDescription(self.label())
        self.update()

    def label(self) -> str:
        """What the field shows."""
        return self._options.get(self._key, "")

    def is_elided(self) -> bool:
        """Whether there is too little room for the label."""
        return theme.text_width(self.label(), 13, 500) > self._room()

    def _room(self) -> float:
        return self.width() - 12 - (22 if self._icon else 0) - 30

    def open_menu(self) -> Menu:
        """Opens the menu and returns it."""
        self._menu = Menu(self)
        for key, label in self._options.items():
            reason = self._reasons.get(key, "")
            self._menu.add_choice(label, key, key == self._key, enabled=not reason, hint=reason)
        self._menu.triggered.connect(self._on_triggered)
        self._menu.aboutToHide.connect(self._on_menu_closed)
        self._menu.open_below(self)
        self.update()
        return self._menu

    def _on_triggered(self, action: QAction) -> None:
        key = action.data()
        if key != self._key:
            self.set_key(key)
            self.chosen.emit(key)

    def _on_menu_closed(self) -> None:
        self._menu = None
        self.update()

    def sizeHint(self) -> QSize:
        widest = max((theme.text_width(label, 13, 500) for label in self._options.values()), default=0)
        return QSize(self._width or round(widest + 12 + 34 + (22 if self._icon else 0)), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width or 64, HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.open_menu()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in OPENERS:
            self.open_menu()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.update()

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._fill())
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
            middle, x = self.height() / 2, 12.0
            if self._icon:
                theme.draw_icon(painter, self._icon, x + 7, middle, 15, "text2")
                x += 22
            label = theme.elided(self.label(), self._room(), 13, 500)
            theme.draw_text(painter, x, middle, label, 13, 500, "text" if self.isEnabled() else "text3")
            theme.draw_icon(
                painter, "chevron-down", self.width() - 16, middle, 14, "text2" if self.isEnabled() else "line2"
            )

    def _fill(self):
        if not self.isEnabled():
            return theme.color("raised")
        fill = theme.mix("raised", "hover", self._glide.value)
        return theme.pressed(fill) if self._menu is not None else fill
