"""What is installed on Windows: a folder with the program, as PyInstaller made it, and what we put beside it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PUBLISHER = "The VisualNN authors"
PROGRAM, CONSOLE, INSIDE = "visualnn.exe", "visualnn-console.exe", "_internal"  # all that a folder holds
BESIDE = {"LICENSE.txt": ROOT / "LICENSE", "vnn.ico": HERE / "vnn.ico"}


def files(folder: Path) -> dict[str, Path]:
    """The place of every file, such as ``_internal/python313.dll``, and where it comes from; in order."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    inside = [place for place in found if place.startswith(f"{INSIDE}/")]
    if not {PROGRAM, CONSOLE} <= found.keys() or not inside:
        sys.exit(
            f"{folder} is no bundle made on Windows: {PROGRAM}, {CONSOLE} or {INSIDE} is missing (WINDOWS_FOLDER)."
        )
    strangers = sorted(found.keys() - {PROGRAM, CONSOLE, *inside})
    if strangers:
        sys.exit(f"{folder} holds what the uninstaller would leave: {strangers[0]}.")
    return dict(sorted({**found, **BESIDE}.items()))


def version() -> str:
    """The version that is packed; build.sh says it."""
    return os.environ["VERSION"]


def numbers(version: str) -> tuple[int, int, int, int]:
    """The four numbers that Windows takes for a version: of "0.2.0rc1" they are 0.2.0.0."""
    parts = []
    for part in version.split(".")[:3]:
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        parts.append(int(digits or 0))
        if digits != part:
            break
    return tuple(parts + [0] * (4 - len(parts)))


def moment() -> int:
    """The time that everything in a package has, in seconds since 1970."""
    return int(os.environ["SOURCE_DATE_EPOCH"])
