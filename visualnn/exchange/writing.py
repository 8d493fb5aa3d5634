"""Puts an export where it should lie: complete, or not there at all.

One file lies there as it is. Several become a folder, or a zip of one where the target ends in ``.zip``.
"""

from __future__ import annotations

import io
import os
import shutil
import stat
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from visualnn.exchange.kinds import FOLDER, Files, Kind
from visualnn.files.disk import replace_file
from visualnn.files.errors import FileError
from visualnn.files.native import reason

if TYPE_CHECKING:
    from visualnn.project import Project

Report = Callable[[int, int], None]
"""Told how much of how much is done; what it raises ends the writing, and nothing is left behind."""

TEXTS = (".py", ".md", ".txt", ".json", ".csv", ".toml")  # what is worth packing; numbers hardly shrink
COMPILED = "__pycache__"
FILE_MODE = stat.S_IFREG | 0o644


def quietly(_done: int, _whole: int) -> None:
    """Tells nobody."""


def write(project: Project, kind: Kind, target: Path, report: Report = quietly, *, replace: bool = False) -> Path:
    """Make a kind of a project and put it at `target`; where it lies now.

    A file takes the place of one of that name. A folder does so only if it may `replace` one that holds nothing but
    what is written, and what its programs leave there. Raises `VisualNNError` with one sentence.
    """
    report(0, 1)
    return put(kind.make(project), target, report, replace=replace, leaves=kind.leaves)


def put(
    files: Files, target: Path, report: Report = quietly, *, replace: bool = False, leaves: Sequence[str] = ()
) -> Path:
    """Put files that were made at `target`, as `write` does."""
    try:
        if target.suffix.lower() == FOLDER:
            replace_file(target, packed(files, target.stem, report))
        elif len(files) == 1:
            report(1, 1)
            replace_file(target, next(iter(files.values())))
        else:
            if target.exists():
                _check_replaceable(target.resolve(), {*files, *leaves}, replace=replace)
            _put_folder(files, target, report)
    except (OSError, ValueError) as error:
        raise FileError(f"“{target.name}” cannot be written: {reason(error)}.") from error
    return target


def packed(files: Files, folder: str, report: Report = quietly) -> bytes:
    """A zip that unpacks into one folder. The same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, (name, content) in enumerate(sorted(files.items()), start=1):
            entry = zipfile.ZipInfo(f"{folder}/{name}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED if name.endswith(TEXTS) else zipfile.ZIP_STORED
            entry.create_system = 3  # the same bytes on every system
            entry.external_attr = FILE_MODE << 16
            archive.writestr(entry, content)
            report(number, len(files))
    return buffer.getvalue()


def _put_folder(files: Files, target: Path, report: Report) -> None:
    """Made beside its place under another name, and renamed when it is whole."""
    place = target.resolve()
    made = place.with_name(f".visualnn-{os.urandom(8).hex()}")
    try:
        made.mkdir()
        for number, (name, content) in enumerate(sorted(files.items()), start=1):
            _put_file(made / name, content)
            report(number, len(files))
        _exchange(made, place)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _check_replaceable(place: Path, names: set[str], *, replace: bool) -> None:
    """Raises `FileError` where something would be lost."""
    if not place.is_dir():
        raise FileError(f"“{place.name}” cannot be written: a file of that name is there, and this makes a folder.")
    if not replace:
        raise FileError(f"“{place.name}” cannot be written: there is such a folder already.")
    ours = {*names, *(str(PurePosixPath(name).parent) for name in names), COMPILED}
    found = sorted(path.relative_to(place).as_posix() for path in place.rglob("*"))
    others = [name for name in found if name not in ours and not _is_compiled(name, names)]
    if others:
        raise FileError(
            f"“{place.name}” cannot be replaced: the folder holds something else too, “{others[0]}”; take another name."
        )


def _is_compiled(name: str, names: set[str]) -> bool:
    """Whether a file is what Python itself leaves of one of these programs: ``__pycache__/model.cpython-313.pyc``."""
    path = PurePosixPath(name)
    return str(path.parent) == COMPILED and path.suffix == ".pyc" and f"{path.name.split('.')[0]}.py" in names


def _put_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _exchange(made: Path, place: Path) -> None:
    """Give a folder its name; one that had it goes."""
    if not place.exists():
        made.rename(place)
        return
    old = made.with_name(f"{made.name}.old")
    place.rename(old)
    try:
        made.rename(place)
    except OSError:
        old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)
