"""Opens the window. The usual wishes are known without a parser, and nothing else is imported then."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path

from visualnn import display
from visualnn.catalog import IDS, SUFFIX
from visualnn.cli import console
from visualnn.cli.output import tell


def is_usual(arguments: Sequence[str]) -> bool:
    """Whether nothing was typed but, perhaps, a document that is there for sure."""
    if len(arguments) != 1:
        return not arguments
    document = arguments[0]
    return document in IDS or (document.lower().endswith(SUFFIX) and Path(document).is_file())


def open_window(document: str | None = None) -> int:
    """The window with a document or with the start page, until it is closed; the exit code."""
    problem = display.problem()
    if problem is not None:
        return tell(problem.rstrip("\n"), 3)
    console.leave()
    gc.disable()  # a tenth of the time to the first picture; the loader turns it on again
    try:
        from visualnn.app import run

        return run(document)
    finally:
        gc.enable()
