"""Libraries inside of Python, NumPy and Qt, which no distribution names, and which versions they say they are."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from visualnn.health.parts import replaceable_qt

NOT_TOLD = (ImportError, AttributeError, KeyError, OSError, TypeError, ValueError)


class Library(NamedTuple):
    """One of them."""

    name: str
    version: str


def all_libraries() -> tuple[Library, ...]:
    """Those that tell; on some systems some of them are not there, or cannot be asked."""
    found = (Library(name, _told(ask)) for name, ask in ASKED)
    return tuple(library for library in found if library.version)


def _told(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except NOT_TOLD:
        return ""


def _openblas() -> str:
    return str(import_module("numpy.__config__").CONFIG["Build Dependencies"]["blas"]["version"])


def _expat() -> str:
    return str(import_module("pyexpat").EXPAT_VERSION).removeprefix("expat_")


def _answer(module: str, function: str) -> str:
    """What a function without arguments says, of a library that a module of Python is linked with."""
    path = import_module(module).__file__
    asked = ctypes.CDLL(path)[function]
    asked.restype = ctypes.c_char_p
    answer: bytes = asked()
    return answer.decode("ascii").partition(",")[0]


def _icu() -> str:
    """Its functions have its version in their names."""
    folder = replaceable_qt()
    file = next(iter(sorted(folder.glob("libicuuc.so.*"))), None) if folder is not None else None
    if file is None:  # Windows and macOS bring their own
        return ""
    number, version = re.sub(r".*\.", "", file.name), (ctypes.c_uint8 * 4)()
    ctypes.CDLL(str(file))[f"u_getVersion_{number}"](version)
    return ".".join(map(str, version[:2]))


ASKED: tuple[tuple[str, Callable[[], str]], ...] = (
    ("OpenBLAS", _openblas),
    ("ICU", _icu),
    ("libffi", lambda: _answer("_ctypes", "ffi_get_version")),
    ("bzip2", lambda: _answer("_bz2", "BZ2_bzlibVersion")),
    ("XZ", lambda: _answer("_lzma", "lzma_version_string")),
    ("zlib", lambda: str(import_module("zlib").ZLIB_RUNTIME_VERSION)),
    ("Expat", _expat),
    ("mpdecimal", lambda: str(import_module("_decimal").__libmpdec_version__)),
)
