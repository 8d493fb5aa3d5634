"""Compiles the kernels ahead of time: one library for each level of processor, and an index of what is in them.

    python packaging/kernels/build.py FOLDER [--system linux|windows|macos] [LEVEL…]

For the Python that VisualNN is installed for, with Numba. Levels are what LLVM calls processors; the usual ones are
those of `LEVELS`. Those for Windows are made on Linux as well, by MinGW's linker. The same sources and the same Numba
give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from visualnn import kernel_cache, precompiled

OBJECTS = Path(__file__).with_name("objects.py")
X86 = tuple(reversed(precompiled.LEVELS))
LEVELS = {"linux": X86, "windows": X86, "macos": ("apple-m1",)}
TRIPLES = {"linux": "x86_64-unknown-linux-gnu", "windows": "x86_64-w64-windows-gnu", "macos": "arm64-apple-macosx13.0"}
ENDINGS = {"linux": "so", "windows": "dll", "macos": "dylib"}
LINKERS = {
    "linux": "ld -shared --build-id=none --hash-style=gnu -z noexecstack -z now --strip-all -o OUT OBJECTS"
    " -l:libm.so.6 -l:libc.so.6",
    "windows": "x86_64-w64-mingw32-gcc -shared -nostartfiles -s -Wl,--no-insert-timestamp -o OUT OBJECTS -lucrt",
    "macos": "cc -arch arm64 -dynamiclib -Wl,-x -o OUT OBJECTS",
}
FEATURES = {"x86-64-v4": "+avx512f"}  # that kernels ask for by name, beyond what LLVM knows of a level
NAMES = {"apple-m1": "arm64"}  # what Python calls a processor


def main() -> int:
    """Makes FOLDER anew."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("levels", nargs="*")
    here = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
    parser.add_argument("--system", choices=TRIPLES, default=here)
    chosen = parser.parse_args()
    shutil.rmtree(chosen.folder, ignore_errors=True)
    chosen.folder.mkdir(parents=True)
    libraries, kernels = {}, None
    for level in chosen.levels or LEVELS[chosen.system]:
        name = NAMES.get(level, level)
        libraries[name] = f"{name}.{ENDINGS[chosen.system]}"
        found = library(chosen.folder / libraries[name], chosen.system, level)
        if kernels not in (None, found):
            raise SystemExit(f"The kernels for {level} take other arguments than those before.")
        kernels = found
    index = {"libraries": libraries, "kernels": kernels}
    (chosen.folder / precompiled.INDEX).write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")
    return 0


def library(out: Path, system: str, level: str) -> dict[str, list[dict[str, object]]]:
    """Makes the library for a level; what is in it."""
    with tempfile.TemporaryDirectory() as folder:
        kept = os.environ | {
            "NUMBA_CPU_NAME": level,
            "NUMBA_CPU_FEATURES": FEATURES.get(level, ""),
            "VISUALNN_CACHE_DIR": folder,
            kernel_cache.VARIABLE: kernel_cache.OURS,
            "VISUALNN_KERNELS": "jit",
        }
        subprocess.run([sys.executable, OBJECTS, folder, TRIPLES[system], level], env=kept, check=True)
        objects = sorted(file.name for file in Path(folder).glob("*.o"))
        places = {"OUT": [str(out.absolute())], "OBJECTS": objects}
        link = [part for word in LINKERS[system].split() for part in places.get(word, [word])]
        subprocess.run(link, cwd=folder, check=True)
        return json.loads(Path(folder, precompiled.INDEX).read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
