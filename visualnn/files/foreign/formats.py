"""Which files of other tools can be read, by what they end in, and what to do with those that cannot.

The readers are imported when a file of theirs is opened; what they need beyond VisualNN itself is an extra of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from visualnn.files.errors import Damage, FileError
from visualnn.files.foreign.adoption import NO_HINTS, Hints, NeedsActivations
from visualnn.files.foreign.near_misses import near_miss
from visualnn.files.native import clause, reason
from visualnn.nn.errors import VisualNNError
from visualnn.project import Project


@dataclass(frozen=True, slots=True)
class Reader:
    """What reads the files of one ending: `module` has `read(path, hints)`. Without an `extra` it needs no package.

    `title` is what many of them are called, `one` what a single one is.
    """

    suffix: str
    title: str
    one: str
    module: str
    extra: str = ""
    package: str = ""


READERS = {
    reader.suffix: reader
    for reader in (
        Reader(".onnx", "ONNX models", "ONNX model", "onnx.reader"),
        Reader(".keras", "Keras models", "Keras model", "keras.reader", "keras", "pyfive"),
        Reader(".safetensors", "PyTorch weights", "PyTorch weights", "state_dict"),
        Reader(".json", "Networks as JSON", "network as JSON", "plain_json"),
    )
}
SUFFIXES = tuple(READERS)


def is_foreign(path: Path) -> bool:
    """Whether a file is for `read`, be it only to be told what it is."""
    return path.suffix.lower() in READERS or near_miss(path) is not None


def read(path: Path, hints: Hints = NO_HINTS) -> Project:
    """The trained network in a file of another tool.

    Raises `FileError` with one sentence, whatever the file holds, and `NeedsActivations` where it holds weights alone
    and `hints` do not say what is between them.
    """
    missed = near_miss(path)
    if missed is not None:
        raise FileError(f"“{path.name}” {missed}.")
    reader = READERS.get(path.suffix.lower())
    with _told(path, reader):
        if not path.is_file():
            raise Damage("it is not a file" if path.exists() else "there is no such file")
        if reader is None:
            raise Damage(f"its name ends in none of {', '.join(SUFFIXES)}")
        project: Project = import_module(f"{__package__}.{reader.module}").read(path, hints)
    return project


def dialog_filter() -> str:
    """The kinds of files for a dialog of Qt: all of them together, then one by one."""
    together = " ".join(f"*{suffix}" for suffix in SUFFIXES)
    return ";;".join((f"Models ({together})", *(f"{r.title} (*{r.suffix})" for r in READERS.values())))


@contextmanager
def _told(path: Path, reader: Reader | None) -> Iterator[None]:
    """Whatever goes wrong while a file is read becomes a sentence that names it."""
    try:
        yield
    except (FileError, NeedsActivations):
        raise
    except VisualNNError as error:
        raise FileError(f"“{path.name}” cannot be opened: {clause(error)}.") from error
    except ModuleNotFoundError as error:
        if reader is None or not reader.package or (error.name or "").split(".")[0] != reader.package:
            raise
        raise FileError(
            f'“{path.name}” needs the package {reader.package}: pip install "visualnn[{reader.extra}]".'
        ) from None
    except MemoryError:
        raise FileError(f"“{path.name}” cannot be opened: it does not fit into memory.") from None
    except (OSError, ValueError) as error:
        raise FileError(f"“{path.name}” cannot be opened: {reason(error)}.") from error
