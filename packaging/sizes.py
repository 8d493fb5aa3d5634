"""What each part takes of a bundle: ``sizes.py FOLDER [MOST]`` prints megabytes, and fails if they are more than MOST.

FOLDER is the bundle, or whatever a package of it was unpacked to. Megabytes of 10⁶ bytes, of what is in the files, not
of the blocks of a disk; links count nothing. Standard library only.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

MB = 1e6
PARTS = (  # the first pattern that is found in a path within the bundle says to which part a file belongs
    ("Licences and versions", r"/licences/|\.dist-info/|/share/doc/"),
    ("Numba and LLVM", r"/(numba|llvmlite)/"),
    ("Kernels, compiled ahead", r"/visualnn/kernels/"),
    ("ICU, which Qt sorts by", r"icu(data|i18n|uc)"),
    ("Qt", r"/PySide6/(Qt/|plugins/|Qt6)|/Qt\w+\.framework/"),
    ("PySide6 and Shiboken, between Qt and Python", r"/(PySide6|shiboken6)/"),
    ("OpenBLAS, by which NumPy multiplies", r"/numpy\.libs/|/numpy/\.dylibs/"),
    ("NumPy", r"/numpy/"),
    ("Pillow", r"/(PIL|pillow\.libs)/"),
    ("Other libraries", r"/(charset_normalizer|numcodecs|pyqtgraph|safetensors)/"),
    ("Fonts, icons and examples", r"/visualnn/resources/"),
    ("Python", r"libpython|/python3[\d.]*/|base_library\.zip|/lib(ffi|bz2|lzma)|\.framework/|/python3\d*\.dll$"),
    ("Modules of all of these, with ours", r"/visualnn(-console)?(\.exe)?$"),
)
REST = "Everything else"


def main(folder: Path, most: float | None = None) -> int:
    """Print the table, the largest part first."""
    found = sizes(folder)
    if not found:
        raise SystemExit(f"sizes.py: there are no files in {folder}.")
    whole = sum(found.values())
    lines = [*((name, size) for name, size in found.most_common()), ("All of it", whole)]
    sys.stdout.write("".join(f"{size / MB:7.1f} MB  {name}\n" for name, size in lines))
    if most is not None and whole > most * MB:
        sys.stderr.write(f"sizes.py: {folder} has {whole / MB:.1f} MB, more than {most:g}.\n")
        return 1
    return 0


def sizes(folder: Path) -> Counter[str]:
    """Bytes by part."""
    found: Counter[str] = Counter()
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            found[part("/" + file.relative_to(folder).as_posix())] += file.stat().st_size
    return found


def part(path: str) -> str:
    """Which part a file belongs to."""
    return next((name for name, pattern in PARTS if re.search(pattern, path)), REST)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *map(float, sys.argv[2:])))
