"""What a card says about a file: its name, where it lies, when it was changed, and what it is painted from."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize

from visualnn.files import native
from visualnn.files.foreign import formats
from visualnn.gui.views.start.thumbnails import Cover, cover
from visualnn.nn.errors import VisualNNError

LARGEST = 64 * 2**20  # bytes of a file that is read for its picture


def covers(paths: Sequence[str], shown: QSize) -> dict[str, Cover]:
    """What the pictures of these files are painted from.

    There is none for a file that is gone, damaged or very large, nor for a model that says too little of itself.
    """
    made = {path: _cover(Path(path), shown) for path in paths}
    return {path: found for path, found in made.items() if found is not None}


def _is_model(path: Path) -> bool:
    """Whether it is one of another tool."""
    return path.suffix.lower() in formats.SUFFIXES


@np.errstate(all="ignore")  # some weights are huge
def _cover(path: Path, shown: QSize) -> Cover | None:
    try:
        read = formats.read if _is_model(path) else native.read
        return cover(read(path), shown) if path.stat().st_size <= LARGEST else None
    except (OSError, ValueError, VisualNNError):
        return None


def describe(path: str, today: date | None = None) -> tuple[str, str, str]:
    """Name, folder and day of a file, the name of a model with its ending; no day if the file cannot be asked."""
    place = Path(path)
    name = place.name if _is_model(place) else place.stem
    try:
        changed = datetime.fromtimestamp(place.stat().st_mtime).date()
    except (OSError, OverflowError, ValueError):
        return name, short_folder(place.parent), ""
    return name, short_folder(place.parent), day(changed, today or date.today())


def short_folder(folder: Path) -> str:
    """The folder from the user's home on, by its first and its last two parts if it lies deep."""
    try:
        parts = ("~", *folder.relative_to(Path.home()).parts)
    except (ValueError, RuntimeError):
        parts = folder.parts
    if len(parts) > 4:
        parts = (parts[0], "…", *parts[-2:])
    return str(Path(*parts)) if parts else ""


def day(changed: date, today: date) -> str:
    """A day in words while it is near."""
    ago = (today - changed).days
    if ago <= 0:
        return "today"
    if ago == 1:
        return "yesterday"
    if ago < 7:
        return f"{ago} days ago"
    return changed.isoformat()
