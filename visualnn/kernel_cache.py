"""Where Numba keeps compiled kernels, so that only the very first start has to compile.

Numba's own choice does not fit an application: it writes beside the source, or into a folder that depends on the
working directory once the app is frozen, and it refuses to import a cached kernel at all where no folder can be
written.  Kernels of this package go to the user's cache folder instead; where there is none, to a private folder among
the temporary files; where even that fails, to one that is forgotten at exit.

Call `install` before Numba is imported for the first time::

    from visualnn import kernel_cache

    kernel_cache.install()
    import numba

NVIDIA's numba-cuda has a copy of Numba's cache that asks nobody: `lead` puts our `Locator` first there, too.

Imports platformdirs; Numba only when Numba itself asks for the `Locator`.
"""

import atexit
import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from visualnn import __version__

if TYPE_CHECKING:
    Locator: type

VARIABLE = "NUMBA_CACHE_LOCATOR_CLASSES"  # Numba reads it once, when it is imported
OURS = "visualnn.kernel_cache.Locator"
USED_BY_KERNELS = {"nn"}  # packages whose kernels use constants of the modules around them
DEEPEST = 2  # levels that kernels lie below such a package
FOR_GPU = "gpu"  # the package of kernels that other packages compile than Numba alone, and which those are
COMPILERS = ("numba-cuda", "nvidia-cuda-runtime", "nvidia-cuda-runtime-cu12")
NUMBAS = "UserProvidedCacheLocator,InTreeCacheLocator,UserWideCacheLocator,IPythonCacheLocator,ZipCacheLocator"


def install() -> None:
    """Makes Numba ask our `Locator` first; other packages' kernels still go where Numba puts them."""
    others = os.environ.get(VARIABLE) or NUMBAS
    if OURS not in others.split(","):
        os.environ[VARIABLE] = f"{OURS},{others}"


def lead(implementation: Any) -> None:
    """The same for a package whose cache does not read VARIABLE, by the class that its caches are made of."""
    others = implementation._locator_classes
    if _locator_class() not in others:
        implementation._locator_classes = [_locator_class(), *others]


@cache
def folder() -> Path:
    """The folder that holds the compiled kernels of this version; exists, can be written and is ours alone."""
    for candidate in _candidates():
        if _is_ours(candidate):
            _drop_empty_files(candidate)
            return candidate
    forgotten = Path(tempfile.mkdtemp(prefix="visualnn-"))
    atexit.register(shutil.rmtree, forgotten, ignore_errors=True)
    return forgotten


def planned() -> Path | None:
    """What `folder` would answer now, without making anything; None where nothing would last beyond the exit."""
    return next((candidate for candidate in _candidates() if _could_be_ours(candidate)), None)


def is_filled(package: Path, kernel: str) -> bool:
    """Whether a kernel of `package`, as its sources are now, has been compiled for this Python and this Numba."""
    return _mark(package, kernel).exists()


def note_filled(package: Path, kernel: str) -> None:
    """Remembers that a kernel of `package` has been compiled."""
    with contextlib.suppress(OSError):
        _mark(package, kernel).write_text("compiled\n", encoding="utf-8")


def child_environment() -> dict[str, str]:
    """That of a process which is to fill the cache: ours, with the folder this program was imported from in front."""
    paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _mark(package: Path, kernel: str) -> Path:
    from importlib import metadata  # takes 10 ms to import, and is asked in the background only

    compilers = [metadata.version("numba")]
    if package.name == FOR_GPU:
        compilers += [each.version for name in COMPILERS for each in metadata.distributions(name=name)]
    versions = f"{sys.implementation.cache_tag} {' '.join(compilers)} {_stamp(package)} {kernel}"
    return folder() / f"filled-{hashlib.sha256(versions.encode()).hexdigest()[:16]}"


def _candidates() -> Iterator[Path]:
    name = f"kernels-{__version__}"
    chosen = os.environ.get("VISUALNN_CACHE_DIR")
    if chosen:
        yield Path(chosen).absolute() / name
    for cache_folder in _user_cache():
        yield cache_folder / name
    yield Path(tempfile.gettempdir(), f"visualnn-{_user()}", name)


def _user_cache() -> Iterator[Path]:
    """The user's cache folder, if the user has one."""
    try:
        import platformdirs
    except ModuleNotFoundError:  # a bare checkout, which measures itself
        return
    try:
        found = platformdirs.user_cache_path("visualnn", appauthor=False)
    except (OSError, RuntimeError, KeyError):  # no home directory at all
        return
    if found.is_absolute():
        yield found


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


def _is_ours(candidate: Path) -> bool:
    """Makes the folder and tries to write there; a folder of somebody else may hold somebody else's machine code."""
    try:
        candidate.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid") and candidate.stat().st_uid != os.getuid():
            return False
        with tempfile.TemporaryFile(dir=candidate):
            return True
    except OSError:
        return False


def _could_be_ours(candidate: Path) -> bool:
    """The same question, asked without making anything."""
    try:
        existing = next(folder for folder in (candidate, *candidate.parents) if folder.exists())
        if existing == candidate and hasattr(os, "getuid") and existing.stat().st_uid != os.getuid():
            return False
        return existing.is_dir() and os.access(existing, os.W_OK)
    except (OSError, StopIteration):
        return False


def _drop_empty_files(kernels: Path) -> None:
    """Deletes what a power cut has left empty: Numba would stop at it, at every start."""
    for file in kernels.iterdir():
        with contextlib.suppress(OSError):
            if file.stat().st_size == 0:
                file.unlink()


def __getattr__(name: str) -> Any:
    if name != "Locator":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _locator_class()


@cache
def _locator_class() -> type:
    """Numba asks for the class by its name in VARIABLE, and only Numba can supply what it is made of."""
    from numba.core.caching import _CacheLocator

    class Locator(_CacheLocator):
        """Tells Numba where the kernel of one function is kept, and what it was compiled from."""

        def __init__(self, source: str, module: str) -> None:
            self.source, self.module = source, module

        @classmethod
        def from_function(cls, function: Callable[..., Any], source: str) -> "Locator | None":
            """A locator for kernels of this package, None for everybody else's."""
            module = function.__module__
            return cls(source, module) if module.split(".")[0] == "visualnn" else None

        def ensure_cache_path(self) -> None:
            """`folder` has made it already."""

        def get_cache_path(self) -> str:
            return str(folder())

        def get_source_stamp(self) -> str:
            return _stamp(Path(self.source).parent)

        def get_disambiguator(self) -> str:
            """Part of a file's name. Numba unpickles what other sources left behind before it looks at the stamp,
            and stops where a class of theirs is no more: such a file must not have the name of ours.
            """
            return f"{self.module.replace('.', '-')}-{self.get_source_stamp()[:8]}"

    return Locator


@cache
def _stamp(package: Path) -> str:
    """A mark that changes when a source of `package` does, because kernels call kernels of other files there.

    A frozen app has no sources and is stamped by its version.
    """
    if getattr(sys, "frozen", False):
        return f"{__version__} {Path(sys.executable).stat().st_size}"
    around = package.parents[:DEEPEST]
    used = next((i for i, folder in enumerate(around, 1) if folder.name in USED_BY_KERNELS), 0)
    folders = [package, *around[:used]]
    sources = sorted(source for folder in folders for source in folder.glob("*.py"))
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()
