"""What comes from outside, dropped or pasted: files that can be opened, and links to TensorFlow's Playground."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from visualnn.files.foreign import formats, near_misses
from visualnn.files.native import SUFFIX

TABLES = (".csv", ".tsv", ".txt")  # the ends of files that hold rows
EXPLAINED = (*near_misses.SUFFIXES, ".h5", ".hdf5", ".tflite", ".npz", ".npy", ".gguf")  # not read, but told apart
KNOWN = (SUFFIX, *TABLES, *formats.SUFFIXES, *EXPLAINED)
LONGEST = 10_000  # characters of a text that is looked at


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
