"""What the user typed, found: the name of an example, a file, the shape of a new network, or a link to the Playground.

A file may be VisualNN's own or a model of another tool. Only what is our own lies somewhere: the rest is saved under a
name of its own first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from visualnn.files.examples import IDS, load
from visualnn.files.foreign import formats, playground
from visualnn.files.foreign.adoption import NO_HINTS, Hints
from visualnn.files.fresh import from_shape, shape_name
from visualnn.files.native import SUFFIX, read_work
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import SEPARATOR, Network
from visualnn.project import Project
from visualnn.work import Work

MAX_QUOTED = 200  # letters of what was typed
LARGE = 2**20  # bytes of a file, from where on it takes a moment to read
ADDRESS = re.compile(r"\s*https?://", re.IGNORECASE)
SHAPE = re.compile(rf"\s*[0-9]+\s*{SEPARATOR}([0-9.\s]|{SEPARATOR})*")  # meant as one, right or wrong


class NoSuchDocumentError(VisualNNError):
    """No example, no file, no link, and no shape that a network can have."""


@dataclass(frozen=True, slots=True)
class Link:
    """The address of a network in TensorFlow's Playground."""

    address: str


def find(document: str) -> str | Path | Network | Link:
    """The example's id, the file's path, the shape or the link.

    Raises `NoSuchDocumentError` naming the possibilities, or what is wrong with the shape.
    """
    if document in IDS:
        return document
    if SHAPE.fullmatch(document):
        return _shape(document)
    if playground.is_link(document):
        return Link(document)
    path = Path(document)
    try:
        exists = bool(document) and path.exists()
    except (OSError, ValueError):  # a name no file can have
        exists = False
    if not exists:
        raise NoSuchDocumentError(f"“{_shortened(document)}” {_missing(document)}")
    return path


def open_document(document: str, hints: Hints = NO_HINTS) -> Project:
    """The project of a document, without its runs. Raises `VisualNNError` as `open_work` does."""
    return open_work(document, hints).project


def open_work(document: str, hints: Hints = NO_HINTS) -> Work:
    """All that an example, a file, a shape or a link holds.

    Raises `VisualNNError`; of these `NeedsActivations` where a file holds weights alone and `hints` say no more.
    """
    match find(document):
        case str() as name:
            return Work(load(name))
        case Path() as path:
            return Work(formats.read(path, hints)) if _is_foreign(path) else read_work(path)
        case Network():
            return Work(from_shape(document))
        case Link(address):
            return Work(playground.read(address))


def named(work: Work, path: Path) -> Work:
    """The same, called as the file that it lies in, which may have been copied or renamed since it was written."""
    name = name_of(path)
    return work if work.project.name == name else replace(work, project=work.project.renamed(name))


def name_of(path: Path) -> str:
    """What a document in this file is called: something that can be written as UTF-8, as names of files need not be."""
    name = " ".join(path.stem.encode("utf-8", "replace").decode("utf-8").split())
    return name or path.name.strip()


def file_of(document: str) -> Path | None:
    """Where a document lies; None for what lies nowhere yet: all but our own files."""
    found = find(document)
    return found if isinstance(found, Path) and not _is_foreign(found) else None


def model_of(document: str) -> Path | None:
    """Where a model of another tool lies; None for all else. Raises `NoSuchDocumentError`."""
    found = find(document)
    return found if isinstance(found, Path) and _is_foreign(found) else None


def is_foreign(document: str) -> bool:
    """Whether it is of another tool: a model of its own, or a link. Raises `NoSuchDocumentError`."""
    found = find(document)
    return isinstance(found, Link) or (isinstance(found, Path) and _is_foreign(found))


def is_large(document: str) -> bool:
    """Whether it takes a moment to be read. Raises `NoSuchDocumentError`."""
    found = find(document)
    try:
        return isinstance(found, Path) and found.stat().st_size > LARGE
    except OSError:
        return False


def label(document: str) -> str:
    """A short name for sentences about it: ``adder``, ``mine.vnn``, ``2-16-16-1`` or ``the Playground link``."""
    match find(document):
        case Path() as path:
            return path.name
        case Network() as network:
            return shape_name(network)
        case str() as name:
            return name
        case Link():
            return "the Playground link"


def _is_foreign(path: Path) -> bool:
    return path.suffix.lower() != SUFFIX and formats.is_foreign(path)


def _missing(document: str) -> str:
    """What is wrong with what cannot be found, as far as can be told from its look."""
    if ADDRESS.match(document):
        return "is no link to the TensorFlow Playground; from elsewhere only files that were downloaded can be opened."
    if "/" in document or "\\" in document or Path(document).suffix.lower() in (SUFFIX, *formats.SUFFIXES):
        return "cannot be found: there is no such file."
    return f"is neither a file nor an example ({', '.join(IDS)}) nor a shape like 2-16-16-1."


def _shortened(text: str) -> str:
    """What was typed, for a sentence: on one line, and not too long for it."""
    words = " ".join(text.split())
    return words if len(words) <= MAX_QUOTED else f"{words[: MAX_QUOTED - 1]}…"


def _shape(document: str) -> Network:
    try:
        return Network.parse(document)
    except VisualNNError as error:
        raise NoSuchDocumentError(str(error)) from error
