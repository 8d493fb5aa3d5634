"""The Debian packages that a bundle needs, as one line of a control file; from what `visualnn.display` looks for."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from visualnn import display

LOADER = ("libc6 (>= 2.35)", "libgcc-s1", "libstdc++6")  # of Qt, LLVM and OpenBLAS; the newest that each system has


def line() -> str:
    """Names of Debian 12; newer systems provide them as well."""
    return ", ".join([*LOADER, *sorted({package.apt for package in display.PACKAGES.values()})])


if __name__ == "__main__":
    sys.stdout.write(f"{line()}\n")
