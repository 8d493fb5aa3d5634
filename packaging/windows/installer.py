"""Packs a Windows folder as an installer for one user, VisualNN-VERSION-setup.exe: ``installer.py FOLDER OUT``.

Needs makensis of NSIS 3.08 or newer, on any system. FAST=1 packs in seconds, to try it; without, as small as it gets.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path, PurePosixPath

from contents import HERE, PUBLISHER, files, numbers, version


def main(folder: Path, out: Path) -> None:
    """Pack it."""
    if shutil.which("makensis") is None:
        sys.exit("makensis is missing: install NSIS (apt-get install nsis).")
    installed = files(folder)
    with tempfile.TemporaryDirectory() as work:
        listed = Path(work, "files.nsh")
        listed.write_text(listing(installed), encoding="utf-8")
        defined = {
            "OUT": str(out.resolve() / f"VisualNN-{version()}-setup.exe"),
            "HERE": str(HERE),
            "FILES": str(listed),
            "VERSION": version(),
            "NUMBERS": ".".join(map(str, numbers(version()))),
            "PUBLISHER": PUBLISHER,
            "KILOBYTES": str(sum(path.stat().st_size for path in installed.values()) // 1024),
            "SIGN": f"bash {shlex.quote(str(HERE / 'sign.sh'))}",
        }
        if os.environ.get("FAST"):
            defined["FAST"] = "1"
        command = ["makensis", "-V2", "-WX", *(f"-D{name}={value}" for name, value in defined.items())]
        subprocess.run([*command, str(HERE / "installer.nsi")], check=True)


def listing(installed: dict[str, Path]) -> str:
    """Every file in order, for makensis would take them as they happen to lie on the disk."""
    lines, last = [], None
    for place, source in installed.items():
        parent = PurePosixPath(place).parent
        if parent != last:
            folder = "".join(f"\\{quoted(part)}" for part in parent.parts)
            lines.append(f'SetOutPath "$INSTDIR{folder}"')
            last = parent
        lines.append(f'File "/oname={quoted(PurePosixPath(place).name)}" "{quoted(str(source.resolve()))}"')
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A text as NSIS reads it back: a dollar sign begins a variable of its own."""
    return text.replace("$", "$$")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
