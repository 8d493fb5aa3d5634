"""What a bundle needs of a Linux system, from what `visualnn.display` looks for: ``needs.py`` prints Debian's line."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from visualnn import display

LOADER = ("libc6 (>= 2.35)", "libgcc-s1", "libstdc++6")  # of Qt, LLVM and OpenBLAS; the newest that each system has
LOADER_SONAMES = ("libc.so.6(GLIBC_2.35)(64bit)", "libgcc_s.so.1()(64bit)", "libstdc++.so.6()(64bit)")
DESKTOP = ("desktop-file-utils", "hicolor-icon-theme", "shared-mime-info", "xdg-utils")  # so called by every family
PORTAL = "xdg-desktop-portal"


def packages() -> list[str]:
    """Names of Debian 12; newer systems provide them as well."""
    return [*LOADER, *sorted({package.apt for package in display.PACKAGES.values()})]


def capabilities() -> list[str]:
    """The libraries themselves, which Fedora, openSUSE and their kin understand whatever their packages are called."""
    return [*LOADER_SONAMES, *sorted(f"{soname}()(64bit)" for soname in display.PACKAGES)]


if __name__ == "__main__":
    sys.stdout.write(f"{', '.join(packages())}\n")
