"""How a file is written, in one line; behind it the fields to say so if the guess was wrong."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.files.tables import Dialect
from visualnn.gui import theme
from visualnn.gui.views.data.parts import RING
from visualnn.gui.widgets.disclosure import Disclosure
from visualnn.gui.widgets.menu_field import MenuField
from visualnn.scene.file_rows import DELIMITERS, ENCODINGS, dialect_words, encoding_name

LINE, PITCH, GAP = 32, 56, 12  # px
CHANGE, DONE = " · change", " · done"
CHEVRON = 22  # px behind the words
LABEL = 10  # px from the top of a field to the middle of its label
CHOICES = {
    "Between cells": list(DELIMITERS.items()),
    "Decimals": [(".", "1.5 (point)"), (",", "1,5 (comma)")],
    "Encoding": list(ENCODINGS.items()),
    "First row": [("names", "Names"), ("values", "Values")],
}


class DialectLine(QWidget):
    """Shows a dialect and asks for another one."""

    dialect_requested = Signal(object)  # Dialect
    opened = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._dialect = Dialect()
        self._more = Disclosure("", "", self, weight=450)
        self._more.clicked.connect(self._on_more_clicked)
        self._fields = {name: MenuField(choices, self, name=name) for name, choices in CHOICES.items()}
        for field in self._fields.values():
            field.chosen.connect(self._on_chosen)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._arrange()

    def field(self, name: str) -> MenuField:
        """The field below a label."""
        return self._fields[name]

    @property
    def more(self) -> Disclosure:
        """Opens the fields."""
        return self._more

    def show_dialect(self, dialect: Dialect) -> None:
        """Shows how the file has been read."""
        self._dialect = dialect
        known = (
            ENCODINGS
            if dialect.encoding in ENCODINGS
            else {dialect.encoding: encoding_name(dialect.encoding), **ENCODINGS}
        )
        self._fields["Encoding"].set_options(list(known.items()))
        keys = (dialect.delimiter, dialect.decimal, dialect.encoding, "names" if dialect.header else "values")
        for field, key in zip(self._fields.values(), keys, strict=True):
            field.set_key(key)
        self._arrange()

    def _on_more_clicked(self) -> None:
        self._more.set_open(not self._more.is_open)
        self._arrange()
        self.opened.emit()

    def _on_chosen(self, _key: str) -> None:
        delimiter, decimal, encoding, header = (field.key() for field in self._fields.values())
        wanted = replace(
            self._dialect, delimiter=delimiter, decimal=decimal, encoding=encoding, header=header == "names"
        )
        self.dialect_requested.emit(wanted)

    def _arrange(self) -> None:
        for field in self._fields.values():
            field.setVisible(self._more.is_open)
        self.setFixedHeight(LINE + (2 * PITCH + 4 if self._more.is_open else 0))
        self._place()
        self.update()

    def _write(self) -> None:
        """As much of the dialect as there is room for; all of it is read aloud, and told to a pointer."""
        words, room = dialect_words(self._dialect), self.width() - 2 * RING - CHEVRON
        shown = theme.elided(words, room - theme.text_width(CHANGE, 13, 450), 13, 450)
        self._more.set_words(shown + CHANGE, shown + DONE)
        self._more.setAccessibleName(f"{words}{DONE if self._more.is_open else CHANGE}")
        self._more.setToolTip(f"{words}\nHow the file is written. Change it if numbers or letters look wrong.")

    def _place(self) -> None:
        width = (self.width() - 2 * RING - GAP) // 2
        self._write()
        self._more.move(RING - 12, 0)
        for index, field in enumerate(self._fields.values()):
            field.setGeometry(RING + index % 2 * (width + GAP), LINE + index // 2 * PITCH + 20, width, 32)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event) -> None:
        if not self._more.is_open:
            return
        with QPainter(self) as painter:
            for name, field in self._fields.items():
                theme.draw_text(painter, field.x(), field.y() - LABEL, name, 12, 450, "text3")
