"""What goes into a bundle and what stays out. Standard library only: the tests read it without PyInstaller.

Kernels are compiled by Numba on the user's machine for now. The seam for kernels that are compiled ahead of time is
`excluded` and `hidden`: with them, ``numba``, ``llvmlite`` and the modules named ``compiled`` go to `EXCLUDED`, and the
compiled library becomes one of `hidden`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

# Named by none of our imports, but imported by Numba or by what our modules choose by name.
HIDDEN = ["numba._devicearray", "pyfive", "PIL.GifImagePlugin"]

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
    *("PySide6.QtConcurrent", "PySide6.QtNetwork", "PySide6.QtPrintSupport", "PySide6.QtQml", "PySide6.QtQuick"),
    *("PySide6.QtSql", "PySide6.QtTest", "PySide6.QtXml"),
    *("pyqtgraph.examples", "pyqtgraph.jupyter", "pyqtgraph.opengl"),
    # the rivals of `visualnn bench`, what scientific packages would like to have, and FFmpeg, whose wheels are GPL
    *("av", "IPython", "jax", "keras", "matplotlib", "pandas", "scipy", "sklearn", "tensorflow", "torch"),
]

RUNTIME = [  # what the wheel requires, by the names of their distributions: licences and versions go along
    *("charset-normalizer", "llvmlite", "numba", "numpy", "pillow", "platformdirs", "pyfive", "pyqtgraph"),
    *("pyside6-essentials", "safetensors", "shiboken6", "tqdm", "visualnn", "fsspec", "numcodecs", "typing-extensions"),
]

QT_LIBRARIES = ("Core", "Gui", "Widgets", "Svg", "DBus", "OpenGL", "OpenGLWidgets", "XcbQpa", "WaylandClient")

QT_PLUGINS = {
    "iconengines": ("qsvgicon",),
    "imageformats": ("qgif", "qjpeg", "qsvg"),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "platforms": ("qoffscreen", "qwayland", "qxcb"),
    "platformthemes": ("qxdgdesktopportal",),
    "wayland-decoration-client": ("adwaita", "bradient"),
    "wayland-shell-integration": ("xdg-shell",),
}

BY_CHANCE = ("__pycache__", "RECORD", "INSTALLER", "REQUESTED", "direct_url.json")  # tell where and when it was built

# All other libraries of the build machine stay there: who has a desktop has them in the version that fits it, and
# `visualnn.display` names the packages.
SYSTEM_LIBRARIES = ("libpython", "libffi", "libbz2", "liblzma")  # Python's own; pyfive imports both packers


def modules(package: Path) -> list[str]:
    """Every module of a package by its file, for many are imported inside functions or by a name."""
    found = (path.relative_to(package.parent).with_suffix("") for path in package.rglob("*.py"))
    names = {".".join(path.parts[:-1] if path.name == "__init__" else path.parts) for path in found}
    return sorted(name for name in names if not name.endswith(".__main__"))


def hidden(package: Path) -> list[str]:
    """The modules that PyInstaller is told of."""
    return [*modules(package), *HIDDEN]


def kept(name: str, source: str, libraries: str) -> bool:
    """Whether a file goes into the bundle as `name`; `libraries` is the folder where pip installed everything."""
    path = PurePosixPath(name)
    if (
        any(part in BY_CHANCE for part in path.parts)
        or "translations" in path.parts
        or path.match("pyqtgraph/**/*.svg")
    ):
        return False
    if "plugins" in path.parts and "Qt" in path.parts:
        return _plugin_kept(path)
    if path.name.startswith("libQt6"):
        return path.name.removeprefix("libQt6").split(".")[0] in QT_LIBRARIES
    if not source.startswith(libraries) and len(path.parts) == 1 and ".so" in path.name:
        return path.name.startswith(SYSTEM_LIBRARIES)
    return True


def _plugin_kept(path: PurePosixPath) -> bool:
    names = QT_PLUGINS.get(path.parent.name, ())
    return path.name.removeprefix("lib").split(".")[0] in names


def licences(distributions: Path, names: list[str] = RUNTIME) -> Iterator[tuple[str, str]]:
    """(file, folder in the bundle) for what says who made each part, which version it is, and on which terms."""
    for info in sorted(distributions.glob("*.dist-info")):
        if info.name.split("-")[0].lower().replace("_", "-") in names:
            yield str(info / "METADATA"), info.name
            for file in sorted(info.glob("licenses/**/*")):
                if file.is_file():
                    yield str(file), str(Path(info.name, file.relative_to(info).parent))
