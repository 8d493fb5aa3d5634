"""Where the program keeps what it writes by itself, and whether it can."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from visualnn import kernel_cache, settings

LOG_NAME = "visualnn.log"
NO_FOLDER = (ImportError, OSError, RuntimeError, KeyError)  # no platformdirs, or no home at all


class Place(NamedTuple):
    """A file or a folder."""

    name: str
    path: str  # "" where there is none on this system
    writable: bool
    lost: str  # what does not work where it cannot be written; a clause


def log_folder() -> Path:
    """Where the log file lies on this system."""
    import platformdirs

    return Path(platformdirs.user_log_dir("visualnn", appauthor=False))


def all_places() -> tuple[Place, ...]:
    """All of them. Nothing is made."""
    return (
        place("Settings", settings.default_path, "settings are forgotten when the program ends"),
        place("Unsaved work", _recovery, "what is not saved is lost if the computer stops"),
        place("Log", lambda: log_folder() / LOG_NAME, "errors are not written down"),
        place("Compiled", _compiled, "kernels are compiled at every start"),
        place("Temporary", lambda: Path(tempfile.gettempdir()), "some files cannot be read or written"),
    )


def place(name: str, find: Callable[[], Path], lost: str) -> Place:
    """One of them, from a function that finds it."""
    try:
        path = find()
    except NO_FOLDER:
        return Place(name, "", False, lost)
    return Place(name, str(path), can_write(path), lost)


def can_write(path: Path) -> bool:
    """Whether a file could be written, or a folder made and filled, there. Nothing stays."""
    try:
        if path.is_file():
            return os.access(path, os.W_OK)
        existing = next(folder for folder in (path, *path.parents) if folder.exists())
        with tempfile.TemporaryFile(dir=existing):
            return True
    except (OSError, StopIteration):
        return False


def _compiled() -> Path:
    found = kernel_cache.planned()
    if found is None:
        raise FileNotFoundError
    return found


def _recovery() -> Path:
    from visualnn.files import recovery

    return recovery.default_folder()
