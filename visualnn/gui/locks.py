"""What this window says to other windows: which file it has open, and whose the changes are that are not saved yet.

A lock is a small file that names the process. One whose process is gone, or that is older than the last start of the
machine, counts as none; so does, after a while, one of which nobody can tell: it was damaged, or made elsewhere. The
system keeps the file of a process that lives from being taken away in any case.
"""

from __future__ import annotations

import contextlib
import hashlib
import unicodedata
from pathlib import Path
from time import time

from PySide6.QtCore import QLockFile

WEEK_MS = 7 * 24 * 3600 * 1000
DAMAGED_S = 60.0  # so long a lock may be without a name: somebody is about to write it


class Claim:
    """One lock; given back with the process at the latest."""

    def __init__(self, path: Path):
        self._path = path
        self._lock = QLockFile(str(path))
        self._lock.setStaleLockTime(WEEK_MS)

    def take(self) -> bool:
        """Whether nobody else has it. Where no lock can be written, nobody is known to."""
        if self._lock.isLocked():
            return True
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._try() or (self._is_damaged and self._lock.removeStaleLockFile() and self._try())

    def _try(self) -> bool:
        return self._lock.tryLock(0) or self._lock.error() != QLockFile.LockError.LockFailedError

    @property
    def _is_damaged(self) -> bool:
        """Whether the lock names nobody, and has not for a while."""
        try:
            return not any(self._lock.getLockInfo()) and time() - self._path.stat().st_mtime > DAMAGED_S
        except OSError:
            return False

    def give(self) -> None:
        """Others may have it."""
        self._lock.unlock()

    @property
    def is_free(self) -> bool:
        """Whether nobody else has it, without keeping it."""
        mine = self._lock.isLocked()
        free = self.take()
        if not mine:
            self.give()
        return free


class OpenFile:
    """The file that a window has open; `folder` is where all windows say so, None: this one says nothing."""

    def __init__(self, folder: Path | None):
        self._folder = folder
        self._identity = ""
        self._claim: Claim | None = None

    def is_elsewhere(self, path: Path) -> bool:
        """Whether another window has this file open."""
        if self._folder is None or identity(path) == self._identity:
            return False
        return not self._claim_of(path).is_free

    def hold(self, path: Path | None) -> None:
        """This one is open from now on, and none else."""
        known = "" if path is None else identity(path)
        if self._folder is None or (known == self._identity and (self._claim is not None or not known)):
            return
        if self._claim is not None:
            self._claim.give()
        claim = None if path is None else self._claim_of(path)
        self._identity, self._claim = known, claim if claim is not None and claim.take() else None

    def _claim_of(self, path: Path) -> Claim:
        assert self._folder is not None
        return Claim(self._folder / f"{hashlib.sha256(identity(path).encode()).hexdigest()[:32]}.lock")


def identity(path: Path) -> str:
    """The same text for every name of a file: through links, from elsewhere, in other letters where that counts not."""
    try:
        resolved = path.resolve()
    except (OSError, RuntimeError):
        resolved = path.absolute()
    text = unicodedata.normalize("NFC", str(resolved))
    return text.casefold() if folds_case(resolved) else text


def folds_case(path: Path) -> bool:
    """Whether the folder of a file finds it under a name in other letters, too."""
    other = path.with_name(path.name.swapcase())
    try:
        return other.name != path.name and other.samefile(path)
    except (OSError, ValueError):
        return False
