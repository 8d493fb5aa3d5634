"""Packs a Windows folder as a zip that needs no installation: ``portable.py FOLDER OUT``.

It has no settings of its own: they lie in the user's profile, as those of an installed VisualNN, so that both are one
program to the user. Compressed as Windows itself can unpack it. FAST=1 packs in seconds, to try it.
"""

from __future__ import annotations

import os
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from contents import files, moment, version

README = """\
VisualNN {version}: see a neural network think and learn

Unpack the whole folder to wherever you like, then double-click visualnn.exe. Nothing is installed.
To remove it, delete the folder.

Settings and compiled kernels lie in your profile, in %LOCALAPPDATA%\\visualnn, and stay there.
To open .vnn files by a double click: right-click one, "Open with", "Choose another app", and choose visualnn.exe.

It needs Windows 10, version 1809, or newer, 64 bit. LICENSE.txt and the folder _internal\\licences have the terms.
"""


def main(folder: Path, out: Path) -> None:
    """Pack it; the same files give the same zip."""
    name, how = f"VisualNN-{version()}", 1 if os.environ.get("FAST") else 9
    installed, page = files(folder), README.format(version=version()).replace("\n", "\r\n").encode()
    when = datetime.fromtimestamp(moment(), UTC).timetuple()[:6]
    with zipfile.ZipFile(out / f"{name}-portable.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=how) as packed:
        for place in ("README.txt", *installed):
            entry = zipfile.ZipInfo(f"{name}/{place}", when)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0x20
            packed.writestr(entry, installed[place].read_bytes() if place in installed else page, compresslevel=how)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
