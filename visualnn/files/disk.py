"""A file that changes as a whole: whatever happens meanwhile, it is the old one or the new one."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import BinaryIO

IS_WINDOWS = os.name == "nt"
PAUSES_S = (0.01, 0.05, 0.2, 0.5)  # before a file that another program holds is tried again


def replace_file(path: Path, content: bytes) -> None:
    """Write beside the file, then put it in its place, with the permissions of the old one. Raises `OSError`."""
    with replacing(path) as file:
        file.write(content)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """An open file that takes the place of another one when all is written. Raises `OSError`."""
    target = path.resolve()  # a link stays a link
    temporary = target.with_name(f".visualnn-{os.urandom(8).hex()}.tmp")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _take_permissions(temporary, target)
        _take_place(temporary, target)
        _settle(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _take_permissions(temporary: Path, target: Path) -> None:
    """On Windows they are those of the folder, and a file that may not be written could not be removed again."""
    if not IS_WINDOWS:
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))


def _take_place(temporary: Path, target: Path) -> None:
    """On Windows another program may hold the file for a moment: a virus scanner, a search index."""
    for pause_s in PAUSES_S:
        try:
            temporary.replace(target)
        except PermissionError:
            if not IS_WINDOWS:
                raise
            sleep(pause_s)
        else:
            return
    temporary.replace(target)


def _settle(folder: Path) -> None:
    """The new name of the file, too, is on disk when this returns, where the system can do that for a folder."""
    if IS_WINDOWS:
        return
    with contextlib.suppress(OSError):  # some network drives cannot; the content is safe all the same
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
