"""What goes into a bundle and what stays out. Standard library only: the tests read it without PyInstaller.

With kernels that were compiled ahead of time, Numba, LLVM, and the modules that are written for Numba stay out. Without
them (``jit``), Numba compiles on the user's machine.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

HIDDEN = ["pyfive", "PIL.GifImagePlugin"]  # named by none of our imports: modules choose them by name
COMPILER = ["numba", "llvmlite"]
HIDDEN_IN_COMPILER = ["numba._devicearray"]

EXCLUDED = [
    # of Python: databases, terminals, networks. The program works offline and needs no library for any.
    *("curses", "_curses", "ensurepip", "idlelib", "lib2to3", "pip", "pkg_resources", "pydoc_data", "readline"),
    *("setuptools", "sqlite3", "_sqlite3", "ssl", "_ssl", "_hashlib", "tkinter", "_tkinter", "_uuid", "venv"),
    # of NumPy and Numba: what builds and tests them, and another processor's kernels
    *("numpy.f2py", "numba.cuda", "numba.pycc", "numba.testing", "numba.tests", "llvmlite.tests"),
    # of Pillow: it packs GIFs and nothing else
    *("PIL.AvifImagePlugin", "PIL._avif", "PIL.WebPImagePlugin", "PIL._webp", "PIL._imagingcms", "PIL._imagingft"),
    *("PIL._imagingtk", "PIL.ImageQt", "PIL.ImageTk"),
    # of Qt and pyqtgraph
    *("PySide6.QtConcurrent", "PySide6.QtNetwork", "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"),
    *("PySide6.QtPrintSupport", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtSql", "PySide6.QtTest", "PySide6.QtXml"),
    *("pyqtgraph.examples", "pyqtgraph.jupyter", "pyqtgraph.opengl"),
    # what compiles for a GPU: with its libraries half a gigabyte
    *("_numba_cuda_redirector", "cuda", "numba_cuda", "nvidia"),
    # the rivals of `visualnn bench`, what scientific packages would like to have, and FFmpeg, whose wheels are GPL
    *("av", "IPython", "jax", "keras", "matplotlib", "pandas", "scipy", "sklearn", "tensorflow", "torch"),
]

RUNTIME = [  # what the wheel requires, by the names of their distributions: licences and versions go along
    *("charset-normalizer", "colorama", "fsspec", "llvmlite", "numba", "numcodecs", "numpy", "pillow", "platformdirs"),
    *("pyfive", "pyqtgraph", "pyside6-essentials", "safetensors", "shiboken6", "tqdm", "typing-extensions", "visualnn"),
]

# Of Qt, by the names that all systems share; those of one system are not there on another.
QT_LIBRARIES = ("Core", "Gui", "Widgets", "Svg", "DBus", "XcbQpa", "WaylandClient")

QT_PLUGINS = {
    "iconengines": ("qsvgicon",),
    "imageformats": ("qgif", "qjpeg", "qsvg"),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "platforms": ("qcocoa", "qoffscreen", "qwayland", "qwindows", "qxcb"),
    "platformthemes": ("qxdgdesktopportal",),
    "wayland-decoration-client": ("adwaita", "bradient"),
    "wayland-shell-integration": ("xdg-shell",),
}

NEVER_LOADED = (  # a second OpenGL for Windows, with which we draw nothing; pictures and palettes of pyqtgraph; tests
    *("*/opengl32sw.dll", "*/d3dcompiler_*.dll", "pyqtgraph/*.svg", "pyqtgraph/icons/peegee/*"),
    *("pyqtgraph/colors/maps/*", "numpy/_core/_*_tests.*", "numba/np/ufunc/omppool.*", "numba/np/ufunc/tbbpool.*"),
)

BY_CHANCE = ("__pycache__", "RECORD", "INSTALLER", "REQUESTED", "direct_url.json")  # tell where and when it was built

# All other libraries of the build machine stay there: who has a desktop has them in the version that fits it, and
# `visualnn.display` names the packages.
SYSTEM_LIBRARIES = ("libpython", "libffi", "libbz2", "liblzma")  # Python's own; pyfive imports both packers


def modules(package: Path) -> list[str]:
    """Every module of a package by its file, for many are imported inside functions or by a name."""
    return sorted(_module(file) for file in package.rglob("*.py") if file.name != "__main__.py")


def for_numba(package: Path) -> list[str]:
    """The modules that cannot be imported without Numba: they, or what they import, ask for it outside of functions."""
    asked = {_module(file): _imported(file) for file in package.rglob("*.py")}
    found = {name for name, names in asked.items() if any(each.split(".")[0] in COMPILER for each in names)}
    while more := {name for name, names in asked.items() if names & found} - found:
        found |= more
    return sorted(found)


def hidden(package: Path, *, ahead: bool) -> list[str]:
    """The modules that PyInstaller is told of; `ahead`: with kernels that were compiled ahead of time."""
    if not ahead:
        return [*modules(package), *HIDDEN, *HIDDEN_IN_COMPILER]
    return [*sorted({*modules(package)} - {*for_numba(package)}), *HIDDEN]


def excluded(package: Path, *, ahead: bool) -> list[str]:
    """The modules that stay out although somebody imports them."""
    return [*EXCLUDED, *COMPILER, *for_numba(package)] if ahead else EXCLUDED


def runs_first(script: str, platform: str) -> bool:
    """Whether a script runs at every start: ours and PyInstaller's own, but few of those it adds to be safe.

    They make modules ready for programs that start themselves again or read their own sources, which this one does not.
    The one for Qt is needed where Qt's own way to find its plugins could not be tried; on Linux it would make every
    program that we start use our plugins.
    """
    if not script.startswith("pyi_rth_"):
        return True
    return script == "pyi_rth_pyside6" and platform != "linux"


def kernels(folder: Path | None) -> list[tuple[str, str]]:
    """(file, folder in the bundle) for the libraries of kernels that were compiled ahead of time, and their index."""
    return [(str(file), "visualnn/kernels") for file in sorted(folder.iterdir())] if folder else []


def kept(name: str, source: str, libraries: str, *, ahead: bool) -> bool:
    """Whether a file goes into the bundle as `name`; `libraries` is the folder where pip installed everything."""
    path = PurePosixPath(name.replace("\\", "/"))
    if ahead and path.parts[0].split("-")[0] in COMPILER:  # PyInstaller takes it along, for we ask for its version
        return False
    if {*BY_CHANCE, "translations"} & {*path.parts} or any(fnmatchcase(str(path), one) for one in NEVER_LOADED):
        return False
    if "PySide6" in path.parts and "plugins" in path.parts:
        return path.name.removeprefix("lib").split(".")[0] in QT_PLUGINS.get(path.parent.name, ())
    library = _qt_library(path)
    if library:
        return library in QT_LIBRARIES
    if not source.startswith(libraries) and len(path.parts) == 1 and ".so" in path.name:
        return path.name.startswith(SYSTEM_LIBRARIES)
    return True


def _qt_library(path: PurePosixPath) -> str:
    """The name of a library of Qt without what each system puts around it; "" if it is none."""
    framework = next((part for part in path.parts if part.startswith("Qt") and part.endswith(".framework")), "")
    if framework:
        return framework.removeprefix("Qt").removesuffix(".framework")
    found = re.fullmatch(r"(?:lib)?Qt6(\w+)\.(?:so[.\d]*|dll)", path.name)
    return found[1] if found else ""


def licences(distributions: Path, *, ahead: bool) -> Iterator[tuple[str, str]]:
    """(file, folder in the bundle) for what says who made each part, which version it is, and on which terms.

    Of a compiler that stays out the terms go along, for some of its code is in the kernels.
    """
    for info in sorted(distributions.glob("*.dist-info")):
        name = info.name.split("-")[0].lower().replace("_", "-")
        if name not in RUNTIME:
            continue
        stays_out = ahead and name in COMPILER
        target = Path("licences", name) if stays_out else Path(info.name, "licenses")
        if not stays_out:
            yield str(info / "METADATA"), info.name
        for file in sorted(info.glob("licenses/**/*")):
            if file.is_file():
                yield str(file), str(target / file.relative_to(info / "licenses").parent)


def _module(file: Path) -> str:
    """The name by which a file of the package is imported."""
    parts = file.with_suffix("").parts
    inside = parts[len(parts) - 1 - parts[::-1].index("visualnn") :]
    return ".".join(inside[:-1] if inside[-1] == "__init__" else inside)


def _imported(file: Path) -> set[str]:
    """What importing a module imports, each as if it were a module, too."""
    found: set[str] = set()
    body = ast.parse(file.read_bytes()).body
    tried = [node for each in body if isinstance(each, ast.Try) for node in each.body]
    for node in [*body, *tried]:
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found
