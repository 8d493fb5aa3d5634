"""The works of others that the program is made of, which versions are here, and their licences."""

from __future__ import annotations

import platform
import sys
from importlib import metadata, util
from pathlib import Path
from typing import NamedTuple


class Part(NamedTuple):
    """Somebody else's work. One that no distribution brings lies in our resources."""

    name: str
    licence: str  # an SPDX expression
    distributions: tuple[str, ...] = ()  # any of which brings it
    module: str = ""
    without: str | None = None  # what cannot be done without it; "": nothing at all, None: nobody asks for it by name
    version: str = ""  # of what no distribution brings


COMPILER, SLOW = "numba", "training and drawing take many times as long"
PARTS = (
    Part(
        "Python, with libffi, bzip2, XZ and others", "PSF-2.0 AND MIT AND bzip2-1.0.6 AND 0BSD", module="sys",
        version=platform.python_version(),
    ),
    Part(
        "Qt, with ICU and others, through PySide6", "LGPL-3.0-only AND Unicode-3.0",
        ("PySide6-Essentials", "PySide6"), "PySide6", "",
    ),
    Part("Shiboken", "LGPL-3.0-only", ("shiboken6",), "shiboken6", ""),
    Part(
        "NumPy, with OpenBLAS and GCC's runtime",
        "BSD-3-Clause AND LGPL-2.1-or-later AND GPL-3.0-or-later WITH GCC-exception-3.1",
        ("numpy",), "numpy", "",
    ),
    Part("pyqtgraph", "MIT", ("pyqtgraph",), "pyqtgraph", ""),
    Part("colorama", "BSD-3-Clause", ("colorama",), "colorama"),
    Part("Numba", "BSD-2-Clause", ("numba",), COMPILER, SLOW),
    Part("llvmlite, with LLVM", "BSD-2-Clause AND Apache-2.0 WITH LLVM-exception", ("llvmlite",), "llvmlite"),
    Part("platformdirs", "MIT", ("platformdirs",), "platformdirs", ""),
    Part("Pillow", "MIT-CMU", ("pillow",), "PIL", "no GIF can be made"),
    Part(
        "safetensors", "Apache-2.0", ("safetensors",), "safetensors", "files of that kind are neither read nor written"
    ),
    Part(
        "charset-normalizer", "MIT", ("charset-normalizer",), "charset_normalizer",
        "some tables in old code pages cannot be read",
    ),
    Part("tqdm", "MPL-2.0 AND MIT", ("tqdm",), "tqdm", "the command line shows no progress"),
    Part(
        "numba-cuda, with CUDA Python and NVIDIA's compiler",
        "BSD-2-Clause AND Apache-2.0 AND LicenseRef-NVIDIA-Proprietary", ("numba-cuda",), "numba_cuda",
    ),
    Part("PyAV, with FFmpeg and x264", "BSD-3-Clause AND GPL-2.0-or-later", ("av",), "av"),
    Part("pyfive", "BSD-3-Clause", ("pyfive",), "pyfive"),
    Part("numcodecs", "MIT", ("numcodecs",), "numcodecs"),
    Part("fsspec", "BSD-3-Clause", ("fsspec",), "fsspec"),
    Part("typing-extensions", "PSF-2.0", ("typing_extensions",), "typing_extensions"),
    Part("Fonts Inter", "OFL-1.1", version="4.001"),
    Part("Fonts JetBrains Mono", "OFL-1.1", version="2.211"),
    Part("Icons Lucide, some from Feather", "ISC AND MIT", version="1.62.0"),
    Part("Handwritten digits, by E. Alpaydin and C. Kaynak", "CC-BY-4.0"),
)  # fmt: skip
EXTRAS = {  # what each is for, and its module
    "film": ("MP4 films", "av"),
    "keras": ("models of Keras", "pyfive"),
    "gpu": ("training on an NVIDIA card", "numba_cuda"),
}


class Found(NamedTuple):
    """Of one part, whether it is here, and which version; "" where nobody says."""

    part: Part
    here: bool
    version: str = ""


def found(part: Part) -> Found:
    """What of a part is here. Nothing is imported."""
    if not part.distributions:
        return Found(part, True, part.version)
    return Found(part, is_here(part.module), _version(part))


def all_found() -> tuple[Found, ...]:
    """Every part that comes as a distribution."""
    return tuple(found(part) for part in PARTS if part.distributions)


def is_here(module: str) -> bool:
    """Whether a module could be imported, as far as can be told without doing it."""
    if module in sys.modules:
        return sys.modules[module] is not None
    try:
        return util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def replaceable_qt() -> Path | None:
    """The folder of Qt's libraries, which anybody may replace by others of their own."""
    try:
        spec = util.find_spec("PySide6")
    except (ImportError, ValueError):
        return None
    folder = Path(spec.origin).parent if spec is not None and spec.origin is not None else None
    if folder is None:
        return None
    return folder / "Qt" / "lib" if (folder / "Qt" / "lib").is_dir() else folder


def terms() -> Path | None:
    """The folder with the licences of what no distribution brings to an installer's program; None elsewhere."""
    bundle = getattr(sys, "_MEIPASS", None)
    return Path(bundle, "licences") if bundle is not None else None


def _version(part: Part) -> str:
    for distribution in part.distributions:
        try:
            return metadata.version(distribution)
        except metadata.PackageNotFoundError:
            continue
    return str(getattr(sys.modules.get(part.module), "__version__", ""))
