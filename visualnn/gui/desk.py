"""All that works on a document: the workspace, its page, what is asked and told about it.

A window is there before its desk is, which takes much longer to import and to make. It is made piece by piece, so that
the window answers in between, and at once where somebody wants to work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QWidget

from visualnn.files import recovery
from visualnn.gui.actions import Actions, Window
from visualnn.gui.clock import FrameClock
from visualnn.gui.commands import rows
from visualnn.gui.diagnostics import Diagnostics
from visualnn.gui.document import DocumentPage
from visualnn.gui.documents import Documents
from visualnn.gui.export.exports import Exports
from visualnn.gui.intake import Intake
from visualnn.gui.menus import document_menu, more_menu
from visualnn.gui.presentation import Presentation
from visualnn.gui.recovery import Recovery
from visualnn.gui.sheets import Sheets
from visualnn.gui.theme import Appearance, font
from visualnn.gui.unsaved import Unsaved
from visualnn.gui.views.start import StartView
from visualnn.gui.widgets.toast import Toast
from visualnn.gui.workspace import Workspace
from visualnn.runs import Run
from visualnn.work import Work

ABOVE_CONTROLS = 196  # px from below: over transport, sentence and the controls at the foot of the stage
GAP = 12  # px from a toast to the headline of a presentation, which has no such controls


class Frame(Window, Protocol):
    """What a desk needs of its window besides what commands do."""

    clock: FrameClock
    look: Appearance
    pages: QStackedWidget
    start: StartView
    remembers: bool

    def redo(self) -> None: ...
    def show_page(self) -> None: ...
    def keep_opened(self, path: Path) -> None: ...
    def keep_panel_width(self, width: int) -> None: ...
    def keep_device(self, device: str) -> None: ...
    def setWindowTitle(self, title: str) -> None: ...
    def setWindowModified(self, modified: bool) -> None: ...


class Desk(QObject):
    """Makes what is needed for work, and connects what it asks for with what can be done."""

    workspace: Workspace
    page: DocumentPage

    def __init__(self, window: Frame):
        super().__init__(window)
        self._window = window
        self._told_at: int | None = None  # where the undo stack stood when a toast offered a way back
        self._pieces: Iterator[None] | None = self._make()
        self._is_making = False

    # -- making --------------------------------------------------------------------------------------------------

    @property
    def is_made(self) -> bool:
        """Whether nothing is missing."""
        return self._pieces is None

    def go_on(self) -> bool:
        """Make one more piece; whether there are others. Who asks while one is being made gets what there is."""
        if self._pieces is None or self._is_making:
            return False
        self._is_making = True
        try:
            next(self._pieces)
        except StopIteration:
            self._pieces = None
        finally:
            self._is_making = False
        return self._pieces is not None

    def finish(self) -> None:
        """Make all that is missing."""
        while self.go_on():
            pass

    def _make(self) -> Iterator[None]:
        window = self._window
        self.workspace = Workspace(window)
        state = recovery.default_folder() if window.remembers else None
        self.documents = Documents(self.workspace, window, state)
        self.documents.folder = window.preferences.last_folder
        self.recovery = Recovery(self.workspace, self.documents, state)
        font(13, mono=True)  # whose files Qt reads now
        yield
        self.page = DocumentPage(self.workspace, window.clock, window.pages)
        yield from self.page.make()
        yield
        window.pages.addWidget(self.page)
        self.page.come_alive()
        yield
        self.page.set_decimals(window.preferences.decimals)
        self.page.player.speed = window.preferences.speed
        self.page.set_listing(window.preferences.step_list)
        self.page.panel.chosen_width = window.preferences.panel_width
        self.page.devices.remember(window.preferences.device)
        self.toast = Toast(window, bottom_margin=ABOVE_CONTROLS)
        self.presentation = Presentation(window, window.pages, self.page)
        self.sheets = Sheets(window)
        yield
        self.intake = Intake(window)
        self.diagnostics = Diagnostics(window)
        self.exports = Exports(self.page, self.documents, window, ABOVE_CONTROLS)
        self.actions_table = Actions(window)
        self.actions_table.add(rows(window))
        self.actions_table.refused.connect(window.say)
        yield
        self._connect()
        self.unsaved = Unsaved(window, self.recovery)
        self.refresh()
        self.recovery.find()
        window.start.come_alive()

    def _connect(self) -> None:
        window, documents, page = self._window, self.documents, self.page
        documents.opened.connect(self._on_opened)
        documents.work = self.work
        documents.saving.connect(self._on_saving)
        documents.saved.connect(self._on_saved)
        documents.failed.connect(window.say)
        documents.imported.connect(self._on_imported)
        documents.activations_wanted.connect(self.intake.ask_activations)
        documents.before_leaving = page.trainer.pause_now
        documents.before_saving = self._settle
        documents.goes_on = lambda: page.trainer.running
        self.exports.saved.connect(self._on_exported)
        self.exports.failed.connect(window.say)
        self.workspace.document_changed.connect(self.refresh)
        self.workspace.project_changed.connect(self._on_project_changed)
        self.workspace.stack.indexChanged.connect(self.refresh)
        page.editor.failed.connect(window.say)
        page.editor.done.connect(self._on_edited)
        page.lookout.axes_wanted.connect(self.sheets.open_axes)
        page.code_copied.connect(self._on_code_copied)
        page.subpages.deleted.connect(self._on_run_deleted)
        page.subpages.told.connect(window.say)
        page.subpages.export_requested.connect(self.exports.save_run)
        page.trainer.run_dropped.connect(self._on_run_dropped)
        page.trainer.noticed.connect(window.say)
        page.devices.said.connect(self._on_edited)
        page.devices.offered.connect(self._on_precision_offered)
        page.devices.chosen.connect(window.keep_device)
        page.panel.width_chosen.connect(window.keep_panel_width)
        self.diagnostics.copied.connect(window.say)
        window.look.changed.connect(self._on_theme_changed)
        window.look.motion_changed.connect(self._on_motion_changed)
        self._on_motion_changed(window.look.reduced_motion)
        self._connect_top_bar()

    def _connect_top_bar(self) -> None:
        bar = self.page.top_bar
        bar.home_requested.connect(self._window.go_home)
        bar.undo_requested.connect(self.undo)
        bar.redo_requested.connect(self.redo)
        bar.find_requested.connect(self.sheets.open_find)
        bar.document_menu_requested.connect(self._on_document_menu)
        bar.export_menu_requested.connect(self.sheets.open_export)
        bar.more_menu_requested.connect(self._on_more_menu)

    # -- the document --------------------------------------------------------------------------------------------

    def work(self) -> Work | None:
        """All that a file keeps of the open document, as it is now."""
        self._look_closely()
        work = self.page.trainer.work()
        return None if work is None else replace(work, view=self.page.view)

    def _look_closely(self) -> None:
        """Know how far a run has come where nobody looks, and nobody asks."""
        if self.page.trainer.running and not self._window.clock.is_running():
            self._window.clock.advance(0.0)

    def _settle(self) -> None:
        """Wait for what ends by itself in a moment; a run that goes on does so."""
        if not self.page.trainer.running:
            self.page.trainer.settle_now()

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

    # -- what is told --------------------------------------------------------------------------------------------

    def say(self, text: str, action: str = "", callback: object = None) -> None:
        """One line that goes away by itself."""
        window = self._window
        below = self.page.height_below_stage + GAP if self.presentation.active else ABOVE_CONTROLS
        self.toast.stand_over(self.page.stage if window.showing_document else None, below)
        undoing = callback in (self.undo, self.redo, window.undo, window.redo)
        self._told_at = self.workspace.stack.index() if undoing else None
        self.toast.say(text, action, callback)

    def refresh(self) -> None:
        """Title, name and what can be undone; a toast does not offer to undo something else than it says."""
        window, project, stack = self._window, self.workspace.project, self.workspace.stack
        if self._told_at not in (None, stack.index()):
            self._told_at = None
            self.toast.dismiss()
        name = project.name if project is not None else ""
        self.page.top_bar.show_document(name, self.workspace.dirty, _undo_name(stack, True), _undo_name(stack, False))
        window.setWindowTitle(f"{name}[*] – VisualNN" if window.showing_document else "VisualNN")
        window.setWindowModified(self.workspace.dirty and window.showing_document)

    def rest(self) -> None:
        """Let nothing go on beside the window: it is being closed."""
        self.documents.rest()
        self.unsaved.rest()
        self.exports.exporter.rest()
        self.diagnostics.rest()
        self.sheets.rest()
        self.page.rest()

    # -- slots ---------------------------------------------------------------------------------------------------

    def _on_opened(self, path: Path | None) -> None:
        self._told_at = None
        self.toast.withdraw()  # it told of another document
        if path is not None:
            self._window.keep_opened(path)
        self.page.look(self.workspace.opened.view)
        self._window.show_page()

    def _on_saved(self, path: Path) -> None:
        self._window.keep_opened(path)
        self.documents.folder = str(path.parent)
        self.say(f"Saved as {path.name}.")

    def _on_imported(self, name: str, path: Path | None) -> None:
        if path is not None:
            self._window.keep_opened(path)
        project = self.workspace.project
        has_notes = project is not None and bool(project.notes)
        self.say(f"Opened {name}.", *(("Notes", self.sheets.open_notes) if has_notes else ()))

    def _on_saving(self, path: Path) -> None:
        self.say(f"Saving {path.name}…")

    def _on_exported(self, path: Path) -> None:
        self.say(f"Saved as {path.name}.", "Show in folder", partial(self.exports.show_in_folder, path))

    def _on_project_changed(self, _project: object, _before: object) -> None:
        self.refresh()

    def _on_edited(self, what: str) -> None:
        self.say(what, "Undo", self.undo)

    def _on_precision_offered(self, why: str) -> None:
        self.say(why, "Use 32 bits", self.page.devices.take_32_bits)

    def _on_run_deleted(self, run: Run) -> None:
        self.say("Run deleted.", "Undo", partial(self.page.trainer.runs.keep, run))

    def _on_run_dropped(self) -> None:
        self.say("Other settings make another run: back at the same start.", "Undo", self.undo)
        self._told_at = None  # it is told while the edit is being made: the stack is about to grow

    def _on_code_copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.say("The Python code is on the clipboard.")

    def _on_document_menu(self, button: QWidget) -> None:
        document_menu(self._window).open_below(button)

    def _on_more_menu(self, button: QWidget) -> None:
        menu = more_menu(self._window)
        corner = button.mapToGlobal(QPoint(button.width(), button.height() + 4))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    def _on_theme_changed(self, _theme: object) -> None:
        self.page.refresh()

    def _on_motion_changed(self, reduced: bool) -> None:
        self.page.player.reduced_motion = reduced


def _undo_name(stack: object, back: bool) -> str:
    if back:
        return stack.undoText() if stack.canUndo() else ""
    return stack.redoText() if stack.canRedo() else ""
