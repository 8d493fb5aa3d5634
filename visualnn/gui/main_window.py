"""The one window: start page and document page, actions, menus, Find, toasts, and what it remembers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QIcon
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from visualnn import assets, settings
from visualnn.files import recovery
from visualnn.gui.actions import Actions
from visualnn.gui.clock import FrameClock
from visualnn.gui.commands import rows
from visualnn.gui.diagnostics import Diagnostics
from visualnn.gui.document import DocumentPage
from visualnn.gui.documents import Documents
from visualnn.gui.export.exports import Exports
from visualnn.gui.intake import Intake, offered
from visualnn.gui.menus import document_menu, more_menu
from visualnn.gui.presentation import Presentation
from visualnn.gui.recovery import Recovery
from visualnn.gui.sheets import Sheets
from visualnn.gui.theme import appearance
from visualnn.gui.unsaved import Unsaved
from visualnn.gui.views.start import StartView
from visualnn.gui.widgets.toast import Toast
from visualnn.gui.workspace import Workspace
from visualnn.project import Project
from visualnn.runs import Run
from visualnn.work import Work

LEAST_SIZE = (960, 640)
ABOVE_CONTROLS = 196  # px from below: over transport, sentence and the controls at the foot of the stage
GAP = 12  # px from a toast to the headline of a presentation, which has no such controls
FIRST_SIZE = (1280, 800)
FORCED_MOTION = {"on": True, "off": False}  # by the setting; as the system has it where there is nothing


class MainWindow(QMainWindow):
    """Builds the pages and connects what they ask for with what can be done."""

    def __init__(self, preferences: settings.Settings | None = None, remember: bool = True):
        super().__init__()
        self.preferences = preferences or settings.Settings()
        self._remember = remember
        self.setObjectName("window")
        self.setMinimumSize(*LEAST_SIZE)
        self.setAcceptDrops(True)
        self.setWindowIcon(QIcon(str(assets.path("icon", "visualnn.svg"))))
        self.look = appearance()
        self.look.set_mode(self.preferences.theme)
        self.look.set_reduced_motion(FORCED_MOTION.get(self.preferences.reduced_motion))
        self.workspace = Workspace(self)
        self.clock = FrameClock(self, self)
        state = recovery.default_folder() if remember else None
        self.documents = Documents(self.workspace, self, state)
        self.documents.folder = self.preferences.last_folder
        self.recovery = Recovery(self.workspace, self.documents, state)
        self._make_pages()
        self.actions_table = Actions(self)
        self.actions_table.add(rows(self))
        self.actions_table.refused.connect(self.say)
        self._connect()
        self.unsaved = Unsaved(self, self.recovery)
        self._restore_place()
        self._refresh()
        self.recovery.find()

    # -- building ------------------------------------------------------------------------------------------------

    def _make_pages(self) -> None:
        self.pages = QStackedWidget(self)
        self.start = StartView(self.clock, self.pages)
        self.page = DocumentPage(self.workspace, self.clock, self.pages)
        self.pages.addWidget(self.start)
        self.pages.addWidget(self.page)
        self.setCentralWidget(self.pages)
        self.toast = Toast(self, bottom_margin=ABOVE_CONTROLS)
        self._told_at: int | None = None  # where the undo stack stood when a toast offered a way back
        self.presentation = Presentation(self, self.pages, self.page)
        self.sheets = Sheets(self)
        self.intake = Intake(self)
        self.diagnostics = Diagnostics(self)
        self.exports = Exports(self.page, self.documents, self, ABOVE_CONTROLS)
        self.page.set_decimals(self.preferences.decimals)
        self.page.player.speed = self.preferences.speed
        self.page.set_listing(self.preferences.step_list)
        self.page.panel.chosen_width = self.preferences.panel_width
        self.start.show_recent(list(self.preferences.recent))

    def _connect(self) -> None:
        self.start.guide_requested.connect(self.guide)
        self.start.look_requested.connect(self.look_around)
        self.start.example_requested.connect(self.open_document)
        self.start.open_requested.connect(self.documents.ask_open)
        self.start.new_requested.connect(self.sheets.open_new)
        self.start.document_requested.connect(self.go_to_document)
        self.start.file_requested.connect(self.open_document)
        self.start.theme_toggled.connect(self.toggle_theme)
        self.documents.opened.connect(self._on_opened)
        self.documents.work = self.work
        self.documents.saving.connect(self._on_saving)
        self.documents.saved.connect(self._on_saved)
        self.documents.failed.connect(self.say)
        self.documents.imported.connect(self._on_imported)
        self.documents.activations_wanted.connect(self.intake.ask_activations)
        self.exports.saved.connect(self._on_exported)
        self.exports.failed.connect(self.say)
        self.documents.before_leaving = self.page.trainer.pause_now
        self.documents.before_saving = self._settle
        self.documents.goes_on = lambda: self.page.trainer.running
        self.workspace.document_changed.connect(self._refresh)
        self.workspace.project_changed.connect(self._on_project_changed)
        self.workspace.stack.indexChanged.connect(self._refresh)
        self.page.editor.failed.connect(self.say)
        self.page.editor.done.connect(self._on_edited)
        self.page.lookout.axes_wanted.connect(self.sheets.open_axes)
        self.page.code_copied.connect(self._on_code_copied)
        self.page.subpages.deleted.connect(self._on_run_deleted)
        self.page.subpages.export_requested.connect(self.exports.save_run)
        self.page.trainer.run_dropped.connect(self._on_run_dropped)
        self.page.panel.width_chosen.connect(self._on_panel_width)
        self.diagnostics.copied.connect(self.say)
        self.look.changed.connect(self._on_theme_changed)
        self.look.motion_changed.connect(self._on_motion_changed)
        self._on_motion_changed(self.look.reduced_motion)
        self._connect_top_bar()

    def _connect_top_bar(self) -> None:
        bar = self.page.top_bar
        bar.home_requested.connect(self.go_home)
        bar.undo_requested.connect(self.undo)
        bar.redo_requested.connect(self.redo)
        bar.find_requested.connect(self.sheets.open_find)
        bar.document_menu_requested.connect(self._on_document_menu)
        bar.export_menu_requested.connect(self.sheets.open_export)
        bar.more_menu_requested.connect(self._on_more_menu)

    # -- documents -----------------------------------------------------------------------------------------------

    def open_document(self, name: str) -> bool:
        """Open a file or an example and show it."""
        return self.documents.open(name)

    def work(self) -> Work | None:
        """All that a file keeps of the open document, as it is now."""
        self._look_closely()
        work = self.page.trainer.work()
        return None if work is None else replace(work, view=self.page.view)

    def _look_closely(self) -> None:
        """Know how far a run has come where nobody looks, and nobody asks."""
        if self.page.trainer.running and not self.clock.is_running():
            self.clock.advance(0.0)

    def _settle(self) -> None:
        """Wait for what ends by itself in a moment; a run that goes on does so."""
        if not self.page.trainer.running:
            self.page.trainer.settle_now()

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
        self._refresh()

    def go_to_document(self) -> None:
        """Back from the start page to the open document."""
        if self.workspace.project is not None:
            self.pages.setCurrentWidget(self.page)
            self.page.keep_focus()
            self._refresh()

    @property
    def showing_document(self) -> bool:
        """Whether the document page is in front."""
        return self.pages.currentWidget() is self.page and self.workspace.project is not None

    def _on_opened(self, path: Path | None) -> None:
        self._told_at = None
        self.toast.withdraw()  # it told of another document
        if path is not None:
            self._keep(self.preferences.opened(str(path.resolve())))
        self.page.look(self.workspace.opened.view)
        self.pages.setCurrentWidget(self.page)
        self.page.keep_focus()
        self._refresh()

    def _on_saved(self, path: Path) -> None:
        self._keep(self.preferences.opened(str(path.resolve())))
        self.documents.folder = str(path.parent)
        self.say(f"Saved as {path.name}.")

    def _on_imported(self, name: str, path: Path | None) -> None:
        if path is not None:
            self._keep(self.preferences.opened(str(path.resolve())))
        project = self.workspace.project
        has_notes = project is not None and bool(project.notes)
        self.say(f"Opened {name}.", *(("Notes", self.sheets.open_notes) if has_notes else ()))

    def _on_saving(self, path: Path) -> None:
        self.say(f"Saving {path.name}…")

    def _on_exported(self, path: Path) -> None:
        self.say(f"Saved as {path.name}.", "Show in folder", partial(self.exports.show_in_folder, path))

    def _on_project_changed(self, _project: Project, _before: Project | None) -> None:
        self._refresh()

    def undo(self) -> None:
        """Take the last change back."""
        self.page.trainer.pause_now()
        if self.workspace.stack.canUndo():
            what = self.workspace.stack.undoText()
            self.workspace.stack.undo()
            self.say(f"Undone: {what}.", "Redo", self.redo)

    def redo(self) -> None:
        """Do it again."""
        if self.workspace.stack.canRedo():
            self.page.trainer.pause_now()
            self.workspace.stack.redo()

    # -- the window ----------------------------------------------------------------------------------------------

    def say(self, text: str, action: str = "", callback: object = None) -> None:
        """One line that goes away by itself."""
        below = self.page.height_below_stage + GAP if self.presentation.active else ABOVE_CONTROLS
        self.toast.stand_over(self.page.stage if self.showing_document else None, below)
        self._told_at = self.workspace.stack.index() if callback in (self.undo, self.redo) else None
        self.toast.say(text, action, callback)

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

    # -- menus and Find ------------------------------------------------------------------------------------------

    def _on_document_menu(self, button: QWidget) -> None:
        document_menu(self).open_below(button)

    def _on_more_menu(self, button: QWidget) -> None:
        menu = more_menu(self)
        corner = button.mapToGlobal(QPoint(button.width(), button.height() + 4))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    def _on_edited(self, what: str) -> None:
        self.say(what, "Undo", self.undo)

    def _on_run_deleted(self, run: Run) -> None:
        self.say("Run deleted.", "Undo", partial(self.page.trainer.runs.keep, run))

    def _on_run_dropped(self) -> None:
        self.say("Other settings make another run: back at the same start.", "Undo", self.undo)
        self._told_at = None  # it is told while the edit is being made: the stack is about to grow

    def _on_code_copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.say("The Python code is on the clipboard.")

    # -- what it remembers ---------------------------------------------------------------------------------------

    def _keep(self, preferences: settings.Settings) -> None:
        self.preferences = preferences
        if self._remember:
            settings.save(preferences)

    def _on_panel_width(self, width: int) -> None:
        self.preferences = replace(self.preferences, panel_width=width)

    def _restore_place(self) -> None:
        self.resize(*FIRST_SIZE)
        if self.preferences.geometry:
            self.restoreGeometry(QByteArray.fromHex(self.preferences.geometry.encode()))

    def _refresh(self) -> None:
        """Title, name and what can be undone; a toast does not offer to undo something else than it says."""
        project, stack = self.workspace.project, self.workspace.stack
        if self._told_at not in (None, stack.index()):
            self._told_at = None
            self.toast.dismiss()
        name = project.name if project is not None else ""
        self.page.top_bar.show_document(name, self.workspace.dirty, _undo_name(stack, True), _undo_name(stack, False))
        self.setWindowTitle(f"{name}[*] – VisualNN" if self.showing_document else "VisualNN")
        self.setWindowModified(self.workspace.dirty and self.showing_document)

    def _on_theme_changed(self, _theme: object) -> None:
        self.page.refresh()

    def _on_motion_changed(self, reduced: bool) -> None:
        self.page.player.reduced_motion = reduced

    def closeEvent(self, event: QCloseEvent) -> None:
        self.page.trainer.pause_now()
        if not self.unsaved.ends and not self.documents.may_leave():
            event.ignore()
            return
        geometry = self.presentation.geometry.hex()
        speed = self.page.player.speed
        self._keep(replace(self.preferences, geometry=geometry, speed=1.0 if speed == float("inf") else speed))
        self.documents.rest()
        self.unsaved.rest()
        self.exports.exporter.rest()
        self.diagnostics.rest()
        self.sheets.rest()
        self.start.rest()
        self.page.rest()
        event.accept()

    # -- dropping files ------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if offered(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.intake.open(offered(event.mimeData()))


def _undo_name(stack: object, back: bool) -> str:
    if back:
        return stack.undoText() if stack.canUndo() else ""
    return stack.redoText() if stack.canRedo() else ""
