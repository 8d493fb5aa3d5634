"""The page itself: header, hero, the last files, examples, footer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from visualnn.catalog import EXAMPLES
from visualnn.gui import theme
from visualnn.gui.clock import FrameClock
from visualnn.gui.views.start.arrangement import Arrangement, arrange
from visualnn.gui.views.start.hero import Hero
from visualnn.gui.views.start.recent import describe
from visualnn.gui.widgets.button import IconButton, TextButton
from visualnn.gui.widgets.card import FileCard, PictureCard
from visualnn.gui.widgets.logo import draw_logo

if TYPE_CHECKING:
    from visualnn.files.recovery import Entry
    from visualnn.gui.views.start.offer import OfferCard
    from visualnn.gui.views.start.pictures import Pictures

ORDER = ("xor", "circles", "spirals", "digits", "backprop", "million", "deep", "adder")  # the hero is the adder already


class StartView(QWidget):
    """What is shown while no document is open; scrolls where the window is too low.

    All that computes, the adder and the pictures, comes to it when `come_alive` is called: the first picture does
    without what that takes to import.
    """

    guide_requested = Signal()
    look_requested = Signal()
    example_requested = Signal(str)
    new_requested = Signal()
    open_requested = Signal()
    document_requested = Signal()
    file_requested = Signal(str)
    theme_toggled = Signal()
    recover_requested = Signal(object)  # Entry
    discard_requested = Signal(object)

    def __init__(self, clock: FrameClock, parent: QWidget | None = None, *, alive: bool = True):
        super().__init__(parent)
        self.setObjectName("start")
        self.setAccessibleName("Start")
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._scroll)
        self._page = Page(clock)
        self._scroll.setWidget(self._page)  # takes it
        page = self._page
        page.hero.guide_requested.connect(self.guide_requested)
        page.hero.look_requested.connect(self.look_requested)
        page.new_button.clicked.connect(self._on_new_clicked)
        page.open_button.clicked.connect(self._on_open_clicked)
        page.back_button.clicked.connect(self._on_back_clicked)
        page.theme_button.clicked.connect(self._on_theme_clicked)
        page.example_chosen.connect(self.example_requested)
        page.file_chosen.connect(self.file_requested)
        page.recover_requested.connect(self.recover_requested)
        page.discard_requested.connect(self.discard_requested)
        if alive:
            self.come_alive()

    def come_alive(self) -> None:
        """Let the adder play and the cards have their pictures from now on."""
        self._page.come_alive()

    def show_recent(self, paths: Sequence[str]) -> None:
        """Offers these files, the newest first; at most four are shown."""
        self._page.show_files([str(path) for path in paths])
        self._fit()

    def show_unsaved(self, entries: Sequence[Entry]) -> None:
        """Offers back what was not saved, the newest first."""
        self._page.show_unsaved(tuple(entries))
        self._fit()

    def show_document(self, name: str) -> None:
        """Offers the way back to the document that is open; "" if there is none."""
        self._page.show_document(name)
        self._fit()

    def is_busy(self) -> bool:
        """Whether pictures of the cards are still being made."""
        return self._page.is_busy()

    def rest(self) -> None:
        """Let nothing go on beside the window: it is being closed."""
        self._page.rest()

    def _on_back_clicked(self) -> None:
        self.document_requested.emit()

    def _on_new_clicked(self) -> None:
        self.new_requested.emit()

    def _on_open_clicked(self) -> None:
        self.open_requested.emit()

    def _on_theme_clicked(self) -> None:
        self.theme_toggled.emit()

    def _fit(self) -> None:
        self._page.fit(self.width(), self.height())

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class Page(QWidget):
    """Everything that scrolls."""

    example_chosen = Signal(str)
    file_chosen = Signal(str)
    recover_requested = Signal(object)
    discard_requested = Signal(object)

    def __init__(self, clock: FrameClock, parent: QWidget | None = None):
        super().__init__(parent)
        self._places: Arrangement | None = None
        self.new_button = TextButton("New network", "plus", "ghost", self, key="Ctrl+N")
        self.open_button = TextButton("Open…", "folder-open", "ghost", self, key="Ctrl+O")
        self.theme_button = IconButton("sun", "", self)
        self.back_button = TextButton("Back", "arrow-left", "ghost", self, key="Esc")
        self.back_button.hide()
        self.offer: OfferCard | None = None  # until something was not saved
        self.hero = Hero(clock, self)
        self._files: dict[FileCard, str] = {}
        self._examples = {self._example_card(name): name for name in ORDER}
        self._pictures: Pictures | None = None  # until it comes alive
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(0)
        self._ask.timeout.connect(self._ask_for_pictures)
        self._follow_theme()
        self._order_tabs()

    def come_alive(self) -> None:
        """Adder and pictures, from now on."""
        from visualnn.gui.views.start.pictures import Pictures

        self.hero.come_alive()
        if self._pictures is None:
            self._pictures = Pictures(self)
            if self.isVisible():
                self._ask.start()

    def _example_card(self, name: str) -> PictureCard:
        example = next(each for each in EXAMPLES if each.id == name)
        card = PictureCard(example.title, example.subtitle, self)
        card.clicked.connect(self._on_example_clicked)
        return card

    def show_files(self, paths: list[str]) -> None:
        """One card for each of the first files."""
        if self._pictures is not None:
            self._pictures.forget(self._files)
        for card in self._files:
            card.hide()
            card.deleteLater()
        self._files = {}
        for path in paths[:4]:
            card = FileCard(*describe(path), self)
            card.setToolTip(path)
            card.clicked.connect(self._on_file_clicked)
            self._files[card] = path
            card.show()
        self._order_tabs()

    def show_unsaved(self, entries: tuple[Entry, ...]) -> None:
        """A card with a row for each, above all else."""
        if self.offer is None:
            if not entries:
                return
            self.offer = self._make_offer()
        self.offer.show_entries(entries)
        self._order_tabs()

    def _make_offer(self) -> OfferCard:
        from visualnn.gui.views.start.offer import OfferCard

        card = OfferCard(self)
        card.recover_requested.connect(self.recover_requested)
        card.discard_requested.connect(self.discard_requested)
        return card

    def show_document(self, name: str) -> None:
        """The way back to an open document."""
        self.back_button.setVisible(bool(name))
        if name:
            self.back_button.set_label(f"Back to {theme.elided(name, 220, 13, 550)}")

    def is_busy(self) -> bool:
        """Whether pictures are asked for or being made."""
        return self._ask.isActive() or (self._pictures is not None and self._pictures.is_busy())

    def rest(self) -> None:
        """Let nothing go on beside the window: it is being closed."""
        if self._pictures is not None:
            self._pictures.rest()

    def fit(self, width: int, height: int) -> None:
        """Takes the width of the window, and its height or more."""
        offered = 0 if self.offer is None else self.offer.wanted_height()
        places = arrange(width, height, len(self._examples), len(self._files), offer=offered)
        self._places = places
        self.resize(width, places.height)
        header = places.header
        middle = header.top() + round(header.height() * 0.524)
        size = self.theme_button.sizeHint()
        x = header.right() + 1 + (size.width() - 18) // 2 - size.width()
        self.theme_button.setGeometry(x, middle - size.height() // 2, size.width(), size.height())
        size = self.open_button.sizeHint()
        left = x - 8 - size.width()
        self.open_button.setGeometry(left, middle - size.height() // 2, size.width(), size.height())
        size = self.new_button.sizeHint()
        left -= size.width()
        self.new_button.setGeometry(left, middle - size.height() // 2, size.width(), size.height())
        size = self.back_button.sizeHint()
        self.back_button.setGeometry(left - size.width(), middle - size.height() // 2, size.width(), size.height())
        if places.offer is not None and self.offer is not None:
            self.offer.setGeometry(places.offer)
        self.hero.setGeometry(places.hero)
        for card, rect in zip(self._files, places.files, strict=False):
            card.setGeometry(rect)
        for card, rect in zip(self._examples, places.examples, strict=True):
            card.setGeometry(rect)
        self.update()

    def _order_tabs(self) -> None:
        chain = [
            *(self.offer.buttons() if self.offer is not None else ()),
            self.hero.start_button, self.hero.look_button, *self._files, *self._examples, self.back_button,
            self.new_button, self.open_button, self.theme_button,
        ]  # fmt: skip
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)

    def _on_example_clicked(self) -> None:
        self.example_chosen.emit(self._examples[self.sender()])

    def _on_file_clicked(self) -> None:
        self.file_chosen.emit(self._files[self.sender()])

    # -- pictures ------------------------------------------------------------------------------------------------

    def _ask_for_pictures(self) -> None:
        if self._pictures is not None:
            self._pictures.fit(self._examples, self._files)

    def _follow_theme(self) -> None:
        dark = theme.current().is_dark
        self.theme_button.set_icon("sun" if dark else "moon")
        self.theme_button.set_hint("Switch to the light theme" if dark else "Switch to the dark theme")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._follow_theme()

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)
        if self._pictures is not None:
            self._pictures.give_up()

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event) -> None:
        places = self._places
        if places is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            header = places.header
            middle = header.top() + round(header.height() * 0.524)
            draw_logo(painter, header.left(), middle, 11)
            theme.draw_text(painter, header.left() + 42, middle, "VisualNN", 17, 650)
            if places.files_heading is not None:
                self._paint_heading(painter, places.files_heading, "Continue")
            self._paint_heading(painter, places.examples_heading, "Examples")
            y = places.footer.top() + places.footer.height() / 2
            if not self._files:
                theme.draw_text(painter, header.left(), y, "Your saved networks will appear here.", 13, 400, "text3")
            theme.draw_text(painter, header.right() + 1, y, "Works offline. No account.", 13, 400, "text3", "r")
        self._ask.start()

    def _paint_heading(self, painter: QPainter, place: QRect, text: str) -> None:
        theme.draw_text(painter, place.left(), place.top() + place.height() / 2, text, 18, 650)
