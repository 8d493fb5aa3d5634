"""The page's title, and beneath the rows what can be asked for: another runner, another start."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import TextButton
from visualnn.scene.racing import MOST

PADDING, TITLE_Y, HIGH, NOTE_GAP = 24, 34, 54, 10  # px; high enough for the ring around the button
FOOT_HIGH, FOOT_TOP = 52, 4
FULL = f"A race has up to {MOST} runners."
PICK, PICKING = "Pick a new start", "Click on the surface"


class Head(QWidget):
    """“Race”, a note behind it, and ready-made races."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._note = ""
        self.setFixedHeight(HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Race")
        self.presets = TextButton("Presets", parent=self, trailing="chevron-down", size=13, weight=500)

    def set_note(self, note: str) -> None:
        """A few words; only those before the comma where there is no room for more."""
        if note != self._note:
            self._note = note
            self.setAccessibleDescription(note)
            self.update()

    def note(self) -> str:
        """The words behind the title."""
        return self._note

    def resizeEvent(self, _event: QEvent) -> None:
        self.presets.resize(self.presets.sizeHint())
        right = self.width() - PADDING + 12
        self.presets.move(right - self.presets.width(), TITLE_Y - self.presets.height() // 2)

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            x = PADDING + theme.draw_text(painter, PADDING, TITLE_Y, "Race", 17, 650) + NOTE_GAP
            room = self.presets.x() + 4 - x
            fitting = (text for text in (self._note, self._note.split(", ")[0]) if theme.text_width(text, 13) <= room)
            theme.draw_text(painter, x, TITLE_Y + 0.5, next(fitting, ""), 13, 450, "text2")


class Foot(QWidget):
    """One more runner, another start."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFixedHeight(FOOT_HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.add = TextButton("Add a runner", "plus", parent=self, pad=10)
        self.pick = TextButton(PICK, "map-pin", parent=self, pad=10)
        self.pick.setCheckable(True)

    def show_state(self, *, runners: int, is_picking: bool) -> None:
        """How many there are, and whether a start is being picked."""
        if self.add.isEnabled() != (runners < MOST):
            self.add.set_enabled(runners < MOST, FULL)
        self.show_picking(is_picking)

    def show_picking(self, is_picking: bool) -> None:
        """Whether the next click on the surface is the new start."""
        self.pick.setChecked(is_picking)
        label = PICKING if is_picking else PICK
        if label != self.pick.label():
            self.pick.set_label(label)
            self._place()

    def _place(self) -> None:
        for part in (self.add, self.pick):
            part.resize(part.sizeHint())
        self.add.move(PADDING - 10, FOOT_TOP)
        self.pick.move(self.width() - PADDING + 10 - self.pick.width(), FOOT_TOP)

    def resizeEvent(self, _event: QEvent) -> None:
        self._place()
