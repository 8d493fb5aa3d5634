"""What a process that uses the fake driver asks it and says to it. For one whose loader finds that libcuda.so.1."""

from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

FULL, STOPPED = 2, 719  # CUDA_ERROR_OUT_OF_MEMORY, CUDA_ERROR_LAUNCH_FAILED
ONCE, LOST, ALWAYS = range(3)  # how long a failure lasts; a GPU that is lost answers nothing until `heal`
NAMES = "FAKE_CUDA_NAMES"  # the variable with the file for the executor, to which the process is added
CHOICES = ("tile", "threads", "side", "teams", "lanes")  # what the makers of kernels are called with

library = ctypes.CDLL("libcuda.so.1")


def numbers() -> dict[str, int]:
    """What the driver has counted: launches, pageable copies, waits, what is alive, what was wrong."""
    return _listed(library.fake_number)


def counts() -> dict[str, int]:
    """How often every function was called."""
    return _listed(library.fake_count)


def forget() -> None:
    """Counts anew, but for what is alive."""
    library.fake_forget()


def fail(function: str, after: int, code: int, lasts: int = ONCE) -> None:
    """Lets a function fail, after so many calls that do not."""
    library.fake_fail(function.encode(), ctypes.c_long(after), code, lasts)


def heal() -> None:
    """From now on nothing fails, not even a GPU that was lost."""
    fail("", 0, 0)


def tell_kernels() -> None:
    """From now on the executor is told of which function every kernel was made."""
    from numba.cuda.dispatcher import CUDADispatcher

    compiled, told, path = CUDADispatcher.compile, set(), Path(f"{os.environ[NAMES]}.{os.getpid()}")

    def compile_and_tell(dispatcher: Any, signature: Any) -> Any:
        kernel = compiled(dispatcher, signature)
        handle = int(kernel._codelibrary.get_cufunc().kernel.handle)
        if handle not in told:
            told.add(handle)
            with path.open("a") as out:
                out.write(json.dumps([handle, *_described(dispatcher.py_func, kernel.argument_types)]) + "\n")
        return kernel

    CUDADispatcher.compile = compile_and_tell


def _described(function: Any, types: tuple[Any, ...]) -> tuple[Any, ...]:
    """Module and name of a kernel, what its maker was called with, and (type, dimensions) of its arguments."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    choices = {name: repr(cell.cell_contents) for name, cell in cells if name in CHOICES}
    arguments = [(str(each.dtype), each.ndim) if hasattr(each, "ndim") else (str(each), None) for each in types]
    return function.__module__, function.__qualname__, choices, arguments


def _listed(ask: Callable[..., int]) -> dict[str, int]:
    found, name, value = {}, ctypes.c_char_p(), ctypes.c_long()
    while ask(len(found), ctypes.byref(name), ctypes.byref(value)):
        found[(name.value or b"").decode()] = value.value
    return found
