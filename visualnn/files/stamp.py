"""How a file lay on the disk when it was read or written, so that what another program puts there is seen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Fate = Literal["same", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Size, time and place of a file, and what stands for its content."""

    size: int  # bytes
    changed_ns: int
    number: int  # of its place in the file system: another file under the same name has another
    digest: str


def stamp(path: Path) -> Stamp | None:
    """That of a file as it is now; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        known = path.stat()
    except (OSError, ValueError):
        return None
    return Stamp(known.st_size, known.st_mtime_ns, known.st_ino, digest)


def fate(path: Path, since: Stamp | None) -> Fate:
    """What has become of a file since then. Its content decides: one that was only touched is the same."""
    if since is None:
        return "same"  # it was not known even then
    try:
        known = path.stat()
    except (OSError, ValueError):
        return "same" if path.exists() else "gone"
    if (known.st_size, known.st_mtime_ns, known.st_ino) == (since.size, since.changed_ns, since.number):
        return "same"
    now = stamp(path)
    return "same" if now is not None and now.digest == since.digest else "changed"
