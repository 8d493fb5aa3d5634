"""Where an export goes: complete, or not there at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from visualnn.nn.errors import VisualNNError

Report = Callable[[int, int], None]
"""Told how much of how much is done. Raises `Cancelled` where no more is wanted."""


class Cancelled(Exception):
    """Nobody wants the result any longer."""


def quietly(_done: int, _whole: int) -> None:
    """Tells nobody."""


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A file to write, which takes the place of `path` if all goes well and vanishes if not.

    Raises `VisualNNError` with a sentence if it cannot be written.
    """
    target = path.resolve()
    written = target.with_name(f".visualnn-{os.urandom(8).hex()}{path.suffix}")
    try:
        yield written
        written.replace(target)
    except OSError as error:
        raise VisualNNError(sentence(path, error)) from error
    finally:
        written.unlink(missing_ok=True)


def sentence(path: Path, error: OSError) -> str:
    """Why a file could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{path.name} could not be written: the disk is full."
    if isinstance(error, FileNotFoundError):
        return f"{path.name} could not be written: there is no folder {path.parent}."
    if isinstance(error, PermissionError):
        return f"{path.name} could not be written: the folder or the file is protected."
    return f"{path.name} could not be written."
