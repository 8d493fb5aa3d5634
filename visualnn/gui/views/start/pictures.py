"""Keeps the pictures on the cards as theme, size and screen want them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.tasks import Newest
from visualnn.gui.views.start.covers import covers
from visualnn.gui.views.start.thumbnails import Cover, Thumbnails
from visualnn.gui.widgets.card import FileCard, PictureCard


class Pictures(QObject):
    """Has them made anew where they do not fit any more: those of files are read beside the window."""

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self._thumbnails = Thumbnails(self)
        self._reader = Newest(self)
        self._reader.done.connect(self._on_covers_read)
        self._files: Mapping[FileCard, str] = {}
        self._made_for: tuple | None = None  # what the pictures of the examples were made for
        self._read_for: tuple | None = None  # and those of the files

    def fit(self, examples: Mapping[PictureCard, str], files: Mapping[FileCard, str]) -> None:
        """Cards, each with its example or its file."""
        self._files = files
        shown, read = _look_of(examples), _look_of(files)
        if files and read != self._read_for:
            self._read_for = read
            size = next(iter(files)).picture_size()
            self._reader.ask(partial(covers, list(files.values()), size))
        if shown != self._made_for:
            self._made_for = shown
            for card, name in examples.items():
                self._thumbnails.request(card, name)

    def forget(self, files: Iterable[FileCard]) -> None:
        """These cards are gone; a file of the same name may hold another network."""
        for card in files:
            self._thumbnails.forget(card)
        self._files, self._read_for = {}, None

    def is_busy(self) -> bool:
        """Whether pictures are being made."""
        return self._reader.busy or self._thumbnails.is_busy()

    def give_up(self) -> None:
        """Nobody looks: what is not finished is begun anew next time."""
        if self._thumbnails.is_busy():
            self._thumbnails.stop()
            self._made_for = self._read_for = None

    def rest(self) -> None:
        """Let nothing go on beside the window: it is being closed."""
        self._reader.rest()
        self._thumbnails.stop()

    def _on_covers_read(self, found: dict[str, Cover]) -> None:
        for card, path in self._files.items():
            if path in found:
                self._thumbnails.request_file(card, found[path])


def _look_of(cards: Mapping[QWidget, str]) -> tuple:
    """What the pictures of cards depend on."""
    first = next(iter(cards), None)
    return theme.current().name, 1.0 if first is None else first.devicePixelRatioF(), [card.size() for card in cards]
