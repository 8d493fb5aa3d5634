"""Writes the answers: text or JSON to standard output, sentences about problems to standard error."""

from __future__ import annotations

import io
import json
import os
import sys
from math import isfinite
from typing import Any

from visualnn.cli import console


def say(text: str) -> None:
    """One or more lines on standard output; nowhere where a windowed program has none."""
    if sys.stdout is not None:
        sys.stdout.write(text + "\n")


def tell_line(text: str) -> None:
    """A line on standard output, at once."""
    say(text)
    flush()


def say_json(value: object) -> None:
    """One JSON value on one line, with null for numbers that are not finite."""
    say(as_json(value))


def as_json(value: object) -> str:
    """What `say_json` says."""
    return json.dumps(_finite(value), allow_nan=False)


def _finite(value: Any) -> Any:
    """The same with null for what JSON has no number for."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def tell(message: str, code: int) -> int:
    """A sentence on standard error; returns the exit code that goes with it."""
    if sys.stderr is not None:
        sys.stderr.write(message + "\n")
    return code


def prepare() -> None:
    """A terminal that cannot show “→” shows something else, instead of ending the program."""
    console.take()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def flush() -> None:
    """Everything written so far goes out, or raises `BrokenPipeError`."""
    if sys.stdout is not None:
        sys.stdout.flush()


def close() -> None:
    """Whoever read our output has gone; keeps Python from complaining about it at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
