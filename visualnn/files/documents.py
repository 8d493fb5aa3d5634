"""What the user typed, found: the name of a built-in example, the path of a file, or the shape of a new network."""

from __future__ import annotations

import re
from pathlib import Path

from visualnn.files.examples import IDS, load
from visualnn.files.fresh import from_shape, shape_name
from visualnn.files.native import read
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import SEPARATOR, Network
from visualnn.project import Project

SHAPE = re.compile(rf"\s*[0-9]+\s*{SEPARATOR}([0-9.\s]|{SEPARATOR})*")  # meant as one, right or wrong


class NoSuchDocumentError(VisualNNError):
    """No example, no file, and no shape that a network can have."""


def find(document: str) -> str | Path | Network:
    """The example's id, the file's path or the shape.

    Raises `NoSuchDocumentError` naming the three possibilities, or what is wrong with the shape.
    """
    if document in IDS:
        return document
    if SHAPE.fullmatch(document):
        return _shape(document)
    path = Path(document)
    try:
        exists = bool(document) and path.exists()
    except (OSError, ValueError):  # a name no file can have
        exists = False
    if not exists:
        raise NoSuchDocumentError(
            f"“{document}” is neither a file nor an example ({', '.join(IDS)}) nor a shape like 2-16-16-1."
        )
    return path


def open_document(document: str) -> Project:
    """The project of an example, a file or a shape. Raises `VisualNNError`."""
    match find(document):
        case str() as name:
            return load(name)
        case Path() as path:
            return read(path)
        case Network():
            return from_shape(document)


def file_of(document: str) -> Path | None:
    """Where a document lies; None for an example or a shape, which lie nowhere yet."""
    found = find(document)
    return found if isinstance(found, Path) else None


def label(document: str) -> str:
    """A short name for sentences about it: ``adder``, ``mine.vnn`` or ``2-16-16-1``."""
    match find(document):
        case Path() as path:
            return path.name
        case Network() as network:
            return shape_name(network)
        case str() as name:
            return name


def _shape(document: str) -> Network:
    try:
        return Network.parse(document)
    except VisualNNError as error:
        raise NoSuchDocumentError(str(error)) from error
