"""Arrays in an HDF5 file that nobody vouches for, read with pyfive, which is Python alone.

HDF5 is a file system in a file: what it says about where things lie may lead in circles, or claim to be huge. So every
read is counted and the whole of them limited; an array is looked at before it is read, must have the shape and the type
that are expected, and lie in one piece; and whatever pyfive stumbles over is damage.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from visualnn.files.arrays import Content
from visualnn.files.errors import Damage

Array = NDArray[Any]

READS, READS_A_PART = 2_000, 60  # that there may be, and more for each layer; honest files need about 30 a layer
BYTES, BYTES_A_PART = 4 * 2**20, 2**13  # that are worked on
NAME = 64  # bytes of the name of a layer, which all others are compared with
CONTIGUOUS = 1, 0  # layouts: in one piece, or in the header itself
BFLOAT16 = "bfloat16"
TYPES = {"float16": "<f2", "float32": "<f4", "float64": "<f8", BFLOAT16: "|V2"}


class Meter(io.BytesIO):
    """The bytes of a file, which count what is read of them; `parts` layers are to be found.

    Who reads few bytes of a long table of names again and again works on all of the table: a read counts as many bytes
    as the largest one since `rest`.
    """

    def __init__(self, content: Content, parts: int) -> None:
        super().__init__(content.data)
        self._reads = READS + READS_A_PART * parts
        self._bytes = BYTES + BYTES_A_PART * parts + NAME * parts**2
        self._largest = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """At most `size` bytes. Raises `Damage` where there is no end to it."""
        found = super().read(size)
        self._largest = max(self._largest, len(found))
        self._reads -= 1
        self._bytes -= self._largest
        if min(self._reads, self._bytes) < 0:
            raise Damage("its weights are damaged: they lead in circles")
        return found

    def rest(self) -> None:
        """What follows has nothing to do with what was read before."""
        self._largest = 0

    def allow(self, size: int) -> None:
        """So many bytes are to be read in one piece."""
        self.rest()
        self._bytes += size


class Folder(NamedTuple):
    """A group, and what it holds; pyfive opens a thing to say whether it is there."""

    group: Any
    names: frozenset[str]

    @classmethod
    def of(cls, group: Any) -> Folder:
        """That of pyfive's group."""
        return cls(group, frozenset(group))


class Hdf5:
    """The groups and arrays of a file, in which so many layers are to be found."""

    def __init__(self, content: Content, parts: int) -> None:
        import pyfive

        self._pyfive = pyfive
        self._meter = Meter(content, parts)
        self._left = len(content)  # bytes that arrays can still be made of
        self._groups: dict[str, Folder | None] = {}
        with _damage():
            self._groups[""] = Folder.of(pyfive.File(self._meter))

    def has(self, path: str) -> bool:
        """Whether there is a group or an array at a path such as ``layers/dense/vars/0``."""
        folder, _, name = path.rpartition("/")
        group = self._group(folder)
        return group is not None and name in group.names

    def array(self, path: str, shape: tuple[int, ...], kind: str | None) -> Array:
        """The numbers at a path, of this shape and type (None: of any); bfloat16 is widened. Raises `Damage`."""
        folder, _, name = path.rpartition("/")
        group = self._group(folder)
        found = None if group is None else self._child(group, name)
        if found is None:
            raise Damage(f"its weights have no {path}")
        if not isinstance(found, self._pyfive.Dataset):
            raise Damage(f"in its weights {path} is no array")
        with _damage():
            given, type_, layout = tuple(found.shape or ()), str(found.dtype.str), found.id.layout_class
        self._check(path, (given, type_), (shape, kind), layout)
        return self._numbers(found, type_, shape)

    def _check(
        self, path: str, given: tuple[tuple[int, ...], str], wanted: tuple[tuple[int, ...], str | None], layout: int
    ) -> None:
        """Raises `Damage` for an array that is not what the description of the model calls for."""
        if given[0] != wanted[0]:
            raise Damage(f"in its weights {path} has the shape {_words(given[0])} instead of {_words(wanted[0])}")
        kinds = tuple(TYPES.values()) if wanted[1] is None else (TYPES[wanted[1]],)
        if given[1] not in kinds:
            raise Damage(f"in its weights {path} is of type {given[1][:20]} instead of {wanted[1] or 'a float'}")
        if layout not in CONTIGUOUS:
            raise Damage(f"in its weights {path} is stored in pieces; in Keras save the model once more")
        self._left -= prod(given[0]) * int(given[1][2:])
        if self._left < 0:
            raise Damage("its weights claim to be more than the file holds")

    def _numbers(self, found: Any, type_: str, shape: tuple[int, ...]) -> Array:
        with _damage():
            self._meter.allow(prod(shape) * int(type_[2:]))
            if found.id.layout_class == CONTIGUOUS[0]:
                found.id.set_pseudo_chunk_size(0)  # pieces of its own making it fills up with zeros
            values = np.asarray(found[...])
        if type_ != TYPES[BFLOAT16]:
            return values
        return (np.ascontiguousarray(values).view("<u2").astype(np.uint32) << 16).view(np.float32)

    def _group(self, path: str) -> Folder | None:
        """The group at a path, or None."""
        if path not in self._groups:
            folder, _, name = path.rpartition("/")
            parent = self._group(folder)
            found = None if parent is None else self._child(parent, name)
            is_group = isinstance(found, self._pyfive.Group)
            with _damage():
                self._groups[path] = Folder.of(found) if is_group else None
        return self._groups[path]

    def _child(self, folder: Folder, name: str) -> Any:
        """What a group holds under a name, or None; an array without the index of its pieces."""
        self._meter.rest()
        with _damage():
            return folder.group.get_lazy_view(name) if name in folder.names else None


@contextmanager
def _damage() -> Iterator[None]:
    """Whatever goes wrong in pyfive is the file's fault, be it an assertion, a missing key or endless recursion."""
    try:
        yield
    except (Damage, ModuleNotFoundError):
        raise
    except Exception as error:  # a parser of hostile bytes may raise anything
        raise Damage("its weights are damaged, or no HDF5 file") from error


def _words(shape: tuple[int, ...]) -> str:
    return "×".join(f"{size:,}" for size in shape[:8]) or "one number"
