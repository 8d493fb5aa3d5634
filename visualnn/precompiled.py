"""Kernels that were compiled before VisualNN was packed; where there are none, Numba compiles them here.

An installer's program has no Numba. In a folder beside this module it has one library for each level of processor, and
an index of what is in them, which `packaging/kernels` makes out of the very kernels that Numba compiles elsewhere. Who
needs a kernel asks for it by its name and need not know where it comes from::

    train = precompiled.kernel("visualnn.nn.kernels.lane", "train")

``VISUALNN_KERNELS`` names another folder, or ``jit`` for none.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FOLDER, INDEX = Path(__file__).parent / "kernels", "index.json"
LEVELS = {"x86-64-v4": "X86_V4", "x86-64-v3": "X86_V3", "x86-64-v2": "X86_V2"}  # the newest first; as NumPy calls them

used: dict[tuple[str, str], Any] = {}  # Numba's kernels that were asked for: what there is to be compiled ahead


class Form(NamedTuple):
    """A kernel for arrays of certain types."""

    function: Callable[[Any], int]
    layout: Struct  # of the words that it reads its arguments from: of an array the address and the lengths
    result: Struct | None  # of what it leaves there


class Kernel:
    """A function of a library, called like the one that Numba would have compiled; others go on while it works."""

    def __init__(self, name: str, forms: Mapping[tuple[str, ...], Form]) -> None:
        self.name, self._forms = name, forms

    def __call__(self, *arguments: Any) -> Any:
        """Raises TypeError for arrays that the kernel was not compiled for."""
        kinds: list[str] = []
        words: list[Any] = []
        self._read(arguments, kinds, words)
        form = self._forms.get(tuple(kinds))
        if form is None:
            raise TypeError(f"{self.name} was not compiled for {', '.join(kinds)}.")
        room = ctypes.create_string_buffer(form.layout.pack(*words), max(form.layout.size, 8))
        if form.function(room):
            raise RuntimeError(f"{self.name} failed.")
        return form.result.unpack_from(room)[0] if form.result else None

    def _read(self, arguments: tuple[Any, ...], kinds: list[str], words: list[Any]) -> None:
        for argument in arguments:
            if isinstance(argument, np.ndarray):
                if not argument.flags.c_contiguous:
                    raise TypeError(f"{self.name} needs arrays without gaps.")
                kinds.append(kind(argument.dtype, argument.ndim))
                words.append(address(argument))
                words.extend(argument.shape)
            elif isinstance(argument, tuple):
                self._read(argument, kinds, words)
            else:
                words.append(argument)


def address(array: NDArray[Any]) -> int:
    """Where an array begins; this way takes a fourth of the time that NumPy's own attributes take."""
    try:
        return ctypes.addressof(ctypes.c_char.from_buffer(array.data))
    except (TypeError, ValueError):  # it may not be written to, or is empty
        return int(array.__array_interface__["data"][0])


@cache
def kind(dtype: Any, dimensions: int) -> str:
    """How the index names a type of arrays: ``f8:2``."""
    return f"{np.dtype(dtype).str[1:]}:{dimensions}"


def kernel(module: str, name: str) -> Any:
    """A compiled function by its module and its name. Raises ImportError where neither it nor Numba is there."""
    found = shipped()
    if not found:
        used[module, name] = function = getattr(import_module(module), name)
        return function
    try:
        return found[f"{module}.{name}"]
    except KeyError:
        raise ImportError(f"{module}.{name} was not compiled ahead.") from None


@cache
def shipped() -> Mapping[str, Kernel]:
    """All kernels of the library for this processor by their names; empty where Numba has to compile.

    Raises OSError if there are libraries, but none that can be used here.
    """
    folder = place()
    if folder is None:
        return {}
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    libraries, kernels = index["libraries"], index["kernels"]
    library = ctypes.CDLL(str(folder / libraries[suited(libraries)]))
    return {name: Kernel(name, dict(_form(library, form) for form in forms)) for name, forms in kernels.items()}


def place() -> Path | None:
    """The folder of the libraries, if there is one."""
    chosen = os.environ.get("VISUALNN_KERNELS", "")
    folder = Path(chosen) if chosen else FOLDER
    return folder if chosen != "jit" and (folder / INDEX).is_file() else None


def suited(libraries: Mapping[str, str]) -> str:
    """The level of the fastest of these libraries that this processor can run. Raises OSError if it can run none."""
    machine = platform.machine().lower()
    has = import_module("numpy._core._multiarray_umath").__cpu_features__
    for level in (machine, *(name for name, feature in LEVELS.items() if has.get(feature))):
        if level in libraries:
            return level
    raise OSError(f"The kernels were compiled for {', '.join(libraries)}, which this processor ({machine}) is not.")


def _form(library: ctypes.CDLL, form: dict[str, Any]) -> tuple[tuple[str, ...], Form]:
    function = library[form["symbol"]]
    function.argtypes, function.restype = [ctypes.c_char_p], ctypes.c_int
    result = Struct("=" + form["result"]) if form["result"] else None
    return tuple(form["arrays"]), Form(function, Struct("=" + form["words"]), result)
