"""What is not saved yet, kept beside the user's own files: a folder for each document, with the document and a note.

The document is written first. Should the process end before the note is, the document is offered back all the same.
Nothing in a note is trusted: what makes no sense is left out.

Imports platformdirs when it looks for the user's folder.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from time import time
from typing import Any

from visualnn import __version__
from visualnn.files import native
from visualnn.files.errors import FileError
from visualnn.files.native import clause, reason
from visualnn.files.stamp import Stamp
from visualnn.nn.errors import VisualNNError
from visualnn.work import Work

log = logging.getLogger(__name__)

DOCUMENT, NOTE = "document.vnn", "note.json"
MAX_NOTE = 2**16  # bytes; a larger one is not ours
EMPTY_S = 3600.0  # a folder without a document is somebody's who begins, or after this time nobody's
UNREADABLE = (OSError, ValueError, RecursionError)
UNNAMED = "A network"


@dataclass(frozen=True)
class Note:
    """What is said of a document that is kept."""

    name: str
    when: float  # seconds since 1970
    path: str = ""  # where it lies; nothing: nowhere yet
    version: str = __version__  # of the program that kept it
    orderly: bool = False  # whether the system had asked the program to end
    stamp: Stamp | None = None  # of the file when it was opened or saved


@dataclass(frozen=True)
class Entry:
    """A document that is kept, and what is said of it."""

    folder: Path
    note: Note


def default_folder() -> Path:
    """The folder for what this program leaves on this machine for itself."""
    import platformdirs

    return platformdirs.user_state_path("visualnn", appauthor=False)


def new_folder(root: Path) -> Path:
    """A place for another document; it does not exist yet."""
    return root / os.urandom(8).hex()


def keep(folder: Path, work: Work, note: Note) -> None:
    """Put a document there in place of what was kept before. Raises `FileError` with one sentence."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        native.write(folder / DOCUMENT, work)
        native.replace_file(folder / NOTE, json.dumps(asdict(note), indent=1).encode())
    except FileError as error:
        raise FileError(f"Changes cannot be kept safe: {_why(error.__cause__ or error)}.") from error
    except (OSError, ValueError) as error:
        raise FileError(f"Changes cannot be kept safe: {_why(error)}.") from error
    except MemoryError:
        raise FileError("Changes cannot be kept safe: they do not fit into memory.") from None


def _why(error: BaseException) -> str:
    """What went wrong, as half a sentence that does not name the file: nobody chose it."""
    return reason(error) if isinstance(error, OSError) else clause(VisualNNError(str(error)))


def read(entry: Entry) -> Work:
    """The document that was kept. Raises `FileError` with one sentence."""
    try:
        with (entry.folder / DOCUMENT).open("rb") as file:
            return native.decode(file)
    except VisualNNError as error:
        said = clause(error)
    except MemoryError:
        said = "they do not fit into memory"
    except (OSError, ValueError) as error:
        said = reason(error)
    raise FileError(f"The changes to “{entry.note.name}” cannot be recovered: {said}.")


def found(root: Path) -> list[Entry]:
    """All that is kept there, the newest first; whether somebody still works on it is not asked."""
    try:
        folders = [folder for folder in root.iterdir() if folder.is_dir() and not folder.is_symlink()]
    except OSError:
        return []
    entries = [Entry(folder, _note(folder)) for folder in folders if (folder / DOCUMENT).is_file()]
    return sorted(entries, key=lambda entry: entry.note.when, reverse=True)


def empty(root: Path) -> list[Path]:
    """Folders in which a document was to be kept, and never was."""
    try:
        return [folder for folder in root.iterdir() if not (folder / DOCUMENT).exists() and _is_old(folder)]
    except OSError:
        return []


def sweep(folder: Path) -> None:
    """Away with what was half written when a window ended."""
    for left in folder.glob(".visualnn-*.tmp"):
        with contextlib.suppress(OSError):
            left.unlink()


def withdraw(folder: Path) -> None:
    """What is kept there is offered no more."""
    try:
        (folder / DOCUMENT).unlink(missing_ok=True)
    except OSError as error:
        log.warning("What was kept cannot be removed: %s", error)


def remove(folder: Path) -> None:
    """Nothing is kept there any more."""
    withdraw(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _is_old(folder: Path) -> bool:
    known = folder.lstat()
    return folder.is_dir() and not folder.is_symlink() and time() - known.st_mtime > EMPTY_S


def _note(folder: Path) -> Note:
    """What stands there, and for what does not what can be told from the document's file."""
    known = Note(UNNAMED, _changed(folder / DOCUMENT))
    try:
        return Note(**(asdict(known) | {"stamp": None} | _values(folder / NOTE)))
    except UNREADABLE as error:
        log.warning("A note cannot be read: %s", error)
        return known


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _values(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        values = json.loads(file.read(MAX_NOTE))
    if not isinstance(values, dict):
        raise ValueError("it holds no note")
    good = {key: values[key] for key, is_good in CHECKS.items() if key in values and is_good(values[key])}
    return good | {"stamp": _stamp(values.get("stamp"))}


def _stamp(values: object) -> Stamp | None:
    names = {field.name for field in fields(Stamp)}
    if not isinstance(values, dict) or values.keys() != names:
        return None
    whole = all(type(values[name]) is int for name in names - {"digest"})
    return Stamp(**values) if whole and isinstance(values["digest"], str) else None


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 <= value < 1e11


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and 0 < len(value) <= 1000


def _is_path(value: object) -> bool:
    return isinstance(value, str) and "\0" not in value and (not value or Path(value).is_absolute())


CHECKS: dict[str, Callable[[object], bool]] = {
    "name": _is_text,
    "when": _is_time,
    "path": _is_path,
    "version": _is_text,
    "orderly": lambda value: isinstance(value, bool),
}
