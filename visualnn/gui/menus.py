"""The pop-up menus of the top bar and the rows of the export sheet, filled from the action table."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QAction, QKeySequence

from visualnn.exchange.kinds import KINDS
from visualnn.files.examples import EXAMPLES
from visualnn.gui import theme
from visualnn.gui.actions import Window
from visualnn.gui.document import LANDSCAPE
from visualnn.gui.export.shelf import Offer
from visualnn.gui.widgets.menu import Menu

ICON_SIZE = 16


class CommandMenu(Menu):
    """A menu whose rows are actions of the table, examples or files."""

    def __init__(self, window: Window):
        super().__init__(window)
        self._window = window
        self.triggered.connect(self._on_triggered)

    def add_command(self, name: str) -> None:
        """A row of the action table."""
        row, reason = self._window.actions_table[name], self._window.actions_table.reason(name)
        ticked = row.chosen is not None and row.chosen()
        action = self._add(row.text, name, "check" if ticked else row.icon, "accent" if ticked else "text2")
        if row.keys:
            action.setShortcut(QKeySequence(row.keys[0]))
            action.setShortcutVisibleInContextMenu(True)
        action.setEnabled(not reason)
        action.setToolTip(reason or row.text)

    def add_document(self, text: str, name: str) -> None:
        """An example or a file to open."""
        self._add(text, f"open:{name}", "")

    def _add(self, text: str, data: str, icon: str, ink: str = "text2") -> QAction:
        action = self.addAction(text.replace("&", "&&"))
        if icon:
            action.setIcon(theme.icon(icon, ink, ICON_SIZE))
        action.setData(data)
        return action

    def _on_triggered(self, action: QAction) -> None:
        name = action.data()
        if not isinstance(name, str):
            return
        if name.startswith("open:"):
            self._window.open_document(name.removeprefix("open:"))
        else:
            self._window.actions_table.run(name)


def document_menu(window: Window) -> CommandMenu:
    """Open, save, recent files and examples."""
    menu = CommandMenu(window)
    for name in ("new", "open", "save", "save_as", "export", "notes"):
        menu.add_command(name)
    recent = [path for path in window.preferences.recent if Path(path).exists()][:5]
    if recent:
        menu.addSeparator()
        for path in recent:
            menu.add_document(Path(path).name, path)
    menu.addSeparator()
    for example in EXAMPLES:
        menu.add_document(example.title, example.id)
    menu.addSeparator()
    menu.add_command("home")
    return menu


STEPS, SURFACE = ("export_csv",), ("export_surface_csv", "export_surface_npz")
OFFERS = (  # the action, its group on the export sheet, its name there, what it is for; programs and models come first
    *(
        (f"export_to_{kind.id}", kind.group, kind.title, kind.purpose)
        for kind in KINDS.values()
        if kind.group != "Numbers"
    ),
    ("copy_code", "Code", "Copy Python", "The program as text, to paste."),
    ("export_png", "Picture", "PNG", "A sharp picture for chats, worksheets and slides."),
    ("export_svg", "Picture", "SVG", "Curves and letters, to enlarge and to change."),
    ("export_pdf", "Picture", "PDF", "For printing and for LaTeX."),
    ("export_gif", "Film", "GIF", "The chosen steps; plays by itself in slides and pages."),
    ("export_mp4", "Film", "MP4", "The chosen steps as a video, smooth and easy to stop."),
    ("export_csv", "Numbers", "CSV of all steps", "Every number of every step, for a spreadsheet."),
    ("export_surface_csv", "Numbers", "CSV of the surface", "The loss at every place, and the paths over it."),
    ("export_surface_npz", "Numbers", "NPZ of the surface", "The same for NumPy, to the bit."),
    *(
        (f"export_to_{kind.id}", kind.group, kind.title, kind.purpose)
        for kind in KINDS.values()
        if kind.group == "Numbers"
    ),
)


def export_offers(window: Window) -> list[Offer]:
    """What can be taken away; numbers of a surface only where one is looked at, and then none of steps."""
    table, hidden = window.actions_table, STEPS if window.page.mode == LANDSCAPE else SURFACE
    return [
        Offer(name, group, table[name].icon, title, purpose, table.reason(name), table[name].key_text)
        for name, group, title, purpose in OFFERS
        if name not in hidden
    ]


def more_menu(window: Window) -> CommandMenu:
    """Theme, numbers, motion, help."""
    menu = CommandMenu(window)
    for name in ("theme_dark", "theme_light", "theme_system"):
        menu.add_command(name)
    menu.addSeparator()
    for name in ("decimals_2", "decimals_4", "panel", "presentation"):
        menu.add_command(name)
    menu.addSeparator()
    for name in ("motion_system", "motion_on", "motion_off"):
        menu.add_command(name)
    menu.addSeparator()
    for name in ("keys", "diagnostics", "about"):
        menu.add_command(name)
    return menu
