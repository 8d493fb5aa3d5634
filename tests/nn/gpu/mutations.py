"""Places of a kernel that can be taken out: barriers, and checks; found in the sources, undone in what is running."""

from __future__ import annotations

import ast
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from visualnn.nn.kernels import gpu

FOLDER = Path(gpu.__file__).parent
BARRIERS = {
    "syncthreads", "syncthreads_and", "syncthreads_or", "syncthreads_count", "syncwarp", "copy_commit", "copy_wait",
}  # fmt: skip


class Place(NamedTuple):
    """A line at which something can be left out."""

    file: str
    line: int
    name: str  # file, function, and which of the function's


def barriers() -> list[Place]:
    """Where threads wait for each other, or for what they have copied."""
    return [place for path in sorted(FOLDER.glob("*.py")) for place in _places(path, _is_barrier)]


def checks(function: str) -> list[tuple[Place, str]]:
    """Where a function, “file function”, does something only if something holds, and what that is."""
    path = FOLDER / f"{function.split()[0]}.py"
    tests = {node.lineno: ast.unparse(node.test) for node in ast.walk(_tree(path)) if isinstance(node, ast.If)}
    found = [place for place in _places(path, _is_check) if place.name.startswith(f"{function} ")]
    return [(place, tests[place.line]) for place in found]


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _places(path: Path, is_one: Callable[[ast.AST], bool]) -> Iterator[Place]:
    for function in _innermost(_tree(path)):
        lines = sorted({node.lineno for node in ast.walk(function) if is_one(node)})
        for at, line in enumerate(lines, start=1):
            yield Place(str(path), line, f"{path.stem} {function.name} {at}")


def _innermost(tree: ast.AST) -> Iterator[Any]:
    for function in ast.walk(tree):
        functions = [node for node in ast.walk(function) if isinstance(node, ast.FunctionDef)]
        if functions == [function]:
            yield function


def _is_barrier(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in BARRIERS


def _is_check(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and not node.orelse


@contextmanager
def unchecked(place: Place) -> Iterator[None]:
    """Does what stands below an `if` in any case; where that is to return, in no case.

    Kernels that have been made already get other code: those of factories are kept, and would not be made anew.
    """
    codes = _codes(compile(_without(place), place.file, "exec", dont_inherit=True))
    functions = [each for each in gc.get_objects() if isinstance(each, FunctionType) and _file(each) == place.file]
    before = {function: function.__code__ for function in functions}
    for function, code in before.items():
        function.__code__ = codes.get((code.co_qualname, code.co_firstlineno), code)
    try:
        yield
    finally:
        for function, code in before.items():
            function.__code__ = code


def _file(function: FunctionType) -> str:
    return function.__code__.co_filename


def _without(place: Place) -> ast.Module:
    tree = _tree(Path(place.file))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and node.lineno == place.line:
            returns = isinstance(node.body[0], ast.Return)
            # "and False" rather than False: the names in it have to stay the same for the code to fit the function
            node.test = ast.BoolOp(ast.And() if returns else ast.Or(), [node.test, ast.Constant(not returns)])
    return ast.fix_missing_locations(tree)


def _codes(code: CodeType) -> dict[tuple[str, int], CodeType]:
    """All code within this, by what it is called and where it begins."""
    found = {}
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            found[inner.co_qualname, inner.co_firstlineno] = inner
            found |= _codes(inner)
    return found
