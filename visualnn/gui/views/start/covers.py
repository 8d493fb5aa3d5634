"""What the pictures of files are painted from, read beside the window."""

from collections.abc import Sequence
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
