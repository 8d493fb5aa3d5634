"""What the user typed, found: the name of a built-in example or the path of a file."""

from __future__ import annotations

from pathlib import Path

from visualnn.files.examples import IDS, load
from visualnn.files.native import read
from visualnn.nn.errors import VisualNNError
from visualnn.project import Project


class NoSuchDocumentError(VisualNNError):
    """Neither an example nor a file goes by that name."""


def find(document: str) -> str | Path:
    """The example's id or the file's path. Raises `NoSuchDocumentError` naming both possibilities."""
    if document in IDS:
        return document
    path = Path(document)
    try:
        exists = bool(document) and path.exists()
    except (OSError, ValueError):  # a name no file can have
        exists = False
    if not exists:
        raise NoSuchDocumentError(f"“{document}” is neither a file nor an example ({', '.join(IDS)}).")
    return path


def open_document(document: str) -> Project:
    """The project of an example or a file. Raises `VisualNNError`."""
    found = find(document)
    return load(found) if isinstance(found, str) else read(found)


def label(document: str) -> str:
    """A short name for sentences about it: ``adder`` or ``mine.vnn``."""
    found = find(document)
    return found if isinstance(found, str) else found.name
