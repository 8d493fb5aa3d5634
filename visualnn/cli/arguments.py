"""Reads what was typed: a parser that says what is wrong in one sentence, and the kinds of values there are."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from math import inf, isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from visualnn.project import Project
    from visualnn.work import Work

DOCUMENT = "FILE|EXAMPLE|SHAPE"
DOCUMENT_HELP = "a .vnn file, a model of another tool, a built-in example, or the sizes of a new network like 2-16-16-1"
SMALLEST, LARGEST = (960, 640), (7680, 4320)  # of a rendered window, in points


class WrongUseError(Exception):
    """The command was not used as it should be; a sentence for the terminal."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without a page of usage."""

    def __init__(self, prog: str, description: str, examples: str, **kwargs: Any) -> None:
        super().__init__(
            prog,
            description=description,
            epilog=examples,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **kwargs,
        )

    def error(self, message: str) -> NoReturn:
        """Ends the program with code 2."""
        raise WrongUseError(f"{message.rstrip('.')}.")


def protected(argument: str) -> str:
    """Keeps argparse from taking a negative number for an option: it ignores what starts with a space."""
    number = argument.replace("−", "-")
    try:
        float(number)
    except ValueError:
        return argument
    return f" {number}" if number.startswith("-") else number


def check_document(document: str) -> None:
    """Raises `WrongUseError` if the document is neither a file nor an example nor a shape."""
    from visualnn.files.documents import NoSuchDocumentError, find

    try:
        find(document)
    except NoSuchDocumentError as error:
        raise WrongUseError(str(error)) from None


def opened(document: str) -> Project:
    """The project of a document. Raises `WrongUseError` if there is no such document, `VisualNNError` if it is bad."""
    return opened_work(document).project


def opened_work(document: str) -> Work:
    """All that a document holds. Raises as `opened` does."""
    from visualnn.files.documents import open_work

    check_document(document)
    return open_work(document)


def check_target(path: Path, *suffixes: str) -> None:
    """Raises `WrongUseError` if a result cannot go there."""
    if path.suffix.lower() not in suffixes:
        *others, last = suffixes
        listed = f"{', '.join(others)} or {last}" if others else last
        raise WrongUseError(f"“{path}” does not end in {listed}.")
    if not path.parent.is_dir():
        raise WrongUseError(f"there is no folder “{path.parent}”.")


def number(text: str, what: str = "an input") -> float:
    """A finite number. Raises `WrongUseError`, because these have no option’s name that argparse could put before."""
    try:
        value = float(text)
    except ValueError:
        raise WrongUseError(f"“{text}” is not a number.") from None
    if not isfinite(value):
        raise WrongUseError(f"{what} must be a finite number, not {text.strip()}.")
    return value


def positive(text: str) -> float:
    """A finite number above 0."""
    value = _plain_float(text)
    if not 0 < value < inf:
        raise argparse.ArgumentTypeError(f"must be a number above 0, not {text.strip()}")
    return value


def within(low: float, high: float) -> Callable[[str], float]:
    """What reads a number from `low` to `high`."""

    def convert(text: str) -> float:
        value = _plain_float(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"must be a number from {low:g} to {high:g}, not {text.strip()}")
        return value

    return convert


scale = within(0.5, 4)  # pixels per point


def _plain_float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return nan


def whole(low: int, high: int = 10**12) -> Callable[[str], int]:
    """What reads a whole number from `low` to `high`."""

    def convert(text: str) -> int:
        if not text.strip().isdecimal() or len(text) > 30 or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"must be a whole number from {low}, not {text.strip()}")
        return int(text)

    return convert


def batch(text: str) -> int:
    """The batch size, 0 for all rows."""
    return 0 if text == "all" else whole(1)(text)


def size(text: str) -> tuple[int, int]:
    """Width and height in points."""
    width, x, height = text.lower().partition("x")
    if not (x and width.isdecimal() and height.isdecimal() and len(text) < 20):
        raise argparse.ArgumentTypeError(f"must look like 1280x800, not {text.strip()}")
    found = int(width), int(height)
    if not (SMALLEST[0] <= found[0] <= LARGEST[0] and SMALLEST[1] <= found[1] <= LARGEST[1]):
        raise argparse.ArgumentTypeError(f"must be from 960x640 to 7680x4320, not {text.strip()}")
    return found
