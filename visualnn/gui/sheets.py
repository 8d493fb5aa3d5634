"""What is laid over the window to be chosen from or filled in, and what is done with it."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from visualnn.gui import edits, fresh
from visualnn.gui.actions import Window
from visualnn.gui.commands import finding, keys
from visualnn.gui.export.sheet import ExportSheet
from visualnn.gui.menus import export_offers
from visualnn.gui.widgets.keys_sheet import KeysSheet
from visualnn.gui.widgets.notes_sheet import NotesSheet
from visualnn.gui.widgets.sheet import FindSheet
from visualnn.nn.network import Network

if TYPE_CHECKING:
    from visualnn.gui.about import AboutSheet
    from visualnn.gui.widgets.axes_sheet import AxesSheet
    from visualnn.scene.landscape.portrait import Sitter


class Sheets(QObject):
    """One of each kind, over the same window."""

    def __init__(self, window: Window):
        super().__init__(window)
        self._window = window
        self.find = FindSheet(window)
        self.keys = KeysSheet(window)
        self.notes = NotesSheet(window)
        self.export = ExportSheet(window)
        self.find.chosen.connect(self.choose)
        self.export.chosen.connect(self.choose)
        self.notes.kept.connect(self._on_notes_kept)
        self.notes.dropped.connect(self._on_notes_dropped)

    def open_find(self) -> None:
        """Everything by name."""
        entries, suggest = finding(self._window)
        self.find.set_entries(entries, suggest)
        self.find.open()

    def open_new(self) -> None:
        """A new network: for data that are chosen, or of a shape that is typed."""
        self.find.set_entries(fresh.entries(), partial(fresh.suggest, self._window))
        self.find.open(placeholder=fresh.PLACEHOLDER)

    def open_keys(self) -> None:
        """All keys at a glance."""
        self.keys.set_entries(keys(self._window))
        self.keys.open()

    def open_export(self) -> None:
        """Everything that can be taken away."""
        self.export.set_offers(export_offers(self._window))
        self.export.open()

    def open_notes(self) -> None:
        """What is to be remembered about this network."""
        project = self._window.workspace.project
        if project is not None:
            self.notes.ask_about(project.notes)

    @cached_property
    def about(self) -> AboutSheet:
        """What the program is made of."""
        from visualnn.gui.about import AboutSheet

        sheet = AboutSheet(self._window)
        sheet.diagnostics_requested.connect(self._window.diagnostics.copy)
        return sheet

    def open_about(self) -> None:
        """Version, parts and licences."""
        self.about.ask()

    def rest(self) -> None:
        """Nothing goes on beside the window any more: it is being closed."""
        if "about" in self.__dict__:
            self.about.rest()

    @cached_property
    def axes(self) -> AxesSheet:
        """Where the two weights of a landscape are chosen by name."""
        from visualnn.gui.widgets.axes_sheet import AxesSheet

        sheet = AxesSheet(self._window)
        sheet.pair_wanted.connect(self._window.page.lookout.choose_pair)
        return sheet

    def open_axes(self, sitter: Sitter) -> None:
        """Two weights of a network."""
        self.axes.ask_about(sitter)

    def _on_notes_kept(self, notes: str) -> None:
        self._window.page.editor.apply(edits.noted(notes))

    def _on_notes_dropped(self, notes: str) -> None:
        keep = partial(self._keep_late, notes, self._window.workspace.opened)
        self._window.say("The notes stay as they were.", "Keep the new ones", keep)

    def _keep_late(self, notes: str, opened: object) -> None:
        """Unless they were for a document that is gone."""
        if self._window.workspace.opened is opened:
            self._on_notes_kept(notes)

    def choose(self, name: str) -> None:
        """Do what an entry stands for."""
        window = self._window
        kind, _, rest = name.partition(":")
        if kind in ("example", "link", "file"):
            window.open_document(rest)
        elif kind == "landscape":
            window.page.show_example(rest)
        elif kind == "place":
            window.page.select_named(rest)
        elif kind == "new":
            window.documents.start(partial(fresh.project_of, rest))
        elif kind == "shape":
            window.page.reshape(Network.parse(rest).sizes[1:-1])
        elif kind == "rate":
            window.page.set_rate(float(rest))
            window.say(f"The learning rate is {float(rest):g}.", "Undo", window.undo)
        else:
            window.actions_table.run(name)
