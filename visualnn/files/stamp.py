"""How a file lay on the disk when it was read or written, so that what another program puts there is seen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Fate = Literal["same", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Size, time and place of a file, and what stands for its content."""

    size: int  # bytes
    changed_ns: int
    number: int  # of its place in the file system: another file under the same name has another
    digest: str = ""  # nothing: the content was not looked at


def glance(path: Path) -> Stamp | None:
    """That of a file as it is now, without a look at its content; None if there is none."""
    try:
        known = path.stat()
    except (OSError, ValueError):
        return None
    return Stamp(known.st_size, known.st_mtime_ns, known.st_ino)


def stamp(path: Path) -> Stamp | None:
    """That of a file as it is now; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None
    known = glance(path)
    return None if known is None else replace(known, digest=digest)


def fate(path: Path, since: Stamp | None) -> Fate:
    """What has become of a file since then. Its content decides: one that was only touched is the same."""
    if since is None:
        return "same"  # it was not known even then
    known = glance(path)
    if known is None:
        return "gone"
    if known == replace(since, digest=""):
        return "same"
    now = stamp(path)
    return "same" if now is not None and since.digest and now.digest == since.digest else "changed"
