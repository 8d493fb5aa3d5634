"""What Qt is going to find: libraries, a screen, and what was asked for; and what Qt says of itself."""

from __future__ import annotations

import os
from typing import NamedTuple

from visualnn import display

SESSION = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP")
PREFIXES = ("QT_", "CUDA_", "NUMBA_", "VISUALNN_", "OPENBLAS_", "OMP_", "PYTHON", "LD_LIBRARY_PATH")


class Toolkit(NamedTuple):
    """Qt's own answers. Only the window knows more than the version."""

    version: str = ""
    problem: str = ""  # why it cannot be loaded; a sentence
    platform: str = ""
    screens: tuple[str, ...] = ()


class Library(NamedTuple):
    """One that this system lacks, and the package that brings it: of Debian's family, else of Fedora's."""

    name: str
    package: str


class Screen(NamedTuple):
    """What stands between Qt and a window."""

    asked: str  # QT_QPA_PLATFORM; "": as the system has it
    missing: tuple[Library, ...]
    install: str  # the command that brings them, "" if there is none, or we do not know it
    problem: str  # why no window can open; a sentence, "" if one can
    variables: tuple[tuple[str, str], ...]  # of the environment that mean something for us


def screen() -> Screen:
    """What `display` finds."""
    lacking = display.lacking()
    problem = (display.problem() or "").partition("\n")[0]
    libraries = tuple(Library(name, display.package(name)) for name in lacking)
    install = (display.install_line(lacking) or "") if lacking else ""
    return Screen(os.environ.get("QT_QPA_PLATFORM", ""), libraries, install, problem, _variables())


def _variables() -> tuple[tuple[str, str], ...]:
    names = (name for name in os.environ if name in SESSION or name.startswith(PREFIXES))
    return tuple((name, os.environ[name]) for name in sorted(names))
