"""The one object that changes how everything looks."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from visualnn.gui.theme.letters import font
from visualnn.gui.theme.motion import system_reduces_motion
from visualnn.gui.theme.style import palette, style_sheet
from visualnn.gui.theme.tokens import Theme, _Now, current

MODES = ("system", "dark", "light")


class Appearance(QObject):
    """The user's choice of theme and motion, and the application dressed in it."""

    changed = Signal(object)  # Theme
    motion_changed = Signal(bool)  # reduced

    def __init__(self, parent: QApplication):
        super().__init__(parent)
        self._app = parent
        self._mode = "system"
        self._reduced_motion: bool | None = None
        parent.setStyle("Fusion")
        parent.setFont(font(13))
        parent.styleHints().colorSchemeChanged.connect(self._dress)
        self._dress()

    @property
    def theme(self) -> Theme:
        return current()

    @property
    def mode(self) -> str:
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Shows "dark", "light", or what the system prefers ("system")."""
        if mode not in MODES:
            raise ValueError(f"The appearance is one of {', '.join(MODES)}, not {mode!r}.")
        self._mode = mode
        schemes = {"dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light}
        self._app.styleHints().setColorScheme(schemes.get(mode, Qt.ColorScheme.Unknown))  # title bars, native dialogs
        self._dress()

    @property
    def reduced_motion(self) -> bool:
        """Whether states switch at once instead of moving."""
        return system_reduces_motion() if self._reduced_motion is None else self._reduced_motion

    def set_reduced_motion(self, reduced: bool | None) -> None:
        """Forces motion off or on; None asks the system, not before somebody wants to know."""
        if reduced != self._reduced_motion:
            self._reduced_motion = reduced
            self.motion_changed.emit(self.reduced_motion)

    def _dress(self) -> None:
        name = self._mode if self._mode != "system" else self._system_theme()
        if name == _Now.name and self._app.styleSheet():
            return
        _Now.name = name
        self._app.setPalette(palette(current()))
        self._app.setStyleSheet(style_sheet(current()))
        self.changed.emit(current())

    def _system_theme(self) -> str:
        return "light" if self._app.styleHints().colorScheme() == Qt.ColorScheme.Light else "dark"


def appearance() -> Appearance:
    """The application's one appearance, made when it is first asked for."""
    app = QApplication.instance()
    found = getattr(app, "appearance", None)  # to search its children would make a Python object of each, as of styles
    if found is None:
        found = app.appearance = Appearance(app)
    return found
