"""What comes from outside, dropped or pasted: files that can be opened, and links to TensorFlow's Playground."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from visualnn.files import examples
from visualnn.files.foreign import formats, near_misses
from visualnn.files.foreign.adoption import Hints
from visualnn.files.native import SUFFIX
from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS
from visualnn.scene.curves import TITLES

if TYPE_CHECKING:  # the window knows this module; the sheet is one that few will ever see
    from visualnn.gui.actions import Window
    from visualnn.gui.widgets.activations_sheet import ActivationsSheet

TABLES = (".csv", ".tsv", ".txt")  # the ends of files that hold rows
EXPLAINED = (*near_misses.SUFFIXES, ".h5", ".hdf5", ".tflite", ".npz", ".npy", ".gguf")  # not read, but told apart
KNOWN = (SUFFIX, *TABLES, *formats.SUFFIXES, *EXPLAINED)
LONGEST = 10_000  # characters of a text that is looked at
OUTPUTS = ("linear", "sigmoid", "softmax", "tanh")  # activations that stand first among those of an output
TRAIN = 1  # the mode in which rows are looked at


class Intake(QObject):
    """Opens it, and asks for what it leaves out."""

    def __init__(self, window: Window):
        super().__init__(window)
        self._window = window
        self._asked = ""  # the file whose activations are asked for

    def open(self, name: str) -> None:
        """A network, a model or a link; or a table for the network on the table; where there is none, for a new one."""
        window = self._window
        if not name or not is_table(name):
            if name:
                window.open_document(name)
            return
        if window.workspace.project is None:
            window.documents.start(partial(examples.load, "spirals"))
        window.go_to_document()
        window.page.set_mode(TRAIN)
        window.page.desk.open_file(name)

    def offered(self, data: QMimeData) -> str:
        """The one file, or the link, that is dragged here; "" where there is nothing to open."""
        return offered(data)

    def paste(self) -> None:
        """Open what is on the clipboard."""
        self.open(on_clipboard())

    @cached_property
    def activations_sheet(self) -> ActivationsSheet:
        """Where it is said what stands between the weights of a file."""
        from visualnn.gui.widgets.activations_sheet import ActivationsSheet

        outputs = dict.fromkeys((*OUTPUTS, *ACTIVATIONS))
        choices = ([(name, TITLES[name][0]) for name in names] for names in (HIDDEN_ACTIVATIONS, outputs))
        sheet = ActivationsSheet(self._window, *choices)
        sheet.answered.connect(self._on_activations_answered)
        return sheet

    def ask_activations(self, name: str) -> None:
        """Ask for the activations of a model whose file holds its weights alone, then open it."""
        self._asked = name
        self.activations_sheet.ask_about(Path(name).name)

    def _on_activations_answered(self, hidden: str, output: str) -> None:
        self._window.documents.open(self._asked, Hints(hidden, output))


def is_table(path: str) -> bool:
    """Whether a file holds rows."""
    return path.lower().endswith(TABLES)


def offered(data: QMimeData) -> str:
    """The one file, or the link, that is being offered; "" where there is nothing to open."""
    urls = data.urls()
    if len(urls) == 1 and urls[0].isLocalFile():
        path = urls[0].toLocalFile()
        return path if path.lower().endswith(KNOWN) else ""
    return link(data.text()) if data.hasText() else ""


def on_clipboard() -> str:
    """What can be opened of the clipboard; "" if nothing."""
    data = QGuiApplication.clipboard().mimeData()
    return "" if data is None else offered(data)


def link(text: str) -> str:
    """The link that a text is; "" if it is none."""
    from visualnn.files.foreign import playground

    text = text.strip()
    return text if len(text) <= LONGEST and playground.is_link(text) else ""
