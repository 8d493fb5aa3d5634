"""The one window: its pages, how it looks, and what it remembers. What works on a document lies on its desk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QKeyCombination, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QIcon, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from visualnn import assets, settings
from visualnn.gui.clock import FrameClock
from visualnn.gui.theme import appearance
from visualnn.gui.views.start import StartView

if TYPE_CHECKING:  # the first picture does without all this
    from visualnn.gui.actions import Actions
    from visualnn.gui.desk import Desk
    from visualnn.gui.diagnostics import Diagnostics
    from visualnn.gui.document import DocumentPage
    from visualnn.gui.documents import Documents
    from visualnn.gui.export.exports import Exports
    from visualnn.gui.intake import Intake
    from visualnn.gui.presentation import Presentation
    from visualnn.gui.recovery import Recovery
    from visualnn.gui.sheets import Sheets
    from visualnn.gui.unsaved import Unsaved
    from visualnn.gui.widgets.toast import Toast
    from visualnn.gui.workspace import Workspace
    from visualnn.work import Work

LEAST_SIZE = (960, 640)
FIRST_SIZE = (1280, 800)
TITLE_BAR = 40  # px that the system takes above a window, about
FORCED_MOTION = {"on": True, "off": False}  # by the setting; as the system has it where there is nothing
MODIFIERS = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta)
ON_THE_DESK = (
    *("workspace", "page", "documents", "recovery", "toast", "presentation"),
    *("sheets", "intake", "diagnostics", "exports", "actions_table", "unsaved"),
)


class MainWindow(QMainWindow):
    """Shows the start page, and a document as soon as one is opened.

    Where not all is made `at_once`, the window is there with its start page, or `blank` where a document is to come,
    and `furnish` makes the rest between events; whoever wants something of it before has it made then.
    """

    painted = Signal()  # for the first time
    furnished = Signal()  # everything is made

    if TYPE_CHECKING:
        workspace: Workspace
        page: DocumentPage
        documents: Documents
        recovery: Recovery
        toast: Toast
        presentation: Presentation
        sheets: Sheets
        intake: Intake
        diagnostics: Diagnostics
        exports: Exports
        actions_table: Actions
        unsaved: Unsaved

    def __init__(
        self,
        preferences: settings.Settings | None = None,
        remember: bool = True,
        *,
        at_once: bool = True,
        blank: bool = False,
    ):
        super().__init__()
        self._desk: Desk | None = None
        self._is_painted = False
        self._kept: list[QKeyCombination] | None = [] if blank else None  # pressed for a document that is to come
        self._after_paint = QTimer(self, singleShot=True, interval=0)
        self._after_paint.timeout.connect(self.painted)
        self._next_piece = QTimer(self, singleShot=True, interval=0)
        self._next_piece.timeout.connect(self.furnish)
        self.preferences = preferences or settings.Settings()
        self.remembers = remember
        self.setObjectName("window")
        self.setWindowTitle("VisualNN")
        self.setMinimumSize(*LEAST_SIZE)
        self.setAcceptDrops(True)
        self.setWindowIcon(QIcon(str(assets.path("icon", "visualnn.svg"))))
        self.look = appearance()
        self.look.set_mode(self.preferences.theme)
        self.look.set_reduced_motion(FORCED_MOTION.get(self.preferences.reduced_motion))
        self.clock = FrameClock(self, self)
        self._make_pages(blank)
        self._restore_place()
        if at_once:
            self.desk.finish()

    # -- building ------------------------------------------------------------------------------------------------

    def _make_pages(self, blank: bool) -> None:
        self.pages = QStackedWidget(self)
        if blank:
            empty = QWidget()
            empty.setObjectName("blank")
            self.pages.addWidget(empty)
        self.start = StartView(self.clock, self.pages, alive=False)
        self.pages.addWidget(self.start)
        self.setCentralWidget(self.pages)
        self.start.show_recent(list(self.preferences.recent))
        self.start.guide_requested.connect(self.guide)
        self.start.look_requested.connect(self.look_around)
        self.start.new_requested.connect(self.choose_new)
        self.start.open_requested.connect(self.choose_file)
        self.start.example_requested.connect(self.open_document)
        self.start.document_requested.connect(self.go_to_document)
        self.start.file_requested.connect(self.open_document)
        self.start.theme_toggled.connect(self.toggle_theme)

    @property
    def desk(self) -> Desk:
        """What works on a document, all of it."""
        if self._desk is None:
            from visualnn.gui.desk import Desk

            self._desk = Desk(self)
        self._desk.finish()
        return self._desk

    @property
    def is_furnished(self) -> bool:
        """Whether everything is made."""
        return self._desk is not None and self._desk.is_made

    def furnish(self) -> None:
        """Make the desk between events, a piece at a time."""
        self._next_piece.stop()
        if self._desk is None:
            from visualnn.gui.desk import Desk

            self._desk = Desk(self)
        if self._desk.go_on():
            self._next_piece.start()
        elif self._desk.is_made:
            self.furnished.emit()

    def __getattr__(self, name: str) -> Any:
        """What lies on the desk is had from its window."""
        if name in ON_THE_DESK:
            return getattr(self.desk, name)
        raise AttributeError(f"the window has no {name}")

    # -- documents -----------------------------------------------------------------------------------------------

    def open_document(self, name: str) -> bool:
        """Open a file or an example and show it."""
        return self.documents.open(name)

    def choose_new(self) -> None:
        """Ask what kind of network is to be made."""
        self.sheets.open_new()

    def choose_file(self) -> None:
        """Ask which file is to be opened."""
        self.documents.ask_open()

    def work(self) -> Work | None:
        """All that a file keeps of the open document, as it is now."""
        return self.desk.work()

    def guide(self) -> None:
        """The adder's pass, operation by operation, stopping at each finished sum."""
        if self.open_document("adder"):
            self.page.guide()

    def look_around(self) -> None:
        """The adder, standing still."""
        self.open_document("adder")

    def go_home(self) -> None:
        """The start page; the document stays open until another takes its place."""
        self.page.player.pause()
        self.page.trainer.pause()
        self.start.show_recent(list(self.preferences.recent))
        self.start.show_document(self.workspace.project.name if self.workspace.project else "")
        self.recovery.find()
        self.pages.setCurrentWidget(self.start)
        self.desk.refresh()

    def go_to_document(self) -> None:
        """Back from the start page to the open document."""
        if self.workspace.project is not None:
            self.show_page()

    def show_page(self) -> None:
        """The document page in front."""
        self.pages.setCurrentWidget(self.page)
        self.page.keep_focus()
        self.desk.refresh()

    @property
    def showing_document(self) -> bool:
        """Whether the document page is in front."""
        return self.pages.currentWidget() is self.page and self.workspace.project is not None

    def undo(self) -> None:
        """Take the last change back."""
        self.desk.undo()

    def redo(self) -> None:
        """Do it again."""
        self.desk.redo()

    def press_kept(self) -> None:
        """Do what was pressed while the window waited for its document."""
        kept, self._kept = self._kept or (), None
        for keys in kept:
            self.actions_table.press(keys)

    # -- the window ----------------------------------------------------------------------------------------------

    def say(self, text: str, action: str = "", callback: object = None) -> None:
        """One line that goes away by itself."""
        self.desk.say(text, action, callback)

    def toggle_theme(self) -> None:
        """Dark to light and back."""
        self.set_theme("light" if self.look.theme.name == "dark" else "dark")

    def set_theme(self, mode: str) -> None:
        """Dark, light, or as the system has it ("system")."""
        self.look.set_mode(mode)
        self._keep(replace(self.preferences, theme=mode))

    def set_decimals(self, decimals: int) -> None:
        """2 or 4 on the canvas."""
        self.page.set_decimals(decimals)
        self._keep(replace(self.preferences, decimals=decimals))

    def set_reduced_motion(self, choice: str) -> None:
        """Whether states switch at once instead of moving: "on", "off", or as the system has it ("system")."""
        self.preferences = replace(self.preferences, reduced_motion=choice)
        self.look.set_reduced_motion(FORCED_MOTION.get(choice))
        self._keep(self.preferences)

    def toggle_step_list(self) -> None:
        """All steps in a row over the transport, or not."""
        self.page.set_listing(not self.page.listing)
        self._keep(replace(self.preferences, step_list=self.page.listing))

    def toggle_panel(self) -> None:
        """Fold the right panel away or bring it back."""
        self.page.panel.setVisible(self.page.panel.isHidden())

    def about(self) -> None:
        """Version and licences."""
        self.sheets.open_about()

    # -- what it remembers ---------------------------------------------------------------------------------------

    def keep_opened(self, path: Path) -> None:
        """Remember a file that was opened or saved."""
        self._keep(self.preferences.opened(str(path.resolve())))

    def keep_panel_width(self, width: int) -> None:
        """Remember it with the rest, when the window is closed."""
        self.preferences = replace(self.preferences, panel_width=width)

    def keep_device(self, device: str) -> None:
        """Remember where to train."""
        self._keep(replace(self.preferences, device=device))

    def _keep(self, preferences: settings.Settings) -> None:
        self.preferences = preferences
        if self.remembers:
            settings.save(preferences)

    def _restore_place(self) -> None:
        nobody_looks = QGuiApplication.platformName() == "offscreen"
        self.resize(QSize(*FIRST_SIZE) if nobody_looks else first_size(self.screen().availableSize()))
        if self.preferences.geometry:
            self.restoreGeometry(QByteArray.fromHex(self.preferences.geometry.encode()))

    # -- events --------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self._after_paint.start()  # when the pages have, too

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A shortcut that is pressed before the desk is made means what it always does."""
        if self.is_furnished or event.key() in MODIFIERS:
            super().keyPressEvent(event)
        elif self._kept is not None:
            self._kept.append(event.keyCombination())
        else:
            self.actions_table.press(event.keyCombination())

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._desk is None:
            self._keep(replace(self.preferences, geometry=self.saveGeometry().data().hex()))
            self.start.rest()
            event.accept()
            return
        self.page.trainer.pause_now()
        if not self.unsaved.ends and not self.documents.may_leave():
            event.ignore()
            return
        geometry = self.presentation.geometry.hex()
        speed = self.page.player.speed
        self._keep(replace(self.preferences, geometry=geometry, speed=1.0 if speed == float("inf") else speed))
        self.start.rest()
        self.desk.rest()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.intake.offered(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.intake.open(self.intake.offered(event.mimeData()))


def first_size(available: QSize) -> QSize:
    """As large as is good, but no larger than the screen: in its own large pixels, many a screen is small."""
    room = available - QSize(0, TITLE_BAR)
    return QSize(*FIRST_SIZE).boundedTo(room).expandedTo(QSize(*LEAST_SIZE))
